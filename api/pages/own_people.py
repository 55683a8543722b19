"""在岗名册 and 留得住: who works there by the ledger, and how many of those who began have stayed."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.employer_door.asking import Own, own
from api.employer_door.rosters import at_work, roster_of_month, roster_or_404, roster_public
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Fields
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.paging import Paging
from api.rights import Action
from api.routes.employer import rosters as door
from api.routes.employer import staying
from api.schemas.employer_door import RosterConfirm, RosterLine
from ledger.applications import LEAVING
from models.confirmation import StillThere
from models.roster import EmployerRoster
from outcomes.calendar import month_start

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Confirmer = Annotated[Desk, Depends(desk_for(Action.OWN_PEOPLE))]


@router.get("/employer/people")
def show_people(desk: Confirmer) -> HTMLResponse:
    """This month's roster: to be opened, to be confirmed, or as it was confirmed."""
    return _page(desk, own(desk.session, desk.caller))


@router.post("/employer/people")
def open_roster(desk: Confirmer) -> Response:
    """Open it: from now on the employer knows who is on it."""
    whose = own(desk.session, desk.caller)
    problem = desk.attempt(lambda: door.create_roster(desk.session, whose, desk.today, desk.once, Response()))
    return _page(desk, whose, problem=problem) if problem is not None else to("/employer/people")


@router.get("/employer/people/{roster_id}")
def show_roster(desk: Confirmer, roster_id: RowId) -> HTMLResponse:
    """The roster of another month: to be finished, or as it was confirmed."""
    return _page(desk, own(desk.session, desk.caller), row=roster_or_404(desk.session, roster_id))


@router.post("/employer/people/{roster_id}/confirm")
def confirm_roster(desk: Confirmer, roster_id: RowId, fields: Fields) -> Response:
    """What was ticked of everybody on it; of whom nothing was, if so it was said, that she is there. It is kept when she has
    seen how many that are: a press on 没有选的都还在岗 says something of everybody."""
    whose = own(desk.session, desk.caller)
    told = _told(fields)
    row = roster_or_404(desk.session, roster_id)
    counted = [sum(line["found"] == each.value for line in told) for each in StillThere]
    sure = ",".join(map(str, counted))

    def command() -> None:
        body = read_form(RosterConfirm, {"lines": told})
        door.confirm(roster_id, body, desk.session, whose, desk.today, desk.keyring, desk.once)

    kept: dict[str, Any] = {str(line["spell_id"]): line for line in told}
    whole = told and len(told) == len(fields.get("spell", []))
    dated = all(line.get("left_on", "-") and line.get("reason", "-") for line in told)
    if whole and dated and _first(fields, "sure") != sure:
        asked = [(each, number) for each, number in zip(StillThere, counted, strict=True) if number]
        return _page(desk, whose, row=row, kept=kept, sure=sure, asked=asked)
    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, whose, row=row, problem=problem, kept=kept)
    if row.month != month_start(desk.today):
        return to(f"/employer/people/{roster_id}?done=own-confirmed")
    return to("/employer/people?done=own-confirmed")


@router.post("/employer/people/{roster_id}/undo")
def undo_roster(desk: Confirmer, roster_id: RowId) -> Response:
    """Take today's confirmation back, to confirm anew."""
    whose = own(desk.session, desk.caller)
    row = roster_or_404(desk.session, roster_id)
    problem = desk.attempt(
        lambda: door.undo(roster_id, desk.session, whose, desk.today, desk.keyring, desk.once)
    )
    if problem is not None:
        return _page(desk, whose, row=row, problem=problem)
    return to(f"/employer/people/{roster_id}?done=roster-undone")


@router.get("/employer/people/{roster_id}/print")
def print_roster(desk: Confirmer, roster_id: RowId) -> HTMLResponse:
    """The roster as a paper, with room for the seal."""
    whose = own(desk.session, desk.caller)
    roster = door.read_roster(roster_id, desk.session, whose, desk.present, Response())
    return desk.show("own_roster_print.html", roster=roster, employer=whose.employer)


@router.get("/employer/staying")
def show_staying(desk: Confirmer) -> HTMLResponse:
    """By month of start, beside the place's."""
    whose = own(desk.session, desk.caller)
    return desk.show(
        "own_staying.html", found=staying.read_staying(desk.session, whose, desk.present, desk.today)
    )


def _told(fields: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The lines of the form: `found-7`, `left_on-7`, `reason-7` are of the seventh spell."""
    lines = []
    for number in dict.fromkeys(fields.get("spell", [])):
        found = _first(fields, f"found-{number}") or (StillThere.AT_WORK.value if "rest" in fields else "")
        if not found:
            continue
        line: dict[str, Any] = {"spell_id": number, "found": found}
        if found == StillThere.NOT_AT_WORK.value:
            line |= {name: _first(fields, f"{name}-{number}") or None for name in ("left_on", "reason")}
        lines.append(line)
    return lines


def _before(line: RosterLine) -> dict[str, str]:
    """Of whom she said before that she has left, that stands in the form already."""
    said = line.before
    if said is None or said.left_on is None or said.reason is None:
        return {}
    return {"found": said.found.value, "left_on": said.left_on.isoformat(), "reason": said.reason.value}


def _first(fields: dict[str, list[str]], name: str) -> str:
    return (fields.get(name) or [""])[0].strip()


def _page(
    desk: Desk,
    whose: Own,
    *,
    row: EmployerRoster | None = None,
    problem: Problem | None = None,
    kept: dict[str, Any] | None = None,
    sure: str = "",
    asked: Sequence[tuple[StillThere, int]] = (),
) -> HTMLResponse:
    row = row or roster_of_month(desk.session, whose.employer.identity, desk.today)
    before = door.list_rosters(desk.session, whose, desk.today, Paging(13, None, None))
    return desk.show(
        "own_people.html",
        problem=problem,
        roster=roster_public(desk.session, desk.present, row) if row else None,
        there=at_work(desk.session, desk.today),
        this_month=month_start(desk.today),
        sure=sure,
        asked=asked,
        may_undo=row is not None and row.confirmed_on == desk.today and row.confirmed_by == whose.account_id,
        before=[each for each in before.items if row is None or each.id != row.id],
        findings=list(StillThere),
        reasons=LEAVING,
        kept=kept or {},
        told_before=_before,
    )
