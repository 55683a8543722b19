"""户 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Day, Place, Plain, RegionCode, RowNumber, Title, Told, example
from models.household import Begun, HardshipCategory
from models.worker import LabourCapability, RelationToHead, Sex, Wants


class HardshipTold(Told):
    """帮扶类别时段."""

    category: HardshipCategory
    from_on: Day
    to_on: Day | None = None
    risk_cleared_on: Day | None = None
    begun: Begun | None = None


class HouseholdCreate(Told):
    """A household to be registered."""

    number: Title
    region: RegionCode
    village: Title | None = None
    relocated: bool | None = None
    hardship: list[HardshipTold] = Field(default_factory=list, max_length=20)

    model_config = example(
        {
            "number": "TEST-0001",
            "region": "610728",
            "relocated": False,
            "hardship": [{"category": "marginal", "from_on": "2020-06-01"}],
        }
    )


class HouseholdUpdate(Told):
    """A JSON merge patch of a household; the periods of hardship are told as a whole."""

    number: Title | None = None
    region: RegionCode | None = None
    village: Title | None = None
    relocated: bool | None = None
    risks: list[Title] = Field(
        default_factory=list, max_length=20, description="返贫致贫风险，取代原有的全部"
    )
    measures: list[Title] = Field(default_factory=list, max_length=20, description="帮扶措施，取代原有的全部")
    hardship: list[HardshipTold] | None = Field(None, max_length=20)

    model_config = example(
        {"hardship": [{"category": "marginal", "from_on": "2020-06-01", "to_on": "2021-06-30"}]}
    )


class HouseholdContact(Told):
    """The household was asked about work: when, and what came of it."""

    on: Day
    note: Plain = Field("", max_length=200)

    model_config = example({"on": "2021-09-18", "note": "下月送老人后可以就近上班"})


class HardshipPublic(BaseModel):
    """帮扶类别时段."""

    category: HardshipCategory
    from_on: date
    to_on: date | None
    risk_cleared_on: date | None
    begun: Begun | None = None


class StandingPublic(BaseModel):
    """What the household was on a day; the categories ask for attention in this order."""

    as_of: date
    categories: list[HardshipCategory]
    monitored: bool = Field(description="监测对象：在监测类别中，且当天风险未消除")
    risk_cleared_on: date | None


class HouseholdPublic(BaseModel):
    """户."""

    id: int
    version: int
    number: str
    region: Place
    village: str | None
    relocated: bool | None
    hardship: list[HardshipPublic]
    standing: StandingPublic
    contacted_on: date | None = Field(description="最近一次问就业情况的日期")
    contact_note: str | None
    is_demo: bool


class MemberWork(BaseModel):
    """Where a member works on the day that is asked about."""

    employer: str
    region: Place | None
    started_on: date


class Member(BaseModel):
    """家庭成员."""

    worker_id: RowNumber
    name: str
    relation: RelationToHead | None
    sex: Sex | None
    age: int | None
    labour_capability: LabourCapability | None
    at_school: bool | None
    could_work: bool = Field(description="在劳动年龄内、有劳动能力、不在校；不清楚的算可以")
    wants: Wants | None
    wish: str | None = Field(description="意愿的原因")
    work: MemberWork | None
    restricted: bool


class HouseholdDetail(HouseholdPublic):
    """One household with its members."""

    risks: list[str]
    measures: list[str]
    members: list[Member]
