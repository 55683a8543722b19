"""批量操作 over REST."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Day, Instant, Place, RowNumber, Told, example
from api.schemas.job import JobPublic
from api.schemas.people_filter import PeopleFilter
from api.schemas.worker import WorkerSummary
from models.bulk_action import BulkItemState, BulkKind


class BulkCreate(Told):
    """One act on many people: on those named, or on everybody whom a filter finds.

    Each is asked as if it were alone; who is refused is told with the reason, the others are done.
    """

    kind: BulkKind
    worker_ids: Annotated[list[RowNumber], Field(min_length=1, max_length=20_000)] | None = None
    wanted: PeopleFilter | None = Field(None, description="按条件，与 worker_ids 二选一；空对象是全部的人")
    due_on: Day | None = Field(None, description="安排回访：最迟哪天")
    caller_id: RowNumber | None = Field(None, description="安排回访：由谁打；不写的由各人的随访人打")
    vacancy_id: RowNumber | None = Field(None, description="推荐到同一岗位")
    course_id: RowNumber | None = Field(None, description="列入培训班")
    fair_id: RowNumber | None = Field(None, description="邀请参加招聘会")

    model_config = example(
        {"kind": "follow_up", "wanted": {"employed": False, "wants": "out"}, "due_on": "2021-09-27"}
    )


class BulkTally(BaseModel):
    """How many people there are in each state, of those in my regions."""

    waiting: int
    done: int
    known: int
    refused: int
    undone: int
    kept: int


class BulkPublic(BaseModel):
    """One bulk action."""

    id: int
    kind: BulkKind
    about: str = Field(description="到哪个岗位、哪个班、哪场招聘会，或最迟哪天")
    link: str | None = Field(description="那个岗位、培训班或招聘会的页面")
    filter_words: str
    region: Place
    by: str | None
    due_on: date | None
    total: int
    people: BulkTally
    created_at: Instant
    finished_at: Instant | None
    undone_at: Instant | None
    undone_by: str | None
    may_be_undone: bool
    until: Instant = Field(description="到什么时候可以撤销")
    stopped_at: Instant | None = Field(description="任务没有做完就停了的时间；又继续以后为空")
    stopped_why: str | None = Field(description="为什么停了")
    under_way: bool = Field(description="是否还在办理或撤销，也包括别人的任务")
    may_go_on: bool = Field(description="停了以后，是否还有人可以继续办")
    job: JobPublic | None = Field(description="正在办理或撤销的任务；别人的任务不显示")


class BulkItemPublic(BaseModel):
    """One person of it."""

    worker: WorkerSummary
    state: BulkItemState
    reason: str | None
    link: str = Field(description="在哪里看或接着办")
