"""通知, 打卡 and 回电: what a person is to be told, what she says of herself, and whom somebody is to call."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, INSTANT, Row, Versioned, coded
from models.coded import Coded
from models.consent import Speaker
from models.wechat import MessageKind


class Channel(Coded):
    """How a person is told."""

    WECHAT = "wechat", "微信"
    SMS = "sms", "短信"
    CALL = "call", "电话"


class NoticeState(Coded):
    """What became of it."""

    WAITING = "waiting", "等待发送"
    SENT = "sent", "已发送"
    CALLING = "calling", "转为电话通知"
    DROPPED = "dropped", "不用再通知"


class Notice(Row, table=True):
    """通知: one thing to tell one person, once. It holds numbers of rows; the words are made when it is sent."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("worker_id", "kind", "subject"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent_at_a_time"),
        CheckConstraint("(state IN ('sent', 'calling')) = (channel IS NOT NULL)", "by_a_channel"),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG)
    kind: MessageKind = Field(sa_type=coded(MessageKind), nullable=False)
    subject: int = Field(
        sa_type=BIG, description="the application's, batch's or claim's number; of a check-in the day's"
    )
    state: NoticeState = Field(sa_type=coded(NoticeState), nullable=False)
    channel: Channel | None = Field(default=None, sa_type=coded(Channel))
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)
    code: int | None = Field(default=None, description="WeChat's last refusal")
    is_demo: bool = False


class CheckIn(Row, table=True):
    """打卡: a person says that she is still there. Of the place, if she let it be known, only the county is kept."""

    __tablename__ = "check_in"

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    spell_id: int = Field(foreign_key="employment_spell.id", sa_type=BIG, index=True)
    contact_id: int = Field(foreign_key="contact.id", sa_type=BIG)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    told_on: date
    county: str | None = Field(default=None, foreign_key="region.code", description="where she was")
    is_demo: bool = False


class CallWhy(Coded):
    """Why somebody is to be called."""

    ASKED = "asked", "本人要求回电"
    MESSAGE = "message", "通知没有送到，电话告知"


class CallRequest(Versioned, table=True):
    """回电: somebody is to be called. One of a kind is open a person; the wish is sealed under the person's key."""

    __tablename__ = "call_request"
    __table_args__ = (
        CheckConstraint("(why = 'asked') = (speaker IS NOT NULL)", "asked_by_somebody"),
        CheckConstraint("num_nonnulls(done_on, done_by) IN (0, 2)", "done_whole"),
        CheckConstraint("due_on >= asked_on", "due_after_asking"),
        Index(
            "uq_call_request_open",
            "worker_id",
            "why",
            unique=True,
            postgresql_where=text("done_on IS NULL"),
        ),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    why: CallWhy = Field(sa_type=coded(CallWhy), nullable=False)
    speaker: Speaker | None = Field(default=None, sa_type=coded(Speaker))
    wish_sealed: bytes | None = Field(default=None, sa_type=LargeBinary, description="what it is about")
    asked_on: date
    due_on: date
    account_id: int | None = Field(
        default=None,
        foreign_key="account.id",
        sa_type=BIG,
        description="who asked; nobody where a message failed",
    )
    done_on: date | None = None
    done_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
