"""推荐, 务工记录 and 推荐列表 over REST."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field

from api.schemas.against import Against
from api.schemas.base import Day, Instant, Place, Plain, RowNumber, Told, example
from api.schemas.post import ResponsivenessPublic, VacancySummary
from api.schemas.worker import WorkerSummary
from ledger.applications import LEAVING, OF_THE_SERVICE, RefusalReason
from models.application import ApplicationState, Side
from models.attachment import FileSort
from models.spell import (
    Arrangement,
    EvidenceGrade,
    Precision,
    ProofKind,
    SpellKind,
    WithdrawalReason,
)


class ApplicationCreate(Told):
    """Put a worker forward for a vacancy."""

    worker_id: RowNumber
    vacancy_id: RowNumber

    model_config = example({"worker_id": 1, "vacancy_id": 1})


class Start(Told):
    """The first day of work; today unless said otherwise."""

    started_on: Day | None = None

    model_config = example({"started_on": "2021-09-20"})


def _chosen(reason: RefusalReason) -> RefusalReason:
    if reason in OF_THE_SERVICE or reason is RefusalReason.NOT_ASKED:
        raise ValueError("这里不能选这个原因，请选择其他原因")
    return reason


class Withdrawal(Told):
    """Why an application was taken back."""

    reason: Annotated[RefusalReason, AfterValidator(_chosen)]

    model_config = example({"reason": "mistaken"})


class Refusal(Told):
    """Why an application was refused, and by whom; the side may be left out where only one has that reason."""

    reason: Annotated[RefusalReason, AfterValidator(_chosen)]
    side: Side | None = None

    model_config = example({"reason": "skills", "side": "employer"})


class FromPool(Told):
    """The vacancy to which a person in the pool is put forward."""

    vacancy_id: RowNumber

    model_config = example({"vacancy_id": 1})


class ApplicationPublic(BaseModel):
    """One worker's way to one vacancy."""

    id: int
    version: int
    worker_id: int
    vacancy_id: int
    state: ApplicationState
    applied_on: date
    decided_on: date | None
    answered_on: date | None = None
    start_told_on: date | None = Field(None, description="本人说的上岗日期，等登记")
    reason: RefusalReason | None
    side: Side | None = None
    spell_id: int | None = None


class ApplicationEventPublic(BaseModel):
    """One step of an application. `account_id` is null where the service took it by itself."""

    id: int
    from_state: ApplicationState | None
    to_state: ApplicationState
    at: Instant
    account_id: int | None
    mine: bool = Field(description="whether the account that asks took it")
    reason: RefusalReason | None
    side: Side | None


def _to_leave_for(reason: RefusalReason) -> RefusalReason:
    if reason not in LEAVING:
        raise ValueError(f"离岗原因请选：{'、'.join(each.label for each in LEAVING)}")
    return reason


LeaveReason = Annotated[RefusalReason, AfterValidator(_to_leave_for)]


class SpellEnd(Against):
    """The last day worked, and why the person left; 没有问到 where nobody was told."""

    ended_on: Day
    leave_reason: LeaveReason

    model_config = example({"ended_on": "2021-09-19", "leave_reason": "family"})


class SpellVoid(Told):
    """Why the work that was recorded never was."""

    reason: RefusalReason

    model_config = example({"reason": "mistaken"})


class SpellCorrection(Against):
    """Another first or last day, and why. What is absent stays; `ended_on` null takes an end back."""

    started_on: Day | None = None
    ended_on: Day | None = None
    reason: Annotated[Plain, Field(min_length=1, max_length=200)]

    model_config = example({"started_on": "2021-09-18", "reason": "上岗日期登记晚了两天"})


class SpellPublic(BaseModel):
    """务工记录."""

    id: int
    version: int
    worker_id: int
    employer_id: int | None = Field(description="null for flexible and self-employed work")
    employer: str | None
    vacancy_id: int | None
    region: Place | None
    kind: SpellKind
    arrangement: Arrangement | None
    started_on: date
    ended_on: date | None
    observed_until: date | None
    precision: Precision
    monthly_income: int | None
    leave_reason: RefusalReason | None
    superseded: bool = Field(description="taken back or corrected; out of force")


class AttachmentPublic(BaseModel):
    """附件. `sealed_sha256` is the hash of the bytes as they are kept, sealed."""

    id: int
    name: str
    sort: FileSort
    size: int = Field(description="字节")
    excerpt: bool = Field(description="名册里本人的那几行")
    sealed_sha256: str
    created_at: Instant
    link: str


class EvidenceWithdrawal(Told):
    """Why evidence that was entered is withdrawn."""

    reason: WithdrawalReason

    model_config = example({"reason": "other_person"})


class WithdrawnPublic(BaseModel):
    """When, by whom and why evidence was withdrawn."""

    at: Instant
    by: str | None
    because: WithdrawalReason


class EvidencePublic(BaseModel):
    """佐证: what proves a stretch of a spell, and from which file and line it is known."""

    id: int
    grade: EvidenceGrade
    kind: ProofKind | None = Field(description="空：只知道等级")
    label: str = Field(description="等级和材料，如“C级：现场见到本人在岗”")
    covers_from: date
    covers_to: date
    source: str
    import_id: int | None
    import_line: int | None
    created_at: Instant
    attachments: list[AttachmentPublic]
    beyond: bool = Field(False, description="超出记录：证明到记录以外的日子，那些日子不作数")
    withdrawn: WithdrawnPublic | None = Field(None, description="空：有效")


class Reason(BaseModel):
    """Why a pair stands where it stands: a sentence, and what it adds to the logarithm of the score."""

    code: str
    sentence: str
    contribution: float


class Excluded(BaseModel):
    """What was ruled out, by which rule and why."""

    id: int
    rule: str
    label: str
    sentence: str


class VacancyMatch(BaseModel):
    """One vacancy for a worker."""

    rank: int
    vacancy: VacancySummary
    responsiveness: ResponsivenessPublic | None = Field(None, description="how readily the employer answers")
    score: float | None
    p_hire: float | None
    p_stay_90: float | None
    p_stay_180: float | None
    reasons: list[Reason]
    flags: list[str]


class WorkerMatch(BaseModel):
    """One worker for a vacancy."""

    rank: int
    worker: WorkerSummary
    score: float | None
    p_hire: float | None
    p_stay_90: float | None
    p_stay_180: float | None
    reasons: list[Reason]
    flags: list[str]
    for_employer: list[str] = Field(description="可以对单位说的话，不含个人信息")


class Matches(BaseModel):
    """A list as it was shown and logged; `eligible` of `considered` passed every rule."""

    ranking_id: UUID
    created_at: Instant
    as_of: date
    ranker: str | None
    ranker_version: str | None
    ranked_by: str | None = Field(
        description="the model that ranks, with the month that it knows, or the default weights"
    )
    eligible: int
    considered: int
    excluded: list[Excluded] = Field(default_factory=list)


class Advice(BaseModel):
    """What would raise a worker's matches, and how many more vacancies it would open."""

    code: str
    sentence: str
    vacancies: int


class VacancyMatches(Matches):
    """The best vacancies for a worker."""

    items: list[VacancyMatch]
    advice: list[Advice]
    net_of: int | None = Field(None, description="按这个匹配方案的名额价格，把名额留给更合适的人")
    switched_off: bool = Field(False, description="本人不要推荐排序：没有打分，按登记先后列出")


class WorkerMatches(Matches):
    """The best workers for a vacancy."""

    items: list[WorkerMatch]
