"""The k best vacancies of each of many workers: the edges over which a plan is made.

Rules are looked up by classes (`matching.classes`), so that a hundred thousand workers with five thousand vacancies can be
gone through. Scoring every eligible pair of so many would take minutes: a linear stage, fitted to the very score that is
asked for, keeps some candidates a worker, and only those are scored in full.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.classes import READS, Alike, Table
from matching.columns import BoolArray, FloatArray, Market, Pairs
from matching.eligibility import RULES
from matching.regions import IntArray
from matching.stage_one import StageOne

Score = Callable[[Pairs], FloatArray]

EXACT_PAIRS = 5_000_000
"""Up to so many pairs of workers and vacancies every eligible one is scored in full."""
_BLOCK_PAIRS = 2_000_000
_SCORED_AT_ONCE = 200_000
_SAMPLE_WORKERS, _SAMPLE_EACH = 1_000, 100
_FLOORS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs that are eligible, by worker and falling score; `worker` and `vacancy` are indices of the market."""

    worker: IntArray
    vacancy: IntArray
    score: FloatArray

    def __len__(self) -> int:
        return len(self.worker)


class Eligible:
    """Which of `vacancies` each worker may be put forward for, by blocks of workers: `eligible` over all their pairs."""

    def __init__(self, alike: Alike, vacancies: IntArray) -> None:
        self._tables = [Table(alike, vacancies, READS[rule.code], rule.rules_out, np.bool_) for rule in RULES]

    def block(self, workers: IntArray) -> BoolArray:
        """The mask, shape (workers, vacancies)."""
        out: BoolArray = self._tables[0].block(workers)
        for table in self._tables[1:]:
            out |= table.block(workers)
        return ~out


def best_edges(
    market: Market,
    workers: IntArray,
    vacancies: IntArray,
    score: Score,
    k: int = 20,
    *,
    candidates: int = 100,
    seed: int = 0,
) -> Edges:
    """The `k` best eligible vacancies of each worker by `score`.

    Parameters
    ----------
    workers, vacancies : indices of who and what comes into question.
    score : one finite number a pair, higher is better; it is not asked about pairs that are not eligible.
    candidates : how many a worker are scored in full where there are too many to score all (`EXACT_PAIRS`).
    seed : of the sample that the linear stage is fitted to.
    """
    workers, vacancies = np.asarray(workers, np.int64), np.asarray(vacancies, np.int64)
    if not len(workers) or not len(vacancies):
        return _joined([])
    alike = Alike(market)
    allowed = Eligible(alike, vacancies)
    parts: list[Edges] = []
    if len(workers) * len(vacancies) <= EXACT_PAIRS or candidates >= len(vacancies):
        for block in _blocks(workers, len(vacancies)):
            row, column = np.nonzero(allowed.block(block))
            parts.append(_best(market, block[row], vacancies[column], score, k))
        return _joined(parts)
    dice = np.random.default_rng(seed)
    for alike_in_floor in _by_pay_floor(market, workers):
        stage = _fitted(alike, alike_in_floor, vacancies, allowed, score, dice)
        for block in _blocks(alike_in_floor, len(vacancies)):
            row, column = _likeliest(stage.block(block), allowed.block(block), max(k, candidates))
            parts.append(_best(market, block[row], vacancies[column], score, k))
    return _joined(parts)


def _by_pay_floor(market: Market, workers: IntArray) -> list[IntArray]:
    """Workers apart by how much pay matters to them: the surplus bends, so one line would not fit all of them."""
    floor = market.workers.pay_floor[workers]
    known = floor[~np.isnan(floor)]
    bends = np.quantile(known, _FLOORS) if len(known) else np.zeros(0)
    part = np.where(np.isnan(floor), -1, np.searchsorted(bends, floor))
    return [workers[part == each] for each in np.unique(part).tolist()]


def _fitted(
    alike: Alike,
    workers: IntArray,
    vacancies: IntArray,
    allowed: Eligible,
    score: Score,
    dice: np.random.Generator,
) -> StageOne:
    """Fitted to pairs drawn at random, then also to those that this first fit holds the best, among which it has to choose."""
    asked = workers[np.sort(dice.permutation(len(workers))[:_SAMPLE_WORKERS])]

    def sample(guesses: Callable[[IntArray], NDArray[np.float32]]) -> tuple[IntArray, IntArray, FloatArray]:
        people, columns = [], []
        for block in _blocks(asked, len(vacancies)):
            row, column = _likeliest(guesses(block), allowed.block(block), _SAMPLE_EACH)
            people.append(block[row])
            columns.append(column)
        who, which = np.concatenate(people), np.concatenate(columns)
        return who, which, _scored(alike.market, who, vacancies[which], score)

    drawn = sample(lambda block: dice.random((len(block), len(vacancies)), np.float32))
    best = sample(StageOne.fit(alike, vacancies, *drawn).block)
    who, which, values = (np.concatenate(both) for both in zip(drawn, best, strict=True))
    return StageOne.fit(alike, vacancies, who, which, values)


def _blocks(workers: IntArray, vacancies: int) -> Iterator[IntArray]:
    many = max(1, _BLOCK_PAIRS // vacancies)
    for at in range(0, len(workers), many):
        yield workers[at : at + many]


def _likeliest(values: NDArray[np.float32], mask: BoolArray, many: int) -> tuple[IntArray, IntArray]:
    """Row and column of the `many` highest values of each row within the mask."""
    row, column = np.nonzero(mask)
    inside = values[row, column].astype(np.float64)
    if not len(row):
        return row, column
    # One number orders by row, then by falling value.
    least, most = inside.min(), inside.max()
    order = np.argsort(row - (inside - least) / (most - least + 1.0), kind="stable")
    row = row[order]
    kept = _place_within(row) < many
    return row[kept], column[order][kept]


def _place_within(groups: IntArray) -> IntArray:
    """How many of the same group stand before each; equal groups stand together."""
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    return np.arange(len(groups)) - np.repeat(begins, np.diff(begins, append=len(groups)))


def _scored(market: Market, workers: IntArray, vacancies: IntArray, score: Score) -> FloatArray:
    parts = [
        score(Pairs(market, workers[at : at + _SCORED_AT_ONCE], vacancies[at : at + _SCORED_AT_ONCE]))
        for at in range(0, len(workers), _SCORED_AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.empty(0)


def _best(market: Market, workers: IntArray, vacancies: IntArray, score: Score, k: int) -> Edges:
    values = _scored(market, workers, vacancies, score)
    order = np.lexsort((vacancies, -values, workers))
    first = _place_within(workers[order]) < k
    kept = order[first]
    return Edges(workers[kept], vacancies[kept], values[kept])


def _joined(parts: list[Edges]) -> Edges:
    if not parts:
        return Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    return Edges(
        np.concatenate([part.worker for part in parts]),
        np.concatenate([part.vacancy for part in parts]),
        np.concatenate([part.score for part in parts]),
    )
