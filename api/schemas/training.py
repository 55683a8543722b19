"""培训 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import (
    Day,
    OccupationCode,
    Place,
    Plain,
    RegionCode,
    RowNumber,
    Skill,
    SkillLevel,
    Text,
    Title,
    Told,
    example,
)
from api.schemas.worker import WorkerSummary
from models.training import CourseKind


class CourseCreate(Told):
    """A course. A class that is ordered for a post names the post."""

    region: RegionCode = Field(description="办班的地区")
    name: Title
    kind: CourseKind = CourseKind.SKILL
    organiser: Plain = Field("", max_length=100)
    occupation: OccupationCode | None = None
    vacancy_id: RowNumber | None = None
    skill: Skill | None = Field(None, description="结业后掌握的技能，登记结业时写入本人档案")
    skill_level: SkillLevel | None = None
    started_on: Day
    ended_on: Day | None = None

    model_config = example(
        {"region": "610728", "name": "缝纫工培训第一期", "kind": "skill", "started_on": "2021-09-01"}
    )


class CourseUpdate(Told):
    """What may be changed of it (JSON merge patch)."""

    name: Title | None = None
    kind: CourseKind | None = None
    organiser: Plain | None = Field(None, max_length=100)
    occupation: OccupationCode | None = None
    vacancy_id: RowNumber | None = None
    skill: Skill | None = None
    skill_level: SkillLevel | None = None
    started_on: Day | None = None
    ended_on: Day | None = None

    model_config = example({"ended_on": "2021-09-15"})


class CoursePublic(BaseModel):
    """A course with how many people took part, how many completed it, and how many of a class to order began at the
    post that waited for them, or elsewhere at its employer."""

    id: int
    version: int
    region: Place
    name: str
    kind: CourseKind
    organiser: str
    occupation: str | None
    vacancy_id: int | None
    vacancy: str | None = Field(description="订单对应的单位和岗位")
    skill: str | None
    skill_level: int | None
    started_on: date
    ended_on: date | None
    enrolled: int
    completed: int
    began_at_post: int = Field(description="开班后到这个岗位上岗的人数，按务工记录")
    began_at_employer: int = Field(description="开班后到这个单位上岗的人数，含这个岗位")
    is_demo: bool


class Completion(Told):
    """Who completed the course: everybody on the list unless some are named. A certificate is one person's."""

    worker_ids: list[RowNumber] | None = Field(None, max_length=500)
    completed: bool = True
    certificate: Text | None = Field(None, max_length=60)

    model_config = example({"completed": True})


class EnrolmentPublic(BaseModel):
    """One person of the list."""

    worker: WorkerSummary
    completed: bool | None
    certificate: str | None
    began_on: date | None = Field(description="开班后到订单单位上岗的日期，按务工记录")
