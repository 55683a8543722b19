"""任务数: what a plan asks for, where, by when, and in its own sentence."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, TEXTS, Row, Versioned, coded
from models.coded import Coded


class Indicator(Coded):
    """指标: what a task counts; how is declared in `outcomes.indicators`."""

    TRANSFER = "transfer", "转移就业人数"
    PAIRED_EAST = "paired_east", "转移到结对东部地区就业人数"
    OTHER_PROVINCE = "other_province", "转移到其他省外地区就业人数"
    WITHIN_PROVINCE = "within_province", "省内就业人数"
    NEAR_HOME = "near_home", "就地就近就业人数"
    WORKSHOP_JOBS = "workshop_jobs", "就业帮扶车间吸纳就业人数"
    COMMUNITY_FACTORY_JOBS = "community_factory_jobs", "新社区工厂新增岗位"
    COMMUNITY_FACTORIES = "community_factories", "新社区工厂家数"
    FAIRS = "fairs", "招聘活动场次"
    SPECIAL_FAIRS = "special_fairs", "专题招聘场次"
    TRAINING = "training", "培训人次"
    TO_ORDER = "to_order", "订单培养人次"
    SPONSORED_STUDENTS = "sponsored_students", "委培学生人次"
    STABLE = "stable", "稳定就业人数"
    TASK = "task", "工作任务（无数量）"


class Population(Coded):
    """Whom a task counts; judged on the first day of the spell."""

    RURAL = "rural", "农村劳动力"
    POVERTY_RELIEVED = "poverty_relieved", "脱贫劳动力"
    MONITORED = "monitored", "监测对象"


class Measure(Coded):
    """Whether a figure adds up over the period or stands at its end."""

    FLOW = "flow", "累计"
    STOCK = "stock", "期末存量"


class StabilityRule(Row, table=True):
    """稳定就业口径 as data; `parameters` are the fields of `outcomes.rules.StabilityRule`."""

    __tablename__ = "stability_rule"

    code: str = Field(unique=True, max_length=40)
    name: str
    parameters: dict[str, Any] = Field(sa_type=JSON_OBJECT, nullable=False)


class WorkPlan(Versioned, table=True):
    """工作计划, as published."""

    __tablename__ = "work_plan"

    code: str = Field(unique=True, max_length=40)
    title: str
    issuer: str
    document_number: str | None = None
    published_on: date | None = None
    region: str = Field(foreign_key="region.code", index=True)
    pairing_id: int | None = Field(default=None, foreign_key="pairing.id", sa_type=BIG)


class Target(Versioned, table=True):
    """One numbered labour task of a plan. No number in the plan is no number here; no rule there is none here."""

    __tablename__ = "target"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", "dates_in_order"),
        CheckConstraint("number > 0", "number_positive"),
        UniqueConstraint("work_plan_id", "sequence"),
    )

    work_plan_id: int | None = Field(default=None, foreign_key="work_plan.id", sa_type=BIG)
    sequence: int
    parent_id: int | None = Field(
        default=None, foreign_key="target.id", sa_type=BIG, description="其中： the whole it is part of"
    )
    region: str = Field(foreign_key="region.code", index=True)
    label: str
    sentence: str = Field(description="the plan's own words")
    indicator: Indicator = Field(sa_type=coded(Indicator), nullable=False)
    population: Population = Field(default=Population.RURAL, sa_type=coded(Population), nullable=False)
    kinds: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    rule_id: int | None = Field(default=None, foreign_key="stability_rule.id", sa_type=BIG)
    number: int | None = None
    at_least: bool = Field(default=False, description="不少于， 以上")
    unit: str = "人"
    measure: Measure = Field(default=Measure.FLOW, sa_type=coded(Measure), nullable=False)
    from_on: date
    to_on: date


class TargetPart(Versioned, table=True):
    """分解: how much of a task falls to a region within its own. Parts need not sum; none is larger than its whole."""

    __tablename__ = "target_part"
    __table_args__ = (
        CheckConstraint("number > 0", "number_positive"),
        Index(
            "uq_target_part_in_force",
            "target_id",
            "region",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    target_id: int = Field(foreign_key="target.id", sa_type=BIG)
    region: str = Field(foreign_key="region.code", index=True)
    whole_region: str = Field(
        default="",
        foreign_key="region.code",
        description="of whose task it was made a part, filled by the database",
    )
    number: int
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class TypedFigure(Row, table=True):
    """填报数: a figure that somebody types where the ledger cannot count, as of a day, with its proof."""

    __tablename__ = "typed_figure"
    __table_args__ = (
        CheckConstraint("number >= 0", "number_not_negative"),
        CheckConstraint("proof <> ''", "proved"),
        Index(
            "uq_typed_figure_in_force",
            "target_id",
            "region",
            "as_of",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    target_id: int = Field(foreign_key="target.id", sa_type=BIG)
    region: str = Field(foreign_key="region.code", index=True)
    number: int
    as_of: date
    proof: str = Field(max_length=500, description="the document, list or record that it is taken from")
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    superseded_at: datetime | None = Field(default=None, sa_type=INSTANT)
    superseded_by: int | None = Field(default=None, foreign_key="typed_figure.id", sa_type=BIG)
    superseded_because: str = Field(default="", max_length=200)
    is_demo: bool = False


class FigureFile(Row, table=True):
    """佐证材料: a file that proves a typed figure, sealed."""

    __tablename__ = "figure_file"

    figure_id: int = Field(foreign_key="typed_figure.id", sa_type=BIG, unique=True)
    file_name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    sha256: str = Field(max_length=64)
    size: int
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    master_key_id: str
    sealed_key: bytes = Field(sa_type=LargeBinary)
    sealed: bytes = Field(sa_type=LargeBinary)
