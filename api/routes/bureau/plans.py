"""/v1/indicators and /v1/plans: what may be counted, and where each task of the published plans stands."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session, col, select

from api.deps import Caller, ReachedDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS, not_found
from api.paging import Page, PagingDep, page_of
from api.plans import plan_public, plan_summaries
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.target import IndicatorPublic, PlanPublic, PlanSummary
from api.standing import indicator_public
from models.target import WorkPlan
from outcomes.indicators.catalogue import INDICATORS

router = APIRouter(tags=["target"], responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]


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
    plan_id: RowId, session: SessionDep, caller: Reader, as_of: ReachedDep, present: PresenterDep
) -> PlanPublic:
    """One plan: each numbered labour task with its sentence, and where it stands as of a date."""
    return plan_public(session, present, caller, plan_or_404(session, plan_id), as_of)


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
