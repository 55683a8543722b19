"""到期删除: who is due, and approving it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.pages.consents import rights_page
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor
from api.pages.routing import PageRoute
from api.pages.typed import read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import erasures as door
from api.schemas.erasure import ErasureApproved
from models.erasure import ErasureReason

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Approver = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.ERASE))]


@router.get("/erasures")
def show_erasures(desk: Approver, cursor: Cursor = None) -> HTMLResponse:
    """Who is due, and what was deleted."""
    return _page(desk, cursor=cursor)


@router.post("/workers/{worker_id}/erase")
def erase(desk: Approver, worker_id: RowId, reason: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Approve it."""

    def command() -> None:
        body = read_form(ErasureApproved, {"reason": reason})
        door.erase_worker(worker_id, body, desk.session, desk.caller, desk.settings, desk.today, desk.once)

    problem = desk.attempt(command)
    if problem is None:
        return to("/erasures?done=erased")
    if reason == ErasureReason.REQUEST.value:
        return rights_page(desk, worker_id, problem=problem)
    return _page(desk, problem=problem)


def _page(desk: Desk, *, cursor: str | None = None, problem: Problem | None = None) -> HTMLResponse:
    given = (desk.session, desk.caller)
    return desk.show(
        "erasures.html",
        path="/erasures",
        problem=problem,
        found=door.list_due_erasures(
            *given, Paging(30, cursor, None), desk.settings, desk.present, desk.today
        ),
        done=door.list_erasures(*given, Paging(20, None, None)),
        years=desk.settings.retention_years,
        first_page=cursor is None,
    )
