"""What a plan comes to once some of its people were refused: the sums of those who stand, and no others."""

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.match_plans.comparing import seats_then
from api.match_plans.counting import Outcome, buses_of, outcome, quotas_of
from api.match_plans.explaining import rows_of
from api.match_plans.solving import seats_now
from matching.allocation.buses import aboard
from matching.allocation.kept import Kept, unpack
from matching.regions import IntArray
from models.match_plan import LineState, MatchPlan, MatchPlanKept, MatchPlanPerson, MatchPlanPost


class _Line(NamedTuple):
    worker: int
    post: int
    state: LineState
    score: float | None
    together: int | None


def count_again(session: Session, plan: MatchPlan) -> None:
    """Count people, expected starts and stays, seats and quotas of the lines that wait or are approved."""
    kept = unpack(session.get_one(MatchPlanKept, plan.identity).content)
    lines = [
        _Line(worker, post, LineState.read(state), score, together)
        for worker, post, state, score, together in session.execute(
            columns(
                col(MatchPlanPerson.worker_id),
                col(MatchPlanPerson.vacancy_id),
                col(MatchPlanPerson.state),
                col(MatchPlanPerson.score),
                col(MatchPlanPerson.together),
            ).where(col(MatchPlanPerson.plan_id) == plan.identity)
        )
        if post is not None
    ]
    standing = [line for line in lines if line.state in (LineState.PROPOSED, LineState.APPROVED)]
    vacancy = np.full(len(kept.workers), -1, np.int64)
    vacancy[rows_of(kept.workers, np.array([line.worker for line in standing], np.int64))] = rows_of(
        kept.vacancies, np.array([line.post for line in standing], np.int64)
    )
    found = outcome(kept, vacancy)
    seats = _posts(session, plan, kept, lines, found)
    then = seats_then(kept.problem.seats, seats)
    sums: dict[str, Any] = {
        "seats": int(seats.sum()),
        "seats_then": then,
        "plan": found.sums,
        "quotas": _quotas(plan, found),
        "buses": _buses(plan, kept, vacancy),
    }
    if found.sums["placed"] < plan.sums["plan"]["placed"]:
        known = found.edge[found.edge >= 0]
        # Nobody has looked whether those who stand could be placed better.
        sums |= {
            "total": round(float(kept.problem.edges.score[known].sum()), 6),
            "bound": None,
            "gap": None,
            "left_empty": [],
        }
    plan.sums = plan.sums | sums
    session.add(plan)
    session.flush()


def _posts(session: Session, plan: MatchPlan, kept: Kept, lines: Sequence[_Line], found: Outcome) -> IntArray:
    """The posts as they are filled now; the seats of each."""
    approved = {line.worker: line.post for line in lines if line.state is LineState.APPROVED}
    left: dict[int, float] = {}
    for line in lines:
        if line.state is LineState.NO_SEAT and line.together is None:
            left[line.post] = max(left.get(line.post, 0.0), line.score or 0.0)
    # Who still waits holds a seat until the approval finds none.
    seats = np.maximum(seats_now(session, kept, approved), found.filled)
    for post in session.exec(select(MatchPlanPost).where(MatchPlanPost.plan_id == plan.identity)):
        row = int(np.searchsorted(kept.vacancies, post.vacancy_id))
        post.seats, post.filled = int(seats[row]), int(found.filled[row])
        post.stable = float(found.stable[row])
        if post.filled < post.seats:
            post.price = post.seat_worth = 0.0
        else:
            # Whoever was left without a seat would take one more.
            post.seat_worth = max(post.seat_worth, left.get(post.vacancy_id, 0.0))
        session.add(post)
    return seats


def _buses(plan: MatchPlan, kept: Kept, vacancy: IntArray) -> list[dict[str, Any]]:
    buses = buses_of(plan.asked, kept.problem)
    if buses is None:
        return []
    told = zip(plan.sums["buses"], aboard(buses, vacancy).tolist(), strict=True)
    return [before | {"aboard": people} for before, people in told]


def _quotas(plan: MatchPlan, found: Outcome) -> list[dict[str, Any]]:
    told = zip(quotas_of(plan.asked), plan.sums["quotas"], strict=True)
    counted = []
    for quota, before in told:
        now = before | {"reached": found.sums["groups"][quota.group]}
        if quota.share is not None:
            now["asked"] = ceil(quota.share * found.sums["placed"])
        # Nobody has looked how many would be within reach now.
        fewer = now["reached"] < before["reached"] or now["reached"] >= now["asked"]
        counted.append(now | {"most": None if fewer else before.get("most")})
    return counted
