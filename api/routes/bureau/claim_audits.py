"""/v1/claim-audits: a fifth of an approver's claims looked at again, the answer, and the conclusion."""

from secrets import randbelow
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.benefits import BenefitsDep, claiming, claims_public
from api.claim_batches import batch_or_404
from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.benefit import AuditCreate, AuditPublic, AuditVerdict, AuditWords, DrawnPublic
from api.versions import etag
from models.benefit import DECIDED, AuditState, BenefitClaim, ClaimAudit
from outcomes.benefits.auditing import conclude, draw_audit, find, reply
from outcomes.benefits.people import Benefits

router = bureau_router("/claim-audits", tag="claim", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Auditor = Annotated[Caller, Depends(allowed(Action.AUDIT_CLAIMS))]
Clerk = Annotated[Caller, Depends(allowed(Action.CLAIM))]


@router.get("", operation_id="list_claim_audits")
def list_claim_audits(
    session: SessionDep,
    _: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    paging: PagingDep,
    batch_id: Annotated[RowNumber | None, Query()] = None,
    state: Annotated[AuditState | None, Query()] = None,
) -> Page[AuditPublic]:
    """Audits of claims of my regions, newest first."""
    query = select(ClaimAudit)
    if batch_id is not None:
        query = query.where(ClaimAudit.batch_id == batch_id)
    if state is not None:
        query = query.where(ClaimAudit.state == state)
    rows, cursor, total = page_of(session, query, paging, number=col(ClaimAudit.id), sorts={})
    return Page(items=audits_public(session, present, benefits, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="draw_claim_audit")
def draw_claim_audit(
    body: AuditCreate,
    session: SessionDep,
    caller: Auditor,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> DrawnPublic:
    """Draw a fifth of what another account approved in a batch, at least 2 and at most 20, the riskier sooner."""
    batch = batch_or_404(session, body.batch_id)
    approvers = session.exec(
        select(BenefitClaim.approved_by).where(
            BenefitClaim.batch_id == batch.identity, col(BenefitClaim.state).in_(DECIDED)
        )
    ).all()
    approver = body.approver_id
    if approver is None:
        if len(set(approvers)) > 1:
            raise invalid("approver_id", "missing", "这一批由几个人审批，请写明抽查谁的")
        approver = next(iter(approvers), None) or 0
    seed = body.seed or str(randbelow(10**12))
    rows = claiming(
        lambda: draw_audit(
            session, batch, approver, benefits, account_id=caller.account_id, seed=seed, on=today
        )
    )
    items = audits_public(session, present, benefits, rows)
    drawn = DrawnPublic(claims=approvers.count(approver), drawn=len(rows), seed=seed, items=items)
    claimed = session.exec(
        select(BenefitClaim.worker_id).where(col(BenefitClaim.id).in_([row.claim_id for row in rows]))
    )
    return once.keep(drawn, told_of=claimed.all())


@router.get("/{audit_id}", operation_id="read_claim_audit")
def read_claim_audit(
    audit_id: RowId,
    session: SessionDep,
    _: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    response: Response,
) -> AuditPublic:
    """One audit."""
    return _answer(session, present, benefits, audit_or_404(session, audit_id), response)


@router.post("/{audit_id}/find", operation_id="find_claim_audit")
def find_claim_audit(
    audit_id: RowId,
    body: AuditWords,
    session: SessionDep,
    caller: Auditor,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    response: Response,
) -> AuditPublic:
    """抽查意见, by somebody other than the approver."""
    row = _held(session, audit_id)
    claiming(lambda: find(session, row, account_id=caller.account_id, on=today, finding=body.words))
    return _answer(session, present, benefits, row, response)


@router.post("/{audit_id}/reply", operation_id="reply_claim_audit")
def reply_claim_audit(
    audit_id: RowId,
    body: AuditWords,
    session: SessionDep,
    caller: Clerk,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    response: Response,
) -> AuditPublic:
    """答复 to the finding."""
    row = _held(session, audit_id)
    claiming(lambda: reply(session, row, account_id=caller.account_id, on=today, words=body.words))
    return _answer(session, present, benefits, row, response)


@router.post("/{audit_id}/conclude", operation_id="conclude_claim_audit")
def conclude_claim_audit(
    audit_id: RowId,
    body: AuditVerdict,
    session: SessionDep,
    caller: Auditor,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    response: Response,
) -> AuditPublic:
    """结论 after the reply, by somebody other than the approver."""
    row = _held(session, audit_id)
    claiming(
        lambda: conclude(session, row, account_id=caller.account_id, on=today, conclusion=body.conclusion)
    )
    return _answer(session, present, benefits, row, response)


def audit_or_404(session: Session, audit_id: int) -> ClaimAudit:
    """The audit, if the session may see its claim.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(ClaimAudit, audit_id)
    if row is None:
        raise not_found("这次抽查")
    return row


def audits_public(
    session: Session, present: Presenter, benefits: Benefits, rows: list[ClaimAudit]
) -> list[AuditPublic]:
    """Audits with their claims."""
    found = session.exec(
        select(BenefitClaim).where(col(BenefitClaim.id).in_([row.claim_id for row in rows]))
    ).all()
    claims = {claim.id: claim for claim in claims_public(session, present, benefits, list(found))}
    names = account_names(session, [row.approver_id for row in rows])
    return [
        AuditPublic(
            **row.model_dump(exclude={"created_at", "claim_id", "approver_id", "found_by", "replied_by",
                                      "concluded_by"}),
            claim=claims.get(row.claim_id),
            approver=names.get(row.approver_id, ""),
        )
        for row in rows
    ]  # fmt: skip


def _held(session: Session, audit_id: int) -> ClaimAudit:
    row = audit_or_404(session, audit_id)
    session.refresh(row, with_for_update=True)
    return row


def _answer(
    session: Session, present: Presenter, benefits: Benefits, row: ClaimAudit, response: Response
) -> AuditPublic:
    response.headers.update(etag(row))
    return audits_public(session, present, benefits, [row])[0]
