"""Lists as `matching.ranking` makes them, over the few that an index finds."""

from dataclasses import replace

import numpy as np

from matching.allocation.desk import net_scores
from matching.columns import BoolArray, FloatArray
from matching.ranking import Ranking, listed
from matching.regions import IntArray
from matching.serving.index import Index

_ALIKE = 1e-9
"""Scores of compiled code that differ by no more may be equal by the ranker's own."""


def rank_vacancies(
    index: Index, worker: int, limit: int = 10, *, exact: bool = False, price: FloatArray | None = None
) -> Ranking:
    """As `matching.ranking.rank_vacancies`, for the worker at row `worker` of the index; with `exact` every eligible pair is scored.

    A list net of prices scores every eligible pair too.
    """
    rows = _finalists(index, worker, limit, exact, None, price)
    known, eligible = index.known, len(index.eligible(worker))
    pairs = known.pairs(np.full(len(rows), worker), rows)
    return listed(
        known.ranker, pairs, known.vacancies[rows], known.market.vacancies, limit, price=price, eligible=eligible
    )  # fmt: skip


def rank_workers(
    index: Index, vacancy: int, limit: int = 50, *, exact: bool = False, among: BoolArray | None = None
) -> Ranking:
    """As `matching.ranking.rank_workers`, for the vacancy at row `vacancy` of the index, which lists people.

    `among` has one value a row of the index.
    """
    rows = _finalists(index, vacancy, limit, exact, among, None)
    known, eligible = index.known, len(index.eligible(vacancy, among))
    pairs = known.pairs(rows, np.full(len(rows), vacancy))
    ranking = listed(
        known.ranker, pairs, known.workers[rows], known.market.workers, limit, eligible=eligible
    )  # fmt: skip
    return ranking if among is None else replace(ranking, considered=int(among.sum()))


def _finalists(
    index: Index, asking: int, limit: int, exact: bool, among: BoolArray | None, price: FloatArray | None
) -> IntArray:
    """Rows among which the list is found: the ranker itself decides their order."""
    if not exact and price is None:
        found: IntArray = index.best([asking], limit, among=among).rows[0]
        return np.compress(found >= 0, found)
    rows, scores = index.every(asking, among)
    kept = _as_high(scores, limit)
    if price is not None:
        net = net_scores(scores, index.known.vacancies[rows], price)
        planned = np.flatnonzero(~np.isnan(net))
        kept = np.union1d(kept, planned[_as_high(net[planned], limit)])
    finalists: IntArray = rows[kept]
    return finalists


def _as_high(values: FloatArray, limit: int) -> IntArray:
    """The positions of the `limit` highest, and of whatever is as high as the last of them."""
    if len(values) <= limit:
        return np.arange(len(values))
    least = np.partition(values, len(values) - limit)[len(values) - limit]
    high: IntArray = np.flatnonzero(values >= least - _ALIKE * float(np.abs(values).max()))
    return high
