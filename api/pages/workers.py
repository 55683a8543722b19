"""台账: who is there, and one person's page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse

from api.audit import record
from api.deps import RowId
from api.errors import invalid
from api.pages.desk import Desk, desk_for
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.worker_page import RevealReason, worker_page
from api.paging import Paging
from api.presenting import DELETED
from api.rights import Action
from api.routes.bureau.workers import list_workers, worker_or_404
from ledger.people import reveal
from models.sealing import Unsealable

router = APIRouter(route_class=PageRoute)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]


@router.get("/workers")
def show_workers(
    desk: Reader,
    q: Annotated[str, Query(max_length=50)] = "",
    region: Annotated[str, Query(pattern=r"^\d{0,12}$")] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """The ledger."""
    paging = Paging(50, cursor, None)
    wanted = q.strip() or None
    found = list_workers(desk.session, desk.caller, paging, desk.present, q=wanted, region=region or None)
    return desk.show(
        "workers.html",
        found=found,
        q=q,
        region=region,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )


@router.get("/workers/{worker_id}")
def show_worker(desk: Reader, worker_id: RowId, ranked: bool = True) -> HTMLResponse:
    """One person."""
    return worker_page(desk, worker_id, ranked=ranked)


@router.post("/workers/{worker_id}/numbers")
def show_numbers(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.REVEAL))],
    worker_id: RowId,
    reason: Annotated[str, Form(max_length=20)] = "",
) -> HTMLResponse:
    """One person with the numbers in full, this once; who looked and what for is recorded."""
    worker = worker_or_404(desk.session, worker_id)
    if reason not in set(RevealReason):
        return worker_page(
            desk, worker_id, problem=invalid("reason", "missing", "请先选择查看的用途，再点“查看完整号码”。")
        )
    numbers: tuple[str | None, str | None]
    try:
        numbers = reveal(desk.session, desk.request.app.state.keyring, worker)
    except Unsealable:
        numbers = (DELETED, DELETED)
    record(desk.session, "reveal", "worker", worker_id, region=worker.region, change={"reason": reason})
    return worker_page(desk, worker_id, numbers=numbers)
