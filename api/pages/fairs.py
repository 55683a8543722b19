"""招聘会: those that were held and those to come, and what became of each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields, place_code
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import fairs as door
from api.schemas.venue import FairCreate, FairUpdate
from models.fair import FairKind
from outcomes.ladder.counts import fairs

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
Manager = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE))]
_SHOWN = 30
_NUMBERS = ("employers", "seats", "attended", "agreed")
_TOLD = ("region", "partner", "name", "kind", "held_on", "place", *_NUMBERS)


@router.get("/fairs")
def show_fairs(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """The fairs, and the form of a new one."""
    return _page(desk, cursor=cursor)


@router.post("/fairs")
def create_fair(desk: Manager, fields: Fields) -> Response:
    """Enter a fair."""
    typed = {name: first(fields, name) for name in _TOLD}

    def command() -> None:
        told = {name: value for name, value in typed.items() if value}
        if "partner" in told:
            told["partner"] = place_code("partner", told["partner"])
        body = read_form(FairCreate, told)
        door.create_fair(body, desk.session, desk.caller, desk.once, desk.present)

    problem = desk.attempt(command)
    return to("/fairs?done=kept") if problem is None else _page(desk, problem=problem, typed=typed)


@router.post("/fairs/{fair_id}")
def update_fair(desk: Manager, fair_id: RowId, fields: Fields) -> Response:
    """The numbers of a fair that is over, or that it did not take place."""

    def command() -> None:
        told = {name: first(fields, name) or None for name in (*_NUMBERS, "held_on") if name in fields}
        body = read_form(FairUpdate, told | {"called_off": "called_off" in fields})
        version = first(fields, "version")
        if not version.isdecimal() or len(version) > 9:
            raise invalid("version", "missing", "页面不完整，请刷新后再填。")
        door.update_fair(fair_id, body, desk.session, desk.caller, int(version), desk.present, Response())

    problem = desk.attempt(command)
    return to("/fairs?done=kept") if problem is None else _page(desk, problem=problem)


def _page(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    held = fairs(desk.session, desk.caller.regions, desk.today.replace(month=1, day=1), desk.today)
    return desk.show(
        "fairs.html",
        path="/fairs",
        problem=problem,
        kept=typed is not None,
        typed=typed or dict.fromkeys(_TOLD, ""),
        found=door.list_fairs(desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present),
        held=len(held),
        special=sum(row.kind is FairKind.SPECIAL for row in held),
        kinds=list(FairKind),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )
