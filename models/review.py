"""人工复核: somebody asks that a human looks at what the service proposed or decided."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from models.base import BIG, Versioned, coded
from models.coded import Coded
from models.consent import Speaker


class ReviewAbout(Coded):
    """What is to be looked at."""

    RANKING = "ranking", "推荐的岗位和次序"
    PLAN = "plan", "匹配方案里的安排"
    APPLICATION = "application", "推荐的结果"
    BENEFIT = "benefit", "补贴资格的判断"


class ReviewOutcome(Coded):
    """What came of it."""

    KEPT = "kept", "维持原来的结果"
    CHANGED = "changed", "已经改正"


class ReviewRequest(Versioned, table=True):
    """人工复核申请: what the person said and what was answered are sealed under the person's key."""

    __tablename__ = "review_request"
    __table_args__ = (
        CheckConstraint("due_on >= asked_on", "due_after_asking"),
        CheckConstraint(
            "num_nonnulls(outcome, answer_sealed, answered_on, answered_by) IN (0, 4)", "answered_whole"
        ),
        CheckConstraint("answered_on >= asked_on", "answered_after_asking"),
        Index("ix_review_request_open", "due_on", postgresql_where=text("answered_on IS NULL")),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    about: ReviewAbout = Field(sa_type=coded(ReviewAbout), nullable=False)
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG)
    speaker: Speaker = Field(sa_type=coded(Speaker), nullable=False)
    wish_sealed: bytes = Field(sa_type=LargeBinary, description="what the person said")
    asked_on: date
    due_on: date
    account_id: int = Field(foreign_key="account.id", sa_type=BIG, description="who took it down")
    outcome: ReviewOutcome | None = Field(default=None, sa_type=coded(ReviewOutcome))
    answer_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    answered_on: date | None = None
    answered_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
