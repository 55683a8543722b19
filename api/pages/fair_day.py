"""一场招聘会: its booths, devices and board, and who came and what came of it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.deps import RowId
from api.errors import Problem
from api.fairs.inviting import how_many
from api.jobs.asking import job_or_404
from api.offering import on_offer
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields, Search
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.rights import Action
from api.routes.bureau import fair_booths, fair_visitors, fairs, kiosk_devices
from api.schemas.fair_day import BoothCreate, CalledAgain, DeviceCreate, DiscardTold
from api.schemas.job import public_job
from models.employer import Employer
from models.job import UNFINISHED
from models.vacancy import Vacancy

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
Manager = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE))]
People = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER))]
Placer = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER, Action.PLACE))]
_SHOWN, _EMPLOYERS = 50, 10


@router.get("/fairs/{fair_id}")
def show_fair(desk: Reader, fair_id: RowId, q: Search = "", job: int | None = None) -> HTMLResponse:
    """One fair: how far it is prepared, and what is to be done next."""
    return _fair(desk, fair_id, q=q, job=job)


@router.get("/fairs/{fair_id}/board")
def show_board(desk: Reader, fair_id: RowId, part: bool = False) -> HTMLResponse:
    """The board on the wall; the page asks for its figures anew every few seconds."""
    told = fair_booths.read_fair_board(fair_id, desk.session, desk.caller)
    return desk.show("_fair_board.html" if part else "fair_board.html", board=told, now=told.as_of)


@router.post("/fairs/{fair_id}/booths")
def create_booth(desk: Manager, fair_id: RowId, fields: Fields) -> Response:
    """Give an employer a booth."""

    def command() -> None:
        told = {
            "number": first(fields, "number"),
            "employer_id": first(fields, "employer"),
            "vacancy_ids": fields.get("vacancy", []),
        }
        body = read_form(BoothCreate, told)
        fair_booths.create_fair_booth(fair_id, body, desk.session, desk.caller, desk.once, desk.today)

    problem = desk.attempt(command)
    return to(f"/fairs/{fair_id}?done=kept") if problem is None else _fair(desk, fair_id, problem=problem)


@router.post("/fairs/{fair_id}/booths/{booth_id}/{step}")
def change_booth(
    desk: Manager,
    fair_id: RowId,
    booth_id: RowId,
    step: Literal["call", "call-again", "withdraw"],
    ticket: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Call the next to a booth, or somebody once more, or give the booth up."""
    given = (desk.session, desk.caller)

    def command() -> None:
        if step == "call":
            fair_booths.call_fair_queue(fair_id, booth_id, *given, desk.once)
        elif step == "call-again":
            body = read_form(CalledAgain, {"ticket": ticket})
            fair_booths.call_fair_ticket(fair_id, booth_id, body, *given)
        else:
            fair_booths.withdraw_fair_booth(fair_id, booth_id, *given, desk.today)

    problem = desk.attempt(command)
    if problem is not None:
        return _fair(desk, fair_id, problem=problem)
    return to(f"/fairs/{fair_id}?done=kept" if step == "withdraw" else f"/fairs/{fair_id}/board")


@router.post("/fairs/{fair_id}/devices")
def create_device(desk: Manager, fair_id: RowId, fields: Fields) -> Response:
    """Announce a device; its code is shown this once."""
    made: list[Any] = []

    def command() -> None:
        body = read_form(DeviceCreate, {"name": first(fields, "name")})
        made.append(
            kiosk_devices.create_kiosk_device(
                fair_id, body, desk.session, desk.caller, desk.keyring, desk.once
            )
        )

    problem = desk.attempt(command)
    return _fair(desk, fair_id, problem=problem, announced=made[0] if made else None)


@router.post("/fairs/{fair_id}/devices/{device_id}/revoke")
def revoke_device(
    desk: Manager, fair_id: RowId, device_id: RowId, since: Annotated[str, Form(max_length=30)] = ""
) -> Response:
    """Let a device be nobody from now on; with an instant, believe nothing that it sent from then on."""

    def command() -> None:
        kiosk_devices.revoke_kiosk_device(fair_id, device_id, desk.session, desk.caller)
        if since:
            body = read_form(DiscardTold, {"since": f"{since}+08:00"})
            kiosk_devices.discard_device_commands(fair_id, device_id, body, desk.session, desk.caller)

    problem = desk.attempt(command)
    if problem is not None:
        return _fair(desk, fair_id, problem=problem)
    return to(f"/fairs/{fair_id}?done=device-{'discarded' if since else 'revoked'}#devices")


@router.post("/fairs/{fair_id}/cards")
def make_cards(desk: Placer, fair_id: RowId) -> Response:
    """Have the cards made anew."""
    job = fair_visitors.make_fair_cards(fair_id, desk.session, desk.caller, desk.once)
    return to(f"/fairs/{fair_id}?job={job.id}")


@router.post("/fairs/{fair_id}/settle")
def settle(desk: Placer, fair_id: RowId) -> Response:
    """After the fair: wishes become applications."""
    made: list[int] = []

    def command() -> None:
        made.append(fair_visitors.settle_fair(fair_id, desk.session, desk.caller, desk.once, desk.today).id)

    problem = desk.attempt(command)
    if problem is not None:
        return _fair(desk, fair_id, problem=problem)
    return to(f"/fairs/{fair_id}?job={made[0]}")


@router.get("/fairs/{fair_id}/progress/{job_id}")
def show_progress(desk: People, fair_id: RowId, job_id: RowId) -> HTMLResponse:
    """How far a job of the fair's is; at its end the page that it led to is loaded."""
    job = public_job(job_or_404(desk.session, job_id))
    answer = desk.show("_fair_progress.html", fair_id=fair_id, job=job)
    if job.state not in UNFINISHED:
        answer.headers["HX-Redirect"] = job.link or f"/fairs/{fair_id}"
    return answer


@router.get("/fairs/{fair_id}/visits")
def show_visits(
    desk: People, fair_id: RowId, due: Annotated[bool, Query()] = False, cursor: Cursor = None
) -> HTMLResponse:
    """Who came, and what came of each wish."""
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    found = fair_visitors.list_fair_visits(
        fair_id, desk.session, desk.caller, desk.paging(_SHOWN, cursor), desk.present, desk.settings, due
    )
    return desk.show("fair_visits.html", fair=fair, found=found, due=due, first_page=cursor is None)


def _fair(
    desk: Desk,
    fair_id: int,
    *,
    q: str = "",
    job: int | None = None,
    problem: Problem | None = None,
    announced: Any = None,
) -> HTMLResponse:
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    board = fair_booths.read_fair_board(fair_id, desk.session, desk.caller)
    return desk.show(
        "fair.html",
        problem=problem,
        fair=fair,
        board=board,
        running=public_job(job_or_404(desk.session, job)) if job else None,
        announced=announced,
        q=q,
        sought=_employers(desk, q, {booth.employer_id for booth in board.booths}),
        cards=how_many(desk.session, fair_id, with_card=True),
        may_settle=fair.held and desk.may(Action.PLACE) and desk.may(Action.READ_LEDGER),
    )


def _employers(desk: Desk, q: str, standing: set[int]) -> list[tuple[Employer, list[Vacancy]]]:
    """Employers of that name, or with posts of that name, that are at no booth yet, with their posts on offer."""
    if not q.strip():
        return []
    rows = desk.session.exec(
        select(Employer, Vacancy)
        .join(Vacancy, col(Vacancy.employer_id) == col(Employer.id))
        .where(
            on_offer(desk.today, desk.settings.vacancy_refresh_days),
            col(Employer.id).not_in(standing),
            col(Employer.name).contains(q.strip(), autoescape=True)
            | col(Vacancy.title).contains(q.strip(), autoescape=True),
        )
        .order_by(col(Employer.id), col(Vacancy.id))
        .limit(_EMPLOYERS * 10)
    )
    found: dict[int, tuple[Employer, list[Vacancy]]] = {}
    for employer, vacancy in rows:
        found.setdefault(employer.identity, (employer, []))[1].append(vacancy)
    return list(found.values())[:_EMPLOYERS]
