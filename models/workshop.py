"""就业帮扶车间 and 新社区工厂: their recognition and their yearly rating. The workshop itself is an `Employer`."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, Versioned, coded
from models.coded import Coded


class WorkshopForm(Coded):
    """车间类型."""

    PLANT = "plant", "厂房式"
    HOME = "home", "居家式"
    FARMING = "farming", "种养式"
    TRADE = "trade", "贸易流通式"
    CULTURE = "culture", "文化旅游式"


class WorkshopGrade(Coded):
    """年度评价."""

    EXCELLENT = "excellent", "优秀"
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class WorkshopRecognition(Versioned, table=True):
    """认定, with the headcount of its day. One is in force at a time."""

    __tablename__ = "workshop_recognition"
    __table_args__ = (
        CheckConstraint("revoked_on >= recognised_on", "dates_in_order"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_because = '')", "revoked_with_reason"),
        CheckConstraint("relieved BETWEEN 0 AND workers", "relieved_among_workers"),
        Index(
            "uq_workshop_recognition_in_force",
            "employer_id",
            unique=True,
            postgresql_where=text("revoked_on IS NULL"),
        ),
    )

    employer_id: int = Field(foreign_key="employer.id", sa_type=BIG, index=True)
    form: WorkshopForm = Field(sa_type=coded(WorkshopForm), nullable=False)
    recognised_on: date
    workers: int = Field(description="at work there on that day")
    relieved: int = Field(description="脱贫劳动力 among them")
    basis: str = Field(default="", max_length=100, description="文号")
    revoked_on: date | None = None
    revoked_because: str = Field(default="", max_length=200)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False


class WorkshopRating(Versioned, table=True):
    """年度评价, with the headcount of its day."""

    __tablename__ = "workshop_rating"
    __table_args__ = (
        UniqueConstraint("employer_id", "year"),
        CheckConstraint("relieved BETWEEN 0 AND workers", "relieved_among_workers"),
    )

    employer_id: int = Field(foreign_key="employer.id", sa_type=BIG)
    year: int
    grade: WorkshopGrade = Field(sa_type=coded(WorkshopGrade), nullable=False)
    rated_on: date
    workers: int
    relieved: int
    note: str = Field(default="", max_length=200)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
