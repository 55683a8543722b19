"""/v1/match-plans/…: what somebody decides about a plan by hand, approves of it, or gives up."""

from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict, invalid
from api.idempotency import OnceDep
from api.jobs.asking import ask_to_end
from api.jobs.running import enqueue
from api.laying import bureau_router
from api.match_plans import approving, deciding
from api.match_plans.settling import hold_draft
from api.match_plans.shown import plan_public
from api.match_plans.together import require_whole
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.match_plans import plan_or_404
from api.schemas.job import JobPublic, public_job
from api.schemas.match_plan import (
    ApprovedPublic,
    ApprovedTold,
    DecisionsTold,
    MatchPlanPublic,
    SettledPublic,
)
from api.versions import IfMatchDep, hold
from models.job import UNFINISHED, Job
from models.match_plan import LineState, MatchPlan, MatchPlanPerson, PlanState

router = bureau_router("/match-plans", tag="match-plan", responses=PROBLEMS)
Planner = Annotated[Caller, Depends(allowed(Action.PLACE))]


@router.post("/{match_plan_id}/decisions", operation_id="decide_match_plan")
def decide_match_plan(
    match_plan_id: RowId,
    body: DecisionsTold,
    session: SessionDep,
    caller: Planner,
    once: OnceDep,
    today: TodayDep,
    present: PresenterDep,
) -> SettledPublic:
    """Move people, fix them, leave them out, or close posts; the rest is settled anew at once."""
    plan = plan_or_404(session, match_plan_id)
    changed, numbers = deciding.decide(session, plan, body.items, caller.account_id, today)
    return once.keep(_settled(session, present, plan, changed, numbers), status=200)


@router.post("/{match_plan_id}/decisions/{decision_id}/undo", operation_id="undo_match_plan_decision")
def undo_match_plan_decision(
    match_plan_id: RowId,
    decision_id: RowId,
    session: SessionDep,
    caller: Planner,
    once: OnceDep,
    today: TodayDep,
    present: PresenterDep,
) -> SettledPublic:
    """Take a decision back; what was decided before it about the same one is in force again."""
    plan = plan_or_404(session, match_plan_id)
    changed = deciding.undo(session, plan, decision_id, caller.account_id, today)
    return once.keep(_settled(session, present, plan, changed, [decision_id]), status=200)


@router.post("/{match_plan_id}/approve", operation_id="approve_match_plan_persons")
def approve_match_plan_persons(
    match_plan_id: RowId,
    body: ApprovedTold,
    session: SessionDep,
    caller: Planner,
    version: IfMatchDep,
    once: OnceDep,
    today: TodayDep,
    settings: SettingsDep,
) -> ApprovedPublic:
    """Approve some people of the plan that was read: they are put forward and listed for leaving."""
    plan = plan_or_404(session, match_plan_id)
    hold(session, plan, version)
    hold_draft(session, plan)
    lines = session.exec(
        select(MatchPlanPerson)
        .where(MatchPlanPerson.plan_id == plan.identity, col(MatchPlanPerson.worker_id).in_(body.worker_ids))
        .execution_options(populate_existing=True)
    ).all()
    if len(lines) < len(set(body.worker_ids)):
        raise invalid("worker_ids", "unknown", "有人不在这个方案里")
    if any(line.state is not LineState.PROPOSED for line in lines):
        raise conflict("line-not-proposed", "有人不是待批准", "只能批准待批准的人，请刷新后再选。")
    require_whole(session, plan, lines)
    found = approving.approve(
        session, plan, lines, today=today, refresh_days=settings.vacancy_refresh_days,
        account_id=caller.account_id,
    )  # fmt: skip
    approving.close_if_done(session, plan)
    session.refresh(plan)
    return once.keep(
        ApprovedPublic(
            version=plan.version,
            approved=len(found.approved),
            no_seat=found.no_seat,
            ineligible=found.ineligible,
            dispatch_id=plan.dispatch_id,
        ),
        status=200,
    )


@router.post("/{match_plan_id}/approve-all", status_code=202, operation_id="approve_match_plan")
def approve_match_plan(
    match_plan_id: RowId, session: SessionDep, caller: Planner, version: IfMatchDep, once: OnceDep
) -> JobPublic:
    """Approve everybody of the plan that was read who waits; a job does it, some at a time."""
    plan = plan_or_404(session, match_plan_id)
    hold(session, plan, version)
    if not _stuck(session, plan):
        hold_draft(session, plan)
    waiting = session.exec(
        select(MatchPlanPerson.id).where(
            MatchPlanPerson.plan_id == plan.identity, MatchPlanPerson.state == LineState.PROPOSED
        )
    ).all()
    if not waiting:
        raise conflict("nobody-proposed", "没有待批准的人", "这个方案里没有人等待批准。")
    told = {"match_plan_id": plan.identity, "people": len(waiting), "region": plan.region}
    job = enqueue(session, caller.account_id, "plan.approve", told)
    plan.state, plan.job_id = PlanState.APPROVING, job.id
    session.add(plan)
    session.flush()
    return once.keep(public_job(job), status=202)


@router.post("/{match_plan_id}/discard", operation_id="discard_match_plan")
def discard_match_plan(
    match_plan_id: RowId, session: SessionDep, _: Planner, once: OnceDep, present: PresenterDep
) -> MatchPlanPublic:
    """Give a plan up that is being made or is a draft. Who was approved stays so."""
    plan = plan_or_404(session, match_plan_id)
    session.refresh(plan, with_for_update=True)
    if plan.state not in (PlanState.MAKING, PlanState.DRAFT):
        raise conflict(
            "plan-not-draft", f"方案是“{plan.state.label}”", "只有编制中的方案和草案可以作废。请刷新后查看。"
        )
    job = session.get(Job, plan.job_id) if plan.job_id is not None else None
    if job is not None and job.state in UNFINISHED:
        ask_to_end(session, job.identity)
    plan.state = PlanState.DISCARDED
    session.add(plan)
    session.flush()
    session.refresh(plan)
    record(session, "discard", "match_plan", plan.id, region=plan.region)
    return once.keep(plan_public(session, present, plan), status=200)


def _stuck(session: Session, plan: MatchPlan) -> bool:
    """Whether the plan is said to be approved by a job that was given up."""
    job = session.get(Job, plan.job_id) if plan.job_id is not None else None
    return plan.state is PlanState.APPROVING and job is not None and job.state not in UNFINISHED


def _settled(
    session: Session, present: PresenterDep, plan: MatchPlan, changed: int, numbers: list[int]
) -> SettledPublic:
    session.refresh(plan)
    return SettledPublic(
        version=plan.version, changed=changed, decision_ids=numbers, plan=plan_public(session, present, plan)
    )
