"""帮扶车间 and 社区工厂: who is recognised, who works there, how each was rated."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.follow_ups import Region
from api.pages.gathering import Cursor, Fields
from api.pages.naming import regions_below
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import workshops as door
from api.schemas.workshop import Rated, Recognised, Revoked
from models.workshop import WorkshopForm, WorkshopGrade
from outcomes.ladder.counts import workshop_headcount, workshops_recognised

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Manager = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.MANAGE))]
_SHOWN = 50
_FORMS = {
    "recognise": (Recognised, ("form", "recognised_on", "basis")),
    "revoke": (Revoked, ("revoked_on", "reason")),
    "rate": (Rated, ("year", "grade", "note")),
}


@router.get("/workshops")
def show_workshops(
    desk: Reader,
    region: Region = "",
    recognised: Annotated[str, Query(max_length=5)] = "",
    cursor: Cursor = None,
) -> HTMLResponse:
    """Workshops and community factories, with who works there today."""
    within = [region] if region else list(desk.caller.regions)
    return desk.show(
        "workshops.html",
        found=door.list_workshops(
            desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present,
            region=region or None, recognised={"yes": True, "no": False}.get(recognised),
        ),
        whole=workshop_headcount(desk.session, within, desk.today, desk.today),
        in_force=workshops_recognised(desk.session, within, desk.today, desk.today),
        region=region,
        recognised=recognised,
        regions=regions_below(desk.session, desk.caller.regions, desk.present),
        first_page=cursor is None,
    )  # fmt: skip


@router.get("/workshops/{employer_id}")
def show_workshop(desk: Reader, employer_id: RowId, cursor: Cursor = None) -> HTMLResponse:
    """One of them."""
    return _page(desk, employer_id, cursor=cursor)


@router.post("/workshops/{employer_id}/{step}")
def change_workshop(
    desk: Manager, employer_id: RowId, step: Literal["recognise", "revoke", "rate"], fields: Fields
) -> Response:
    """Recognise it, end that, or rate it."""
    schema, names = _FORMS[step]
    typed = {name: value for name in names if (value := first(fields, name))}

    def command() -> None:
        body = read_form(schema, typed)
        if step == "recognise":
            door.recognise_workshop(
                employer_id, body, desk.session, desk.caller, desk.today, desk.once, desk.present
            )
        elif step == "revoke":
            door.revoke_workshop(employer_id, body, desk.session, desk.caller, desk.today, desk.present)
        else:
            door.rate_workshop(employer_id, body, desk.session, desk.caller, desk.today, desk.present)

    problem = desk.attempt(command)
    if problem is None:
        return to(f"/workshops/{employer_id}?done=kept")
    return _page(desk, employer_id, problem=problem, typed=typed | {"step": step})


def _page(
    desk: Desk,
    employer_id: int,
    *,
    cursor: str | None = None,
    problem: Problem | None = None,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    return desk.show(
        "workshop.html",
        problem=problem,
        kept=typed or {},
        workshop=door.read_workshop(employer_id, desk.session, desk.caller, desk.present),
        people=door.list_workshop_workers(
            employer_id, desk.session, desk.caller, desk.today, desk.present, cursor=cursor, limit=_SHOWN
        ),
        first_page=cursor is None,
        forms=list(WorkshopForm),
        grades=list(WorkshopGrade),
    )
