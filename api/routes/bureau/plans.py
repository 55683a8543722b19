"""/v1/indicators and /v1/plans: what may be counted, and where each task of the published plans stands."""

from typing import Annotated

from fastapi import Depends, Response
from sqlmodel import Session, col, select

from api.counting import target_public
from api.deps import Caller, ReachedDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.planning import change_plan, new_plan, new_target, require_own
from api.plans import plan_public, plan_summaries
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.planning import PlanCreate, PlanUpdate, TargetCreate
from api.schemas.target import IndicatorPublic, PlanPublic, PlanSummary, TargetPublic
from api.standing import indicator_public
from api.versions import IfMatchDep, etag, hold
from models.target import WorkPlan
from outcomes.indicators.catalogue import INDICATORS

router = bureau_router(tag="target", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE_TARGETS))]


@router.get("/indicators", operation_id="list_indicators")
def list_indicators(_: Reader) -> Page[IndicatorPublic]:
    """Everything that a target may count, and how."""
    items = [indicator_public(each) for each in INDICATORS.values()]
    return Page(items=items, next_cursor=None, total=len(items))


@router.get("/plans", operation_id="list_plans")
def list_plans(session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep) -> Page[PlanSummary]:
    """The work plans."""
    rows, cursor, total = page_of(
        session, select(WorkPlan), paging, number=col(WorkPlan.id), sorts={}, default="id"
    )
    return Page(items=plan_summaries(session, present, rows), next_cursor=cursor, total=total)


@router.get("/plans/{plan_id}", operation_id="read_plan")
def read_plan(
    plan_id: RowId,
    session: SessionDep,
    caller: Reader,
    as_of: ReachedDep,
    present: PresenterDep,
    response: Response,
) -> PlanPublic:
    """One plan: each numbered labour task with its sentence, and where it stands as of a date."""
    row = plan_or_404(session, plan_id)
    response.headers.update(etag(row))
    return plan_public(session, present, caller, row, as_of)


@router.post("/plans", status_code=201, operation_id="create_plan")
def create_plan(
    body: PlanCreate,
    session: SessionDep,
    caller: Manager,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> PlanSummary:
    """Enter a plan that was published; its tasks follow."""
    if body.region is None and len(caller.regions) != 1:
        raise invalid("region", "missing", "您管辖多个地区，请写明是哪个地区的计划")
    region = body.region or caller.regions[0]
    require_scope(session, caller, region)
    return once.keep(plan_summaries(session, present, [new_plan(session, body, region, today)])[0])


@router.patch("/plans/{plan_id}", operation_id="update_plan")
def update_plan(
    plan_id: RowId,
    body: PlanUpdate,
    session: SessionDep,
    caller: Manager,
    version: IfMatchDep,
    today: TodayDep,
    present: PresenterDep,
    response: Response,
) -> PlanSummary:
    """Change what is told of a plan (JSON merge patch)."""
    row = plan_or_404(session, plan_id)
    require_own(caller, row)
    hold(session, row, version)
    change_plan(session, row, body, today)
    session.refresh(row)
    response.headers.update(etag(row))
    return plan_summaries(session, present, [row])[0]


@router.post("/plans/{plan_id}/targets", status_code=201, operation_id="create_target")
def create_target(
    plan_id: RowId,
    body: TargetCreate,
    session: SessionDep,
    caller: Manager,
    once: OnceDep,
    present: PresenterDep,
) -> TargetPublic:
    """Add a task to a plan, in the plan's own words."""
    plan = plan_or_404(session, plan_id)
    require_own(caller, plan)
    row = new_target(session, plan, body)
    session.refresh(row)
    return once.keep(target_public(session, row, present))


def plan_or_404(session: Session, plan_id: int) -> WorkPlan:
    """The plan.

    Raises
    ------
    Problem
        404 when there is none.
    """
    row = session.get(WorkPlan, plan_id)
    if row is None:
        raise not_found("这个工作计划")
    return row
