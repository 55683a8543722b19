"""单位首页: what an employer is to do now — answer, refresh, confirm — and the way to each."""

from collections.abc import Collection
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from api.employer_door.asking import own
from api.errors import Problem
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.paging import Paging
from api.rights import Action
from api.routes.employer import applicants, me, posts

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_FIRST, _POSTS = 5, 20


@router.get("/employer")
def show_home(desk: Annotated[Desk, Depends(desk_for(Action.OWN_POSTS))]) -> HTMLResponse:
    """Where it stands, and the few who wait longest."""
    return home(desk)


def home(desk: Desk, problem: Problem | None = None, ticked: Collection[int] = ()) -> HTMLResponse:
    """The page; with a problem, what was ticked on it stays so."""
    whose = own(desk.session, desk.caller)
    told = me.own_employer(desk.session, whose, desk.present)
    waiting = applicants.list_applicants(
        desk.session,
        whose,
        desk.present,
        desk.settings,
        Paging(_FIRST, None, "applied_on"),
        waiting=True,
    )
    wanting = posts.list_posts(
        desk.session,
        whose,
        desk.present,
        desk.today,
        Paging(_POSTS, None, "valid_until"),
        wants_refresh=True,
    )
    offered = posts.list_posts(
        desk.session, whose, desk.present, desk.today, Paging(1, None, None), offered=True
    )
    return desk.show(
        "own_home.html",
        path="/employer",
        problem=problem,
        ticked=ticked,
        own=told,
        waiting=waiting.items,
        wanting=wanting.items,
        offered=offered.total or 0,
        new_end=desk.today + timedelta(days=desk.present.refresh_days),
    )
