"""批量操作: one act on many people, person by person, with the way back."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, Row, coded
from models.coded import Coded


class BulkKind(Coded):
    """What is done with each."""

    FOLLOW_UP = "follow_up", "安排回访"
    PROPOSE = "propose", "推荐到同一岗位"
    ENROL = "enrol", "列入培训班"
    INVITE = "invite", "邀请参加招聘会"


class BulkItemState(Coded):
    """What became of one person."""

    WAITING = "waiting", "等待办理"
    DONE = "done", "已办"
    KNOWN = "known", "原来就有，没有重复办"
    REFUSED = "refused", "没有办"
    UNDONE = "undone", "已撤销"
    KEPT = "kept", "不能撤销"


class BulkAction(Row, table=True):
    """批量操作: who did what, to whom in words, how many. The people are its items; it names none."""

    __tablename__ = "bulk_action"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'follow_up') = (due_on IS NOT NULL) AND (kind = 'propose') = (vacancy_id IS NOT NULL) "
            "AND (kind = 'enrol') = (course_id IS NOT NULL) AND (kind = 'invite') = (fair_id IS NOT NULL)",
            "about_one_thing",
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", "undone_whole"),
        CheckConstraint("total > 0", "of_somebody"),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    region: str = Field(
        foreign_key="region.code", index=True, description="whose people, and who may undo it"
    )
    kind: BulkKind = Field(sa_type=coded(BulkKind), nullable=False)
    due_on: date | None = Field(default=None, description="the latest day of the call")
    caller_id: int | None = Field(
        default=None,
        foreign_key="account.id",
        sa_type=BIG,
        description="who is to call; empty: whoever calls her",
    )
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG)
    course_id: int | None = Field(default=None, foreign_key="course.id", sa_type=BIG)
    fair_id: int | None = Field(default=None, foreign_key="fair.id", sa_type=BIG)
    filter_words: str = Field(max_length=500, description="who was meant, in words that name nobody")
    total: int
    job_id: int | None = Field(
        default=None,
        foreign_key="job.id",
        sa_type=BIG,
        description="the job that is at it; the database takes it off at the job's end",
    )
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
    stopped_at: datetime | None = Field(
        default=None,
        sa_type=INSTANT,
        description="when a job of it ended before its time; empty while it goes on",
    )
    stopped_why: str | None = Field(default=None, max_length=200, description="the job's own last sentence")
    undone_at: datetime | None = Field(
        default=None, sa_type=INSTANT, description="when undoing was asked for"
    )
    undone_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    undo_job_id: int | None = Field(
        default=None, foreign_key="job.id", sa_type=BIG, description="the job that is undoing it"
    )


class BulkItem(SQLModel, table=True):
    """One person of it. `made_id` is the row that was made for her, `made_version` what it was like then."""

    __tablename__ = "bulk_item"
    __table_args__ = (
        CheckConstraint("(state IN ('done', 'undone', 'kept')) = (made_id IS NOT NULL)", "made_if_done"),
        Index("ix_bulk_item_waiting", "bulk_id", "worker_id", postgresql_where=text("state = 'waiting'")),
    )

    bulk_id: int = Field(primary_key=True, foreign_key="bulk_action.id", sa_type=BIG)
    worker_id: int = Field(primary_key=True, foreign_key="worker.id", sa_type=BIG, index=True)
    state: BulkItemState = Field(default=BulkItemState.WAITING, sa_type=coded(BulkItemState), nullable=False)
    reason: str | None = Field(
        default=None,
        max_length=100,
        description="why it was not done, or not undone: one of the service's sentences",
    )
    made_id: int | None = Field(default=None, sa_type=BIG)
    made_version: int | None = None
