"""任务 and how far they are, over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Place
from api.schemas.decomposition import FigurePublic, SharePublic
from api.schemas.worker import WorkerSummary
from models.spell import EvidenceGrade, Precision, SpellKind
from models.target import Indicator, Measure, Population
from outcomes.indicators.indicator import AddsUp, Opens, Subject


class IndicatorPublic(BaseModel):
    """指标: what a target may count. `kinds` are the kinds of work that it may include."""

    indicator: Indicator
    unit: str
    about: str
    subject: Subject
    measure: Measure
    adds_up: AddsUp
    kinds: list[SpellKind]
    populations: list[Population]
    stable: bool = Field(description="统计的是否是稳定就业的人")


class TargetPublic(BaseModel):
    """One task of a plan, with the plan's own sentence. `number` is null where the plan states none."""

    id: int
    version: int
    plan: str | None
    region: Place
    parent_id: int | None
    label: str
    sentence: str
    indicator: Indicator
    population: Population
    kinds: list[SpellKind]
    number: int | None
    at_least: bool
    unit: str
    measure: Measure
    from_on: date
    to_on: date


class Counted(BaseModel):
    """The rule that `stable` was counted by; `is_reference` where the plan names none and the bureau's own is shown."""

    code: str
    name: str
    is_reference: bool


class ForecastStepPublic(BaseModel):
    """What the figure will be on one day."""

    on: date
    low: int
    mid: int
    high: int


class ForecastPublic(BaseModel):
    """The figure on the target's last day, at the given level, if the rest of the year goes as what is known goes, and
    the way to it."""

    low: int
    mid: int
    high: int
    level: float
    path: list[ForecastStepPublic]


class ProgressPublic(BaseModel):
    """How far a target is. `covered` is false where part of its region lies outside the caller's. `done` is the target's
    figure: who is stable where the plan names a rule or the indicator counts staying, else who started; `typed` the
    figure that somebody typed with its proof where the ledger cannot count.

    `without_place`: where only work in the home county counts, how many more people would if it were known where they
    work; null where the place does not matter. `forecast` is of the plan's own figure: people who started, or who are stable
    where the plan names a rule; `forecast_stable` of the reference rule's beside it. `waiting`: people whose staying decides.
    """

    target: TargetPublic
    as_of: date
    done: int | None
    typed: FigurePublic | None
    started: int | None
    stable: int | None
    verified: dict[str, int]
    rule: Counted | None
    forecast: ForecastPublic | None
    forecast_stable: ForecastPublic | None
    waiting: int | None
    latest_start: date
    reference_start: date | None = Field(
        description="计划没有写明怎样算稳定时，按参考口径能在期末前算稳定的最晚上岗日；晚于这一天上岗的当期不能算稳定"
    )
    without_place: int | None
    covered: bool
    links: dict[str, str]


class TargetPerson(BaseModel):
    """One person behind a number. `chance`: of staying until `possible_on`, where those were asked for who wait."""

    worker: WorkerSummary
    started_on: date
    stable_on: date | None
    possible_on: date | None
    grade: EvidenceGrade | None
    reason: str
    chance: float | None


class EvidenceBehind(BaseModel):
    """What proves a stretch of a spell."""

    grade: EvidenceGrade
    covers_from: date
    covers_to: date
    source: str


class SpellBehind(BaseModel):
    """A spell that was counted, with what proves it."""

    id: int
    employer: str | None
    place: Place | None
    kind: SpellKind
    precision: Precision
    started_on: date
    ended_on: date | None
    observed_until: date | None
    monthly_income: int | None
    evidence: list[EvidenceBehind]


class TargetPersonPublic(TargetPerson):
    """One person behind a number, with the spells that were counted and what proves them."""

    spells: list[SpellBehind]


class ThingPublic(BaseModel):
    """One entry behind a figure that counts no people: a factory, or a course with how many took part."""

    name: str
    on: date
    region: Place
    opens: Opens
    number: int
    times: int


class TaskPublic(BaseModel):
    """One target of a plan's task, and where it stands. Where only part of its region is the caller's (`covered` is
    false) `shares` has each of the caller's regions within it with the part that falls to it."""

    target: TargetPublic
    done: int | None
    started: int | None
    stable: int | None
    rule: Counted | None
    typed: FigurePublic | None
    covered: bool
    shares: list[SharePublic]


class PlanTaskPublic(BaseModel):
    """One numbered labour task of a plan in its own words, with its targets."""

    number: int
    sentence: str
    targets: list[TaskPublic]


class PlanSummary(BaseModel):
    """A work plan as published."""

    id: int
    version: int
    title: str
    issuer: str
    document_number: str | None
    published_on: date | None
    region: Place
    partner: Place | None
    programme: str | None
    tasks: int
    numbered: int = Field(description="写明数量的任务数")


class PlanPublic(PlanSummary):
    """A plan with where each of its tasks stands."""

    as_of: date
    items: list[PlanTaskPublic]
