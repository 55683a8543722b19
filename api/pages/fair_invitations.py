"""邀请谁来: who is asked to come to a fair, by hand or by township, and their printed codes."""

from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse
from sqlmodel import col, select

from api.audit import record
from api.deps import RowId
from api.errors import Problem, invalid
from api.fairs.inviting import codes_of, in_force
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields, Search
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import fair_visitors, fairs
from api.routes.bureau.workers import list_workers
from api.schemas.fair_day import InviteTold
from ledger.people import at_work
from ledger.people_sought import Sought
from models.kiosk import FairInvitation
from models.worker import Worker
from outcomes.calendar import shift

router = APIRouter(route_class=PageRoute, include_in_schema=False)
People = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER))]
Placer = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS, Action.READ_LEDGER, Action.PLACE))]
_SHOWN, _AT_ONCE = 50, 500
_YOUNGEST, _OLDEST = 16, 65


@router.get("/fairs/{fair_id}/invitations")
def show_invitations(desk: People, fair_id: RowId, q: Search = "", cursor: Cursor = None) -> HTMLResponse:
    """Who is asked to come, and who may be."""
    return _invitations(desk, fair_id, q=q, cursor=cursor)


@router.post("/fairs/{fair_id}/invitations")
def invite(desk: Placer, fair_id: RowId, fields: Fields) -> Response:
    """Ask those ticked to come, or everybody of a township who has no work."""

    def command() -> None:
        ticked = [*fields.get("worker", [])]
        wanted: list[Any] = ticked or _without_work(desk, fair_id, first(fields, "region"))
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


def _invitations(
    desk: Desk, fair_id: int, *, q: str = "", cursor: str | None = None, problem: Problem | None = None
) -> HTMLResponse:
    fair = fairs.read_fair(fair_id, desk.session, desk.caller, desk.present, Response())
    found = fair_visitors.list_fair_invitations(
        fair_id, desk.session, desk.caller, desk.paging(_SHOWN, cursor), desk.present
    )
    sought = []
    if q.strip():
        asked = Paging(_SHOWN, None, None)
        people = list_workers(
            desk.session, desk.caller, asked, desk.present, Sought(q=q.strip(), region=fair.region.code)
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


def _without_work(desk: Desk, fair_id: int, region: str) -> list[int]:
    """Everybody registered there who has no work, is of working age and not invited to this fair, as many as can be asked at once.

    Raises
    ------
    Problem
        422 where nobody was ticked and no place chosen, or there is nobody left.
    """
    if not region.isdecimal():
        raise invalid("worker_ids", "missing", "请先选人，或选一个乡镇")
    invited = select(FairInvitation.worker_id).where(
        FairInvitation.fair_id == fair_id, col(FairInvitation.revoked_at).is_(None)
    )
    people = desk.session.exec(
        select(Worker.id)
        .where(
            col(Worker.region).startswith(region, autoescape=True),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
            col(Worker.birth_date).between(
                shift(desk.today, -_OLDEST * 12), shift(desk.today, -_YOUNGEST * 12)
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
