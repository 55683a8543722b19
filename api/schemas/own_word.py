"""What a person says of herself by the mini-program, and what the bureau sees of it."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.base import Day, Place, Plain, Told, example
from models.care import Difficulty, SupportState
from models.consent import Speaker
from models.notice import CallWhy, Channel, NoticeState
from models.spell import EvidenceGrade, ProofKind, WithdrawalReason
from models.wechat import MessageKind

Wish = Annotated[Plain, Field(max_length=500)]
Month = Annotated[str, Field(pattern=r"^(19|20)\d{2}-(0[1-9]|1[0-2])$", examples=["2021-09"])]


class CheckInCreate(Told):
    """Still there. The place only with a consent of its own; of it the county alone is kept."""

    told_on: Day | None = Field(None, description="默认今天")
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)

    model_config = example({"told_on": "2021-09-20"})

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("经度和纬度要一起填")
        return self


class CheckInPublic(BaseModel):
    """A check-in, and what it is worth."""

    id: int
    told_on: date
    spell_id: int
    county: Place | None = Field(description="只保存到县")
    grade: EvidenceGrade
    observed_until: date | None = Field(description="这份工作已知在岗到哪天")
    next_on: date = Field(description="下次打卡")


class PayslipPublic(BaseModel):
    """A payslip, for the person."""

    id: int
    spell_id: int
    covers_from: date
    covers_to: date
    state: str = Field(description="waiting 等待核对，accepted 已采用，refused 没有采用")
    label: str


class ProblemCreate(Told):
    """A difficulty at work."""

    difficulty: Difficulty
    words: Wish = ""

    model_config = example({"difficulty": "unpaid", "words": "八月的工资还没有发"})


class ProblemPublic(BaseModel):
    """A difficulty, and what is done about it."""

    id: int
    difficulty: Difficulty
    due_on: date
    state: SupportState
    done_on: date | None
    outcome: str


class CallCreate(Told):
    """Please call me."""

    words: Wish = ""

    model_config = example({"words": "想问补贴什么时候发"})


class CallPublic(BaseModel):
    """A call that was asked for."""

    id: int
    asked_on: date
    due_on: date
    done_on: date | None


class NoticePublic(BaseModel):
    """Something the person was told, or is to be."""

    kind: MessageKind
    state: NoticeState
    channel: Channel | None
    on: date


class CallRequestPublic(BaseModel):
    """Somebody who is to be called, for the bureau."""

    id: int
    worker_id: int
    worker: str
    region: Place
    telephone: str | None = Field(description="中间隐去；完整号码在本人页面查看")
    why: CallWhy
    speaker: Speaker | None
    wish: str | None
    tell: list[str] = Field(description="要告诉本人的事")
    asked_on: date
    due_on: date
    overdue_days: int
    done_on: date | None
    done_by: str | None
    is_demo: bool


class PayslipAsked(BaseModel):
    """A payslip that a human is to look at, for the bureau."""

    id: int
    worker_id: int
    worker: str
    spell_id: int
    employer: str | None
    covers_from: date
    covers_to: date
    links: list[str] = Field(description="附件")
    is_demo: bool


class PayslipDecision(Told):
    """What the picture is: the flow of wages that it shows, or why it proves nothing."""

    kind: ProofKind | None = Field(None, description="采用：wage_flow 或 agency_flow")
    reason: WithdrawalReason | None = Field(None, description="不采用的原因")

    model_config = example({"kind": "wage_flow"})

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.kind is None) == (self.reason is None):
            raise ValueError("采用的填材料种类，不采用的填原因，两样只填一样")
        if self.kind not in (None, ProofKind.WAGE_FLOW, ProofKind.AGENCY_FLOW):
            raise ValueError("工资条只能作为工资流水或代发流水")
        return self
