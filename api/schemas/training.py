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
    started_on: Day | None = None
    ended_on: Day | None = None

    model_config = example({"ended_on": "2021-09-15"})


class CoursePublic(BaseModel):
    """A course with how many people took part, and how many completed it."""

    id: int
    version: int
    region: Place
    name: str
    kind: CourseKind
    organiser: str
    occupation: str | None
    vacancy_id: int | None
    started_on: date
    ended_on: date | None
    enrolled: int
    completed: int


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
