"""待核对身份: what was said at a fair by somebody whom nobody knows yet, looked into and given to a person."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse

from api.audit import record
from api.deps import RowId
from api.errors import Problem
from api.fairs.waiting import unknown_or_404
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Search
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import fair_waiting as door
from api.routes.bureau import fairs
from api.routes.bureau.workers import list_workers
from api.schemas.fair_day import AttributeTold
from ledger.people_sought import Sought

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Placer = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER, Action.PLACE))]
Revealer = Annotated[
    Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER, Action.PLACE, Action.REVEAL))
]
_SOUGHT = 20


@router.get("/fairs/{fair_id}/waiting")
def show_waiting(desk: Placer, fair_id: RowId, at: int | None = None, q: Search = "") -> HTMLResponse:
    """What waits, visitor by visitor; for the one that is looked into (`at`), people of the ledger by name."""
    return _page(desk, fair_id, at=at, q=q)


@router.post("/fairs/{fair_id}/waiting/{command_id}/number")
def show_waiting_number(desk: Revealer, fair_id: RowId, command_id: RowId) -> HTMLResponse:
    """The number as it was typed or read, this once; that somebody looked is on record."""
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    found = unknown_or_404(desk.session, desk.keyring, fair_id, command_id)
    record(desk.session, "reveal", "kiosk_command", command_id, region=fair.region.code)
    return _page(desk, fair_id, at=found.identity, number=found.said.number if found.said else None)


@router.post("/fairs/{fair_id}/waiting/{command_id}/person")
def attribute_waiting(
    desk: Placer, fair_id: RowId, command_id: RowId, worker: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Say who it was."""

    def command() -> None:
        body = read_form(AttributeTold, {"worker_id": worker})
        door.attribute_fair_commands(fair_id, command_id, body, desk.session, desk.caller, desk.keyring)

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, fair_id, at=command_id, problem=problem)
    return to(f"/fairs/{fair_id}/waiting?done=attributed")


def _page(
    desk: Desk,
    fair_id: int,
    *,
    at: int | None = None,
    q: str = "",
    number: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    sought = []
    if q.strip():
        asked = Paging(_SOUGHT, None, None)
        people = list_workers(
            desk.session, desk.caller, asked, desk.present, Sought(q=q.strip(), region=fair.region.code)
        )
        sought = [each for each in people.items if not each.restricted]
    return desk.show(
        "fair_waiting.html",
        problem=problem,
        fair=fair,
        found=door.list_fair_waiting(fair_id, desk.session, desk.caller, desk.keyring, desk.present),
        at=at,
        q=q,
        number=number,
        sought=sought,
    )
