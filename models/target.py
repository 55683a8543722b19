"""任务数: what a plan asks for, where, by when, and in its own sentence."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, JSON_OBJECT, TEXTS, Row, Versioned, coded
from models.coded import Coded


class Indicator(Coded):
    """指标: what a task counts."""

    TRANSFER = "transfer", "转移就业人数"
    NEAR_HOME = "near_home", "就地就近就业人数"
    COMMUNITY_FACTORY_JOBS = "community_factory_jobs", "新社区工厂新增岗位"
    COMMUNITY_FACTORIES = "community_factories", "新社区工厂家数"
    FAIRS = "fairs", "招聘活动场次"
    SPONSORED_STUDENTS = "sponsored_students", "委培学生人次"
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


class WorkPlan(Row, table=True):
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
