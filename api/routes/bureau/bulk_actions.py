"""/v1/bulk-actions: one act on many people, how far it is, who was not done and why, and its undoing."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session, col, select

from api.bulk.asking import Wanted, ask, bulk_or_404, go_on, undo
from api.bulk.shown import bulks_public, items_public
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.people_filter import filter_words
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.schemas.bulk import BulkCreate, BulkItemPublic, BulkPublic
from ledger.in_use import in_use
from models.bulk_action import BulkAction, BulkItem, BulkItemState

router = bureau_router("/bulk-actions", tag="bulk", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]


@router.get("", operation_id="list_bulk_actions")
def list_bulk_actions(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[BulkPublic]:
    """What was done with many at once: mine and my regions', the latest first."""
    rows, cursor, total = page_of(session, select(BulkAction), paging, number=col(BulkAction.id), sorts={})
    return Page(items=bulks_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_bulk_action")
def create_bulk_action(
    body: BulkCreate,
    session: SessionDep,
    caller: Reader,
    keyring: KeyringDep,
    today: TodayDep,
    present: PresenterDep,
    once: OnceDep,
) -> BulkPublic:
    """Do it with each; up to 200 people at once, more by a job. The right is that of the single act."""
    if (body.worker_ids is None) == (body.wanted is None):
        raise invalid("worker_ids", "missing", "worker_ids 和 wanted 请写其中一项")
    row = ask(session, keyring, caller, wanted(body, present), today)
    return once.keep(bulk_public(session, present, row))


@router.get("/{bulk_id}", operation_id="read_bulk_action")
def read_bulk_action(bulk_id: RowId, session: SessionDep, _: Reader, present: PresenterDep) -> BulkPublic:
    """One of them, and how far it is."""
    return bulk_public(session, present, bulk_or_404(session, bulk_id))


@router.get("/{bulk_id}/items", operation_id="list_bulk_items")
def list_bulk_items(
    bulk_id: RowId,
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    state: Annotated[BulkItemState | None, Query()] = None,
) -> Page[BulkItemPublic]:
    """What became of each person, as far as they are of my regions and their data may be used."""
    row = bulk_or_404(session, bulk_id)
    query = select(BulkItem).where(BulkItem.bulk_id == row.identity, in_use(BulkItem.worker_id))
    if state is not None:
        query = query.where(BulkItem.state == state)
    rows, cursor, total = page_of(
        session, query, paging, number=col(BulkItem.worker_id), sorts={}, default="id"
    )
    return Page(items=items_public(session, present, row, rows), next_cursor=cursor, total=total)


@router.post("/{bulk_id}/undo", operation_id="undo_bulk_action")
def undo_bulk_action(
    bulk_id: RowId,
    session: SessionDep,
    caller: Reader,
    keyring: KeyringDep,
    today: TodayDep,
    present: PresenterDep,
    once: OnceDep,
) -> BulkPublic:
    """Within a day take it back for all of whom nothing came since; the others are told with why."""
    row = undo(session, keyring, caller, bulk_or_404(session, bulk_id), today)
    return once.keep(bulk_public(session, present, row), status=200)


@router.post("/{bulk_id}/go-on", operation_id="go_on_with_bulk_action")
def go_on_with_bulk_action(
    bulk_id: RowId,
    session: SessionDep,
    caller: Reader,
    keyring: KeyringDep,
    today: TodayDep,
    present: PresenterDep,
    once: OnceDep,
) -> BulkPublic:
    """Where its job stopped, see to those who wait still."""
    row = go_on(session, keyring, caller, bulk_or_404(session, bulk_id), today)
    return once.keep(bulk_public(session, present, row), status=200)


def wanted(body: BulkCreate, present: Presenter) -> Wanted:
    """What is asked, with who is meant in words."""
    things = ("due_on", "caller_id", "vacancy_id", "course_id", "fair_id")
    told = {name: getattr(body, name) for name in things}
    if body.worker_ids is not None:
        return Wanted(body.kind, body.worker_ids, f"选中的{len(set(body.worker_ids))}人", **told)
    sought = body.wanted.sought() if body.wanted else None
    if sought is None:
        raise invalid("wanted", "missing", "请写明是哪些人")
    return Wanted(body.kind, sought, filter_words(sought, present), **told)


def bulk_public(session: Session, present: Presenter, row: BulkAction) -> BulkPublic:
    """One of them as it is answered."""
    return bulks_public(session, present, [row])[0]
