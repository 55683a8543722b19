"""A draft settled anew after somebody decided something by hand: who stands elsewhere, and what it comes to now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.errors import conflict
from api.match_plans.choosing import promised_seats
from api.match_plans.counting import outcome, quotas_of, sums_of
from api.match_plans.explaining import explained, rows_of
from api.match_plans.fallen import fallen
from api.match_plans.held import not_held, notes_of, why_fallen
from api.match_plans.making import left_behind, line_values
from api.ranker import in_force
from matching.allocation.kept import Kept, unpack
from matching.allocation.plan import Allocation, resettle
from matching.allocation.problem import Problem
from matching.market import load_market
from matching.regions import IntArray
from models.bulk import among, update_rows
from models.match_plan import (
    DecisionKind,
    LineState,
    MatchPlan,
    MatchPlanDecision,
    MatchPlanKept,
    MatchPlanPerson,
    MatchPlanPost,
    PlanState,
)
from models.vacancy import Vacancy, VacancyState

Line = tuple[int, int | None, LineState]
"""The number of a line, its post, its state."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The decisions in force: the last about each person and each post that was not taken back."""

    people: dict[int, MatchPlanDecision]
    posts: dict[int, MatchPlanDecision]


def hold_draft(session: Session, plan: MatchPlan) -> None:
    """Lock the plan until the end of the transaction; only a draft is changed.

    Raises
    ------
    Problem
        409 for a plan that is no draft.
    """
    session.refresh(plan, with_for_update=True)
    if plan.state is not PlanState.DRAFT:
        raise conflict(
            "plan-not-draft",
            f"方案是“{plan.state.label}”",
            "只有草案可以调整和批准。请刷新后查看，需要时另编一个方案。",
        )


def decisions_in_force(session: Session, plan: MatchPlan) -> InForce:
    """What stands."""
    rows = session.exec(
        select(MatchPlanDecision)
        .where(MatchPlanDecision.plan_id == plan.identity, col(MatchPlanDecision.undone_at).is_(None))
        .order_by(col(MatchPlanDecision.id))
    ).all()
    return InForce(
        {row.worker_id: row for row in rows if row.worker_id is not None},
        {
            row.vacancy_id: row
            for row in rows
            if row.kind is DecisionKind.CLOSE and row.vacancy_id is not None
        },
    )


def settle(session: Session, plan: MatchPlan, today: date) -> int:
    """Assign everybody anew around what is decided and approved, with the seats that are free now; who can't be placed any
    more falls out, and is told why. The plan is locked.

    Returns how many people stand elsewhere than before.
    """
    kept = unpack(session.get_one(MatchPlanKept, plan.identity).content)
    lines = session.exec(
        select(
            MatchPlanPerson.id, MatchPlanPerson.worker_id, MatchPlanPerson.vacancy_id, MatchPlanPerson.state
        ).where(MatchPlanPerson.plan_id == plan.identity)
    ).all()
    where = {
        worker: (number or 0, vacancy, LineState.read(state)) for number, worker, vacancy, state in lines
    }
    approved = {
        worker: vacancy
        for worker, (_, vacancy, state) in where.items()
        if state is LineState.APPROVED and vacancy is not None
    }
    seats = seats_now(session, kept, approved)
    settled_before = (LineState.APPROVED, LineState.INELIGIBLE)
    still_open = {
        worker: vacancy for worker, (_, vacancy, state) in where.items() if state not in settled_before
    }
    gone = fallen(session, plan, still_open, today)
    stand = {worker: vacancy for worker, (_, vacancy, _) in where.items() if vacancy is not None}
    before = np.full(len(kept.workers), -1, np.int64)
    before[_rows(kept.workers, stand)] = _rows(kept.vacancies, stand.values())
    decided = decisions_in_force(session, plan)
    problem, made = _settled(
        plan, kept, seats, approved, _kept_out(where.items()) | gone.keys(), decided, before
    )
    found = outcome(kept, made.vacancy)
    moved = [
        row
        for row, worker in enumerate(kept.workers.tolist())
        if worker in where and _differs(where[worker], kept, int(made.vacancy[row]))
    ]
    reasons = _reasons(session, plan, kept, [row for row in moved if made.vacancy[row] >= 0], made)
    reasons |= _why_unplaced(kept, made, still_open, gone)
    # Who stays without a post may do so for another reason by now.
    rewritten = {
        *moved,
        *reasons,
        *_rows(kept.workers, _told_before(session, plan) & still_open.keys()).tolist(),
    }
    rewritten = {row for row in rewritten if row in moved or made.vacancy[row] < 0}
    update_rows(
        session.connection(),
        "match_plan_person",
        ("id",),
        [
            {
                "id": where[int(kept.workers[row])][0],
                **line_values(kept, made, row, int(found.edge[row])),
                "reasons": reasons.get(row, []),
                "state": (LineState.PROPOSED if made.vacancy[row] >= 0 else LineState.UNPLACED).value,
            }
            for row in sorted(rewritten)
        ],
    )
    for post in session.exec(select(MatchPlanPost).where(MatchPlanPost.plan_id == plan.identity)):
        row = int(np.searchsorted(kept.vacancies, post.vacancy_id))
        post.seats, post.filled = int(seats[row]), int(found.filled[row])
        post.stable, post.price = float(found.stable[row]), float(made.price[row])
        post.seat_worth = float(made.seat_worth[row])
        session.add(post)
    whole = [each["whole"] for each in plan.sums["quotas"]]
    plan.sums = plan.sums | {"seats": int(seats.sum())} | sums_of(problem, made, found, whole)
    plan.sums["notes"] += notes_of(_not_held(kept, made, where, decided, gone), gone.values())
    session.add(plan)
    session.flush()
    session.expire_all()
    return len(moved)


def _settled(
    plan: MatchPlan,
    kept: Kept,
    seats: IntArray,
    approved: dict[int, int],
    out: set[int],
    decided: InForce,
    before: IntArray,
) -> tuple[Problem, Allocation]:
    problem = replace(kept.problem, quotas=quotas_of(plan.asked), seats=seats)
    pins = dict(approved)
    room = seats - np.bincount(_rows(kept.vacancies, approved.values()), minlength=len(seats))
    for worker, told in sorted(decided.people.items(), key=lambda item: item[1].id or 0):
        if worker in approved or worker in out:
            continue
        if told.vacancy_id is None:
            out.add(worker)
            continue
        # Seats may have been taken since somebody was fixed there: who was approved goes before.
        row = int(np.searchsorted(kept.vacancies, told.vacancy_id))
        if room[row] > 0 and told.vacancy_id not in decided.posts:
            room[row] -= 1
            pins[worker] = told.vacancy_id
    closed = _rows(kept.vacancies, decided.posts)
    # A closed post keeps those who are approved there, and nobody else.
    there = np.bincount(_rows(kept.vacancies, approved.values()), minlength=len(seats))
    problem = replace(
        problem, seats=np.where(np.isin(np.arange(len(seats)), closed), np.minimum(seats, there), seats)
    )
    pinned = np.array(
        [
            (row, post)
            for (row, post) in zip(
                _rows(kept.workers, pins).tolist(),
                _rows(kept.vacancies, pins.values()).tolist(),
                strict=True,
            )
            if row >= 0 and (post not in closed or int(kept.workers[row]) in approved)
        ],
        np.int64,
    ).reshape(-1, 2)
    return resettle(problem, pinned=pinned, kept_out=_rows(kept.workers, out), before=before)


def _why_unplaced(
    kept: Kept, made: Allocation, still_open: Collection[int], gone: Mapping[int, str]
) -> dict[int, list[dict[str, Any]]]:
    """By row why somebody stays without a post, where more can be said than that others are better off there."""
    told = left_behind(made) | {
        row: [why_fallen(code)]
        for row, code in zip(_rows(kept.workers, gone).tolist(), gone.values(), strict=True)
    }
    return {row: reasons for row, reasons in told.items() if int(kept.workers[row]) in still_open}


def _told_before(session: Session, plan: MatchPlan) -> set[int]:
    """Who stands without a post and was told a reason."""
    return set(
        session.exec(
            select(MatchPlanPerson.worker_id).where(
                MatchPlanPerson.plan_id == plan.identity,
                MatchPlanPerson.state == LineState.UNPLACED,
                func.jsonb_array_length(col(MatchPlanPerson.reasons)) > 0,
            )
        )
    )


def _not_held(
    kept: Kept, made: Allocation, where: Mapping[int, Line], decided: InForce, gone: Mapping[int, str]
) -> list[str | None]:
    found = []
    workers = list(decided.people)
    for worker, row in zip(workers, _rows(kept.workers, workers).tolist(), strict=True):
        _, before, state = where[worker]
        at = int(made.vacancy[row])
        fixed = state in (LineState.APPROVED, LineState.INELIGIBLE)
        vacancy = before if fixed else int(kept.vacancies[at]) if at >= 0 else None
        found.append(not_held(decided.people[worker], vacancy, state, decided.posts, fallen=gone.get(worker)))
    return found


def _rows(ids: IntArray, wanted: Iterable[int]) -> IntArray:
    return rows_of(ids, np.array(list(wanted), np.int64))


def _kept_out(lines: Iterable[tuple[int, Line]]) -> set[int]:
    return {worker for worker, (_, _, state) in lines if state is LineState.INELIGIBLE}


def seats_now(session: Session, kept: Kept, approved: dict[int, int]) -> IntArray:
    """What the plan may fill of each post: what is free now, and where its own people are approved."""
    ids = kept.vacancies.tolist()
    free = {
        number: max(0, (seats or 1) - taken)
        for number, seats, taken in session.exec(
            select(Vacancy.id, Vacancy.seats, Vacancy.seats_taken).where(
                among(Vacancy.id, ids), Vacancy.state == VacancyState.PUBLISHED
            )
        )
    }
    promised = promised_seats(session, ids)
    own = np.bincount(_rows(kept.vacancies, approved.values()), minlength=len(ids))
    left = np.array([max(0, free.get(number, 0) - promised.get(number, 0)) for number in ids], np.int64)
    return left + own


def _differs(line: Line, kept: Kept, vacancy: int) -> bool:
    _, before, state = line
    if state in (LineState.APPROVED, LineState.INELIGIBLE):
        return False
    after = int(kept.vacancies[vacancy]) if vacancy >= 0 else None
    return before != after or state is LineState.NO_SEAT


def _reasons(
    session: Session, plan: MatchPlan, kept: Kept, rows: list[int], made: Allocation
) -> dict[int, list[dict[str, Any]]]:
    """The reasons of new proposals, as of the plan's day; none where another ranker serves by now than made the plan."""
    ranker = in_force(session, plan.objective.value)
    if not rows or ranker.version != plan.ranker_version:
        return {}
    people, posts = kept.workers[rows], kept.vacancies[made.vacancy[rows]]
    market = load_market(session, plan.as_of, worker_ids=people.tolist())
    ranker.fit(market)
    who, which = rows_of(market.workers.id, people), rows_of(market.vacancies.id, posts)
    told = np.flatnonzero((who >= 0) & (which >= 0))
    found = explained(market, ranker, who[told], which[told])
    return {rows[at]: reasons for at, reasons in zip(told.tolist(), found, strict=True)}
