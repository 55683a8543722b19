"""抽查: draw from what one account approved in a batch, then 抽查意见, 答复, 结论."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists
from sqlmodel import Session, col, or_, select

from models.benefit import DECIDED, AuditConclusion, AuditState, BenefitClaim, ClaimAudit, ClaimBatch
from models.doubt import Doubt, DoubtState
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade
from outcomes.benefits.claiming import ClaimError
from outcomes.benefits.people import Benefits
from outcomes.benefits.sampling import draw

_BASE = 1
_DOUBTED, _UNPROVED, _TYPED = (2, "有未处理的疑点"), (2, "没有C级以上佐证"), (1, "金额由人工填写")
_PROVING = (EvidenceGrade.A, EvidenceGrade.B, EvidenceGrade.C)


def draw_audit(
    session: Session,
    batch: ClaimBatch,
    approver_id: int,
    benefits: Benefits,
    *,
    account_id: int,
    seed: str,
    on: date,
) -> list[ClaimAudit]:
    """Draw from the claims of the batch that `approver_id` approved, each weighted by its risk as it is now.

    The seed, and the risk of each claim that was drawn, are kept with it.

    Raises
    ------
    ClaimError
        `own` when the caller approved them, `nothing_approved` when there are none, `drawn` when it was done before.
    """
    if account_id == approver_id:
        raise ClaimError("own")
    claims = list(
        session.exec(
            select(BenefitClaim)
            .where(
                col(BenefitClaim.batch_id) == batch.identity,
                col(BenefitClaim.approved_by) == approver_id,
                col(BenefitClaim.state).in_(DECIDED),
            )
            .order_by(col(BenefitClaim.id))
        )
    )
    if not claims:
        raise ClaimError("nothing_approved")
    before = select(ClaimAudit.id).where(
        ClaimAudit.batch_id == batch.identity, ClaimAudit.approver_id == approver_id
    )
    if session.exec(before).first() is not None:
        raise ClaimError("drawn")
    reasons = risks_of(session, claims, benefits)
    weights = {claim.identity: _BASE + sum(risk for risk, _ in reasons[claim.identity]) for claim in claims}
    rows = [
        ClaimAudit(
            batch_id=batch.identity,
            claim_id=claim_id,
            approver_id=approver_id,
            seed=seed,
            risk=weights[claim_id],
            risk_reasons=[words for _, words in reasons[claim_id]],
            drawn_on=on,
        )
        for claim_id in draw(weights, seed)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def risks_of(
    session: Session, claims: Sequence[BenefitClaim], benefits: Benefits
) -> dict[int, list[tuple[int, str]]]:
    """What makes each claim worth a look, with its weight, by claim."""
    people = [claim.worker_id for claim in claims if claim.worker_id is not None]
    doubted = set(
        session.exec(
            select(Doubt.worker_id).where(
                col(Doubt.worker_id).in_(people), col(Doubt.state) == DoubtState.OPEN
            )
        )
    )
    proof = exists().where(
        col(Evidence.spell_id) == col(EmploymentSpell.id),
        col(Evidence.grade).in_(_PROVING),
        PROVES,
        # What goes beyond the record counts for nothing.
        or_(
            col(EmploymentSpell.ended_on).is_(None),
            col(Evidence.covers_from) <= col(EmploymentSpell.ended_on),
        ),
    )
    proved = set(
        session.exec(
            select(EmploymentSpell.worker_id).where(
                col(EmploymentSpell.worker_id).in_(people),
                col(EmploymentSpell.superseded_at).is_(None),
                proof,
            )
        )
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for claim in claims:
        told = found[claim.identity]
        if claim.worker_id is not None and claim.worker_id in doubted:
            told.append(_DOUBTED)
        if claim.worker_id is not None and claim.worker_id not in proved:
            told.append(_UNPROVED)
        benefit = benefits.get(claim.benefit)
        if benefit is not None and all(tier.amount.fen is None for tier in benefit.tiers):
            told.append(_TYPED)
    return found


def find(session: Session, row: ClaimAudit, *, account_id: int, on: date, finding: str) -> None:
    """抽查意见.

    Raises
    ------
    ClaimError
        `state` when there is one already, `own` when the caller approved the claim.
    """
    _at(row, AuditState.DRAWN)
    _another(row, account_id)
    row.finding, row.found_by, row.found_on, row.state = finding, account_id, on, AuditState.FOUND
    _write(session, row)


def reply(session: Session, row: ClaimAudit, *, account_id: int, on: date, words: str) -> None:
    """答复 to the finding.

    Raises
    ------
    ClaimError
        `state` when there is no finding to answer, `own_finding` when the caller made it.
    """
    _at(row, AuditState.FOUND)
    if row.found_by == account_id:
        raise ClaimError("own_finding")
    row.reply, row.replied_by, row.replied_on, row.state = words, account_id, on, AuditState.REPLIED
    _write(session, row)


def conclude(
    session: Session, row: ClaimAudit, *, account_id: int, on: date, conclusion: AuditConclusion
) -> None:
    """结论, after the reply.

    Raises
    ------
    ClaimError
        `state` before the reply, `own` when the caller approved the claim.
    """
    _at(row, AuditState.REPLIED)
    _another(row, account_id)
    row.conclusion, row.concluded_by, row.concluded_on = conclusion, account_id, on
    row.state = AuditState.CONCLUDED
    _write(session, row)


def _at(row: ClaimAudit, state: AuditState) -> None:
    if row.state is not state:
        raise ClaimError("state")


def _another(row: ClaimAudit, account_id: int) -> None:
    if row.approver_id == account_id:
        raise ClaimError("own")


def _write(session: Session, row: ClaimAudit) -> None:
    session.add(row)
    session.flush()
    session.refresh(row)
