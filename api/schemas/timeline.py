"""一个人的时间线 over REST: work, what proves it, who looked, calls, money, on one line."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.care import ContactPublic
from api.schemas.confirmation import ConfirmationPublic
from api.schemas.placement import EvidencePublic, SpellPublic
from api.schemas.target import Counted
from models.benefit import ClaimState
from models.spell import EvidenceGrade
from outcomes.stability import Outlook


class VerifiedPublic(BaseModel):
    """Days that are proved, under the best grade that proves them."""

    grade: EvidenceGrade
    from_on: date
    to_on: date
    days: int


class TimelineSpell(BaseModel):
    """A spell with what proves it. `last_on` is the last day that is drawn: its end, or how far it was observed."""

    spell: SpellPublic
    from_on: date = Field(description="第一天，只知道月份的为当月第一天")
    to_on: date | None = Field(description="最后一天，只知道月份的为当月最后一天；在岗的为空")
    seen_until: date = Field(description="最后一天，在岗的为最后确认在岗的那天")
    evidence: list[EvidencePublic]
    verified: list[VerifiedPublic]
    verified_days: int
    days: int
    confirmations: list[ConfirmationPublic]
    differs: bool


class TimelineClaim(BaseModel):
    """A benefit that was claimed."""

    id: int
    benefit: str
    name: str
    year: int
    state: ClaimState
    on: date = Field(description="办到现在这一步的日期")
    amount: int | None = Field(description="分")


class TimelineStability(BaseModel):
    """What the bureau's own rule says of all of it. `possible_on`: the day it will be if the person stays."""

    rule: Counted
    outlook: Outlook
    stable_on: date | None
    possible_on: date | None
    counted_from: date | None
    days: int
    reason: str


class TimelinePublic(BaseModel):
    """All that happened to one person, from the first day to the last that is known or expected."""

    worker_id: int
    today: date
    from_on: date
    to_on: date
    spells: list[TimelineSpell]
    contacts: list[ContactPublic]
    claims: list[TimelineClaim]
    stability: TimelineStability | None
