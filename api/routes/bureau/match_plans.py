"""/v1/match-plans: 编制方案, made by a job, settled anew by hand, approved by somebody."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.jobs.running import enqueue
from api.laying import bureau_router
from api.match_plans.choosing import choose, chosen_public, require_some
from api.match_plans.foreseeing import foresee_move
from api.match_plans.shown import (
    decisions_public,
    lines_public,
    options_public,
    plan_public,
    posts_public,
    summaries,
)
from api.match_plans.workbook import workbook
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.match_plan import (
    ChosenPublic,
    DecisionPublic,
    LinePublic,
    MatchPlanChoice,
    MatchPlanCreate,
    MatchPlanPublic,
    MatchPlanSummary,
    MoveForeseen,
    OptionPublic,
    PostPublic,
)
from api.versions import etag
from ledger.in_use import in_use
from models.match_plan import LineState, MatchPlan, MatchPlanDecision, MatchPlanPerson, PlanState

router = bureau_router("/match-plans", tag="match-plan", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Planner = Annotated[Caller, Depends(allowed(Action.PLACE))]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("", operation_id="list_match_plans")
def list_match_plans(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    state: Annotated[PlanState | None, Query()] = None,
) -> Page[MatchPlanSummary]:
    """The plans of my regions, the newest first."""
    query = select(MatchPlan)
    if state is not None:
        query = query.where(MatchPlan.state == state)
    rows, cursor, total = page_of(
        session, query, paging, number=col(MatchPlan.id), sorts={"departs_on": col(MatchPlan.departs_on)}
    )
    return Page(items=summaries(session, present, rows), next_cursor=cursor, total=total)


@router.post("/preview", operation_id="preview_match_plan")
def preview_match_plan(
    body: MatchPlanChoice, session: SessionDep, caller: Planner, today: TodayDep, settings: SettingsDep
) -> ChosenPublic:
    """How many people and posts a choice would plan with; nothing is made."""
    region = _region(session, caller, body)
    return chosen_public(choose(session, body, region, today, settings.vacancy_refresh_days))


@router.post("", status_code=202, operation_id="create_match_plan")
def create_match_plan(
    body: MatchPlanCreate,
    session: SessionDep,
    caller: Planner,
    today: TodayDep,
    settings: SettingsDep,
    once: OnceDep,
    present: PresenterDep,
) -> MatchPlanPublic:
    """Ask for a plan; a job makes it, and it is a draft when that is done."""
    region = _region(session, caller, body)
    if body.departs_on < today:
        raise invalid("departs_on", "in_the_past", "出发日期不能早于今天")
    require_some(choose(session, body, region, today, settings.vacancy_refresh_days))
    row = MatchPlan(
        region=region,
        name=body.name or f"{body.departs_on.year}年{body.departs_on.month}月{body.departs_on.day}日出发",
        account_id=caller.account_id,
        as_of=today,
        departs_on=body.departs_on,
        objective=body.objective,
        asked=_codes(body),
        seed=body.seed,
        is_demo=settings.demonstration,
    )
    session.add(row)
    session.flush()
    job = enqueue(session, caller.account_id, "plan.make", {"match_plan_id": row.identity})
    row.job_id = job.id
    session.add(row)
    session.flush()
    session.refresh(row)
    record(session, "create", "match_plan", row.id, region=region, change={"departs_on": str(row.departs_on)})
    return once.keep(plan_public(session, present, row), status=202)


@router.get("/{match_plan_id}", operation_id="read_match_plan")
def read_match_plan(
    match_plan_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> MatchPlanPublic:
    """One plan."""
    row = plan_or_404(session, match_plan_id)
    response.headers.update(etag(row))
    return plan_public(session, present, row)


@router.get("/{match_plan_id}/persons", operation_id="list_match_plan_persons")
def list_match_plan_persons(
    match_plan_id: RowId,
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    state: Annotated[LineState | None, Query()] = None,
    vacancy_id: Annotated[RowNumber | None, Query(description="只列安排到这个岗位的人")] = None,
    worker_id: Annotated[RowNumber | None, Query(description="只列这个人")] = None,
) -> Page[LinePublic]:
    """The people of a plan, with their reasons."""
    plan = plan_or_404(session, match_plan_id)
    query = select(MatchPlanPerson).where(
        MatchPlanPerson.plan_id == plan.identity, in_use(MatchPlanPerson.worker_id)
    )
    if state is not None:
        query = query.where(MatchPlanPerson.state == state)
    if vacancy_id is not None:
        query = query.where(MatchPlanPerson.vacancy_id == vacancy_id)
    if worker_id is not None:
        query = query.where(MatchPlanPerson.worker_id == worker_id)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(MatchPlanPerson.id),
        sorts={"score": col(MatchPlanPerson.score), "vacancy_id": col(MatchPlanPerson.vacancy_id)},
        default="id",
    )
    return Page(items=lines_public(session, present, plan, rows), next_cursor=cursor, total=total)


@router.get("/{match_plan_id}/persons/{worker_id}/options", operation_id="list_match_plan_options")
def list_match_plan_options(
    match_plan_id: RowId,
    worker_id: RowId,
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    present: PresenterDep,
) -> list[OptionPublic]:
    """Where this person of the plan might go, what is best for all first."""
    plan = plan_or_404(session, match_plan_id)
    line = session.exec(
        select(MatchPlanPerson).where(
            MatchPlanPerson.plan_id == plan.identity,
            MatchPlanPerson.worker_id == worker_id,
            in_use(MatchPlanPerson.worker_id),
        )
    ).first()
    if line is None:
        raise not_found("方案里的这个人")
    return options_public(session, present, plan, line, today)


@router.get(
    "/{match_plan_id}/persons/{worker_id}/options/{vacancy_id}", operation_id="foresee_match_plan_move"
)
def foresee_match_plan_move(
    match_plan_id: RowId,
    worker_id: RowId,
    vacancy_id: RowId,
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    present: PresenterDep,
) -> MoveForeseen:
    """Whom it would displace to move this person there, and where they would go; nothing is changed."""
    plan = plan_or_404(session, match_plan_id)
    return foresee_move(session, present, plan, worker_id, vacancy_id, today)


@router.get("/{match_plan_id}/posts", operation_id="list_match_plan_posts")
def list_match_plan_posts(
    match_plan_id: RowId, session: SessionDep, _: Reader, present: PresenterDep
) -> list[PostPublic]:
    """Seats by post: filled, free, what one more would be worth."""
    return posts_public(session, present, plan_or_404(session, match_plan_id))


@router.get("/{match_plan_id}/decisions", operation_id="list_match_plan_decisions")
def list_match_plan_decisions(match_plan_id: RowId, session: SessionDep, _: Reader) -> list[DecisionPublic]:
    """What was decided by hand, the latest first, with what was taken back."""
    plan = plan_or_404(session, match_plan_id)
    rows = session.exec(
        select(MatchPlanDecision)
        .where(MatchPlanDecision.plan_id == plan.identity, in_use(MatchPlanDecision.worker_id))
        .order_by(col(MatchPlanDecision.id).desc())
    ).all()
    return decisions_public(session, rows)


@router.get(
    "/{match_plan_id}/workbook.xlsx", operation_id="read_match_plan_workbook", response_class=Response
)
def read_match_plan_workbook(
    match_plan_id: RowId,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.EXPORT))],
    present: PresenterDep,
) -> Response:
    """The plan as a workbook: people with reasons, posts, what it comes to."""
    plan = plan_or_404(session, match_plan_id)
    if plan.state is PlanState.MAKING:
        raise conflict("plan-not-made", "方案还没有编好", "请等编制完成后再下载。")
    lines = session.exec(
        select(MatchPlanPerson)
        .where(MatchPlanPerson.plan_id == plan.identity, in_use(MatchPlanPerson.worker_id))
        .order_by(col(MatchPlanPerson.vacancy_id).nulls_last(), col(MatchPlanPerson.id))
    ).all()
    content = workbook(
        plan_public(session, present, plan),
        lines_public(session, present, plan, lines),
        posts_public(session, present, plan),
    )
    record(session, "export", "match_plan", plan.id, region=plan.region, change={"people": len(lines)})
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(plan.name)}.xlsx"}
    return Response(content, media_type=_XLSX, headers=named)


def plan_or_404(session: Session, match_plan_id: int) -> MatchPlan:
    """The plan.

    Raises
    ------
    Problem
        404 when there is none that the session may see.
    """
    row = session.get(MatchPlan, match_plan_id)
    if row is None:
        raise not_found("这个方案")
    return row


def _region(session: Session, caller: Caller, body: MatchPlanChoice) -> str:
    region = body.region or next(iter(caller.regions), "")
    require_scope(session, caller, region)
    for code in body.within:
        require_scope(session, caller, code, "within")
    return region


def _codes(body: MatchPlanCreate) -> dict[str, Any]:
    """What was asked for, as it is kept: codes, not their labels."""
    told: dict[str, Any] = body.model_dump(exclude={"name", "seed"})
    told["departs_on"] = str(body.departs_on)
    return told
