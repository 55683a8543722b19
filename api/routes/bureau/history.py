"""变更记录 of people and households, and their records as of any day."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Path
from sqlmodel import Session

from api.changes_shown import changes_shown
from api.deps import Caller, KeyringDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS, not_found
from api.laying import bureau_router
from api.paging import Page, PagingDep, after_cursor, cursor_of
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import Day
from api.schemas.history import ChangePublic, HouseholdPastPublic, PastPublic
from ledger.chronicle import history_of
from ledger.past import Event, household_as_of, household_events, worker_as_of
from models.household import Household

router = bureau_router(tag="history", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
OnDay = Annotated[Day, Path(description="到这一天24时为止", examples=["2021-09-20"])]


@router.get("/workers/{worker_id}/history", operation_id="list_worker_changes")
def list_worker_changes(
    worker_id: RowId,
    session: SessionDep,
    _: Reader,
    keyring: KeyringDep,
    paging: PagingDep,
    present: PresenterDep,
) -> Page[ChangePublic]:
    """Every change of a person and of what belongs to the person, newest first."""
    worker_or_404(session, worker_id)
    return page_of_changes(session, history_of(session, keyring, worker_id), paging, present)


@router.get("/workers/{worker_id}/as-of/{day}", operation_id="read_worker_as_of")
def read_worker_as_of(
    worker_id: RowId, day: OnDay, session: SessionDep, _: Reader, keyring: KeyringDep
) -> PastPublic:
    """A person's record as it was at the end of a day."""
    worker_or_404(session, worker_id)
    past = worker_as_of(session, keyring, worker_id, day)
    if past is None:
        raise not_found("这名劳动力那一天的记录")
    return PastPublic.model_validate(past, from_attributes=True)


@router.get("/households/{household_id}/history", operation_id="list_household_changes")
def list_household_changes(
    household_id: RowId,
    session: SessionDep,
    _: Reader,
    keyring: KeyringDep,
    paging: PagingDep,
    present: PresenterDep,
) -> Page[ChangePublic]:
    """Every change of a household and its hardship periods, newest first."""
    _household_or_404(session, household_id)
    return page_of_changes(session, household_events(session, keyring, household_id), paging, present)


@router.get("/households/{household_id}/as-of/{day}", operation_id="read_household_as_of")
def read_household_as_of(
    household_id: RowId, day: OnDay, session: SessionDep, _: Reader, keyring: KeyringDep
) -> HouseholdPastPublic:
    """A household's record as it was at the end of a day."""
    _household_or_404(session, household_id)
    past = household_as_of(session, keyring, household_id, day)
    if past is None:
        raise not_found("这一户那一天的记录")
    return HouseholdPastPublic.model_validate(past, from_attributes=True)


def page_of_changes(
    session: Session, events: Sequence[Event], paging: PagingDep, present: Presenter
) -> Page[ChangePublic]:
    """One page of changes, newest first; they are counted from the oldest, so that new ones move nothing."""
    before = after_cursor(paging.cursor) or len(events) + 1
    start = max(len(events) + 1 - before, 0)
    shown = events[start : start + paging.limit]
    oldest = len(events) - start - len(shown) + 1
    return Page(
        items=changes_shown(session, shown, present),
        next_cursor=cursor_of(oldest) if oldest > 1 else None,
        total=len(events),
    )


def _household_or_404(session: Session, household_id: int) -> None:
    if session.get(Household, household_id) is None:
        raise not_found("这一户")
