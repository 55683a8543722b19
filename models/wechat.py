"""微信小程序: WeChat's credential, who logs in by WeChat, for whom they may speak, and which messages they agreed to."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, Row, Versioned, coded, now
from models.coded import Coded
from models.consent import Speaker


class WeChatToken(SQLModel, table=True):
    """The credential by which the service calls WeChat: one row for all processes, sealed."""

    __tablename__ = "wechat_token"
    __table_args__ = (CheckConstraint("id = 1", "one_row"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    fetched_at: datetime = Field(default_factory=now, sa_type=INSTANT, nullable=False)
    good_until: datetime = Field(sa_type=INSTANT)
    master_key_id: str
    token_sealed: bytes = Field(sa_type=LargeBinary)


class WeChatAccount(Row, table=True):
    """The WeChat user behind an account: her `openid`, and the telephone that WeChat has verified, sealed together.

    She is found by `openid_mark`. `session_key` is kept nowhere.
    """

    __tablename__ = "wechat_account"

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, unique=True)
    openid_mark: bytes = Field(sa_type=LargeBinary, unique=True)
    master_key_id: str
    identity_sealed: bytes = Field(sa_type=LargeBinary)
    phone_verified_at: datetime | None = Field(default=None, sa_type=INSTANT)


class BindingState(Coded):
    """Where a binding stands."""

    WAITING = "waiting", "等待核对"
    IN_FORCE = "in_force", "已绑定"
    REFUSED = "refused", "没有核对上"
    ENDED = "ended", "已解除"


class BindingProof(Coded):
    """What proved it."""

    TELEPHONE = "telephone", "姓名、证件号码和登记电话一致"
    HOUSEHOLD = "household", "姓名和证件号码一致，电话是同户成员的登记电话"
    CHECKED = "checked", "工作人员或村级信息员当面核对"


class WorkerBinding(Versioned, table=True):
    """绑定: an account may speak for a person of the ledger, as herself, her family or the village's informant."""

    __tablename__ = "worker_binding"
    __table_args__ = (
        CheckConstraint("(state = 'in_force') <= (proof IS NOT NULL)", "in_force_with_proof"),
        CheckConstraint("(decided_by IS NULL) = (decided_on IS NULL)", "decided_whole"),
        Index(
            "uq_worker_binding_standing",
            "account_id",
            "worker_id",
            unique=True,
            postgresql_where=text("state IN ('waiting', 'in_force')"),
        ),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    speaker: Speaker = Field(sa_type=coded(Speaker), nullable=False)
    state: BindingState = Field(sa_type=coded(BindingState), nullable=False)
    proof: BindingProof | None = Field(default=None, sa_type=coded(BindingProof))
    asked_on: date
    decided_on: date | None = None
    decided_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    ended_on: date | None = None
    is_demo: bool = False


class MessageKind(Coded):
    """通知种类."""

    NEW_MATCH = "new_match", "有新岗位推荐"
    INTERVIEW = "interview", "面试"
    OFFER = "offer", "已录用"
    START_DATE = "start_date", "出发和到岗"
    FOLLOW_UP = "follow_up", "到时打卡"
    BENEFIT_PAID = "benefit_paid", "补贴已发放"


class MessageSubscription(Row, table=True):
    """订阅: one agreement to one message of a kind, which one message spends."""

    __tablename__ = "message_subscription"
    __table_args__ = (
        Index(
            "ix_message_subscription_unspent",
            "account_id",
            "kind",
            postgresql_where=text("spent_at IS NULL"),
        ),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    kind: MessageKind = Field(sa_type=coded(MessageKind), nullable=False)
    spent_at: datetime | None = Field(default=None, sa_type=INSTANT)
    notice_id: int | None = Field(default=None, foreign_key="notice.id", sa_type=BIG)
