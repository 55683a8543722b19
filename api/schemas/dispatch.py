"""输送批次 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Day, Place, RegionCode, RowNumber, Text, Title, Told, example
from api.schemas.worker import WorkerSummary
from models.dispatch import Transport


class DispatchCreate(Told):
    """A group that leaves together on a day."""

    region: RegionCode = Field(description="送人的地区")
    name: Title
    departs_on: Day
    destination: RegionCode | None = None
    transport: Transport = Transport.BUS
    point_to_point: bool = True
    note: Text = ""

    model_config = example(
        {"region": "610728", "name": "2021年秋季第一批", "departs_on": "2021-09-25", "destination": "320612"}
    )


class DispatchUpdate(Told):
    """What may be changed of it (JSON merge patch)."""

    name: Title | None = None
    departs_on: Day | None = None
    destination: RegionCode | None = None
    transport: Transport | None = None
    point_to_point: bool | None = None
    note: Text | None = None

    model_config = example({"departs_on": "2021-09-26"})


class DispatchPublic(BaseModel):
    """A group with how many people are on its list, how many of them really left, and of how many the post came to nothing."""

    id: int
    version: int
    region: Place
    name: str
    departs_on: date
    destination: Place | None
    transport: Transport
    point_to_point: bool
    note: str
    members: int
    departed: int
    for_nothing: int = Field(description="推荐已撤回、被拒绝或失效，不去了的人")


class MembersTold(Told):
    """People for the list: by number, or with the post of an application that was accepted."""

    worker_ids: list[RowNumber] = Field(default_factory=list, max_length=500)
    application_ids: list[RowNumber] = Field(default_factory=list, max_length=500)

    model_config = example({"worker_ids": [1, 2], "application_ids": []})


class PeopleTold(Told):
    """Some of those on a list."""

    worker_ids: list[RowNumber] = Field(min_length=1, max_length=500)

    model_config = example({"worker_ids": [1, 2]})


class Departure(Told):
    """Who really left: everybody on the list unless some are named."""

    worker_ids: list[RowNumber] | None = Field(None, max_length=500)
    departed: bool = True

    model_config = example({"departed": True})


class GatheredPublic(BaseModel):
    """How many were added, and how many stood on the list before."""

    added: int
    known: int


class ChangedPublic(BaseModel):
    """How many rows were changed."""

    changed: int


class MemberPublic(BaseModel):
    """One person of the list."""

    worker: WorkerSummary
    vacancy_id: int | None
    vacancy: str | None = Field(description="the post's title")
    departed: bool | None
    for_nothing: bool = Field(description="这个岗位的推荐已撤回、被拒绝或失效")
