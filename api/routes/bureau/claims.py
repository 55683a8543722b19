"""/v1/claims: opened in bulk, moved a step in bulk, paid by a file."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Query, Response
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.benefits import BenefitsDep, benefit_or_404, claiming, claims_public, region_asked
from api.claim_batches import batch_or_404, batches_public, claimants_of
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.exporting.making import MEDIA
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.payment_file import payment_file
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import Plain, RegionCode, RowNumber
from api.schemas.benefit import (
    BatchPublic,
    BenefitCode,
    ClaimEventPublic,
    ClaimPublic,
    ClaimsCreate,
    ClaimsRefusal,
    ClaimsStep,
    ClaimUpdate,
    MovedPublic,
    Year,
)
from api.versions import IfMatchDep, etag, hold
from ledger.in_use import in_use
from models.benefit import BenefitClaim, ClaimBatch, ClaimEvent, ClaimState
from models.bulk import among
from models.export import Format
from outcomes.benefits.benefit import Amount, Tier
from outcomes.benefits.claiming import (
    NEXT,
    ClaimError,
    amount_to_claim,
    approve,
    give_notice,
    open_claims,
    over_notice,
    pay,
    refuse,
)

router = bureau_router(tag="claim", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Clerk = Annotated[Caller, Depends(allowed(Action.CLAIM))]
Approver = Annotated[Caller, Depends(allowed(Action.APPROVE_CLAIMS))]
Exporter = Annotated[Caller, Depends(allowed(Action.EXPORT))]
Step = Literal[ClaimState.PUBLIC_NOTICE, ClaimState.APPROVED, ClaimState.PAID]
_AMOUNT_OPEN = (ClaimState.VILLAGE_CHECK, ClaimState.PUBLIC_NOTICE)


@router.get("/claims", operation_id="list_claims")
def list_claims(
    session: SessionDep,
    _: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    paging: PagingDep,
    today: TodayDep,
    batch_id: Annotated[RowNumber | None, Query()] = None,
    worker_id: Annotated[RowNumber | None, Query()] = None,
    employer_id: Annotated[RowNumber | None, Query()] = None,
    benefit: Annotated[BenefitCode | None, Query()] = None,
    year: Annotated[Year | None, Query()] = None,
    state: Annotated[ClaimState | None, Query()] = None,
    region: Annotated[RegionCode | None, Query()] = None,
    ready: Annotated[Step | None, Query(description="只列今天可以办这一步的：公示、审批或发放")] = None,
) -> Page[ClaimPublic]:
    """The claims of my regions, newest first."""
    query = select(BenefitClaim)
    if worker_id is None:
        query = query.where(in_use(BenefitClaim.worker_id))
    for column, value in (
        (BenefitClaim.batch_id, batch_id),
        (BenefitClaim.worker_id, worker_id),
        (BenefitClaim.employer_id, employer_id),
        (BenefitClaim.benefit, benefit),
        (BenefitClaim.year, year),
        (BenefitClaim.state, state),
    ):
        if value is not None:
            query = query.where(col(column) == value)
    if ready is not None:
        query = query.where(BenefitClaim.state == NEXT[ready])
    if ready is ClaimState.APPROVED:
        query = query.where(among(BenefitClaim.id, over_notice(session, benefits, today)))
    if region is not None:
        query = query.where(col(BenefitClaim.region).startswith(region, autoescape=True))
    rows, cursor, total = page_of(session, query, paging, number=col(BenefitClaim.id), sorts={})
    return Page(items=claims_public(session, present, benefits, rows), next_cursor=cursor, total=total)


@router.post("/claims", status_code=201, operation_id="create_claims")
def create_claims(
    body: ClaimsCreate,
    session: SessionDep,
    caller: Clerk,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> BatchPublic:
    """Open a batch of claims, for all or for none: only who is entitled, and nobody twice in a year."""
    benefit = benefits.get(body.benefit)
    if benefit is None:
        raise invalid("benefit", "unknown", "没有这项补贴，请从补贴列表中选择")
    region = region_asked(caller, body.region)
    claimants = claimants_of(session, caller, benefits, benefit, body, today)
    batch = claiming(
        lambda: open_claims(
            session,
            benefit,
            body.year,
            claimants,
            region=region,
            account_id=caller.account_id,
            on=today,
            told=body.amount,
        )
    )
    return once.keep(batches_public(session, present, benefits, [batch])[0])


@router.get("/claims/batches", operation_id="list_claim_batches")
def list_claim_batches(
    session: SessionDep, _: Reader, benefits: BenefitsDep, present: PresenterDep, paging: PagingDep
) -> Page[BatchPublic]:
    """The batches of my regions, newest first, with how many claims stand where."""
    rows, cursor, total = page_of(session, select(ClaimBatch), paging, number=col(ClaimBatch.id), sorts={})
    return Page(items=batches_public(session, present, benefits, rows), next_cursor=cursor, total=total)


@router.get("/claims/batches/{batch_id}", operation_id="read_claim_batch")
def read_claim_batch(
    batch_id: RowId, session: SessionDep, _: Reader, benefits: BenefitsDep, present: PresenterDep
) -> BatchPublic:
    """One batch."""
    return batches_public(session, present, benefits, [batch_or_404(session, batch_id)])[0]


@router.get(
    "/claims/batches/{batch_id}/payment-file",
    operation_id="read_payment_file",
    response_class=Response,
    responses={200: {"description": "the workbook", "content": {MEDIA[Format.XLSX]: {}}}},
)
def read_payment_file(
    batch_id: RowId,
    session: SessionDep,
    caller: Exporter,
    keyring: KeyringDep,
    benefits: BenefitsDep,
    present: PresenterDep,
    today: TodayDep,
    masked: Annotated[bool, Query()] = True,
    reason: Annotated[Plain, Query(max_length=200)] = "",
) -> Response:
    """发放表: the approved and paid claims of a batch as a workbook, one line each, with the sum. Full ID numbers need the
    right to see them, and a reason."""
    batch = batch_or_404(session, batch_id)
    return payment_file(
        session, keyring, caller, present, benefits, batch, today, masked=masked, reason=reason
    )


@router.post("/claims/notice", operation_id="notice_claims")
def notice_claims(body: ClaimsStep, session: SessionDep, caller: Clerk, today: TodayDep) -> MovedPublic:
    """The village has checked these: public notice begins."""
    on = _day(body, today)
    moved = claiming(lambda: give_notice(session, body.claim_ids, account_id=caller.account_id, on=on))
    return _moved(session, body.claim_ids, moved)


@router.post("/claims/approve", operation_id="approve_claims")
def approve_claims(
    body: ClaimsStep, session: SessionDep, caller: Approver, benefits: BenefitsDep, today: TodayDep
) -> MovedPublic:
    """The county approves these, after the days of public notice; each has an amount."""
    on = _day(body, today)
    moved = claiming(lambda: approve(session, body.claim_ids, benefits, account_id=caller.account_id, on=on))
    return _moved(session, body.claim_ids, moved)


@router.post("/claims/pay", operation_id="pay_claims")
def pay_claims(
    body: ClaimsStep, session: SessionDep, caller: Approver, benefits: BenefitsDep, today: TodayDep
) -> MovedPublic:
    """The money of these has gone out."""
    on = _day(body, today)
    moved = claiming(lambda: pay(session, body.claim_ids, benefits, account_id=caller.account_id, on=on))
    return _moved(session, body.claim_ids, moved)


@router.post("/claims/refuse", operation_id="refuse_claims")
def refuse_claims(body: ClaimsRefusal, session: SessionDep, caller: Approver, today: TodayDep) -> MovedPublic:
    """These are not paid, for a reason; the claimant may claim again."""
    moved = claiming(
        lambda: refuse(session, body.claim_ids, account_id=caller.account_id, on=today, reason=body.reason)
    )
    return _moved(session, body.claim_ids, moved)


@router.get("/claims/{claim_id}", operation_id="read_claim")
def read_claim(
    claim_id: RowId,
    session: SessionDep,
    _: Reader,
    benefits: BenefitsDep,
    present: PresenterDep,
    response: Response,
) -> ClaimPublic:
    """One claim."""
    row = claim_or_404(session, claim_id)
    response.headers.update(etag(row))
    return claims_public(session, present, benefits, [row])[0]


@router.patch("/claims/{claim_id}", operation_id="update_claim")
def update_claim(
    claim_id: RowId,
    body: ClaimUpdate,
    session: SessionDep,
    _: Clerk,
    benefits: BenefitsDep,
    present: PresenterDep,
    version: IfMatchDep,
    response: Response,
) -> ClaimPublic:
    """Say the amount where the benefit does not, until the claim is approved."""
    row = claim_or_404(session, claim_id)
    hold(session, row, version)
    claiming(lambda: _say_amount(row, benefit_or_404(benefits, row.benefit).tiers, body.amount))
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return claims_public(session, present, benefits, [row])[0]


@router.get("/claims/{claim_id}/events", operation_id="list_claim_events")
def list_claim_events(claim_id: RowId, session: SessionDep, _: Reader) -> Page[ClaimEventPublic]:
    """The steps of a claim, oldest first."""
    row = claim_or_404(session, claim_id)
    events = session.exec(
        select(ClaimEvent).where(ClaimEvent.claim_id == row.identity).order_by(col(ClaimEvent.id))
    ).all()
    names = account_names(session, [event.account_id for event in events])
    items = [
        ClaimEventPublic(
            from_state=event.from_state,
            to_state=event.to_state,
            on=event.on_date,
            at=event.created_at,
            by=names.get(event.account_id, ""),
            reason=event.reason,
            recovery=event.recovery,
        )
        for event in events
    ]
    return Page(items=items, next_cursor=None, total=len(items))


def claim_or_404(session: Session, claim_id: int) -> BenefitClaim:
    """The claim, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(BenefitClaim, claim_id)
    if row is None:
        raise not_found("这条申领")
    return row


def _say_amount(row: BenefitClaim, tiers: tuple[Tier, ...], told: int) -> None:
    if row.state not in _AMOUNT_OPEN:
        raise ClaimError("state")
    if any(tier.amount.fen is not None or tier.share is not None for tier in tiers):
        raise ClaimError("amount_fixed")
    most = max((tier.amount.most for tier in tiers if tier.amount.most is not None), default=None)
    row.amount = amount_to_claim(Amount(None, most), told)


def _day(body: ClaimsStep, today: date) -> date:
    if body.on is not None and body.on > today:
        raise invalid("on", "in-the-future", "日期不能晚于今天")
    return body.on or today


def _moved(session: Session, claim_ids: list[int], moved: int) -> MovedPublic:
    fen = session.connection().scalar(
        select(func.coalesce(func.sum(BenefitClaim.amount), 0)).where(col(BenefitClaim.id).in_(claim_ids))
    )
    return MovedPublic(moved=moved, fen=int(fen or 0))
