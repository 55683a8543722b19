"""From a market to what is to be planned: which pairs come into question, in the rows of the plan."""

from collections.abc import Callable

import numpy as np

from matching import regions
from matching.allocation.problem import Edges, Problem, Quota
from matching.columns import Market
from matching.edges import best_edges
from matching.groups import QUOTA_GROUPS, Groups
from matching.rankers import PriorRanker
from matching.regions import IntArray

FEWEST_EACH = 20
MOST_EDGES = 1_000_000
"""Each worker comes with the best `FEWEST_EACH` posts at least, in a small market with all: companions need one in common."""


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
) -> Problem:
    """The problem whose rows are `workers` and `vacancies`, indices of the market: only who is open, only what is on offer.

    Parameters
    ----------
    ranker : fitted; its score is what the plan adds up.
    groups : of all the market's workers, one row each.
    tell : told of each step (done, total, words).
    """
    tell(0, 0, "给每个人挑选岗位")
    each = max(FEWEST_EACH, min(len(vacancies), MOST_EDGES // max(1, len(workers))))
    edges = best_edges(market, workers, vacancies, ranker.score, each, candidates=max(100, each), seed=seed)
    at_worker = np.full(len(market.workers), -2, np.int64)
    at_worker[workers] = np.arange(len(workers))
    at_vacancy = np.full(len(market.vacancies), -1, np.int64)
    at_vacancy[vacancies] = np.arange(len(vacancies))
    companion = market.workers.companion[workers]
    seats = market.vacancies.seats[vacancies].astype(np.int64) - market.vacancies.taken[vacancies]
    return Problem(
        workers=len(workers),
        # A post that names no number of seats has one.
        seats=np.where(market.vacancies.seats[vacancies] < 0, 1, np.maximum(seats, 0)),
        edges=Edges(at_worker[edges.worker], at_vacancy[edges.vacancy], edges.score),
        place=_places(market.vacancies.region[vacancies]),
        groups={group: groups.members(group)[workers] for group in QUOTA_GROUPS},
        quotas=quotas,
        companion=np.where(companion >= 0, at_worker[companion.clip(0)], companion),
    )


def _places(codes: IntArray) -> IntArray:
    """What must be common to companions: the county; of a post that is told to the city alone, the city; what is not told is
    no place in common with any other."""
    county = regions.county(codes)
    told = np.where(codes > 0, codes, -1 - np.arange(len(codes)))
    return np.where(county > 0, county, told)
