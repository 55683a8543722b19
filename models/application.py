"""报名/推荐: one worker and one vacancy, from the proposal to the first day of work."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import BIG, INSTANT, Row, Versioned, coded, now
from models.coded import Coded


class ApplicationState(Coded):
    """Where an application stands."""

    PROPOSED = "proposed", "已推荐"
    APPLIED = "applied", "已报名"
    SHORTLISTED = "shortlisted", "已入围"
    OFFERED = "offered", "已录用"
    ACCEPTED = "accepted", "已接受"
    STARTED = "started", "已上岗"
    REFUSED = "refused", "已拒绝"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "已过期"
    OBSOLETE = "obsolete", "已在别处上岗"
    POOL = "pool", "人才储备"


class Side(Coded):
    """Who said no: a reason such as 技能不够 may be either's."""

    WORKER = "worker", "本人"
    EMPLOYER = "employer", "用人单位"


OPEN_STATES = (
    ApplicationState.PROPOSED,
    ApplicationState.APPLIED,
    ApplicationState.SHORTLISTED,
    ApplicationState.OFFERED,
    ApplicationState.ACCEPTED,
)
"""States from which somebody may still start."""

_OPEN_SQL = "state IN (" + ", ".join(f"'{state.value}'" for state in OPEN_STATES) + ")"


class Application(Versioned, table=True):
    """One worker's way to one vacancy. Both regions are filled in by the database, for row security."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_one_open",
            "worker_id",
            "vacancy_id",
            unique=True,
            postgresql_where=text(_OPEN_SQL),
        ),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    vacancy_id: int = Field(foreign_key="vacancy.id", sa_type=BIG, index=True)
    worker_region: str = Field(default="", foreign_key="region.code")
    vacancy_region: str = Field(default="", foreign_key="region.code")
    state: ApplicationState = Field(
        default=ApplicationState.PROPOSED, sa_type=coded(ApplicationState), nullable=False
    )
    applied_on: date
    decided_on: date | None = Field(default=None, description="when it came into its present state")
    answered_on: date | None = Field(default=None, description="when the employer first said yes or no")
    start_told_on: date | None = Field(
        default=None, description="the first day of work as the person tells it; a human records the start"
    )
    reason: str | None = None
    side: Side | None = Field(default=None, sa_type=coded(Side), description="who refused")


class ApplicationEvent(Row, table=True):
    """流转记录: who moved an application, when, and why."""

    __tablename__ = "application_event"

    application_id: int = Field(foreign_key="application.id", sa_type=BIG, index=True)
    from_state: ApplicationState | None = Field(default=None, sa_type=coded(ApplicationState, "from_state"))
    to_state: ApplicationState = Field(sa_type=coded(ApplicationState, "to_state"), nullable=False)
    at: datetime = Field(default_factory=now, sa_type=INSTANT, nullable=False)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    reason: str | None = None
    side: Side | None = Field(default=None, sa_type=coded(Side))
