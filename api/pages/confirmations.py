"""双向核实: whom my side is to look at, and what was found of those ticked."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.confirming import side_told, sides_of
from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, local, to
from api.pages.gathering import Cursor, Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.rights import Action
from api.routes.bureau import confirmations as door
from api.routes.bureau.spells import spell_or_404
from api.schemas.confirmation import ConfirmationCreate
from models.confirmation import ConfirmedBy, ConfirmingSide, StillThere
from outcomes.confirming import confirmations, days_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Confirmer = Annotated[Desk, Depends(desk_for(Action.CONFIRM))]
Region = Annotated[str, Query(pattern=r"^([0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?)?$")]
_SHOWN = 50
_TYPED = ("found", "means", "found_on")


@router.get("/confirmations")
def show_confirmations(
    desk: Confirmer,
    region: Region = "",
    side: ConfirmingSide | None = None,
    only: Annotated[str, Query(max_length=10)] = "",
    cursor: Cursor = None,
) -> HTMLResponse:
    """Those who wait."""
    return _page(desk, region=region, side=side, only=only, cursor=cursor)


@router.post("/confirmations")
def confirm_many(desk: Confirmer, fields: Fields) -> Response:
    """What was found of those ticked, of all of them or of none."""
    told = {name: value for name in _TYPED if (value := _first(fields, name))}
    ticked = [int(number) for number in fields.get("spell", []) if number.isascii() and number.isdigit()]
    if not ticked:
        nobody = invalid("ids", "missing", "先在名单里给人打勾，再填核实结果。")
        return _page(desk, problem=nobody, kept=told)
    told_side = next((each for each in ConfirmingSide if each.value == _first(fields, "side")), None)
    side = side_told(desk.caller, told_side)

    def command() -> None:
        body = read_form(ConfirmationCreate, told | {"side": side.value})
        for number in dict.fromkeys(ticked):
            wanted = body
            if "whole" in fields and body.found is StillThere.AT_WORK:
                since = _since(desk.session, number, side)
                wanted = body.model_copy(update={"since": min(since, body.found_on or desk.today)})
            door.confirm_spell(number, wanted, desk.session, desk.caller, desk.today, desk.keyring, desk.once)

    problem = desk.attempt(command)
    back = local(_first(fields, "back") or "/confirmations")
    if problem is None:
        return to(f"{back}{'&' if '?' in back else '?'}done=confirmed")
    return _page(desk, problem=problem, kept=told | {"ticked": ticked, "whole": "whole" in fields})


def _since(session: Session, spell_id: RowId, side: ConfirmingSide) -> date:
    """The day after this side last found the person at work; the spell's first day where it never did."""
    spell = spell_or_404(session, spell_id)
    found = [
        row.found_on
        for row in confirmations(session, [spell_id]).get(spell_id, [])
        if row.side is side and row.found is StillThere.AT_WORK
    ]
    return max(found) + timedelta(days=1) if found else days_of(spell)[0]


def _page(
    desk: Desk,
    *,
    region: str = "",
    side: ConfirmingSide | None = None,
    only: str = "",
    cursor: str | None = None,
    problem: Problem | None = None,
    kept: dict[str, Any] | None = None,
) -> HTMLResponse:
    sides = sides_of(desk.caller)
    chosen = side if side in sides else sides[0] if sides else None
    found = door.list_waiting_spells(
        desk.session,
        desk.caller,
        desk.today,
        desk.settings,
        desk.present,
        side=chosen,
        region=region or None,
        differs=only == "differs",
        cursor=cursor,
        limit=_SHOWN,
    )
    return desk.show(
        "confirmations.html",
        path="/confirmations",
        problem=problem,
        kept=kept or {},
        found=found,
        side=chosen,
        sides=sides,
        region=region,
        only=only,
        every=desk.settings.confirm_every_days,
        findings=list(StillThere),
        ways=[way for way in ConfirmedBy if chosen is not ConfirmingSide.ORIGIN or way is not ConfirmedBy.ON_SITE],
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )  # fmt: skip


def _first(fields: dict[str, list[str]], name: str) -> str:
    return (fields.get(name) or [""])[0].strip()
