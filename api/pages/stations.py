"""劳务协作工作站: a county's stations in the destination, who works there, and which employers they visited."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.deps import RowId
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields, place_code
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import stations as door
from api.schemas.venue import StaffTold, StationCreate, VisitCreate
from models.employer import Employer
from models.station import VisitFound
from outcomes.visiting import VisitWhy

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
Manager = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE))]
Visitor = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.VISIT))]
_SHOWN = 50
_STATION = ("name", "region", "kept_by", "address", "opened_on")
_VISIT = ("visited_on", "found", "people_seen", "note")


@router.get("/stations")
def show_stations(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """The stations, and the form of a new one."""
    return _stations(desk, cursor=cursor)


@router.post("/stations")
def create_station(desk: Manager, fields: Fields) -> Response:
    """Open a station."""
    typed = {name: first(fields, name) for name in _STATION}

    def command() -> None:
        told = {name: value for name, value in typed.items() if value}
        if "region" in told:
            told["region"] = place_code("region", told["region"])
        body = read_form(StationCreate, told)
        door.create_station(body, desk.session, desk.caller, desk.once, desk.present)

    problem = desk.attempt(command)
    return to("/stations?done=kept") if problem is None else _stations(desk, problem=problem, typed=typed)


@router.get("/stations/visits-due")
def show_visits_due(
    desk: Annotated[Desk, Depends(desk_for(Action.VISIT))], why: VisitWhy | None = None
) -> HTMLResponse:
    """What the stations where I work are to look at."""
    return desk.show(
        "visits_due.html",
        found=door.list_visits_due(desk.session, desk.caller, desk.today, desk.settings, why),
        why=why,
        whys=list(VisitWhy),
        every=desk.settings.confirm_every_days,
    )


@router.get("/stations/{station_id}")
def show_station(
    desk: Reader,
    station_id: RowId,
    cursor: Cursor = None,
    employer: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """One station; with the name of an employer, the form to note a visit there."""
    return _station(desk, station_id, cursor=cursor, typed={"employer": employer} if employer else None)


@router.post("/stations/{station_id}/staff")
def change_staff(desk: Manager, station_id: RowId, fields: Fields) -> Response:
    """Let somebody work there, or no longer."""

    def command() -> None:
        body = read_form(StaffTold, {"username": first(fields, "username")})
        change = door.end_station_staff if "end" in fields else door.add_station_staff
        change(station_id, body, desk.session, desk.caller, desk.today)

    return _after(desk, station_id, command, {"username": first(fields, "username")})


@router.post("/stations/{station_id}/visits")
def create_visit(desk: Visitor, station_id: RowId, fields: Fields) -> Response:
    """Note a visit; the employer by its name."""
    typed = {name: value for name in _VISIT if (value := first(fields, name))}
    employer = first(fields, "employer")

    def command() -> None:
        body = read_form(VisitCreate, typed | {"employer_id": _employer(desk, employer)})
        door.create_station_visit(station_id, body, desk.session, desk.caller, desk.today, desk.once)

    return _after(desk, station_id, command, typed | {"employer": employer})


def _employer(desk: Desk, name: str) -> int:
    """The employer of this name; where there are several, the oldest record."""
    found = desk.session.exec(
        select(Employer.id).where(Employer.name == name).order_by(col(Employer.id)).limit(1)
    ).first()
    if found is None:
        raise invalid("employer_id", "unknown", "没有找到这个名称的用人单位，请在“用人单位”里查到全称再填。")
    return found


def _after(desk: Desk, station_id: int, command: Callable[[], None], typed: dict[str, str]) -> Response:
    problem = desk.attempt(command)
    if problem is None:
        return to(f"/stations/{station_id}?done=kept")
    return _station(desk, station_id, problem=problem, typed=typed)


def _stations(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    return desk.show(
        "stations.html",
        path="/stations",
        problem=problem,
        kept=typed is not None,
        typed=typed or dict.fromkeys(_STATION, ""),
        found=door.list_stations(desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present),
        own=[desk.present.known_place(code) for code in desk.caller.regions],
        first_page=cursor is None,
    )


def _station(
    desk: Desk,
    station_id: int,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    station = door.read_station(station_id, desk.session, desk.caller, desk.present, Response())
    return desk.show(
        "station.html",
        path=f"/stations/{station_id}",
        problem=problem,
        kept=typed or {},
        station=station,
        mine=desk.caller.governs(station.kept_by.code),
        staff=door.list_station_staff(station_id, desk.session, desk.caller),
        visits=door.list_station_visits(station_id, desk.session, desk.caller, Paging(_SHOWN, cursor, None)),
        found=list(VisitFound),
        first_page=cursor is None,
    )
