"""申领里等我办的: claims of all batches of which one step may be taken today."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api.benefits import benefits_of
from api.pages.benefits import Reader
from api.pages.gathering import Cursor
from api.pages.routing import PageRoute
from api.paging import Paging
from api.routes.bureau import claims as door
from models.benefit import ClaimState

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_SHOWN = 100
STEPS: dict[door.Step, str] = {
    ClaimState.PUBLIC_NOTICE: "等村级核查",
    ClaimState.APPROVED: "公示期满、等审批",
    ClaimState.PAID: "已审批、等发放",
}
"""Each step by the state that it leads to, and what a claim waits for before it."""


@router.get("/benefits/claims")
def show_claims(
    desk: Reader, ready: Annotated[door.Step, Query()] = ClaimState.PUBLIC_NOTICE, cursor: Cursor = None
) -> HTMLResponse:
    """Those that wait for a step, in the order of their numbers; the step is taken on the page of the batch."""
    found = door.list_claims(
        desk.session, desk.caller, benefits_of(desk.settings), desk.present, Paging(_SHOWN, cursor, "id"),
        desk.today, ready=ready,
    )  # fmt: skip
    return desk.show("claims_waiting.html", found=found, ready=ready, steps=STEPS, first_page=cursor is None)
