"""A draft solved anew around what is decided and approved, with the seats that are free now; nothing is written here."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlmodel import Session, col, or_, select

from api.match_plans.choosing import promised_seats
from api.match_plans.counting import buses_of, quotas_of
from api.match_plans.explaining import rows_of
from api.match_plans.fallen import fallen
from matching.allocation.kept import Kept, unpack
from matching.allocation.plan import Allocation, resettle
from matching.allocation.problem import Problem
from matching.regions import IntArray
from models.bulk import among
from models.match_plan import (
    DecisionKind,
    LineState,
    MatchPlan,
    MatchPlanDecision,
    MatchPlanKept,
    MatchPlanPerson,
)
from models.vacancy import Vacancy, VacancyState

_SETTLED = (LineState.APPROVED, LineState.INELIGIBLE)
Line = tuple[int, int | None, LineState]
"""The number of a line, its post, its state."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The decisions in force: the last about each person and each post that was not taken back."""

    people: dict[int, MatchPlanDecision]
    posts: dict[int, MatchPlanDecision]


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


@dataclass(frozen=True, slots=True)
class Solved:
    """A solution, `made` of `problem`, and what it was made around.

    `where` is how each person stands before it, `still_open` the posts of those who are neither approved nor refused, `gone`
    who of them can't be placed any more, by code (`api.match_plans.fallen`); `seats` are what the plan may fill of each post.
    """

    kept: Kept
    problem: Problem
    made: Allocation
    where: dict[int, Line]
    still_open: dict[int, int | None]
    gone: dict[int, str]
    seats: IntArray
    decided: InForce

    def post_of(self, row: int) -> int | None:
        """Where the person of a row stands in this solution; who is approved or refused stays where they are."""
        _, before, state = self.where[int(self.kept.workers[row])]
        if state in _SETTLED:
            return before
        at = int(self.made.vacancy[row])
        return int(self.kept.vacancies[at]) if at >= 0 else None

    def moved(self) -> list[int]:
        """The rows of those who stand elsewhere than before, or were refused a seat before."""
        found = []
        for row, worker in enumerate(self.kept.workers.tolist()):
            if worker not in self.where:
                continue
            _, before, state = self.where[worker]
            if state is LineState.NO_SEAT or self.post_of(row) != before:
                found.append(row)
        return found


def solve(session: Session, plan: MatchPlan, decided: InForce, today: date) -> Solved:
    """Assign everybody anew; who can't be placed any more falls out."""
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
    still_open = {worker: vacancy for worker, (_, vacancy, state) in where.items() if state not in _SETTLED}
    gone = fallen(session, plan, still_open, today)
    seats = seats_now(session, kept, approved)
    stand = {worker: vacancy for worker, (_, vacancy, _) in where.items() if vacancy is not None}
    before = np.full(len(kept.workers), -1, np.int64)
    before[rows_in(kept.workers, stand)] = rows_in(kept.vacancies, stand.values())
    refused = {worker for worker, (_, _, state) in where.items() if state is LineState.INELIGIBLE}
    problem, made = _made(plan, kept, seats, approved, refused | gone.keys(), decided, before)
    return Solved(kept, problem, made, where, still_open, gone, seats, decided)


def seats_held(session: Session, plan: MatchPlan, decided: InForce, today: date) -> dict[int, int]:
    """By person the post where a seat is held for them before all others: who is approved, and who was put there by hand
    and can still be placed."""
    lines = session.exec(
        select(MatchPlanPerson.worker_id, MatchPlanPerson.vacancy_id, MatchPlanPerson.state).where(
            MatchPlanPerson.plan_id == plan.identity,
            or_(
                MatchPlanPerson.state == LineState.APPROVED,
                among(MatchPlanPerson.worker_id, list(decided.people)),
            ),
        )
    ).all()
    approved = {
        worker: vacancy for worker, vacancy, state in lines if LineState.read(state) is LineState.APPROVED
    }
    open_lines = {
        worker: vacancy for worker, vacancy, state in lines if LineState.read(state) not in _SETTLED
    }
    gone = fallen(session, plan, open_lines, today)
    held = {worker: decided.people[worker].vacancy_id for worker in open_lines if worker not in gone}
    return {worker: vacancy for worker, vacancy in (held | approved).items() if vacancy is not None}


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
    own = np.bincount(rows_in(kept.vacancies, approved.values()), minlength=len(ids))
    left = np.array([max(0, free.get(number, 0) - promised.get(number, 0)) for number in ids], np.int64)
    return left + own


def _made(
    plan: MatchPlan,
    kept: Kept,
    seats: IntArray,
    approved: dict[int, int],
    out: set[int],
    decided: InForce,
    before: IntArray,
) -> tuple[Problem, Allocation]:
    buses = buses_of(plan.asked, kept.problem)
    problem = replace(kept.problem, quotas=quotas_of(plan.asked), seats=seats, buses=buses)
    pins = dict(approved)
    room = seats - np.bincount(rows_in(kept.vacancies, approved.values()), minlength=len(seats))
    for worker, told in sorted(decided.people.items(), key=lambda item: item[1].id or sys.maxsize):
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
    closed = rows_in(kept.vacancies, decided.posts)
    # A closed post keeps those who are approved there, and nobody else.
    there = np.bincount(rows_in(kept.vacancies, approved.values()), minlength=len(seats))
    problem = replace(
        problem, seats=np.where(np.isin(np.arange(len(seats)), closed), np.minimum(seats, there), seats)
    )
    pinned = np.array(
        [
            (row, post)
            for (row, post) in zip(
                rows_in(kept.workers, pins).tolist(),
                rows_in(kept.vacancies, pins.values()).tolist(),
                strict=True,
            )
            if row >= 0 and (post not in closed or int(kept.workers[row]) in approved)
        ],
        np.int64,
    ).reshape(-1, 2)
    return resettle(problem, pinned=pinned, kept_out=rows_in(kept.workers, out), before=before)


def rows_in(ids: IntArray, wanted: Iterable[int]) -> IntArray:
    """The row of each wanted number; -1 where it is not there."""
    return rows_of(ids, np.array(list(wanted), np.int64))
