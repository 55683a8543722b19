"""就业帮扶车间 and 新社区工厂 over REST."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Day, Place, Remark, Told, example
from api.schemas.worker import WorkerSummary
from models.employer import EmployerKind
from models.spell import Precision
from models.workshop import WorkshopForm, WorkshopGrade


class Recognised(Told):
    """A workshop is recognised as of a day; its headcount of that day is counted from the spells."""

    form: WorkshopForm
    recognised_on: Day | None = Field(None, description="默认今天")
    basis: Remark = Field("", max_length=100, description="文号")

    model_config = example({"form": "plant", "basis": "镇乡振发〔2021〕8号"})


class Revoked(Told):
    """A recognition ends."""

    revoked_on: Day | None = Field(None, description="默认今天")
    reason: Remark = Field(min_length=2, max_length=200)

    model_config = example({"reason": "停产半年以上"})


class Rated(Told):
    """How a workshop did in a year. Given again for the same year it replaces what was given before."""

    year: Annotated[int, Field(ge=2016, le=2100)]
    grade: WorkshopGrade
    note: Remark = Field("", max_length=200)

    model_config = example({"year": 2021, "grade": "passed"})


class HeadcountPublic(BaseModel):
    """At work on a day: all, and 脱贫劳动力 among them."""

    workers: int
    relieved: int


class RecognitionPublic(BaseModel):
    """One recognition."""

    id: int
    form: WorkshopForm
    recognised_on: date
    headcount: HeadcountPublic
    basis: str
    revoked_on: date | None
    revoked_because: str


class RatingPublic(BaseModel):
    """One year's rating."""

    year: int
    grade: WorkshopGrade
    rated_on: date
    headcount: HeadcountPublic
    note: str


class WorkshopPublic(BaseModel):
    """A workshop with who works there today. `recognition` is the one in force; `short`: fewer 脱贫劳动力 than
    recognition asks for."""

    id: int = Field(description="用人单位编号")
    name: str
    kind: EmployerKind
    region: Place
    headcount: HeadcountPublic
    recognition: RecognitionPublic | None
    rating: RatingPublic | None = Field(description="最近一次评价")
    short: bool
    is_demo: bool


class WorkshopDetail(WorkshopPublic):
    """One workshop, with all that was."""

    asked: int = Field(description="认定要求的脱贫劳动力人数")
    rule: str
    unconfirmed: list[str] = Field(description="规则里尚待核对文件的部分")
    recognitions: list[RecognitionPublic]
    ratings: list[RatingPublic]


class WorkshopWorkerPublic(BaseModel):
    """Somebody at work in a workshop today."""

    worker: WorkerSummary
    started_on: date
    precision: Precision
    relieved: bool = Field(description="上岗当天是脱贫劳动力")
