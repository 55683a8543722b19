"""到场: a person's attendance at a fair, and the posts that were wanted there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, INSTANT, Row, coded
from models.coded import Coded


class Visit(Row, table=True):
    """到场. It follows from the commands of all devices (`ledger.fair_day`), in whatever order they came in."""

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("fair_id", "worker_id"),)

    fair_id: int = Field(foreign_key="fair.id", sa_type=BIG)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    arrived_at: datetime = Field(sa_type=INSTANT)
    is_demo: bool = False


class NotCarriedOver(Coded):
    """Why a wish did not become an application."""

    REFUSED = "refused", "本人不同意向这家单位提供信息"
    CLOSED = "closed", "岗位已关闭、过期或没有发布"
    NOT_PLACEABLE = "not_placeable", "未满16周岁或信息限制使用"
    ALREADY = "already", "已经推荐过这个岗位"


class VisitIntent(Row, table=True):
    """意向: whether a visitor wants a post, the place in the booth's queue, and what came of it after the fair."""

    __tablename__ = "visit_intent"
    __table_args__ = (
        UniqueConstraint("visit_id", "vacancy_id"),
        CheckConstraint("(ticket IS NULL) = (ticket_at IS NULL)", "ticket_given_at"),
        CheckConstraint("num_nonnulls(application_id, not_carried_over) <= 1", "one_outcome"),
    )

    visit_id: int = Field(foreign_key="visit.id", sa_type=BIG)
    vacancy_id: int = Field(foreign_key="vacancy.id", sa_type=BIG, index=True)
    wanted: bool
    said_at: datetime = Field(sa_type=INSTANT, description="when the last word was said")
    ticket: str | None = Field(default=None, max_length=10)
    ticket_at: datetime | None = Field(default=None, sa_type=INSTANT)
    called_at: datetime | None = Field(default=None, sa_type=INSTANT)
    application_id: int | None = Field(default=None, foreign_key="application.id", sa_type=BIG)
    not_carried_over: NotCarriedOver | None = Field(default=None, sa_type=coded(NotCarriedOver))
