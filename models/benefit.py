"""申领: who claims which benefit for which year, the claim's way to payment, and the sampling audit."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from models.base import BIG, TEXTS, Row, Versioned, coded
from models.coded import Coded


class ClaimState(Coded):
    """Where a claim stands."""

    VILLAGE_CHECK = "village_check", "村级核查"
    PUBLIC_NOTICE = "public_notice", "公示中"
    APPROVED = "approved", "已审批"
    PAID = "paid", "已发放"
    REFUSED = "refused", "不予发放"


UNDER_WAY = frozenset({ClaimState.VILLAGE_CHECK, ClaimState.PUBLIC_NOTICE, ClaimState.APPROVED})
"""Claims that are neither paid nor refused yet."""

DECIDED = frozenset({ClaimState.APPROVED, ClaimState.PAID})
"""Claims that somebody has approved: those an audit looks at."""


class ClaimBatch(Row, table=True):
    """One opening of claims: a benefit, a year, a region, and whose name stands on it."""

    __tablename__ = "claim_batch"

    region: str = Field(foreign_key="region.code", index=True)
    benefit: str = Field(max_length=60)
    year: int
    opened_on: date
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False


class BenefitClaim(Versioned, table=True):
    """One claim of one person or one employer. `amount` in fen; one in force a claimant, benefit and year."""

    __tablename__ = "benefit_claim"
    __table_args__ = (
        CheckConstraint("num_nonnulls(worker_id, employer_id) = 1", "one_claimant"),
        CheckConstraint("amount > 0", "amount_positive"),
        CheckConstraint("costs >= 0", "costs_not_negative"),
        CheckConstraint("(state IN ('approved', 'paid')) <= (amount IS NOT NULL)", "approved_with_amount"),
        CheckConstraint(
            "(state IN ('approved', 'paid')) <= (num_nonnulls(notice_on, approved_on, approved_by) = 3)",
            "approved_after_notice",
        ),
        CheckConstraint("(state = 'public_notice') <= (notice_on IS NOT NULL)", "notice_with_date"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", "paid_with_date"),
        CheckConstraint("(state = 'refused') = (reason <> '')", "refused_with_reason"),
        CheckConstraint("notice_on <= approved_on AND approved_on <= paid_on", "steps_in_order"),
        Index(
            "uq_benefit_claim_worker_in_force",
            "worker_id",
            "benefit",
            "year",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
        Index(
            "uq_benefit_claim_employer_in_force",
            "employer_id",
            "benefit",
            "year",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
        Index("ix_benefit_claim_benefit_year_state", "benefit", "year", "state"),
    )

    batch_id: int = Field(foreign_key="claim_batch.id", sa_type=BIG, index=True)
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG)
    employer_id: int | None = Field(default=None, foreign_key="employer.id", sa_type=BIG)
    region: str = Field(
        foreign_key="region.code", index=True, description="where the claimant was kept at the opening"
    )
    benefit: str = Field(max_length=60, description="code of the benefit (`outcomes.benefits`)")
    year: int
    amount: int | None = Field(default=None, sa_type=BIG, description="fen; empty while it is not known")
    heads: int | None = Field(default=None, description="for how many workers an employer is paid")
    costs: int | None = Field(
        default=None, sa_type=BIG, description="fen of proven costs that a share is paid of"
    )
    state: ClaimState = Field(default=ClaimState.VILLAGE_CHECK, sa_type=coded(ClaimState), nullable=False)
    reason: str = Field(default="", max_length=200, description="why it was refused")
    opened_on: date
    notice_on: date | None = Field(default=None, description="the first day of the public notice")
    approved_on: date | None = None
    approved_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    paid_on: date | None = None
    is_demo: bool = False


class Recovery(Coded):
    """What came of money that was paid without ground."""

    RECOVERED = "recovered", "已追回"
    WAIVED = "waived", "不追回"


class ClaimEvent(Row, table=True):
    """One step of a claim: when, and by whom. A step of a paid claim that leads nowhere says what came of its recovery."""

    __tablename__ = "claim_event"
    __table_args__ = (
        CheckConstraint(
            "(recovery IS NOT NULL) = (from_state IS NOT DISTINCT FROM 'paid' AND to_state = 'paid')",
            "recovered_once_paid",
        ),
        CheckConstraint("recovery IS NULL OR reason <> ''", "recovery_with_reason"),
    )

    claim_id: int = Field(foreign_key="benefit_claim.id", sa_type=BIG, index=True)
    from_state: ClaimState | None = Field(default=None, sa_type=coded(ClaimState, "from_state"))
    to_state: ClaimState = Field(sa_type=coded(ClaimState, "to_state"), nullable=False)
    on_date: date
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    reason: str = Field(default="", max_length=200)
    recovery: Recovery | None = Field(default=None, sa_type=coded(Recovery))


class AuditState(Coded):
    """Where the audit of one claim stands."""

    DRAWN = "drawn", "待抽查"
    FOUND = "found", "待答复"
    REPLIED = "replied", "待结论"
    CONCLUDED = "concluded", "已结论"


class AuditConclusion(Coded):
    """结论."""

    SOUND = "sound", "属实"
    MENDED = "mended", "已更正"
    REPAY = "repay", "应追回"


class ClaimAudit(Versioned, table=True):
    """抽查 of one claim: 抽查意见, 答复, 结论. Whoever approved the claim answers and does not judge."""

    __tablename__ = "claim_audit"
    __table_args__ = (
        CheckConstraint("risk >= 1", "risk_weighs"),
        CheckConstraint(
            "(state = 'drawn') = (finding = '') AND (finding = '') = (found_by IS NULL)", "found_by_somebody"
        ),
        CheckConstraint("(state IN ('replied', 'concluded')) = (reply <> '')", "replied_before_concluded"),
        CheckConstraint(
            "(state = 'concluded') = (num_nonnulls(conclusion, concluded_by, concluded_on) = 3)",
            "concluded_by_somebody",
        ),
        CheckConstraint("found_by <> approver_id AND concluded_by <> approver_id", "judged_by_another"),
        Index("uq_claim_audit_claim_id", "claim_id", unique=True),
    )

    batch_id: int = Field(foreign_key="claim_batch.id", sa_type=BIG, index=True)
    claim_id: int = Field(foreign_key="benefit_claim.id", sa_type=BIG)
    approver_id: int = Field(
        foreign_key="account.id", sa_type=BIG, description="whose approvals were drawn from"
    )
    seed: str = Field(max_length=100, description="with it anybody can draw again")
    risk: int = Field(description="the weight of the draw, from 1")
    risk_reasons: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    drawn_on: date
    state: AuditState = Field(default=AuditState.DRAWN, sa_type=coded(AuditState), nullable=False)
    finding: str = Field(default="", max_length=500, description="抽查意见")
    found_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    found_on: date | None = None
    reply: str = Field(default="", max_length=500, description="答复")
    replied_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    replied_on: date | None = None
    conclusion: AuditConclusion | None = Field(default=None, sa_type=coded(AuditConclusion))
    concluded_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    concluded_on: date | None = None
