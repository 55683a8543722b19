"""输送批次 and 培训班: what there is, one of them, and people ticked onto its list."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.deps import RowId
from api.employer_rosters import employers_of
from api.errors import Problem, invalid
from api.pages.desk import Desk, desk_for, to
from api.pages.naming import regions_below, vacancy_named
from api.pages.routing import PageRoute
from api.pages.typed import read_form as _read
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import courses, dispatches
from api.routes.bureau.workers import list_workers
from api.schemas.dispatch import Departure, DispatchCreate, MembersTold, PeopleTold
from api.schemas.training import Completion, CourseCreate
from api.schemas.worker import WorkerSummary
from ledger.gathering import MAY_LEAVE, enrolled_in, members_of
from ledger.gazetteer import Gazetteer
from models.application import Application
from models.dispatch import Transport
from models.training import TO_ORDER, CourseKind
from models.vacancy import Vacancy
from models.worker import Worker
from outcomes.ladder.counts import trainings

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Sender = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))]
Trainer = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.WRITE_LEDGER))]
_SHOWN = 200
_SOUGHT = 50
_BATCH = ("region", "name", "departs_on", "destination", "transport", "note")
_COURSE = (
    "region",
    "name",
    "kind",
    "organiser",
    "employer",
    "post",
    "skill",
    "skill_level",
    "started_on",
    "ended_on",
)


async def form_fields(request: Request) -> dict[str, list[str]]:
    """Everything that a form sent, by field: ticks come several times."""
    form = await request.form()
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


Fields = Annotated[dict[str, list[str]], Depends(form_fields)]
Cursor = Annotated[str | None, Query(max_length=500)]
Search = Annotated[str, Query(max_length=50)]


@router.get("/dispatches")
def show_dispatches(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """The batches, and the form of a new one."""
    return _dispatches_page(desk, cursor=cursor)


@router.post("/dispatches")
def create_dispatch(desk: Sender, fields: Fields) -> Response:
    """Plan a batch."""
    typed = _typed(fields, *_BATCH)
    made: list[int] = []

    def command() -> None:
        told = {name: value for name, value in typed.items() if value}
        if place := told.get("destination"):
            told["destination"] = place_code("destination", place)
        body = _read(DispatchCreate, told | {"point_to_point": "point_to_point" in fields})
        made.append(dispatches.create_dispatch(body, desk.session, desk.caller, desk.once, desk.present).id)

    problem = desk.attempt(command)
    if problem is not None:
        return _dispatches_page(desk, problem=problem, typed=typed)
    return to(f"/dispatches/{made[0]}")


@router.get("/dispatches/{dispatch_id}")
def show_dispatch(desk: Reader, dispatch_id: RowId, q: Search = "", cursor: Cursor = None) -> HTMLResponse:
    """One batch, its list, and who may be added."""
    return _dispatch_page(desk, dispatch_id, q=q, cursor=cursor)


@router.post("/dispatches/{dispatch_id}/members")
def add_members(desk: Sender, dispatch_id: RowId, fields: Fields) -> Response:
    """Put those ticked on the list."""

    def command() -> None:
        told = {
            "worker_ids": fields.get("worker", []),
            "application_ids": fields.get("application", []),
        }
        body = _read(MembersTold, told)
        dispatches.add_dispatch_members(dispatch_id, body, desk.session, desk.caller, desk.today)

    return _after(
        desk, command, lambda problem: _dispatch_page(desk, dispatch_id, problem=problem), dispatch_id
    )


@router.post("/dispatches/{dispatch_id}/{step}")
def change_members(desk: Sender, dispatch_id: RowId, step: str, fields: Fields) -> Response:
    """Take those ticked off the list, or note that they left or did not."""
    people = fields.get("worker", [])

    def command() -> None:
        if step == "remove":
            body = _read(PeopleTold, {"worker_ids": people})
            dispatches.remove_dispatch_members(dispatch_id, body, desk.session, desk.caller)
        else:
            departure = _read(Departure, {"worker_ids": people or None, "departed": step != "stay"})
            dispatches.depart_dispatch(dispatch_id, departure, desk.session, desk.caller)

    return _after(
        desk, command, lambda problem: _dispatch_page(desk, dispatch_id, problem=problem), dispatch_id
    )


@router.get("/courses")
def show_courses(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """The courses, and the form of a new one."""
    return _courses_page(desk, cursor=cursor)


@router.post("/courses")
def create_course(desk: Trainer, fields: Fields) -> Response:
    """Enter a course."""
    typed = _typed(fields, *_COURSE)
    made: list[int] = []

    def command() -> None:
        told: dict[str, Any] = {name: value for name, value in typed.items() if value}
        employer, post = told.pop("employer", ""), told.pop("post", "")
        if employer or post:
            told["vacancy_id"] = vacancy_named(desk.session, employer, post)
        body = _read(CourseCreate, told)
        made.append(courses.create_course(body, desk.session, desk.caller, desk.once, desk.present).id)

    problem = desk.attempt(command)
    if problem is not None:
        return _courses_page(desk, problem=problem, typed=typed)
    return to(f"/courses/{made[0]}")


@router.get("/courses/{course_id}")
def show_course(desk: Reader, course_id: RowId, q: Search = "", cursor: Cursor = None) -> HTMLResponse:
    """One course, who took part, and who may be added."""
    return _course_page(desk, course_id, q=q, cursor=cursor)


@router.post("/courses/{course_id}/{step}")
def change_course(desk: Trainer, course_id: RowId, step: str, fields: Fields) -> Response:
    """Put those ticked on the list, take them off, or note that they completed it or did not."""
    people = fields.get("worker", [])

    def command() -> None:
        if step == "enrolments":
            body = _read(PeopleTold, {"worker_ids": people})
            courses.add_enrolments(course_id, body, desk.session, desk.caller)
        elif step == "remove":
            body = _read(PeopleTold, {"worker_ids": people})
            courses.remove_enrolments(course_id, body, desk.session, desk.caller)
        else:
            told: dict[str, Any] = {"worker_ids": people or None, "completed": step != "failed"}
            if certificate := " ".join(fields.get("certificate", [])).strip():
                told["certificate"] = certificate
            courses.complete_course(course_id, _read(Completion, told), desk.session, desk.caller)

    problem = desk.attempt(command)
    if problem is not None:
        return _course_page(desk, course_id, problem=problem)
    return to(f"/courses/{course_id}?done=listed")


def _after(
    desk: Desk, command: Callable[[], None], again: Callable[[Problem], HTMLResponse], dispatch_id: int
) -> Response:
    problem = desk.attempt(command)
    return again(problem) if problem is not None else to(f"/dispatches/{dispatch_id}?done=listed")


def place_code(field: str, place: str) -> str:
    """The code of a place that was typed by its name, or as a code.

    Raises
    ------
    Problem
        422 where there is none of that name.
    """
    if place.isdecimal():
        return place
    code = Gazetteer.national().find(place)
    if code is None:
        raise invalid(
            field, "unknown_place", f"没有找到“{place}”。请写到县（市、区），如 江苏省南通市通州区。"
        )
    return code


def _typed(fields: dict[str, list[str]], *names: str) -> dict[str, str]:
    return {name: (fields.get(name) or [""])[0].strip() for name in names}


def _dispatches_page(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    return desk.show(
        "dispatches.html",
        problem=problem,
        kept=problem is not None,
        typed=typed or dict.fromkeys(_BATCH, ""),
        found=dispatches.list_dispatches(desk.session, desk.caller, Paging(30, cursor, None), desk.present),
        first_page=cursor is None,
        transports=list(Transport),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


def _courses_page(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    return desk.show(
        "courses.html",
        problem=problem,
        kept=problem is not None,
        typed=typed or dict.fromkeys(_COURSE, ""),
        found=courses.list_courses(desk.session, desk.caller, Paging(30, cursor, None), desk.present),
        first_page=cursor is None,
        kinds=list(CourseKind),
        year=_year(desk),
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
    )


def _year(desk: Desk) -> tuple[int, int]:
    """This year's person-times, and those of them to order."""
    asked = (desk.session, desk.caller.regions, desk.today.replace(month=1, day=1), desk.today)
    year = trainings(*asked)
    return sum(times for _, times in year), sum(times for course, times in year if course.kind in TO_ORDER)


def _dispatch_page(
    desk: Desk,
    dispatch_id: int,
    *,
    q: str = "",
    cursor: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    batch = dispatches.dispatch_or_404(desk.session, dispatch_id)
    listed = {row.worker_id for row in members_of(desk.session, batch)}
    return desk.show(
        "dispatch.html",
        problem=problem,
        batch=dispatches.read_dispatch(dispatch_id, desk.session, desk.caller, desk.present, Response()),
        members=dispatches.list_dispatch_members(
            dispatch_id, desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present
        ),
        first_page=cursor is None,
        employers=employers_of(desk.session, batch),
        ready=_ready(desk, batch.region, listed),
        q=q,
        sought=_sought(desk, q, batch.region, listed),
    )


def _course_page(
    desk: Desk, course_id: int, *, q: str = "", cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    course = courses.course_or_404(desk.session, course_id)
    listed = {row.worker_id for row in enrolled_in(desk.session, course)}
    return desk.show(
        "course.html",
        problem=problem,
        course=courses.read_course(course_id, desk.session, desk.caller, desk.present, Response()),
        members=courses.list_enrolments(
            course_id, desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present
        ),
        first_page=cursor is None,
        q=q,
        sought=_sought(desk, q, course.region, listed),
    )


def _sought(desk: Desk, q: str, region: str, listed: set[int]) -> list[WorkerSummary]:
    """People of that name who are not on the list yet."""
    if not q.strip():
        return []
    paging = Paging(_SOUGHT, None, None)
    found = list_workers(desk.session, desk.caller, paging, desk.present, q=q.strip(), region=region)
    return [worker for worker in found.items if worker.id not in listed and not worker.restricted]


def _ready(desk: Desk, region: str, listed: set[int]) -> list[tuple[int, WorkerSummary, str]]:
    """Who has accepted a post or has just started there, and is not on the list: application, person, post."""
    rows = desk.session.exec(
        select(Application.id, Worker, Vacancy.title)
        .join(Worker, col(Worker.id) == col(Application.worker_id))
        .join(Vacancy, col(Vacancy.id) == col(Application.vacancy_id))
        .where(
            col(Application.state).in_(MAY_LEAVE),
            col(Worker.region).startswith(region),
            col(Worker.id).not_in(listed),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
        .order_by(col(Application.decided_on).desc().nulls_last(), col(Application.id).desc())
        .limit(_SOUGHT)
    ).all()
    people = desk.present.workers([worker for _, worker, _ in rows])
    return [
        (int(number or 0), person, title) for (number, _, title), person in zip(rows, people, strict=True)
    ]
