"""政策待遇 and 申领 over REST. Money is in fen."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.paging import Page
from api.schemas.base import (
    Day,
    Instant,
    Labelled,
    Place,
    Plain,
    RegionCode,
    Remark,
    RowNumber,
    Told,
    example,
)
from api.schemas.post import EmployerPublic
from api.schemas.worker import WorkerSummary
from models.benefit import AuditConclusion, AuditState, ClaimState, Recovery
from outcomes.benefits.benefit import Party
from outcomes.benefits.standing import State

Fen = Annotated[int, Field(ge=1, le=10_000_000_000, description="分")]
Year = Annotated[int, Field(ge=1990, le=2100)]
BenefitCode = Annotated[Plain, Field(min_length=1, max_length=60)]
Numbers = Annotated[list[RowNumber], Field(min_length=1, max_length=500)]


class BenefitPublic(BaseModel):
    """A benefit as data: for whom, where, when, under which stability rules, how much."""

    code: str
    name: str
    region: Place
    from_year: int
    to_year: int | None
    party: Party
    amounts: str
    amount_known: bool
    rules: list[Labelled]
    rule_is_ours: bool = Field(description="原文没有时长要求，按本局参考口径测算")
    evidence: list[str]
    note: str
    notice_days: int


class AmountPublic(BaseModel):
    """An amount in fen; null where it is not known, `most` where receipts decide."""

    fen: int | None
    most: int | None
    words: str


class TotalPublic(BaseModel):
    """A sum in fen of the known amounts; `unknown` of `count` are not in it, they come to `most` more at most where that
    is known."""

    count: int
    fen: int
    most: int
    unknown: int


class ClaimPublic(BaseModel):
    """One claim. Amount and costs in fen."""

    id: int
    version: int
    batch_id: int
    benefit: Labelled
    year: int
    worker: WorkerSummary | None
    employer: Labelled | None
    region: Place
    amount: int | None
    heads: int | None
    costs: int | None
    state: ClaimState
    reason: str
    opened_on: date
    notice_on: date | None
    approved_on: date | None
    paid_on: date | None
    recovery: Recovery | None = Field(description="发放后不再符合条件的，追回的结果")
    is_demo: bool


class GroundlessPublic(BaseModel):
    """A paid claim that would not be granted any more, or not so much: how much was paid too much, in fen, and why."""

    claim: ClaimPublic
    fen: int
    reason: str


class GroundlessPage(Page[GroundlessPublic]):
    """One page of them; `fen` is of all."""

    fen: int


class RecoveryTold(Told):
    """The paid claims without ground of which it is said what came of them, and why."""

    claim_ids: Numbers
    recovery: Recovery
    reason: Annotated[Remark, Field(min_length=1, max_length=200)]

    model_config = example({"claim_ids": [1], "recovery": "recovered", "reason": "本人已退回，见收据"})


class StandingPublic(BaseModel):
    """How a person stands to a benefit in a year: entitled, not yet and what is missing, or paid."""

    benefit: Labelled
    year: int
    state: State
    amount: AmountPublic
    missing: list[str]
    since: date | None
    rule: str | None
    spell_ids: list[int]
    claim: ClaimPublic | None
    groundless: str = Field("", description="已发放、按现在的记录不再符合条件的，写明原因，应核实追回")


class EntitledPublic(BaseModel):
    """Somebody who is entitled and has not claimed."""

    worker: WorkerSummary
    amount: AmountPublic
    since: date | None
    rule: str | None


class EntitledPage(Page[EntitledPublic]):
    """One page of them; `sum` is of all."""

    sum: TotalPublic


class UnclaimedPublic(BaseModel):
    """Of one benefit how many are entitled who have not claimed, and what they come to."""

    benefit: Labelled
    year: int
    sum: TotalPublic


class FirmStandingPublic(BaseModel):
    """How an employer stands to a benefit. `heads` for whom it is paid, as far as it goes by the head."""

    benefit: Labelled
    year: int
    state: State
    amount: AmountPublic
    heads: int
    workers: int
    relieved: int
    missing: list[str]
    claimed: bool = Field(description="有一条申领正在办理")


class StayedPublic(BaseModel):
    """Of `cases` people of whom it is known how many were still there; no share where the cases are too few to tell."""

    cases: int
    stayed: int
    share: float | None


class KeyEmployerPublic(BaseModel):
    """An employer: its poverty-relieved people now there, how many of those who ever began there were still there after
    three and six months, and what it is entitled to."""

    employer: EmployerPublic
    relieved: int
    after_3: StayedPublic
    after_6: StayedPublic
    benefits: list[FirmStandingPublic]


class KeyEmployersPage(Page[KeyEmployerPublic]):
    """One page of them; `fewer` more have not so many poverty-relieved people, below `few` cases no share is told;
    `without_benefit` of all are employers for whom there is no benefit in the year."""

    fewer: int
    few: int
    without_benefit: int


class KeyWorkerPublic(BaseModel):
    """A poverty-relieved person of an employer: whether she is there now, and was after three and six months; null while
    that lies ahead or nobody knows."""

    worker: WorkerSummary
    started_on: date
    at_work: bool
    after_3: bool | None
    after_6: bool | None


class ClaimsCreate(Told):
    """Claims for several people, or employers, of one benefit and year. `amount` where the benefit does not say it."""

    benefit: BenefitCode
    year: Year
    worker_ids: list[RowNumber] = Field(default_factory=list, max_length=500)
    employer_ids: list[RowNumber] = Field(default_factory=list, max_length=100)
    region: RegionCode | None = None
    amount: Fen | None = None
    costs: Fen | None = Field(None, description="按比例补的费用，分")

    model_config = example({"benefit": "demo_travel", "year": 2021, "worker_ids": [1]})


class BatchPublic(BaseModel):
    """A batch of claims with how many stand where, and what they come to."""

    id: int
    benefit: Labelled
    year: int
    region: Place
    opened_on: date
    opened_by: str
    is_demo: bool
    counts: dict[str, int] = Field(description="各步骤的条数")
    claims: int
    fen: int = Field(description="没有被拒绝的申领金额合计，分")
    unknown: int = Field(description="其中还没有金额的条数")


class ClaimUpdate(Told):
    """An amount where the benefit does not say it (JSON merge patch)."""

    amount: Fen

    model_config = example({"amount": 31850})


class ClaimsStep(Told):
    """The claims that take the step, and the day; today unless told."""

    claim_ids: Numbers
    on: Day | None = None

    model_config = example({"claim_ids": [1]})


class ClaimsRefusal(Told):
    """The claims that end, and why."""

    claim_ids: Numbers
    reason: Annotated[Remark, Field(min_length=1, max_length=200)]

    model_config = example({"claim_ids": [1], "reason": "公示期间有人反映情况不实"})


class MovedPublic(BaseModel):
    """How many claims took the step, and what they come to in fen."""

    moved: int
    fen: int


class ClaimEventPublic(BaseModel):
    """One step of a claim."""

    from_state: ClaimState | None
    to_state: ClaimState
    on: date
    at: Instant
    by: str
    reason: str
    recovery: Recovery | None


class AuditCreate(Told):
    """Draw from what one account approved in a batch. Without a seed one is made, and kept."""

    batch_id: RowNumber
    approver_id: RowNumber | None = Field(None, description="审批人；这一批只有一个审批人时可以不填")
    seed: Annotated[Plain, Field(min_length=1, max_length=100)] | None = None

    model_config = example({"batch_id": 1, "seed": "2021-09"})


class AuditPublic(BaseModel):
    """The audit of one claim."""

    id: int
    version: int
    claim: ClaimPublic | None
    batch_id: int
    approver: str
    seed: str
    risk: int
    risk_reasons: list[str]
    drawn_on: date
    state: AuditState
    finding: str
    found_on: date | None
    reply: str
    replied_on: date | None
    conclusion: AuditConclusion | None
    concluded_on: date | None


class DrawnPublic(BaseModel):
    """What was drawn: how many of how many."""

    claims: int
    drawn: int
    seed: str
    items: list[AuditPublic]


class AuditWords(Told):
    """抽查意见, or the answer to it."""

    words: Annotated[Remark, Field(min_length=1, max_length=500)]

    model_config = example({"words": "合同复印件没有盖章，请补"})


class AuditVerdict(Told):
    """结论."""

    conclusion: AuditConclusion

    model_config = example({"conclusion": "sound"})
