"""/employer/v1/rosters: who works there by the ledger, and whether they still do."""

from typing import Annotated

from fastapi import Depends, Response
from sqlmodel import col, select

from api.deps import KeyringDep, RowId, SessionDep, TodayDep
from api.employer_door.asking import Own, speaking
from api.employer_door.laying import employer_router
from api.employer_door.rosters import (
    confirm_roster,
    open_roster,
    roster_or_404,
    roster_public,
    roster_summary,
    undo_roster,
)
from api.idempotency import OnceDep
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.employer_door import RosterConfirm, RosterConfirmed, RosterPublic, RosterSummary
from api.versions import etag
from models.roster import EmployerRoster

router = employer_router("/rosters", tag="roster")
Confirmer = Annotated[Own, Depends(speaking(Action.OWN_PEOPLE))]


@router.get("", operation_id="employer_list_rosters")
def list_rosters(
    session: SessionDep, _: Confirmer, today: TodayDep, paging: PagingDep
) -> Page[RosterSummary]:
    """The rosters that were opened, the last first, in numbers."""
    rows, cursor, total = page_of(
        session, select(EmployerRoster), paging, number=col(EmployerRoster.id), sorts={}
    )
    items = [roster_summary(session, row, today) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="employer_open_roster")
def create_roster(
    session: SessionDep, whose: Confirmer, today: TodayDep, once: OnceDep, response: Response
) -> RosterSummary:
    """Open this month's roster, which tells the employer of those who work there, or find the one that is open."""
    row = open_roster(session, whose, today)
    response.headers.update(etag(row))
    return once.keep(roster_summary(session, row, today))


@router.get("/{roster_id}", operation_id="employer_read_roster")
def read_roster(
    roster_id: RowId, session: SessionDep, _: Confirmer, present: PresenterDep, response: Response
) -> RosterPublic:
    """A roster with everybody on it who may be told of still, and what was said of each."""
    row = roster_or_404(session, roster_id)
    response.headers.update(etag(row))
    return roster_public(session, present, row)


@router.post("/{roster_id}/undo", operation_id="employer_undo_roster")
def undo(
    roster_id: RowId,
    session: SessionDep,
    whose: Confirmer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> RosterSummary:
    """Take one's own confirmation of today back, with the evidence that it made."""
    row = roster_or_404(session, roster_id)
    return once.keep(undo_roster(session, keyring, whose, row, today), status=200)


@router.post("/{roster_id}/confirm", operation_id="employer_confirm_roster")
def confirm(
    roster_id: RowId,
    body: RosterConfirm,
    session: SessionDep,
    whose: Confirmer,
    today: TodayDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> RosterConfirmed:
    """Say of everybody on it whether she is still there: evidence of grade D. The record itself stays; who is said to have
    left waits for the home county."""
    row = roster_or_404(session, roster_id)
    return once.keep(confirm_roster(session, keyring, whose, row, body, today), status=200)
