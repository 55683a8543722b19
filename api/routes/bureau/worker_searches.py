"""/v1/worker-searches: filters of the ledger under a name."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session

from api.deps import Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, invalid
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.people_counted import how_many
from api.people_filter import address_of, filter_words
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.schemas.worker_search import WorkerSearchCreate, WorkerSearchPublic, WorkerSearchUpdate
from api.searches import change, kept, mine, remove, restore, save, search_or_404
from api.versions import IfMatchDep, etag, hold
from models.saved_search import SavedSearch

router = bureau_router("/worker-searches", tag="worker", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]


@router.get("", operation_id="list_worker_searches")
def list_worker_searches(
    session: SessionDep,
    caller: Reader,
    present: PresenterDep,
    counted: Annotated[bool, Query(description="数一数每个找到多少人")] = False,
) -> list[WorkerSearchPublic]:
    """My own filters, and those shared with my bureau."""
    return [
        search_public(session, caller, present, each.row, counted=counted) for each in mine(session, caller)
    ]


@router.post("", status_code=201, operation_id="create_worker_search")
def create_worker_search(
    body: WorkerSearchCreate, session: SessionDep, caller: Reader, present: PresenterDep, once: OnceDep
) -> WorkerSearchPublic:
    """Keep a filter under a name."""
    row = save(session, caller, body.name, body.wanted.sought(), shared=body.shared)
    return once.keep(search_public(session, caller, present, row))


@router.get("/{search_id}", operation_id="read_worker_search")
def read_worker_search(
    search_id: RowId, session: SessionDep, caller: Reader, present: PresenterDep, response: Response
) -> WorkerSearchPublic:
    """One filter, and how many people it finds now."""
    row = search_or_404(session, caller, search_id)
    response.headers.update(etag(row))
    return search_public(session, caller, present, row, counted=True)


@router.patch("/{search_id}", operation_id="update_worker_search")
def update_worker_search(
    search_id: RowId,
    body: WorkerSearchUpdate,
    session: SessionDep,
    caller: Reader,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> WorkerSearchPublic:
    """Another name, other conditions, or shared or not (JSON merge patch)."""
    row = search_or_404(session, caller, search_id)
    hold(session, row, version)
    for field in body.model_fields_set:
        if getattr(body, field) is None:
            raise invalid(field, "missing", "不能为空")
    told = body.wanted.sought() if body.wanted else None
    change(session, caller, row, name=body.name, shared=body.shared, sought=told)
    response.headers.update(etag(row))
    return search_public(session, caller, present, row)


@router.post("/{search_id}/remove", operation_id="remove_worker_search")
def remove_worker_search(
    search_id: RowId, session: SessionDep, caller: Reader, present: PresenterDep, once: OnceDep
) -> WorkerSearchPublic:
    """Take it off the list."""
    row = remove(session, caller, search_or_404(session, caller, search_id))
    return once.keep(search_public(session, caller, present, row), status=200)


@router.post("/{search_id}/restore", operation_id="restore_worker_search")
def restore_worker_search(
    search_id: RowId, session: SessionDep, caller: Reader, present: PresenterDep, once: OnceDep
) -> WorkerSearchPublic:
    """Put one back that was removed."""
    row = restore(session, caller, search_or_404(session, caller, search_id))
    return once.keep(search_public(session, caller, present, row), status=200)


def search_public(
    session: Session, caller: Caller, present: Presenter, row: SavedSearch, *, counted: bool = False
) -> WorkerSearchPublic:
    """A filter as it is answered."""
    each = kept(caller, row)
    return WorkerSearchPublic(
        id=row.identity,
        version=row.version,
        name=row.name,
        wanted=address_of(each.sought),
        words=filter_words(each.sought, present),
        shared=row.shared,
        own=each.own,
        removed=row.removed_at is not None,
        people=how_many(session, each.sought, present.today, seconds=present.remember_seconds)
        if counted
        else None,
    )
