"""工作计划: the published plans, and one with each of its labour tasks and where it stands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from api.deps import ReachedDep, RowId
from api.pages.desk import Desk, desk_for
from api.pages.routing import PageRoute
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import plans as door

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_TARGETS))]


@router.get("/plans")
def show_plans(desk: Reader) -> HTMLResponse:
    """Every plan, and what tasks count."""
    found = door.list_plans(desk.session, desk.caller, Paging(200, None, None), desk.present)
    return desk.show("plans.html", plans=found, indicators=door.list_indicators(desk.caller).items)


@router.get("/plans/{plan_id}")
def show_plan(desk: Reader, plan_id: RowId, as_of: ReachedDep) -> HTMLResponse:
    """One plan."""
    plan = door.read_plan(plan_id, desk.session, desk.caller, as_of, desk.present, Response())
    return desk.show("plan.html", plan=plan)
