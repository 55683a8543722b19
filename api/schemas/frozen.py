"""冻结的报表 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Place, RegionCode, Told, example
from api.schemas.decomposition import FigurePublic
from api.schemas.target import Counted, SpellBehind, ThingPublic
from models.coded import Coded
from models.frozen import PeriodKind
from models.household import HardshipCategory
from models.spell import EvidenceGrade, SpellKind
from models.target import Indicator, Measure, Population
from models.worker import Sex


class FrozenReportCreate(Told):
    """A month (`2021-08`) or a quarter (`2021Q3`) of a region of mine; the present one unless told."""

    region: RegionCode | None = Field(None, description="哪个地区的报表，默认本单位的地区")
    kind: PeriodKind = PeriodKind.MONTH
    period: str | None = Field(None, max_length=10)

    model_config = example({"kind": "month", "period": "2021-08"})


class FrozenPart(BaseModel):
    """What a line counts by one of the regions directly below, and the part of the task that falls to it. `started` is null
    where the entries are not told apart by regions; `note` says so then."""

    region: Place
    figure: int | None
    started: int | None
    stable: int | None
    note: str = ""


class FrozenLine(BaseModel):
    """One line: a task of a plan, or an indicator over the period. `done` is its figure, `typed` one that was typed."""

    line: int
    target_id: int | None
    plan: str | None
    region: Place
    label: str
    sentence: str
    indicator: Indicator
    population: Population
    kinds: list[SpellKind]
    unit: str
    measure: Measure
    number: int | None
    at_least: bool
    from_on: date
    to_on: date
    rule: Counted | None
    done: int | None
    started: int | None
    stable: int | None
    verified: dict[str, int]
    typed: FigurePublic | None
    things: list[ThingPublic]
    parts: list[FrozenPart]


class FrozenContent(BaseModel):
    """What a report's hash is taken of, beside the people."""

    lines: list[FrozenLine]


class FrozenReportSummary(BaseModel):
    """One report: what was so by `as_of`, as the record said at `known_on`."""

    id: int
    region: Place
    kind: PeriodKind
    from_on: date
    as_of: date
    known_on: Instant
    by: str | None
    content_sha256: str
    lines: int
    is_demo: bool


class FrozenReportPublic(FrozenReportSummary):
    """A report with its lines. `intact`: the content and the people, read again, have the hash of the freezing."""

    intact: bool
    items: list[FrozenLine]


class Readable(Coded):
    """Whether the person behind a frozen figure may still be read."""

    KNOWN = "known", "可查看"
    DELETED = "deleted", "已删除"
    RESTRICTED = "restricted", "已停止使用"
    ELSEWHERE = "elsewhere", "已移出本辖区"


class FrozenTold(BaseModel):
    """What was known of the person then."""

    name: str
    sex: Sex | None
    place: Place
    hardship: HardshipCategory | None
    started_on: date
    stable_on: date | None
    possible_on: date | None
    reason: str
    spells: list[SpellBehind]


class FrozenPersonPublic(BaseModel):
    """Somebody behind a line. `told` is null once it may not be read any more; the marks that make the figure stay."""

    worker_id: int
    region: Place
    stable: bool
    grade: EvidenceGrade | None
    readable: Readable
    told: FrozenTold | None
