"""The mini-program's door over REST: who one is, for whom one speaks, and what one is shown."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Day, Instant, Name, Place, Plain, RowNumber, Told, example
from api.schemas.benefit import AmountPublic
from api.schemas.placement import Advice, LeaveReason
from api.schemas.post import VacancySummary
from ledger.applications import RefusalReason
from models.application import ApplicationState, Side
from models.consent import Speaker
from models.wechat import BindingProof, BindingState, MessageKind
from models.worker import Sex

Code = Annotated[Plain, Field(min_length=1, max_length=200)]


class LoginCreate(Told):
    """The code of wx.login."""

    code: Code

    model_config = example({"code": "0a3Xyz…"})


class TelephoneCreate(Told):
    """The code that a button of open-type getPhoneNumber gave."""

    code: Code

    model_config = example({"code": "e31968a7f94cc5ee…"})


class BoundPublic(BaseModel):
    """A person for whom the user speaks; the name only once that is in force."""

    binding_id: int
    worker_id: int | None = Field(description="在地址里用的编号；等待核对时为空")
    name: str | None
    speaker: Speaker
    state: BindingState


class SubscriptionPublic(BaseModel):
    """A kind of message: its template for wx.requestSubscribeMessage, and how many agreements are left."""

    kind: MessageKind
    template_id: str
    left: int


class MpMe(BaseModel):
    """Who is logged in."""

    telephone: str | None = Field(description="微信验证过的手机号，中间隐去")
    people: list[BoundPublic]
    subscriptions: list[SubscriptionPublic]


class MpToken(BaseModel):
    """The token of a log-in. It is told once."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - a word of the scheme
    expires_at: Instant
    me: MpMe


class TelephonePublic(BaseModel):
    """A telephone, masked."""

    telephone: str


class BindingCreate(Told):
    """By name and ID number, and as whom one speaks."""

    name: Name
    id_number: Plain = Field(min_length=15, max_length=22)
    speaker: Speaker = Speaker.SELF

    model_config = example({"name": "测试甲", "id_number": "990100198503150029", "speaker": "self"})


class BindingPublic(BaseModel):
    """What came of it."""

    binding_id: int
    worker_id: int | None
    state: BindingState
    next: str = Field(description="接下来怎么办")


class Ended(BaseModel):
    """It is done."""

    done: bool = True


class MpPerson(BaseModel):
    """What the bureau has on record, for the person herself."""

    worker_id: int
    name: str
    sex: Sex | None
    age: int | None
    region: Place
    id_number: str | None = Field(description="只有前六位")
    telephone: str | None = Field(description="台账里登记的，中间隐去")
    employed: bool
    restricted: bool = Field(description="信息只保存、不使用")
    speaker: Speaker
    binding_id: int
    is_demo: bool


class MpReason(BaseModel):
    """Why a post stands where it stands."""

    code: str
    sentence: str


class MpMatch(BaseModel):
    """A post for the person."""

    rank: int
    vacancy: VacancySummary
    reasons: list[MpReason]
    flags: list[str]


class MpMatches(BaseModel):
    """Posts, best first; without scores: they say nothing to a person that the reasons do not."""

    as_of: date
    ranked: bool
    ranked_by: str | None
    switched_off: bool = Field(description="本人不要推荐排序：没有打分，按登记先后列出")
    items: list[MpMatch]
    advice: list[Advice]


class MpApplicationCreate(Told):
    """Apply for a post."""

    vacancy_id: RowNumber

    model_config = example({"vacancy_id": 1})


class MpApplication(BaseModel):
    """One way to one post, for the person."""

    id: int
    vacancy: VacancySummary | None
    state: ApplicationState
    applied_on: date
    decided_on: date | None
    reason: RefusalReason | None
    side: Side | None
    start_told_on: date | None = Field(description="本人说的上岗日期，等工作人员登记")
    may: list[str] = Field(description="现在能做什么：withdraw、accept、refuse、start")
    sentence: str = Field(description="一句话说明现在到了哪一步")


class MpNo(Told):
    """Why the person does not want it."""

    reason: LeaveReason

    model_config = example({"reason": "too_far"})


class MpStart(Told):
    """The first day of work, as the person tells it."""

    started_on: Day | None = Field(None, description="默认今天")

    model_config = example({"started_on": "2021-09-20"})


class MpSpell(BaseModel):
    """A stretch of work."""

    id: int
    employer: str | None
    region: Place | None
    started_on: date
    ended_on: date | None
    observed_until: date | None = Field(description="最近一次知道还在岗是哪天")
    goes_on: bool


class MpBenefit(BaseModel):
    """How the person stands to one benefit."""

    code: str
    name: str
    year: int
    state: str
    label: str
    amount: AmountPublic
    missing: list[str]
    claim: str | None = Field(description="申领到了哪一步")


class SubscriptionsTold(Told):
    """The kinds that wx.requestSubscribeMessage answered with "accept", each once."""

    accepted: list[MessageKind] = Field(min_length=1, max_length=10)

    model_config = example({"accepted": ["offer", "interview"]})


class BindingDecision(Told):
    """Whether somebody is who they say, by a human who has looked at an identity card or knows them."""

    agreed: bool

    model_config = example({"agreed": True})


class BindingAsked(BaseModel):
    """A binding, for the bureau."""

    id: int
    worker_id: int
    name: str
    region: Place
    speaker: Speaker
    state: BindingState
    proof: BindingProof | None
    telephone: str | None = Field(description="那个微信号验证过的电话，中间隐去")
    asked_on: date
    decided_on: date | None
    decided_by: str | None
    ended_on: date | None
    is_demo: bool
