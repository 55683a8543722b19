"""随访: who was called and what was found, what was promised to be seen to, and who calls whom."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from models.base import BIG, Row, Versioned, coded
from models.coded import Coded


class ContactMeans(Coded):
    """联系方式."""

    PHONE = "phone", "电话"
    WECHAT = "wechat", "微信"
    VISIT = "visit", "上门"
    STATION = "station", "服务站现场"


class Found(Coded):
    """联系结果."""

    AT_WORK = "at_work", "在岗，没有困难"
    IN_DIFFICULTY = "in_difficulty", "在岗，有困难"
    WANTS_AWAY = "wants_away", "在岗，想换岗"
    LEFT = "left", "已经离岗"
    NOT_REACHED = "not_reached", "没有联系上"
    WRONG_NUMBER = "wrong_number", "号码不对"


AT_WORK = frozenset({Found.AT_WORK, Found.IN_DIFFICULTY, Found.WANTS_AWAY})
"""What says that the person was at work that day."""


class Difficulty(Coded):
    """困难."""

    UNPAID = "unpaid", "拖欠工资"
    PAY = "pay", "工资低"
    WORKLOAD = "workload", "劳动强度大"
    HEALTH = "health", "身体原因"
    LODGING = "lodging", "食宿问题"
    FAMILY = "family", "家里有事"
    DISPUTE = "dispute", "与单位有纠纷"
    CONTRACT = "contract", "没签合同或没参保"
    OTHER = "other", "其他"


class SupportState(Coded):
    """Where a promise stands."""

    OPEN = "open", "待办"
    DONE = "done", "已办结"


class Contact(Row, table=True):
    """联系记录: one call or visit. The note is sealed under the person's key; nothing of it is ever changed."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("(found = 'in_difficulty') = (difficulty IS NOT NULL)", "difficulty_told"),
        CheckConstraint("returned_home IS NULL OR found = 'left'", "home_after_leaving"),
        Index("ix_contact_worker_id_contacted_on", "worker_id", "contacted_on"),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG)
    account_id: int | None = Field(
        default=None, foreign_key="account.id", sa_type=BIG, description="nobody's for generated calls"
    )
    contacted_on: date
    means: ContactMeans = Field(sa_type=coded(ContactMeans), nullable=False)
    found: Found = Field(sa_type=coded(Found), nullable=False)
    difficulty: Difficulty | None = Field(default=None, sa_type=coded(Difficulty))
    returned_home: bool | None = Field(default=None, description="是否返乡")
    note_sealed: bytes | None = None
    is_demo: bool = False


class SupportTask(Versioned, table=True):
    """帮扶事项: a difficulty that a call found, seen to by a day. One difficulty of one person is open once."""

    __tablename__ = "support_task"
    __table_args__ = (
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", "done_on_a_day"),
        Index(
            "uq_support_task_one_open",
            "worker_id",
            "difficulty",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    contact_id: int = Field(foreign_key="contact.id", sa_type=BIG, index=True)
    difficulty: Difficulty = Field(sa_type=coded(Difficulty, "task_difficulty"), nullable=False)
    due_on: date
    state: SupportState = Field(default=SupportState.OPEN, sa_type=coded(SupportState), nullable=False)
    done_on: date | None = None
    done_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    outcome: str = Field(default="", max_length=500, description="what was done about it")


class CallerAssignment(Row, table=True):
    """随访分工: who calls this person."""

    __tablename__ = "caller_assignment"

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, unique=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    assigned_by: int = Field(foreign_key="account.id", sa_type=BIG)
    previous_id: int | None = Field(
        default=None, foreign_key="account.id", sa_type=BIG, description="who called before it was given on"
    )
