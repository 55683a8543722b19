"""匹配方案: who is to go where, proposed for many people at once; a draft until somebody approves it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, JSON_OBJECT, Row, Versioned, coded
from models.coded import Coded


class PlanState(Coded):
    """How far a plan is."""

    MAKING = "making", "编制中"
    DRAFT = "draft", "草案"
    APPROVING = "approving", "批准中"
    APPROVED = "approved", "已批准"
    DISCARDED = "discarded", "已作废"


class Objective(Coded):
    """What a plan adds up."""

    STABLE = "stable", "干满半年的人最多"
    SURPLUS = "surplus", "对本人最合算，也能干得久"


class LineState(Coded):
    """Where one person of a plan stands."""

    UNPLACED = "unplaced", "没有安排"
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    NO_SEAT = "no_seat", "没有名额"
    INELIGIBLE = "ineligible", "不再符合条件"


class DecisionKind(Coded):
    """What somebody decided by hand."""

    PIN = "pin", "固定"
    MOVE = "move", "换岗"
    KEEP_OUT = "keep_out", "不安排"
    CLOSE = "close", "岗位不招人"


class MatchPlan(Versioned, table=True):
    """One plan. `asked` says who, which posts and which quotas were chosen, `sums` what came of it: codes, numbers and
    sentences about quotas, nothing of one person."""

    __tablename__ = "match_plan"

    region: str = Field(foreign_key="region.code", index=True)
    name: str = Field(max_length=100)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    job_id: int | None = Field(default=None, foreign_key="job.id", sa_type=BIG)
    as_of: date
    departs_on: date
    objective: Objective = Field(sa_type=coded(Objective), nullable=False)
    state: PlanState = Field(default=PlanState.MAKING, sa_type=coded(PlanState), nullable=False)
    asked: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    seed: int = 0
    ranker: str = ""
    ranker_version: str = ""
    sums: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    dispatch_id: int | None = Field(default=None, foreign_key="dispatch.id", sa_type=BIG)
    is_demo: bool = False


class MatchPlanKept(SQLModel, table=True):
    """What settling a plan anew needs: numbers of people and posts, and what each pair is worth (`matching.allocation.kept`)."""

    __tablename__ = "match_plan_kept"

    plan_id: int = Field(primary_key=True, foreign_key="match_plan.id", sa_type=BIG)
    content: bytes = Field(sa_type=LargeBinary)


class MatchPlanPost(SQLModel, table=True):
    """A post of a plan: the seats that the plan may fill, the price of one and what one more is worth, in the unit of the
    objective; beside it what first come, first served would have filled."""

    __tablename__ = "match_plan_post"
    __table_args__ = (
        CheckConstraint("filled BETWEEN 0 AND seats", "never_oversold"),
        CheckConstraint("first_come >= 0", "first_come_not_negative"),
    )

    plan_id: int = Field(primary_key=True, foreign_key="match_plan.id", sa_type=BIG)
    vacancy_id: int = Field(primary_key=True, foreign_key="vacancy.id", sa_type=BIG)
    seats: int
    filled: int = 0
    stable: float = Field(default=0, description="people of the plan expected to stay 180 days")
    first_come: int = 0
    first_come_stable: float = 0
    price: float = 0
    seat_worth: float = 0


class MatchPlanPerson(Row, table=True):
    """A person of a plan; `region` is where the person was registered, for row security."""

    __tablename__ = "match_plan_person"
    __table_args__ = (
        UniqueConstraint("plan_id", "worker_id"),
        CheckConstraint(
            "vacancy_id IS NOT NULL OR state IN ('unplaced', 'ineligible')", "proposed_somewhere"
        ),
        Index("ix_match_plan_person_worker_id", "worker_id"),
        Index("ix_match_plan_person_application_id", "application_id"),
    )

    plan_id: int = Field(foreign_key="match_plan.id", sa_type=BIG)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG)
    region: str = Field(foreign_key="region.code")
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG, index=True)
    p_hire: float | None = None
    p_stay_90: float | None = None
    p_stay_180: float | None = None
    score: float | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON_OBJECT, nullable=False)
    state: LineState = Field(default=LineState.UNPLACED, sa_type=coded(LineState), nullable=False)
    together: int | None = Field(default=None, description="people with the same number go together")
    application_id: int | None = Field(default=None, foreign_key="application.id", sa_type=BIG)
    decided_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)


class MatchPlanDecision(Row, table=True):
    """What somebody decided by hand, about a person or a post. Of several about the same one, the last that was not
    taken back is in force."""

    __tablename__ = "match_plan_decision"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN kind = 'close' THEN worker_id IS NULL AND vacancy_id IS NOT NULL "
            "WHEN kind = 'keep_out' THEN worker_id IS NOT NULL AND vacancy_id IS NULL "
            "ELSE worker_id IS NOT NULL AND vacancy_id IS NOT NULL END",
            "about_one_thing",
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", "undone_by_somebody"),
        Index("ix_match_plan_decision_in_force", "plan_id", postgresql_where=text("undone_at IS NULL")),
    )

    plan_id: int = Field(foreign_key="match_plan.id", sa_type=BIG)
    kind: DecisionKind = Field(sa_type=coded(DecisionKind), nullable=False)
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG, index=True)
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    undone_at: datetime | None = Field(default=None, sa_type=INSTANT)
    undone_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
