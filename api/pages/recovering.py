"""应追回: money that was paid and would not be any more, and what came of it."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.benefits import benefits_of
from api.errors import Problem, invalid
from api.pages.benefits import Reader
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import claim_recoveries as door
from api.schemas.benefit import RecoveryTold
from models.benefit import Recovery

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PATH = "/benefits/claims/to-recover"
_SHOWN = 100


@router.get(PATH)
def show_to_recover(desk: Reader, cursor: Cursor = None) -> HTMLResponse:
    """Paid claims without ground, each with its reason."""
    return _page(desk, cursor=cursor)


@router.post(PATH)
def settle(desk: Reader, fields: Fields) -> Response:
    """Say of those ticked what came of them."""
    desk = desk_for(Action.APPROVE_CLAIMS)(desk)
    typed = {name: first(fields, name) for name in ("recovery", "reason")}

    def command() -> None:
        if not fields.get("claim"):
            raise invalid("claim_ids", "missing", "请先选择已经处理的申领")
        body = read_form(RecoveryTold, typed | {"claim_ids": fields["claim"]})
        door.recover_claims(body, desk.session, desk.caller, benefits_of(desk.settings), desk.today)

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, problem=problem, kept=typed | {"claims": fields.get("claim", [])})
    return to(f"{PATH}?done=kept")


def _page(
    desk: Desk,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    kept: dict[str, object] | None = None,
) -> HTMLResponse:
    return desk.show(
        "claims_to_recover.html",
        path="/benefits",
        problem=problem,
        kept=kept or {},
        found=door.list_claims_to_recover(
            desk.session, desk.caller, benefits_of(desk.settings), desk.present, Paging(_SHOWN, cursor, None)
        ),
        first_page=cursor is None,
        recoveries=list(Recovery),
    )
