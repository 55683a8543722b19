"""The plan: who goes where for the greatest total of the scores, what that is short of the best, and what everything costs."""

import math
from dataclasses import dataclass, replace

import numpy as np

from matching.allocation import words
from matching.allocation.buses import Bus, drive
from matching.allocation.buses import told as bus_told
from matching.allocation.case import Case, ready
from matching.allocation.parties import parties, unknown_companions
from matching.allocation.potentials import potentials
from matching.allocation.problem import Problem, Quota
from matching.allocation.quotas import Settled
from matching.allocation.shortfalls import Shortfall, shortfalls
from matching.allocation.together import true_gain, without_parties
from matching.columns import FloatArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class QuotaResult:
    """What became of a quota: how many people it asked for in this plan, how many were placed, what one more would cost.

    `price` is in the unit of the scores: what the total loses with one more person required, nan where nobody more can be
    placed. It is exact where every quota is a number of people and their groups are disjoint, else the slope at the plan.
    A quota that is not met has no price; `most` says how many of its people can be placed at most, None where it is met.
    """

    quota: Quota
    asked: int
    reached: int
    price: float
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about workers: `words.NOTES[code]` is its sentence."""

    code: str
    rows: IntArray

    @property
    def sentence(self) -> str:
        """The Chinese sentence."""
        return words.NOTES[self.code]


@dataclass(frozen=True, slots=True)
class Allocation:
    """A plan for n workers and m vacancies. Scores, prices and totals are all in the unit of the scores."""

    vacancy: IntArray
    """Where each worker goes; -1 nowhere."""
    score: FloatArray
    """The score of each worker's placement; 0 without one, and for a pin that was not among the edges."""
    total: float
    bound: float
    """No plan under the same rules has a greater total (rounding aside)."""
    gap: float
    """(bound - total) / bound; 0 where the plan is the best one."""
    rounding: float
    """By how much of the bound scores were rounded at most: total and best may differ by this too."""
    price: FloatArray
    """m values: what a seat costs whoever takes it; a person is best placed where score - price is greatest. 0 where seats are left; below
    0 only where a bus must be filled. Between the lowest and the greatest prices that fit."""
    seat_worth: FloatArray
    """m values: what one more seat there would add to the total (parties and buses staying as they are)."""
    surplus: FloatArray
    """n values: score less price, and what quotas add for the worker or, where a share holds others back, take; a member of a party may be below 0 for the others' sake."""
    quotas: tuple[QuotaResult, ...]
    shortfalls: tuple[Shortfall, ...]
    """Empty where every quota is met; otherwise the plan is the nearest one, short of the fewest people."""
    notes: tuple[Note, ...]
    party: IntArray
    """The party of each worker, -1 alone."""
    buses: tuple[Bus, ...] = ()


def allocate(problem: Problem) -> Allocation:
    """Plan. Deterministic: the same problem gives the same plan.

    Raises
    ------
    ValueError
        when the solver refuses the numbers.
    """
    case = ready(problem)
    nobody = [quota for quota in problem.quotas if quota.share and not _anybody(case, quota)]
    if nobody and len(problem.edges):
        # A share of a group of which nobody can be placed would be kept by placing nobody at all.
        rest = allocate(replace(problem, quotas=tuple(q for q in problem.quotas if q not in nobody)))
        return _with_unmet(problem, rest, nobody)
    driven = drive(case)
    settled = driven.plan
    vacancy, score = _placements(case, settled)
    pinned_total = float(score[case.pinned >= 0].sum())
    total, bound = float(score.sum()), pinned_total + settled.bound / case.scale
    exact = settled.bound <= true_gain(case, settled)
    bound = max(total, bound)
    placed = int((vacancy >= 0).sum())
    prices = potentials(*without_parties(case, settled))
    # Where a share holds people back, placing anybody costs, at whatever post: that is no price of a seat.
    price = (prices.seat - prices.most) / case.scale
    alone = (prices.kind[case.kind] - prices.most) / case.scale
    surplus = np.where(vacancy >= 0, score - np.append(price, 0.0)[vacancy] + alone, 0)
    short = shortfalls(case, vacancy)
    return Allocation(
        vacancy=vacancy,
        score=score,
        total=total,
        bound=total if exact else bound,
        gap=0.0 if exact or bound <= 0 else (bound - total) / bound,
        rounding=0.0 if bound <= 0 else placed / case.scale / bound,
        price=price,
        seat_worth=prices.worth / case.scale,
        surplus=np.where(case.pinned >= 0, 0.0, surplus),
        quotas=_quotas(case, settled, vacancy, short),
        shortfalls=short,
        notes=tuple(_notes(case, vacancy)),
        party=parties(problem).of_worker,
        buses=bus_told(problem.buses, driven, vacancy),
    )


def _anybody(case: Case, quota: Quota) -> bool:
    """Whether anybody of the group has a post that comes into question, with a seat, and one for the companions too."""
    members = case.problem.groups[quota.group]
    if (members & (case.pinned >= 0)).any():
        return True
    there = members[case.edges.worker] & (case.seats[case.edges.vacancy] > 0)
    alone = case.parties.of_worker[case.edges.worker] < 0
    return bool((there & (alone | (case.choices.choice_of_edge >= 0))).any())


def _with_unmet(problem: Problem, plan: Allocation, nobody: list[Quota]) -> Allocation:
    """The plan, and of these quotas that nobody can be placed for them."""
    placed = int((plan.vacancy >= 0).sum())
    told = {each.quota: each for each in plan.quotas}
    short = []
    for quota in nobody:
        asked = math.ceil((quota.share or 0) * placed)
        told[quota] = QuotaResult(quota, asked, 0, np.nan, 0)
        if asked:
            short.append(Shortfall("quota_alone", quota, asked, 0, 0, words.impossible_alone(quota, 0)))
    return replace(
        plan,
        quotas=tuple(told[quota] for quota in problem.quotas),
        shortfalls=(*plan.shortfalls, *short),
    )


def resettle(
    problem: Problem,
    *,
    pinned: IntArray | None = None,
    kept_out: IntArray | None = None,
    closed: IntArray | None = None,
    before: IntArray | None = None,
) -> tuple[Problem, Allocation]:
    """The problem with further decisions of people, and its plan: solved anew, which takes less than a second for a county.

    Parameters
    ----------
    pinned
        two columns: worker, and the vacancy decided on (-1: not decided any more).
    kept_out, closed
        workers who are not to be placed, vacancies that get nobody; in addition to those before.
    before
        where each worker stands, -1 nowhere, so that companions are not searched for anew without need.
    """
    pins = np.full(problem.workers, -1, np.int64) if problem.pinned is None else problem.pinned.copy()
    out = np.zeros(problem.workers, np.bool_) if problem.kept_out is None else problem.kept_out.copy()
    shut = np.zeros(len(problem.seats), np.bool_) if problem.closed is None else problem.closed.copy()
    if pinned is not None:
        pins[pinned[:, 0]] = pinned[:, 1]
    if kept_out is not None:
        out[kept_out] = True
    if closed is not None:
        shut[closed] = True
    changed = replace(problem, pinned=pins, kept_out=out, closed=shut, before=before)
    return changed, allocate(changed)


def _placements(case: Case, settled: Settled) -> tuple[IntArray, FloatArray]:
    vacancy = case.pinned.copy()
    score = np.zeros(case.problem.workers)
    edges = case.problem.edges
    by_hand = np.flatnonzero(case.pinned[edges.worker] == edges.vacancy)
    score[edges.worker[by_hand]] = edges.score[by_hand]
    gone = np.flatnonzero(settled.flow.edge >= 0)
    at = settled.flow.edge[gone]
    vacancy[gone] = settled.net.vacancy[at]
    keys = case.edges.worker * np.int64(len(case.seats)) + case.edges.vacancy
    rows = np.searchsorted(keys, gone * np.int64(len(case.seats)) + vacancy[gone])
    score[gone] = case.edges.score[rows]
    return vacancy, score


def _quotas(
    case: Case, settled: Settled, vacancy: IntArray, short: tuple[Shortfall, ...]
) -> tuple[QuotaResult, ...]:
    gone = vacancy >= 0
    asked = case.needs.asked(int(gone.sum()))
    most = {each.quota: each.most if each.code == "quota_alone" else each.reached for each in short}
    found = []
    for at, quota in enumerate(case.problem.quotas):
        reached = int((case.problem.groups[quota.group] & gone).sum())
        priced = np.isfinite(settled.price[at]) and quota not in most
        price = float(settled.price[at]) / case.scale if priced else np.nan
        found.append(QuotaResult(quota, int(asked[at]), reached, price, most.get(quota)))
    return tuple(found)


def _notes(case: Case, vacancy: IntArray) -> list[Note]:
    problem = case.problem
    told = [Note(code, rows) for code, rows in case.unheld.items()]
    edges = problem.edges
    among = np.zeros(problem.workers, np.bool_)
    among[edges.worker[case.pinned[edges.worker] == edges.vacancy]] = True
    found = {
        "pin_not_among_candidates": np.flatnonzero((case.pinned >= 0) & ~among),
        "companion_not_open": unknown_companions(problem),
        **_companions(case, vacancy),
    }
    return told + [Note(code, rows) for code, rows in found.items() if len(rows)]


def _companions(case: Case, vacancy: IntArray) -> dict[str, IntArray]:
    party = case.parties.of_worker
    members = party >= 0
    count = len(case.parties)
    out = np.zeros(len(party), np.bool_) if case.problem.kept_out is None else case.problem.kept_out
    has_out = np.zeros(count, np.bool_)
    has_out[party[members & out]] = True
    has_choice = np.zeros(count, np.bool_)
    has_choice[case.choices.party] = True
    waiting = members & ~out & (case.pinned < 0) & (vacancy < 0)
    of = np.maximum(party, 0)
    if not count:
        return {}
    return {
        "companion_kept_out": np.flatnonzero(waiting & has_out[of]),
        "companion_by_hand": np.flatnonzero(waiting & ~has_out[of] & case.decided[of]),
        "companion_without_post": np.flatnonzero(
            waiting & ~has_out[of] & ~case.decided[of] & ~has_choice[of]
        ),
    }
