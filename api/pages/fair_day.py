"""一场招聘会: its booths, devices and board; who is asked to come, their printed codes, who came and what came of it."""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.audit import record
from api.deps import RowId
from api.errors import Problem, invalid
from api.fairs.inviting import codes_of, in_force
from api.jobs.asking import job_or_404
from api.offering import on_offer
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields, Search
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import fair_booths, fair_visitors, fairs, kiosk_devices
from api.routes.bureau.workers import list_workers
from api.schemas.fair_day import BoothCreate, DeviceCreate, InviteTold
from api.schemas.job import public_job
from ledger.people import at_work
from models.employer import Employer
from models.job import UNFINISHED
from models.kiosk import FairInvitation
from models.vacancy import Vacancy
from models.worker import Worker

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]
Manager = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.MANAGE))]
People = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER))]
Placer = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER, Action.PLACE))]
_SHOWN, _EMPLOYERS, _AT_ONCE = 50, 10, 500


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
        fair_booths.create_fair_booth(fair_id, body, desk.session, desk.caller, desk.once)

    problem = desk.attempt(command)
    return to(f"/fairs/{fair_id}?done=kept") if problem is None else _fair(desk, fair_id, problem=problem)


@router.post("/fairs/{fair_id}/booths/{booth_id}/{step}")
def change_booth(desk: Manager, fair_id: RowId, booth_id: RowId, step: str) -> Response:
    """Call the next to a booth, or give the booth up."""
    given = (fair_id, booth_id, desk.session, desk.caller)

    def command() -> None:
        if step == "call":
            fair_booths.call_fair_queue(*given, desk.once)
        else:
            fair_booths.withdraw_fair_booth(*given)

    problem = desk.attempt(command)
    if problem is not None:
        return _fair(desk, fair_id, problem=problem)
    return to(f"/fairs/{fair_id}/board" if step == "call" else f"/fairs/{fair_id}?done=kept")


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
def revoke_device(desk: Manager, fair_id: RowId, device_id: RowId) -> Response:
    """Let a device be nobody from now on."""
    kiosk_devices.revoke_kiosk_device(fair_id, device_id, desk.session, desk.caller)
    return to(f"/fairs/{fair_id}?done=device-revoked#devices")


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


@router.get("/fairs/{fair_id}/invitations")
def show_invitations(desk: People, fair_id: RowId, q: Search = "", cursor: Cursor = None) -> HTMLResponse:
    """Who is asked to come, and who may be."""
    return _invitations(desk, fair_id, q=q, cursor=cursor)


@router.post("/fairs/{fair_id}/invitations")
def invite(desk: Placer, fair_id: RowId, fields: Fields) -> Response:
    """Ask those ticked to come, or everybody of a township who has no work."""

    def command() -> None:
        ticked = [*fields.get("worker", [])]
        wanted: list[Any] = ticked or _without_work(desk, first(fields, "region"))
        body = read_form(InviteTold, {"worker_ids": wanted})
        fair_visitors.invite_to_fair(
            fair_id, body, desk.session, desk.caller, desk.once, desk.keyring, desk.today
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _invitations(desk, fair_id, problem=problem)
    return to(f"/fairs/{fair_id}/invitations?done=invited")


@router.post("/fairs/{fair_id}/invitations/{invitation_id}/revoke")
def revoke_invitation(desk: Placer, fair_id: RowId, invitation_id: RowId) -> Response:
    """Let a code open nothing any more."""
    fair_visitors.revoke_fair_invitation(fair_id, invitation_id, desk.session, desk.caller)
    return to(f"/fairs/{fair_id}/invitations?done=kept")


@router.get("/fairs/{fair_id}/invitations/print")
def print_invitations(desk: Placer, fair_id: RowId) -> HTMLResponse:
    """The invitations to be printed and handed out, each with its code; that they were printed is on record."""
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    rows = in_force(desk.session, fair_id)
    codes = codes_of(desk.session, desk.keyring, rows)
    people = {
        row.identity: row
        for row in desk.session.exec(
            select(Worker).where(col(Worker.id).in_([row.worker_id for row in rows]))
        )
    }
    record(
        desk.session, "print", "fair", fair_id, region=fair.region.code, change={"invitations": len(codes)}
    )
    told = [
        {
            "name": people[row.worker_id].name,
            "place": desk.present.known_place(people[row.worker_id].region).name,
            "village": people[row.worker_id].village,
            "code": codes[row.identity],
            "picture": segno.make(codes[row.identity], error="m", micro=False).svg_data_uri(
                scale=4, border=2
            ),
        }
        for row in rows
        if row.identity in codes and row.worker_id in people
    ]
    return desk.show("fair_print.html", fair=fair, invitations=told)


@router.get("/fairs/{fair_id}/visits")
def show_visits(
    desk: People, fair_id: RowId, due: Annotated[bool, Query()] = False, cursor: Cursor = None
) -> HTMLResponse:
    """Who came, and what came of each wish."""
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    found = fair_visitors.list_fair_visits(
        fair_id, desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present, desk.settings, due
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
        cards=_cards(desk, fair_id),
        may_settle=fair.held and desk.may(Action.PLACE) and desk.may(Action.READ_LEDGER),
    )


def _cards(desk: Desk, fair_id: int) -> int:
    """How many of the invited have a card."""
    rows = in_force(desk.session, fair_id)
    return sum(row.card_sealed is not None for row in rows)


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


def _invitations(
    desk: Desk, fair_id: int, *, q: str = "", cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    found = fair_visitors.list_fair_invitations(
        fair_id, desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present
    )
    sought = []
    if q.strip():
        asked = Paging(_SHOWN, None, None)
        people = list_workers(
            desk.session, desk.caller, asked, desk.present, q=q.strip(), region=fair.region.code
        )
        invited = {row.worker_id for row in in_force(desk.session, fair_id)}
        sought = [each for each in people.items if each.id not in invited and not each.restricted]
    return desk.show(
        "fair_invitations.html",
        problem=problem,
        fair=fair,
        found=found,
        first_page=cursor is None,
        q=q,
        sought=sought,
        regions=regions_below(desk.session, (fair.region.code,), desk.present),
    )


def _without_work(desk: Desk, region: str) -> list[int]:
    """Everybody registered there who has no work and is of working age, as many as can be asked at once.

    Raises
    ------
    Problem
        422 where nobody was ticked and no place chosen, or there is nobody left.
    """
    if not region.isdecimal():
        raise invalid("worker_ids", "missing", "请先选人，或选一个乡镇")
    invited = select(FairInvitation.worker_id).where(col(FairInvitation.revoked_at).is_(None))
    people = desk.session.exec(
        select(Worker.id)
        .where(
            col(Worker.region).startswith(region, autoescape=True),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
            col(Worker.birth_date).between(
                desk.today.replace(year=desk.today.year - 65), desk.today.replace(year=desk.today.year - 16)
            ),
            ~at_work(desk.today),
            col(Worker.id).not_in(invited),
        )
        .order_by(col(Worker.id))
        .limit(_AT_ONCE)
    )
    found = [number for number in people if number is not None]
    if not found:
        raise invalid("region", "nobody", "这里没有还没邀请的、16至65岁、没有就业的人")
    return found
