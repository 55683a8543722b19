"""/v1/call-requests: who asked to be called, or has to be told by telephone what no message could tell."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session, col, select

from api.calling_back import calls_public, finish_call
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.own_word import CallRequestPublic
from models.notice import CallRequest
from models.worker import Worker

router = bureau_router("/call-requests", tag="follow-up", responses=PROBLEMS)
Follower = Annotated[Caller, Depends(allowed(Action.FOLLOW_UP))]


@router.get("", operation_id="list_call_requests")
def list_call_requests(
    session: SessionDep,
    _: Follower,
    paging: PagingDep,
    keyring: KeyringDep,
    present: PresenterDep,
    open: Annotated[bool, Query(description="只列还没有打的")] = True,
) -> Page[CallRequestPublic]:
    """Whom to call, those first that are due first. Who is only stored is called when they ask, and told of nothing else."""
    query = select(CallRequest).join(Worker, col(Worker.id) == col(CallRequest.worker_id))
    query = query.where(~col(Worker.restricted) | col(CallRequest.speaker).is_not(None))
    if open:
        query = query.where(col(CallRequest.done_on).is_(None))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(CallRequest.id),
        sorts={"due_on": col(CallRequest.due_on)},
        default="due_on",
    )
    return Page(items=calls_public(session, keyring, present, rows), next_cursor=cursor, total=total)


@router.post("/{call_id}/done", operation_id="finish_call_request")
def finish_call_request(
    call_id: RowId,
    session: SessionDep,
    caller: Follower,
    keyring: KeyringDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> CallRequestPublic:
    """The person was called. What the call found is recorded as any contact."""
    row = call_or_404(session, call_id)
    finish_call(session, row, today=today, account_id=caller.account_id)
    [answer] = calls_public(session, keyring, present, [row])
    return once.keep(answer, status=200, worker_id=row.worker_id)


def call_or_404(session: Session, call_id: int) -> CallRequest:
    """The call, if the session may see whose it is.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(CallRequest, call_id)
    if row is None:
        raise not_found("这条回电")
    return row
