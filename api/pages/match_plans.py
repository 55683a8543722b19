"""编制方案: the plans, and one plan to look at, to change by hand and to approve."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse

from api.deps import RowId
from api.errors import Problem, invalid
from api.jobs.asking import ask_to_end
from api.match_plans.employers import by_employer
from api.match_plans.together import companions_of
from api.pages.desk import Desk, desk_for, to
from api.pages.gathering import Cursor, Fields
from api.pages.routing import PageRoute
from api.pages.typed import first, read_form
from api.paging import Paging
from api.rights import Action
from api.routes.bureau import match_plan_steps as steps
from api.routes.bureau import match_plans as door
from api.schemas.match_plan import (
    ApprovedTold,
    DecisionsTold,
    LinePublic,
    MatchPlanPublic,
    MoveForeseen,
)
from models.job import UNFINISHED
from models.match_plan import LineState, PlanState

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Reader = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER))]
Planner = Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.PLACE))]
_SHOWN = 30
_PEOPLE = 15
_POSTS = 5


@router.get("/match-plans")
def show_match_plans(
    desk: Reader, state: Annotated[str, Query(max_length=10)] = "", cursor: Cursor = None
) -> HTMLResponse:
    """The plans."""
    wanted = next((each for each in PlanState if each.value == state), None)
    found = door.list_match_plans(
        desk.session, desk.caller, Paging(_SHOWN, cursor, None), desk.present, state=wanted
    )
    return desk.show(
        "match_plans.html", found=found, state=state, states=list(PlanState), first_page=cursor is None
    )


@router.get("/match-plans/{match_plan_id}")
def show_match_plan(
    desk: Reader,
    match_plan_id: RowId,
    state: Annotated[str, Query(max_length=12)] = "",
    vacancy: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """One plan."""
    return _page(desk, match_plan_id, state=state, vacancy=vacancy, cursor=cursor)


@router.get("/match-plans/{match_plan_id}/progress")
def show_progress(desk: Reader, match_plan_id: RowId) -> HTMLResponse:
    """How far its job is; at its end the page itself is loaded."""
    plan = door.read_match_plan(match_plan_id, desk.session, desk.caller, desk.present, Response())
    answer = desk.show("_match_plan_progress.html", plan=plan)
    waits = plan.state in (PlanState.MAKING, PlanState.APPROVING)
    if not waits or (plan.job is not None and plan.job.state not in UNFINISHED):
        done = "?done=plan-partly" if plan.lines["no_seat"] + plan.lines["ineligible"] else ""
        answer.headers["HX-Redirect"] = f"/match-plans/{match_plan_id}{done}"
    return answer


@router.post("/match-plans/{match_plan_id}/cancel")
def cancel_match_plan(desk: Planner, match_plan_id: RowId) -> Response:
    """Stop what is under way."""
    plan = door.plan_or_404(desk.session, match_plan_id)
    problem = desk.attempt(lambda: ask_to_end(desk.session, plan.job_id or 0))
    return _after(desk, match_plan_id, problem, "")


@router.get("/match-plans/{match_plan_id}/workbook.xlsx")
def fetch_workbook(
    desk: Annotated[Desk, Depends(desk_for(Action.READ_LEDGER, Action.EXPORT))], match_plan_id: RowId
) -> Response:
    """The plan as a workbook."""
    return door.read_match_plan_workbook(match_plan_id, desk.session, desk.caller, desk.present)


@router.get("/match-plans/{match_plan_id}/persons/{worker_id}")
def show_options(desk: Planner, match_plan_id: RowId, worker_id: RowId) -> HTMLResponse:
    """Where one person might go."""
    return _options(desk, match_plan_id, worker_id)


@router.get("/match-plans/{match_plan_id}/persons/{worker_id}/posts/{vacancy_id}")
def show_move(desk: Planner, match_plan_id: RowId, worker_id: RowId, vacancy_id: RowId) -> HTMLResponse:
    """Whom it would displace to move this person there, before it is done."""
    found: list[MoveForeseen] = []

    def command() -> None:
        found.append(
            door.foresee_match_plan_move(
                match_plan_id, worker_id, vacancy_id, desk.session, desk.caller, desk.today, desk.present
            )
        )

    problem = desk.attempt(command)
    if problem is not None:
        return _options(desk, match_plan_id, worker_id, problem=problem)
    plan, line = _line_of(desk, match_plan_id, worker_id)
    return desk.show("match_plan_displaced.html", plan=plan, line=line, foreseen=found[0])


@router.post("/match-plans/{match_plan_id}/decisions")
def decide(desk: Planner, match_plan_id: RowId, fields: Fields) -> Response:
    """Move somebody, fix, leave out, or close a post."""
    told = {name: value for name in ("kind", "worker_id", "vacancy_id") if (value := first(fields, name))}

    def command() -> None:
        body = read_form(DecisionsTold, {"items": [told]})
        steps.decide_match_plan(
            match_plan_id, body, desk.session, desk.caller, desk.once, desk.today, desk.present
        )

    problem = desk.attempt(command)
    if problem is not None and told.get("kind") == "move" and first(fields, "worker_id").isdecimal():
        return _options(desk, match_plan_id, int(first(fields, "worker_id")), problem=problem)
    return _after(desk, match_plan_id, problem, "plan-settled")


@router.post("/match-plans/{match_plan_id}/decisions/{decision_id}/undo")
def undo(desk: Planner, match_plan_id: RowId, decision_id: RowId) -> Response:
    """Take a decision back."""
    return _do(
        desk,
        match_plan_id,
        lambda: steps.undo_match_plan_decision(
            match_plan_id, decision_id, desk.session, desk.caller, desk.once, desk.today, desk.present
        ),
        "plan-settled",
    )


@router.post("/match-plans/{match_plan_id}/approve")
def approve_some(desk: Planner, match_plan_id: RowId, fields: Fields) -> Response:
    """Approve those ticked."""
    people = fields.get("worker", [])
    if not people:
        return _page(
            desk, match_plan_id, problem=invalid("worker_ids", "missing", "先在名单里给人打勾，再点按钮。")
        )
    plan = door.plan_or_404(desk.session, match_plan_id)
    left: list[int] = []
    more: list[int] = []

    def command() -> None:
        ticked = read_form(ApprovedTold, {"worker_ids": people}).worker_ids
        # Whoever is ticked brings those who go with them, on whatever page they stand.
        more.extend(companions_of(desk.session, plan, ticked))
        found = steps.approve_match_plan_persons(
            match_plan_id, read_form(ApprovedTold, {"worker_ids": [*ticked, *more]}), desk.session,
            desk.caller, _version(fields), desk.once, desk.today, desk.settings,
        )  # fmt: skip
        left.extend([*found.no_seat, *found.ineligible])

    problem = desk.attempt(command)
    return _after(
        desk,
        match_plan_id,
        problem,
        "plan-partly" if left else "plan-approved-together" if more else "plan-approved",
    )


@router.post("/match-plans/{match_plan_id}/approve-all")
def approve_all(desk: Planner, match_plan_id: RowId, fields: Fields) -> Response:
    """Approve everybody who waits."""
    return _do(
        desk,
        match_plan_id,
        lambda: steps.approve_match_plan(
            match_plan_id, desk.session, desk.caller, _version(fields), desk.once
        ),
        "",
    )


@router.post("/match-plans/{match_plan_id}/discard")
def discard(desk: Planner, match_plan_id: RowId) -> Response:
    """Give it up."""
    return _do(
        desk,
        match_plan_id,
        lambda: steps.discard_match_plan(match_plan_id, desk.session, desk.caller, desk.once, desk.present),
        "plan-discarded",
    )


def _do(desk: Desk, match_plan_id: int, command: Callable[[], object], done: str) -> Response:
    return _after(desk, match_plan_id, desk.attempt(command), done)


def _after(desk: Desk, match_plan_id: int, problem: Problem | None, done: str) -> Response:
    if problem is not None:
        return _page(desk, match_plan_id, problem=problem)
    return to(f"/match-plans/{match_plan_id}{'?done=' + done if done else ''}")


def _version(fields: dict[str, list[str]]) -> int:
    told = first(fields, "version")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _options(
    desk: Desk, match_plan_id: int, worker_id: int, *, problem: Problem | None = None
) -> HTMLResponse:
    options = door.list_match_plan_options(
        match_plan_id, worker_id, desk.session, desk.caller, desk.today, desk.present
    )
    plan, line = _line_of(desk, match_plan_id, worker_id)
    return desk.show(
        "match_plan_move.html", problem=problem, plan=plan, line=line, options=options, most=_POSTS
    )


def _line_of(desk: Desk, match_plan_id: int, worker_id: int) -> tuple[MatchPlanPublic, LinePublic]:
    plan = door.read_match_plan(match_plan_id, desk.session, desk.caller, desk.present, Response())
    [line] = door.list_match_plan_persons(
        match_plan_id, desk.session, desk.caller, Paging(1, None, None), desk.present, worker_id=worker_id
    ).items
    return plan, line


def _page(
    desk: Desk,
    match_plan_id: int,
    *,
    state: str = "",
    vacancy: int | None = None,
    cursor: str | None = None,
    problem: Problem | None = None,
) -> HTMLResponse:
    plan = door.read_match_plan(match_plan_id, desk.session, desk.caller, desk.present, Response())
    if plan.plan is None:
        return desk.show("match_plan_making.html", problem=problem, plan=plan, unfinished=UNFINISHED)
    wanted = next((each for each in LineState if each.value == state), None)
    posts = door.list_match_plan_posts(match_plan_id, desk.session, desk.caller, desk.present)
    return desk.show(
        "match_plan.html",
        problem=problem,
        plan=plan,
        unfinished=UNFINISHED,
        posts=sorted(posts, key=lambda each: (each.closed_by is None, -each.filled)),
        most_posts=_POSTS,
        firms=by_employer(posts),
        lines=door.list_match_plan_persons(
            match_plan_id, desk.session, desk.caller, Paging(_PEOPLE, cursor, "-vacancy_id"),
            desk.present, state=wanted, vacancy_id=vacancy,
        ),
        post=next((each for each in posts if each.vacancy.id == vacancy), None),
        state=state,
        vacancy=vacancy,
        states=list(LineState),
        first_page=cursor is None,
    )  # fmt: skip
