"""任务 and how far they are, over REST."""

from datetime import date

from pydantic import BaseModel

from api.schemas.base import Place
from api.schemas.worker import WorkerSummary
from models.spell import EvidenceGrade, SpellKind
from models.target import Indicator, Measure, Population


class TargetPublic(BaseModel):
    """One task of a plan, with the plan's own sentence. `number` is null where the plan states none."""

    id: int
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


class ForecastPublic(BaseModel):
    """The figure on the target's last day, at the given level, if the rest of the year goes as what is known goes."""

    low: int
    mid: int
    high: int
    level: float


class ProgressPublic(BaseModel):
    """How far a target is. `covered` is false where part of its region lies outside the caller's.

    `without_place`: where only work in the home county counts, how many more people would if it were known where they
    work; null where the place does not matter. `forecast` is of the plan's own figure: people who started, or who are stable
    where the plan names a rule; `forecast_stable` of the reference rule's beside it. `waiting`: people whose staying decides.
    """

    target: TargetPublic
    as_of: date
    started: int | None
    stable: int | None
    verified: dict[str, int]
    rule: Counted | None
    forecast: ForecastPublic | None
    forecast_stable: ForecastPublic | None
    waiting: int | None
    latest_start: date
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
