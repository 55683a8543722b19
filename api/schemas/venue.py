"""招聘会 and 劳务协作工作站 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Day, Place, Plain, RegionCode, Remark, RowNumber, Small, Title, Told, example
from models.fair import FairKind
from models.station import VisitFound
from outcomes.visiting import VisitWhy


class FairCreate(Told):
    """A fair, planned or held. What is not known is null."""

    region: RegionCode = Field(description="主办地区")
    partner: RegionCode | None = Field(None, description="联合举办的地区")
    name: Title
    kind: FairKind
    held_on: Day
    place: Plain = Field("", max_length=100)
    employers: Small | None = None
    seats: Small | None = None
    attended: Small | None = None
    agreed: Small | None = None

    model_config = example(
        {
            "region": "610728",
            "partner": "320612",
            "name": "苏陕协作专场",
            "kind": "special",
            "held_on": "2021-03-06",
        }
    )


class FairUpdate(Told):
    """What may be changed of it (JSON merge patch); one that did not take place is called off."""

    name: Title | None = None
    kind: FairKind | None = None
    held_on: Day | None = None
    partner: RegionCode | None = None
    place: Plain | None = Field(None, max_length=100)
    employers: Small | None = None
    seats: Small | None = None
    attended: Small | None = None
    agreed: Small | None = None
    called_off: bool | None = None

    model_config = example({"employers": 32, "seats": 1200, "attended": 460, "agreed": 85})


class FairPublic(BaseModel):
    """A fair. `held`: its day has come and it was not called off."""

    id: int
    version: int
    region: Place
    partner: Place | None
    name: str
    kind: FairKind
    held_on: date
    held: bool
    place: str
    employers: int | None
    seats: int | None
    attended: int | None
    agreed: int | None
    called_off: bool
    is_demo: bool


class StationCreate(Told):
    """A station in the destination, kept by one origin county."""

    name: Title
    region: RegionCode = Field(description="工作站所在地")
    kept_by: RegionCode | None = Field(None, description="派驻的县；只管一个地区的账号可以不填")
    address: Plain = Field("", max_length=200)
    opened_on: Day

    model_config = example({"name": "镇巴驻通州工作站", "region": "320612", "opened_on": "2021-03-01"})


class StationUpdate(Told):
    """What may be changed of it (JSON merge patch)."""

    name: Title | None = None
    address: Plain | None = Field(None, max_length=200)
    closed_on: Day | None = None

    model_config = example({"address": "金沙街道人力资源市场二楼"})


class StationPublic(BaseModel):
    """A station, how many work there, and how often employers were visited."""

    id: int
    version: int
    name: str
    region: Place
    kept_by: Place
    address: str
    opened_on: date
    closed_on: date | None
    staff: int
    visits: int
    last_visit: date | None
    is_demo: bool


class StaffTold(Told):
    """Somebody begins, or ends, to work at a station."""

    username: Plain = Field(min_length=1, max_length=50)

    model_config = example({"username": "nobody"})


class StaffPublic(BaseModel):
    """Somebody who works, or worked, at a station."""

    name: str
    since: date
    until: date | None


class VisitCreate(Told):
    """An employer was visited, and what was found there."""

    employer_id: RowNumber
    visited_on: Day | None = Field(None, description="默认今天")
    found: VisitFound
    people_seen: Small | None = Field(None, le=10_000, description="见到的本县务工人员")
    note: Remark = Field("", max_length=500)

    model_config = example({"employer_id": 1, "found": "in_order", "people_seen": 12})


class VisitDuePublic(BaseModel):
    """An employer that a station is to visit, and why."""

    station_id: int
    station: str
    employer_id: int
    employer: str
    why: VisitWhy
    people: int = Field(description="本县在那里上班的人数")
    visited_on: date | None = Field(description="上次走访")
    found: VisitFound | None = Field(description="上次走访的结果")


class VisitPublic(BaseModel):
    """One visit."""

    id: int
    employer_id: int
    employer: str
    visited_on: date
    found: VisitFound
    people_seen: int | None
    note: str
    by: str = Field(description="谁走访的")
