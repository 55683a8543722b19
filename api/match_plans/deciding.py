"""Moves and pins by hand, and taking them back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from api.errors import Problem, conflict, invalid, not_found
from api.match_plans.settling import hold_draft, settle
from api.match_plans.solving import decisions_in_force, seats_held
from api.schemas.match_plan import DecisionTold
from models.base import now
from models.match_plan import (
    DecisionKind,
    LineState,
    MatchPlan,
    MatchPlanDecision,
    MatchPlanPerson,
    MatchPlanPost,
)


def decide(
    session: Session, plan: MatchPlan, told: Sequence[DecisionTold], account_id: int, today: date
) -> tuple[int, list[int]]:
    """Decide, all or nothing, and settle once; how many people stand elsewhere now, and the numbers of the decisions.

    Raises
    ------
    Problem
        409 or 422 where something cannot be decided so.
    """
    hold_draft(session, plan)
    rows = []
    for each in told:
        row = MatchPlanDecision(
            plan_id=plan.identity, account_id=account_id, **about(session, plan, each, today)
        )
        session.add(row)
        session.flush()
        rows.append(row.identity)
    return settle(session, plan, today), rows


def undo(session: Session, plan: MatchPlan, decision_id: int, account_id: int, today: date) -> int:
    """Take a decision back, and settle; what was decided before about the same one is in force again.

    Raises
    ------
    Problem
        404 without it, 409 when it was taken back before.
    """
    hold_draft(session, plan)
    row = session.get(MatchPlanDecision, decision_id, populate_existing=True)
    if row is None or row.plan_id != plan.identity:
        raise not_found("这个人工决定")
    if row.undone_at is not None:
        raise conflict("already-undone", "已经撤销过", "这个人工决定已经撤销，请刷新后查看。")
    if row.worker_id is not None and _line(session, plan, row.worker_id).state is LineState.APPROVED:
        raise _approved()
    row.undone_at, row.undone_by = now(), account_id
    session.add(row)
    session.flush()
    return settle(session, plan, today)


def about(session: Session, plan: MatchPlan, told: DecisionTold, today: date) -> dict[str, Any]:
    """What the row of a decision says of it.

    Raises
    ------
    Problem
        409 or 422 where it cannot be decided so.
    """
    if told.kind is DecisionKind.CLOSE:
        if told.worker_id is not None:
            raise invalid("worker_id", "not_asked", "岗位不招人是对岗位说的，不要填人员")
        return {"kind": told.kind, "vacancy_id": _post(session, plan, told.vacancy_id).vacancy_id}
    if told.worker_id is None:
        raise invalid("worker_id", "missing", "请写明是哪个人")
    line = _line(session, plan, told.worker_id)
    if line.state is LineState.APPROVED:
        raise _approved()
    if line.state is LineState.INELIGIBLE:
        raise conflict(
            "line-not-proposed",
            "不再符合条件",
            "这个人在批准时已不符合条件，不再安排，不用再固定、换岗或不安排。",
        )
    if told.kind is DecisionKind.KEEP_OUT:
        if told.vacancy_id is not None:
            raise invalid("vacancy_id", "not_asked", "不安排的人不要填岗位")
        return {"kind": told.kind, "worker_id": line.worker_id}
    wanted = (
        told.vacancy_id if told.vacancy_id is not None or told.kind is DecisionKind.MOVE else line.vacancy_id
    )
    if wanted is None and told.kind is DecisionKind.PIN:
        raise invalid("vacancy_id", "missing", "这个人还没有岗位，不能固定；请用换岗选一个岗位")
    post = _post(session, plan, wanted)
    _require_room(session, plan, post, line, today)
    return {"kind": told.kind, "worker_id": line.worker_id, "vacancy_id": post.vacancy_id}


def _require_room(
    session: Session, plan: MatchPlan, post: MatchPlanPost, line: MatchPlanPerson, today: date
) -> None:
    """People decided on by hand, or approved, fill a post before all others: there must be a seat beside them."""
    decided = decisions_in_force(session, plan)
    if post.vacancy_id in decided.posts:
        raise conflict("post-closed", "岗位已设为不招人", "先撤销“岗位不招人”，再安排人，或换一个岗位。")
    held = seats_held(session, plan, decided, today)
    others = [
        worker for worker, vacancy in held.items() if worker != line.worker_id and vacancy == post.vacancy_id
    ]
    if len(others) >= post.seats:
        raise conflict(
            "no-seat-left", "名额已被人工安排满", "这个岗位的名额都固定给了别人。先撤销一个，或换一个岗位。"
        )


def _line(session: Session, plan: MatchPlan, worker_id: int) -> MatchPlanPerson:
    row = session.exec(
        select(MatchPlanPerson).where(
            MatchPlanPerson.plan_id == plan.identity, MatchPlanPerson.worker_id == worker_id
        )
    ).first()
    if row is None:
        raise invalid("worker_id", "unknown", "这个人不在方案的待安排名单里")
    return row


def _post(session: Session, plan: MatchPlan, vacancy_id: int | None) -> MatchPlanPost:
    if vacancy_id is None:
        raise invalid("vacancy_id", "missing", "请写明是哪个岗位")
    row = session.exec(
        select(MatchPlanPost).where(
            MatchPlanPost.plan_id == plan.identity, col(MatchPlanPost.vacancy_id) == vacancy_id
        )
    ).first()
    if row is None:
        raise invalid("vacancy_id", "unknown", "这个岗位不在方案里")
    return row


def _approved() -> Problem:
    return conflict("line-approved", "已经批准", "已批准的人在输送批次和推荐里办理，方案里不能再改。")
