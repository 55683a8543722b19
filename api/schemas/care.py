"""随访 over REST."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.against import Against
from api.schemas.base import Day, Place, RegionCode, Remark, RowNumber, Told, example
from api.schemas.placement import LeaveReason
from api.schemas.worker import WorkerSummary
from ledger.applications import RefusalReason
from models.care import ContactMeans, Difficulty, Found, SupportState
from models.spell import SpellKind


class ContactCreate(Against):
    """One call or visit, and what it found. Who was found at work is taken to be there on that day; who has left gets a
    last day, and the work ends with it."""

    contacted_on: Day | None = Field(None, description="默认今天")
    means: ContactMeans = ContactMeans.PHONE
    found: Found
    difficulty: Difficulty | None = None
    due_on: Day | None = Field(
        None, description="困难最迟哪天解决，默认7天后，最晚90天后；同样的困难还没办结的，取较早的一天"
    )
    left_on: Day | None = Field(None, description="最后一天上班的日期")
    leave_reason: LeaveReason | None = None
    returned_home: bool | None = Field(None, description="是否返乡")
    note: Remark = ""

    model_config = example({"found": "in_difficulty", "difficulty": "lodging", "note": "宿舍漏雨"})

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.found is Found.IN_DIFFICULTY) != (self.difficulty is not None):
            raise ValueError("有困难的要选是什么困难，没有困难的不选")
        if (self.found is Found.LEFT) != (self.left_on is not None):
            raise ValueError("已经离岗的要填最后一天上班的日期，没有离岗的不填")
        if self.found is Found.LEFT and self.leave_reason is None:
            raise ValueError("已经离岗的要选离岗原因，没问到的选“没有问到”")
        if self.found is not Found.LEFT and (self.leave_reason or self.returned_home is not None):
            raise ValueError("离岗原因和是否返乡只在离岗时填")
        if self.due_on is not None and self.difficulty is None:
            raise ValueError("解决期限只在有困难时填")
        return self


class ContactPublic(BaseModel):
    """One call or visit."""

    id: int
    worker_id: int
    caller: str = Field(description="谁联系的")
    contacted_on: date
    means: ContactMeans
    found: Found
    difficulty: Difficulty | None
    returned_home: bool | None
    note: str


class DueCallPublic(BaseModel):
    """Somebody to be called."""

    worker: WorkerSummary
    spell_id: int
    employer: str | None
    kind: SpellKind
    started_on: date
    due_on: date
    overdue_days: int
    chance: float = Field(
        description="30天内离岗的可能性，按以往离岗情况推算：启用了学习模型时按模型，否则按本地区"
    )
    has_phone: bool = Field(description="没有电话的要上门，排在能打电话的后面")
    reached_on: date | None
    tries: int = Field(description="上次联系上以后，没联系上的次数")
    caller: str | None = Field(description="由谁随访")
    given_by: str | None = Field(description="由谁交给他随访的，自己认领的为空")
    difficulties: list[Difficulty] = Field(description="还没办结的困难")


class PeopleToCall(Told):
    """Whom I call from now on, or no more."""

    worker_ids: list[RowNumber] = Field(min_length=1, max_length=500)

    model_config = example({"worker_ids": [1, 2]})


class PeopleGiven(PeopleToCall):
    """Whom another account calls from now on."""

    account_id: RowNumber = Field(description="交给谁随访，从 /v1/follow-ups/callers 里选")

    model_config = example({"worker_ids": [1, 2], "account_id": 1})


class CallerPublic(BaseModel):
    """An account that may follow people up, and where."""

    account_id: int
    name: str
    regions: list[Place]


class OfferAgain(Told):
    """Of which region; without one, of the first of the account's own."""

    region: RegionCode | None = None

    model_config = example({"region": "610728"})


class SupportTaskPublic(BaseModel):
    """A difficulty that is to be seen to."""

    id: int
    version: int
    worker: WorkerSummary
    difficulty: Difficulty
    told_on: date
    due_on: date
    late: bool
    state: SupportState
    done_on: date | None
    outcome: str


class SupportDone(Told):
    """What was done about it."""

    outcome: Remark = Field(min_length=2, max_length=500)

    model_config = example({"outcome": "已换到新宿舍"})


class LeaverPublic(BaseModel):
    """Somebody who left and is at no work since."""

    worker: WorkerSummary
    spell_id: int
    left_on: date
    reason: RefusalReason | None
    offer_by: date
    offered: int
    late: bool
    returned: bool = Field(description="返乡回流：随访得知已返乡，没有新工作")
    at_risk: bool = Field(description="返贫风险：监测对象户，风险未消除")
