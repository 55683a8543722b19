"""分解 and 填报 over REST."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Day, Instant, Place, RegionCode, Remark, Told, example

_Figure = Annotated[int, Field(ge=0, le=100_000_000)]
_Part = Annotated[int, Field(ge=1, le=100_000_000)]
_Proof = Annotated[Remark, Field(min_length=1, max_length=500)]
_Reason = Annotated[Remark, Field(min_length=1, max_length=200)]


class PartCreate(Told):
    """How much of a target falls to a region within its own."""

    region: RegionCode
    figure: _Part

    model_config = example({"region": "610728001", "figure": 30})


class PartUpdate(Told):
    """Another number for the same region."""

    figure: _Part

    model_config = example({"figure": 35})


class FigureCreate(Told):
    """A figure that the ledger cannot count, and what it is taken from. One of the same day is superseded."""

    figure: _Figure
    as_of: Day | None = Field(None, description="截至哪一天，默认当天")
    proof: _Proof = Field(description="依据：文件名称和文号、名册、台账等")
    region: RegionCode | None = Field(None, description="哪个地区的数，默认任务的地区")

    model_config = example({"figure": 1, "proof": "镇人社〔2021〕12号 招聘会总结"})


class FigureWithdrawn(Told):
    """Why a figure is taken out of force."""

    reason: _Reason

    model_config = example({"reason": "重复填报"})


class FigureFilePublic(BaseModel):
    """The file that proves a figure."""

    name: str
    size: int
    sha256: str
    link: str


class FigurePublic(BaseModel):
    """填报数: typed by somebody, not counted by the ledger."""

    id: int
    target_id: int
    region: Place
    figure: int
    as_of: date
    proof: str
    by: str | None
    created_at: Instant
    file: FigureFilePublic | None
    superseded_at: Instant | None
    superseded_by: int | None
    superseded_because: str


class PartPublic(BaseModel):
    """One part, and where it stands. Figures are null where part of the region lies outside the caller's.

    `difference`: what its own parts leave of it, negative where they make more; null without any.
    """

    id: int
    version: int
    region: Place
    whole: Place
    depth: int
    figure: int
    difference: int | None
    done: int | None
    started: int | None
    stable: int | None
    typed: FigurePublic | None


class SharePublic(BaseModel):
    """What of a target falls to one of the caller's regions, and where that stands; `figure` is null where the target was
    not divided down to it."""

    region: Place
    figure: int | None
    done: int | None
    started: int | None
    stable: int | None
    typed: FigurePublic | None


class PartsPublic(BaseModel):
    """A target's parts. They need not sum: `difference` is the number less the sum of the topmost parts, `exceeds`
    says that somewhere parts make more than their whole. `covered` is false where part of the target's region lies outside
    the caller's: then only its own parts are listed, and nothing is said of the sum (`parts`, `difference`, `exceeds` are null).
    """

    items: list[PartPublic]
    next_cursor: None = None
    total: int
    as_of: date
    whole: int | None
    covered: bool
    parts: int | None
    difference: int | None
    exceeds: bool | None
