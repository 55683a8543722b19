"""常用筛选 in the console: kept above the list, each with how many people it finds; renamed, removed, put back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.people_counted import how_many
from api.rights import Action
from api.routes.bureau import worker_searches as door
from api.schemas.people_filter import PeopleFilter
from api.schemas.worker_search import WorkerSearchCreate, WorkerSearchUpdate
from api.searches import change, mine, remove, restore, search_or_404

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]


@router.get("/workers/searches")
def show_searches(
    desk: Reader, removed: int | None = None, hx_request: Annotated[bool, Header()] = False
) -> HTMLResponse:
    """Every filter with its number of people: as the strip above the list, or as a page on which they are changed."""
    return _page(desk, strip=hx_request, removed=removed)


@router.post("/workers/searches")
def save_search(desk: Reader, fields: Fields) -> Response:
    """Keep the filter in force under a name. Whom it named by a name is not kept, and the page says so."""

    def command() -> None:
        told = {name: value for name in PeopleFilter.model_fields if (value := first(fields, name))}
        body = read_form(
            WorkerSearchCreate,
            {"name": first(fields, "name"), "shared": "shared" in fields, "wanted": told},
        )
        door.create_worker_search(body, desk.session, desk.caller, desk.present, desk.once)

    problem = desk.attempt(command)
    return to("/workers/searches?done=search-kept") if problem is None else _page(desk, problem=problem)


@router.post("/workers/searches/{search_id}/{step}")
def change_search(
    desk: Reader,
    search_id: RowId,
    step: str,
    name: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Rename it, share it or not, take it off the list or put it back."""
    row = search_or_404(desk.session, desk.caller, search_id)

    def command() -> None:
        given = (desk.session, desk.caller, row)
        if step == "remove":
            remove(*given)
        elif step == "restore":
            restore(*given)
        elif step in ("share", "keep"):
            change(*given, shared=step == "share")
        else:
            change(*given, name=read_form(WorkerSearchUpdate, {"name": name}).name)

    problem = desk.attempt(command)
    if problem is not None:
        return _page(desk, problem=problem)
    if step == "remove":
        return to(f"/workers/searches?removed={search_id}")
    return to("/workers/searches?done=kept")


def _page(
    desk: Desk, *, strip: bool = False, removed: int | None = None, problem: Problem | None = None
) -> HTMLResponse:
    searches = mine(desk.session, desk.caller)
    gone = search_or_404(desk.session, desk.caller, removed) if removed else None
    return desk.show(
        "_searches.html" if strip else "searches.html",
        path="/workers",
        problem=problem,
        searches=searches,
        found={
            each.row.id: how_many(
                desk.session, each.sought, desk.today, seconds=desk.settings.remember_seconds
            )
            for each in searches
        },
        words={
            each.row.id: door.search_public(desk.session, desk.caller, desk.present, each.row).words
            for each in searches
        },
        removed=gone if gone is not None and gone.removed_at is not None else None,
        may_share=desk.may(Action.MANAGE),
    )
