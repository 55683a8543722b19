"""From a market to what is to be planned: which pairs come into question, in the rows of the plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matching import regions
from matching.allocation.parties import parties
from matching.allocation.problem import Edges, Problem, Quota
from matching.choosing import Chosen, choose
from matching.columns import FloatArray, Market
from matching.edges import Every, Guessed, Scored
from matching.groups import QUOTA_GROUPS, Groups
from matching.judging.queues import in_turn
from matching.rankers import PriorRanker
from matching.regions import IntArray

EXACT_PAIRS = 5_000_000
"""Up to so many pairs of workers and vacancies every eligible one is scored in full."""
MOST_EDGES = 1_000_000
"""Up to so many eligible ones none is left out: companions need places in common, and whoever moves somebody by hand a choice."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be planned, and the pairs that were chosen for it."""

    problem: Problem
    chosen: Chosen


def problem_of(
    market: Market,
    ranker: PriorRanker,
    workers: IntArray,
    vacancies: IntArray,
    groups: Groups,
    quotas: tuple[Quota, ...] = (),
    *,
    seed: int = 0,
    tell: Callable[[int, int, str], None] = lambda *_: None,
) -> Planned:
    """The problem whose rows are `workers` and `vacancies`, indices of the market: only who is open, only what is on offer.

    Parameters
    ----------
    ranker : fitted; its score is what the plan adds up.
    groups : of all the market's workers, one row each.
    tell : told of each step (done, total, words).
    """
    at_worker = np.full(len(market.workers), -2, np.int64)
    at_worker[workers] = np.arange(len(workers))
    companion = market.workers.companion[workers]
    seats = market.vacancies.seats[vacancies].astype(np.int64) - market.vacancies.taken[vacancies]
    problem = Problem(
        workers=len(workers),
        # A post that names no number of seats has one.
        seats=np.where(market.vacancies.seats[vacancies] < 0, 1, np.maximum(seats, 0)),
        edges=Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)),
        place=regions.in_common(market.vacancies.region[vacancies]),
        groups={group: groups.members(group)[workers] for group in QUOTA_GROUPS},
        quotas=quotas,
        companion=np.where(companion >= 0, at_worker[companion.clip(0)], companion),
    )
    pairs: Scored
    if len(workers) * len(vacancies) > EXACT_PAIRS:
        pairs = Guessed(market, workers, vacancies, ranker, seed=seed)
    else:
        pairs = Every(market, workers, vacancies, ranker)
        tell(0, 0, "给每个人挑选岗位")
        edges = pairs.edges()
        if len(edges) <= MOST_EDGES:
            return Planned(replace(problem, edges=edges), Chosen(pairs, edges, problem.seats))
    chosen = choose(pairs, problem.seats, place=problem.place, parties=parties(problem), seed=seed, tell=tell)
    near = chosen.found[-1] if chosen.found else None
    return Planned(replace(problem, edges=chosen.edges, near=near), chosen)


def first_come(planned: Planned, tell: Callable[[int, int, str], None]) -> Edges:
    """Where everybody would be who came in the order of the rows and took the free post with the greatest surplus, of all
    eligible pairs: whoever is placed as one edge, by worker.
    """
    pairs, people = planned.chosen.pairs, planned.problem.workers
    told: list[tuple[IntArray, IntArray, FloatArray]] = []
    for rows in pairs.blocks(np.arange(people)):
        tell(int(rows[0]), people, "比较先来先得")
        told += [(row, column, pairs.surplus(row, column)) for row, column in pairs.eligible(rows)]
    if not told:
        return planned.problem.edges.take(np.empty(0, np.int64))
    row, column, surplus = (np.concatenate(part) for part in zip(*told, strict=True))
    taken = in_turn(people, row, column, surplus, planned.problem.seats, np.arange(people))
    taken = taken[taken >= 0]
    return Edges(row[taken], column[taken], pairs.score(row[taken], column[taken]))
