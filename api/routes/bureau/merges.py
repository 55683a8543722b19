"""/v1/merges: two records of one person made one, and the way back."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session, col, or_, select

from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.identity.merges import merge_records, merges_public, undo_merge
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.identity import MergeCreate, MergePublic
from ledger.in_use import in_use
from models.identity import WorkerMerge

router = bureau_router("/merges", tag="merge", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Decider = Annotated[Caller, Depends(allowed(Action.DECIDE_IDENTITY))]


@router.get("", operation_id="list_merges")
def list_merges(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    worker_id: Annotated[RowNumber | None, Query(description="保留或并入的是这个人")] = None,
) -> Page[MergePublic]:
    """What was merged, undone merges too, the latest first."""
    query = select(WorkerMerge).where(
        in_use(WorkerMerge.kept_id)
        if worker_id is None
        else or_(col(WorkerMerge.kept_id) == worker_id, col(WorkerMerge.merged_id) == worker_id)
    )
    rows, cursor, total = page_of(session, query, paging, number=col(WorkerMerge.id), sorts={})
    return Page(items=merges_public(session, rows, present), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_merge")
def create_merge(
    body: MergeCreate,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    today: TodayDep,
    present: PresenterDep,
) -> MergePublic:
    """Make two records one: the kept one's word stands, all that belongs to the person moves to it."""
    row = merge_records(
        session, keyring, body.kept_id, body.merged_id, account_id=caller.account_id, today=today
    )
    return once.keep(merges_public(session, [row], present)[0], told_of=[row.kept_id, row.merged_id])


@router.get("/{merge_id}", operation_id="read_merge")
def read_merge(merge_id: RowId, session: SessionDep, _: Reader, present: PresenterDep) -> MergePublic:
    """One merge."""
    return merges_public(session, [merge_or_404(session, merge_id)], present)[0]


@router.post("/{merge_id}/undo", operation_id="undo_merge")
def undo_one(
    merge_id: RowId,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    present: PresenterDep,
) -> MergePublic:
    """Let both records be as they were before."""
    row = undo_merge(session, keyring, merge_or_404(session, merge_id), account_id=caller.account_id)
    answer = merges_public(session, [row], present)[0]
    return once.keep(answer, status=200, told_of=[row.kept_id, row.merged_id])


def merge_or_404(session: Session, merge_id: int) -> WorkerMerge:
    """The merge, if the session may see the kept record.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(WorkerMerge, merge_id)
    if row is None:
        raise not_found("这次合并")
    return row
