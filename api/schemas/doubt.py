"""疑点 over REST."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Place, RegionCode, Remark, RowNumber, Told, example
from ledger.doubts.rule import Concerns, MendAt
from models.coded import Coded
from models.doubt import DoubtSeverity, DoubtState

Reason = Annotated[Remark, Field(min_length=2, max_length=500)]


class Every(Coded):
    """The steps of a trend."""

    DAY = "day", "每天"
    WEEK = "week", "每周"
    MONTH = "month", "每月"


class WhoPublic(BaseModel):
    """Whom a finding concerns."""

    id: int
    name: str


class DoubtPublic(BaseModel):
    """One 疑点: what is wrong, how it is mended and where. `link` is a page of the console."""

    id: int
    version: int
    rule: str
    title: str
    severity: DoubtSeverity
    state: DoubtState
    what: str
    mend: str
    link: str
    region: Place
    worker: WhoPublic | None
    household: WhoPublic | None = Field(description="`name` is the household's number")
    import_id: int | None
    import_line: int | None
    statistics: dict[str, Any]
    found_on: date
    seen_on: date
    mended_on: date | None
    explanation: str
    explained_at: Instant | None


class RulePublic(BaseModel):
    """A rule as it is declared."""

    number: str
    code: str
    title: str
    severity: DoubtSeverity
    concerns: Concerns
    mend: str
    mend_at: MendAt


class DoubtCount(BaseModel):
    """How many 疑点 of one rule a township has in one state."""

    region: Place
    rule: str
    title: str
    severity: DoubtSeverity
    state: DoubtState
    count: int


class DoubtVillage(BaseModel):
    """How many stand open in one village of a township; 未填村 for what names none."""

    village: str
    open: int


class DoubtSummary(BaseModel):
    """Where the 疑点 are, and when the rules last ran here. Of a township `villages` says in which village."""

    checked_on: date | None
    open: int
    open_errors: int
    items: list[DoubtCount]
    villages: list[DoubtVillage]


class TrendPoint(BaseModel):
    """How many stood open at the end of a day."""

    on: date
    open: int
    error: int
    check: int


class DoubtTrend(BaseModel):
    """How many 疑点 stood open at the end of each day, week or month; service lists are not counted."""

    items: list[TrendPoint]


class IntegrityPublic(BaseModel):
    """One sign that something was filled in instead of asked: the statistics, and how many rows it takes in."""

    rule: str
    title: str
    region: Place
    what: str
    statistics: dict[str, Any]
    doubts: int
    state: DoubtState
    link: str
    file_name: str | None = Field(description="the list that it is about, where that came as a file")


class DoubtIntegrity(BaseModel):
    """数据真实性."""

    items: list[IntegrityPublic]


class DoubtCheck(Told):
    """Which region is to be looked at; the only one of the account's where none is told."""

    region: RegionCode | None = None

    model_config = example({"region": "610728"})


class DoubtExplain(Told):
    """Why a finding is right as it is."""

    reason: Reason

    model_config = example({"reason": "已电话核实，情况属实"})


class DoubtsExplain(Told):
    """One reason for many findings."""

    ids: list[RowNumber] = Field(min_length=1, max_length=500)
    reason: Reason

    model_config = example({"ids": [1], "reason": "同一家企业统一发放工资，已核实"})


class DoubtsExplained(BaseModel):
    """How many findings were explained; those that no longer stood are left out."""

    explained: int
