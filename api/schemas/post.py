"""用人单位 and 岗位 over REST."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from stdnum.cn.uscc import is_valid

from api.schemas.base import (
    Day,
    IndustryCode,
    Labelled,
    LongText,
    OccupationCode,
    Pay,
    Place,
    RegionCode,
    RowNumber,
    Skills,
    Title,
    Told,
    example,
)
from models.education import Education
from models.employer import EmployerKind
from models.vacancy import Shift, VacancyState


def _checked(uscc: str) -> str:
    if not is_valid(uscc):
        raise ValueError("统一社会信用代码的校验位不对，请对照营业执照核对")
    return uscc


Uscc = Annotated[
    str,
    Field(pattern=r"^[0-9A-HJ-NP-RT-UW-Y]{18}$", description="统一社会信用代码"),
    AfterValidator(_checked),
]
Headcount = Annotated[int, Field(ge=0, le=10_000_000)]


class EmployerCreate(Told):
    """A 用人单位 to be registered; `kept_by` is the caller's region that keeps it, by default the only one."""

    name: Title
    uscc: Uscc | None = None
    kind: EmployerKind = EmployerKind.ENTERPRISE
    region: RegionCode
    kept_by: RegionCode | None = None
    industry: IndustryCode | None = None
    size: Headcount | None = None
    opened_on: Day | None = Field(None, description="开办或认定的日期，默认为登记当日")

    model_config = example({"name": "测试服装有限公司", "kind": "enterprise", "region": "320612"})


class EmployerUpdate(Told):
    """A JSON merge patch of a 用人单位: what is absent stays, null is unknown."""

    name: Title | None = None
    uscc: Uscc | None = None
    kind: EmployerKind | None = None
    region: RegionCode | None = None
    industry: IndustryCode | None = None
    size: Headcount | None = None
    opened_on: Day | None = None

    model_config = example({"size": 120})


class ResponsivenessPublic(BaseModel):
    """How readily an employer answered over the last 180 days; no share where fewer than 5 were put forward to it."""

    asked: int
    answered: int
    share: float | None
    median_days: float | None
    few: bool
    sentence: str


class EmployerPublic(BaseModel):
    """A 用人单位."""

    id: int
    version: int
    name: str
    uscc: str | None
    kind: EmployerKind
    region: Place
    kept_by: Place
    industry: Labelled | None
    size: int | None
    opened_on: date | None
    is_demo: bool
    responsiveness: ResponsivenessPublic


class VacancyFacts(Told):
    """What a post says. What it does not say is null: unknown, and neutral in matching."""

    employer_id: RowNumber | None = None
    region: RegionCode | None = None
    occupation: OccupationCode | None = None
    seats: int | None = Field(None, ge=1, le=100_000)
    pay_min: Pay | None = None
    pay_max: Pay | None = None
    hours_per_week: int | None = Field(None, ge=1, le=168)
    min_age: int | None = Field(None, ge=0, le=120)
    max_age: int | None = Field(None, ge=0, le=120)
    min_education: Education | None = None
    required_skills: Skills = Field(default_factory=list)
    preferred_skills: Skills = Field(default_factory=list)
    lodging: bool | None = None
    meals: bool | None = None
    social_insurance: bool | None = None
    shift: Shift | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    text: LongText = ""


class VacancyCreate(VacancyFacts):
    """A post to be entered; it is a draft until it is published."""

    title: Title
    kept_by: RegionCode | None = None

    model_config = example(
        {
            "employer_id": 1,
            "title": "平车工",
            "region": "320612",
            "seats": 20,
            "pay_min": 4500,
            "pay_max": 6500,
            "lodging": True,
            "valid_until": "2021-12-31",
            "text": "负责家纺产品平车缝制，计件工资，包住。",
        }
    )


class VacancyUpdate(VacancyFacts):
    """A JSON merge patch of a post."""

    title: Title | None = None
    confirmed_removed: bool = Field(
        False, description="已与用人单位确认取消来源栏目里的违规限制（如“性别要求：女”）；不说明就一直保留"
    )

    model_config = example({"pay_max": 7000})


class RefreshMany(Told):
    """Posts that are still open, by their employers' word. `valid_until` is the new end of those that have expired."""

    ids: Annotated[list[RowNumber], Field(min_length=1, max_length=200)]
    valid_until: Day | None = None

    model_config = example({"ids": [1], "valid_until": "2021-12-31"})


class NotRefreshed(BaseModel):
    """A post that stays as it was, and why."""

    id: int
    reason: str


class Refreshed(BaseModel):
    """What became of each post."""

    refreshed: list[int]
    refused: list[NotRefreshed]


class VacancySummary(BaseModel):
    """A post in a list."""

    id: int
    title: str
    employer_id: int | None
    employer: str | None
    region: Place | None
    seats: int | None
    seats_left: int | None
    pay_min: int | None
    pay_max: int | None
    lodging: bool | None
    valid_until: date | None
    state: VacancyState
    is_demo: bool


class VacancyPublic(VacancySummary):
    """A post's page."""

    version: int
    kept_by: Place
    occupation: Labelled | None
    hours_per_week: int | None
    min_age: int | None
    max_age: int | None
    min_education: Education | None
    required_skills: list[str]
    preferred_skills: list[str]
    meals: bool | None
    social_insurance: bool | None
    shift: Shift | None
    posted_on: date | None
    valid_from: date | None
    refreshed_on: date | None
    missing: list[str]
    unlawful_demands: list[dict[str, Any]]
    text: str
