"""/v1/handovers: a person whom two counties registered; who has the record agrees, or the bureau over both decides."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import col, or_, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS
from api.idempotency import OnceDep
from api.identity.handing_over import handover_or_404, handover_public, settle_handover
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.identity import HandoverAnswer, HandoverDecision, HandoverPublic, HandoverRefusal
from ledger.in_use import in_use
from models.identity import Handover, HandoverState

router = bureau_router("/handovers", tag="handover", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Decider = Annotated[Caller, Depends(allowed(Action.DECIDE_IDENTITY))]


class HandoverSide(StrEnum):
    """Which of the two the account is."""

    TO_ANSWER = "to_answer"
    ASKED = "asked"


@router.get("", operation_id="list_handovers")
def list_handovers(
    session: SessionDep,
    caller: Reader,
    paging: PagingDep,
    keyring: KeyringDep,
    present: PresenterDep,
    state: Annotated[HandoverState | None, Query()] = None,
    side: Annotated[
        HandoverSide | None, Query(description="to_answer：向本单位提出的；asked：本单位提出的")
    ] = None,
) -> Page[HandoverPublic]:
    """The hand-overs that concern me, the latest first."""
    query = select(Handover).where(in_use(Handover.worker_id))
    if state is not None:
        query = query.where(Handover.state == state)
    if side is HandoverSide.TO_ANSWER:
        query = query.where(or_(*(col(Handover.from_region).startswith(own) for own in caller.regions)))
    elif side is HandoverSide.ASKED:
        query = query.where(
            or_(
                Handover.account_id == caller.account_id,
                *(col(Handover.to_region).startswith(own) for own in caller.regions),
            )
        )
    rows, cursor, total = page_of(session, query, paging, number=col(Handover.id), sorts={})
    items = [handover_public(session, caller, keyring, row, present) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


@router.get("/{handover_id}", operation_id="read_handover")
def read_handover(
    handover_id: RowId, session: SessionDep, caller: Reader, keyring: KeyringDep, present: PresenterDep
) -> HandoverPublic:
    """One hand-over."""
    return handover_public(session, caller, keyring, handover_or_404(session, handover_id), present)


@router.post("/{handover_id}/agree", operation_id="agree_handover")
def agree_handover(
    handover_id: RowId,
    body: HandoverAnswer,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> HandoverPublic:
    """Hand the person over: the record is the other county's from now on, with all that belongs to it."""
    row = handover_or_404(session, handover_id)
    row = settle_handover(session, keyring, row, HandoverState.AGREED, body.answer)
    answer = handover_public(session, caller, keyring, row, present)
    return once.keep(answer, status=200, told_of=[row.worker_id])


@router.post("/{handover_id}/refuse", operation_id="refuse_handover")
def refuse_handover(
    handover_id: RowId,
    body: HandoverRefusal,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> HandoverPublic:
    """Keep the person; the bureau over both may still decide otherwise."""
    row = handover_or_404(session, handover_id)
    row = settle_handover(session, keyring, row, HandoverState.REFUSED, body.answer)
    answer = handover_public(session, caller, keyring, row, present)
    return once.keep(answer, status=200, told_of=[row.worker_id])


@router.post("/{handover_id}/withdraw", operation_id="withdraw_handover")
def withdraw_handover(
    handover_id: RowId,
    body: HandoverAnswer,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> HandoverPublic:
    """Take the request back."""
    row = handover_or_404(session, handover_id)
    row = settle_handover(session, keyring, row, HandoverState.WITHDRAWN, body.answer)
    answer = handover_public(session, caller, keyring, row, present)
    return once.keep(answer, status=200, told_of=[row.worker_id])


@router.post("/{handover_id}/decide", operation_id="decide_handover")
def decide_handover(
    handover_id: RowId,
    body: HandoverDecision,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> HandoverPublic:
    """Decide between two counties; only for who is over both."""
    outcome = HandoverState.DECIDED if body.transfer else HandoverState.KEPT
    row = settle_handover(session, keyring, handover_or_404(session, handover_id), outcome, body.answer)
    answer = handover_public(session, caller, keyring, row, present)
    return once.keep(answer, status=200, told_of=[row.worker_id])
