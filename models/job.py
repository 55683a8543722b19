"""任务: long work that goes on behind a request, and how far it is."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, JSON_OBJECT, Row, coded
from models.coded import Coded


class JobState(Coded):
    """How far a job is."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


UNFINISHED = frozenset({JobState.QUEUED, JobState.RUNNING})
"""States in which there is still something to wait for."""


class Job(Row, table=True):
    """任务. `argument` and `result` hold numbers of rows, codes and dates, nothing personal.

    `message` says in Chinese what is under way, or why it failed and what to do. A job whose process died stands as
    running; it is taken up again, because nobody holds its lock (`api.jobs`).
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", "progress_not_negative"),
        Index("ix_job_unfinished", "id", postgresql_where=text("state IN ('queued', 'running')")),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    kind: str = Field(max_length=40)
    argument: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    state: JobState = Field(default=JobState.QUEUED, sa_type=coded(JobState), nullable=False)
    attempts: int = Field(default=0, description="how often a worker has taken it up")
    done: int = 0
    total: int = 0
    message: str = ""
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    cancel_asked: bool = False
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)


class DailyRun(SQLModel, table=True):
    """日常处理: what the service does once a day for all regions was done for that day, whichever worker did it."""

    __tablename__ = "daily_run"

    name: str = Field(primary_key=True, max_length=40)
    day: date = Field(primary_key=True)
