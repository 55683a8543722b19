"""驻站人员的一天: the firms, the people in one of them with a press for each, and the problems; made for a telephone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid, not_found
from api.pages.confirmations import since_last
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import confirmations as looks
from api.routes.bureau import station_work as door
from api.routes.bureau import stations as venue
from api.schemas.care import SupportDone
from api.schemas.confirmation import ConfirmationCreate
from api.schemas.station_work import GivenBack, PersonAtWorkPublic, ProblemNoted
from api.station_people import people_here, people_public
from models.care import Difficulty, SupportState
from models.confirmation import ConfirmedBy, ConfirmingSide, StillThere
from models.employer import Employer
from outcomes.visiting import stations_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Staff = Annotated[Desk, Depends(desk_for(Action.CONFIRM, Action.VISIT))]
FirmId = Annotated[int, Path(ge=0, le=2**63 - 1)]
"""An employer's number; 0 stands for those of whom no employer is known."""
_SHOWN = 200
_FEW = 5


@router.get("/stations/today")
def show_day(desk: Staff) -> HTMLResponse:
    """Which firms to go to, and what is open."""
    return _day(desk)


@router.get("/stations/firms/{employer_id}")
def show_firm(desk: Staff, employer_id: FirmId, cursor: Cursor = None) -> HTMLResponse:
    """One firm, and the county's people who are at work there."""
    return _firm(desk, employer_id, cursor=cursor)


@router.post("/stations/firms/{employer_id}")
def confirm_people(desk: Staff, employer_id: FirmId, fields: Fields) -> Response:
    """Who was met there: one by one press, or all that are ticked; or who is there no more."""
    gone, one = first(fields, "gone"), first(fields, "here")
    told = [gone] if gone else [one] if one else fields.get("spell", [])
    numbers = [int(each) for each in told if each.isascii() and each.isdigit()]

    def command() -> None:
        if not numbers:
            raise invalid("ids", "missing", "先在名单里给人打勾，或直接按每个人旁边的“在岗”。")
        body = read_form(
            ConfirmationCreate,
            {
                "side": ConfirmingSide.STATION.value,
                "found": (StillThere.NOT_AT_WORK if gone else StillThere.AT_WORK).value,
                "means": ConfirmedBy.ON_SITE.value,
            },
        )
        for number in dict.fromkeys(numbers):
            wanted = body
            if "whole" in fields and not gone:
                since = since_last(desk.session, number, ConfirmingSide.STATION)
                wanted = body.model_copy(update={"since": min(since, desk.today)})
            looks.confirm_spell(
                number, wanted, desk.session, desk.caller, desk.today, desk.keyring, desk.once
            )

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/stations/firms/{employer_id}?done=confirmed#people")
    return _firm(desk, employer_id, problem=problem, ticked=set(numbers), whole="whole" in fields)


@router.post("/stations/firms/{employer_id}/undo/{confirmation_id}")
def undo(desk: Staff, employer_id: FirmId, confirmation_id: RowId) -> Response:
    """Take back what was pressed by mistake."""

    def command() -> None:
        looks.undo_confirmation(confirmation_id, desk.session, desk.caller, desk.today, desk.keyring)

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/stations/firms/{employer_id}?done=undone#people")
    return _firm(desk, employer_id, problem=problem)


@router.get("/stations/people/{spell_id}/problem")
def show_problem_form(desk: Staff, spell_id: RowId) -> HTMLResponse:
    """The form in which a problem of one person is noted."""
    return _problem_form(desk, spell_id)


@router.post("/stations/people/{spell_id}/problem")
def note_problem(desk: Staff, spell_id: RowId, fields: Fields) -> Response:
    """Note it: the home county sees to it."""
    typed = {name: first(fields, name) for name in ("difficulty", "note")}
    person = _person(desk, spell_id)

    def command() -> None:
        told = {name: value for name, value in typed.items() if value}
        body = read_form(ProblemNoted, told)
        door.note_spell_problem(
            spell_id, body, desk.session, desk.caller, desk.today, desk.keyring, desk.once
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _problem_form(desk, spell_id, problem=problem, typed=typed)
    return to(f"/stations/firms/{person[1]}?done=problem-noted")


@router.get("/stations/problems")
def show_problems(
    desk: Staff, state: SupportState = SupportState.OPEN, cursor: Cursor = None
) -> HTMLResponse:
    """What my stations noted and were handed."""
    return _problems(desk, state=state, cursor=cursor)


@router.post("/stations/problems/{task_id}/finish")
def finish_problem(desk: Staff, task_id: RowId, fields: Fields) -> Response:
    """It is done."""
    typed = first(fields, "outcome")

    def command() -> None:
        body = read_form(SupportDone, {"outcome": typed})
        door.finish_station_problem(task_id, body, desk.session, desk.caller, desk.today, Response())

    problem = desk.attempt(command)
    if problem is None:
        return to("/stations/problems?done=helped")
    return _problems(desk, problem=problem, typed={task_id: typed})


@router.post("/stations/problems/{task_id}/return")
def return_problem(desk: Staff, task_id: RowId, fields: Fields) -> Response:
    """The county has to see to it after all."""
    typed = first(fields, "answer")

    def command() -> None:
        body = read_form(GivenBack, {"answer": typed})
        door.return_station_problem(task_id, body, desk.session, desk.caller, desk.today, Response())

    problem = desk.attempt(command)
    if problem is None:
        return to("/stations/problems?done=handed_back")
    return _problems(desk, problem=problem, returned={task_id: typed})


def _day(desk: Desk) -> HTMLResponse:
    paging = Paging(_FEW, None, "due_on")
    return desk.show(
        "station_today.html",
        firms=door.list_station_firms(desk.session, desk.caller, desk.today).items,
        handed=door.list_station_problems(
            desk.session, desk.caller, paging, desk.today, SupportState.OPEN, True
        ),
        noted=door.list_station_problems(
            desk.session, desk.caller, paging, desk.today, SupportState.OPEN, False
        ),
        visits=venue.list_visits_due(desk.session, desk.caller, desk.today, desk.settings),
    )


def _firm(
    desk: Desk,
    employer_id: int,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    ticked: set[int] | None = None,
    whole: bool = False,
) -> HTMLResponse:
    firm = desk.session.get(Employer, employer_id) if employer_id else None
    if employer_id and firm is None:
        raise not_found("这个用人单位")
    found = door.list_station_people(
        desk.session,
        desk.caller,
        desk.today,
        desk.present,
        employer_id=employer_id or None,
        without_employer=not employer_id,
        cursor=cursor,
        limit=desk.lines(_SHOWN),
    )
    return desk.show(
        "station_firm.html",
        path=f"/stations/firms/{employer_id}",
        problem=problem,
        firm=firm,
        employer_id=employer_id,
        found=found,
        left=sum(not each.this_month for each in found.items),
        first_page=cursor is None,
        ticked=ticked or set(),
        whole=whole,
        stations=stations_of(desk.session),
    )


def _person(desk: Desk, spell_id: int) -> tuple[PersonAtWorkPublic, int]:
    """Somebody whom my station looks after, and the number of the firm."""
    for each in people_here(desk.session, desk.caller, desk.today):
        if each.seen.spell.identity == spell_id:
            [told] = people_public(desk.session, desk.present, [each], desk.caller)
            return told, each.seen.spell.employer_id or 0
    raise not_found("这个人的务工记录")


def _problem_form(
    desk: Desk, spell_id: int, *, problem: Problem | None = None, typed: dict[str, str] | None = None
) -> HTMLResponse:
    person, employer_id = _person(desk, spell_id)
    return desk.show(
        "station_problem.html",
        path=f"/stations/people/{spell_id}/problem",
        problem=problem,
        kept=typed is not None,
        typed=typed or {},
        person=person,
        employer_id=employer_id,
        difficulties=list(Difficulty),
    )


def _problems(
    desk: Desk,
    *,
    state: SupportState = SupportState.OPEN,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[int, str] | None = None,
    returned: dict[int, str] | None = None,
) -> HTMLResponse:
    return desk.show(
        "station_problems.html",
        path="/stations/problems",
        problem=problem,
        kept=problem is not None,
        typed=typed or {},
        returned=returned or {},
        found=door.list_station_problems(
            desk.session, desk.caller, desk.paging(_SHOWN, cursor, "due_on"), desk.today, state
        ),
        state=state,
        states=list(SupportState),
        first_page=cursor is None,
    )
