"""Pairs of a plan: which may be, and their scores, a block at a time.

Rules are looked up by classes (`matching.classes`), so that a hundred thousand workers with five thousand vacancies can be gone
through. Scoring every eligible pair of so many would take minutes: there a linear stage, fitted to the very score that is asked
for, guesses it, and only pairs that matter are scored in full.

Everything here is said in rows of the plan: worker and vacancy number 0, 1, … of those who and what come into question.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.abreast import abreast
from matching.allocation.problem import Edges
from matching.classes import READS, Alike, Table
from matching.columns import BoolArray, FloatArray, Market, Pairs
from matching.eligibility import RULES
from matching.rankers import PriorRanker
from matching.regions import IntArray
from matching.stage_one import StageOne

Score = Callable[[Pairs], FloatArray]
Values = NDArray[np.floating]

_BLOCK_PAIRS = 2_000_000
_SCORED_AT_ONCE = 16_000
"""Pairs whose columns stay in the processor's cache."""
_SAMPLE_WORKERS, _SAMPLE_EACH = 800, 80


class Eligible:
    """Which of `vacancies` each worker may be put forward for, by blocks of workers: `eligible` over all their pairs."""

    def __init__(self, alike: Alike, vacancies: IntArray) -> None:
        self._tables = [Table(alike, vacancies, READS[rule.code], rule.rules_out, np.bool_) for rule in RULES]

    def block(self, workers: IntArray) -> BoolArray:
        """The mask, shape (workers, vacancies)."""
        out: BoolArray = self._tables[0].block(workers).copy()
        for table in self._tables[1:]:
            out |= table.block(workers)
        return ~out


class Scored:
    """The pairs of `workers` and `vacancies` (indices of the market) by their full score.

    `score` gives one number above 0 a pair; it is not asked about pairs that are not eligible.
    """

    exact: ClassVar[bool]
    """Whether `block` tells the scores themselves."""

    def __init__(self, market: Market, workers: IntArray, vacancies: IntArray, score: Score) -> None:
        self.workers, self.vacancies = np.asarray(workers, np.int64), np.asarray(vacancies, np.int64)
        self.alike = Alike(market)
        self.allowed = Eligible(self.alike, self.vacancies)
        self._market, self._score = market, score

    def __len__(self) -> int:
        return len(self.workers)

    def score(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Full scores of pairs."""
        workers, vacancies = self.workers[rows], self.vacancies[columns]

        def scored(at: int) -> FloatArray:
            some = slice(at, at + _SCORED_AT_ONCE)
            return self._score(Pairs(self._market, workers[some], vacancies[some]))

        parts = list(abreast(scored, range(0, len(workers), _SCORED_AT_ONCE)))
        return np.concatenate(parts) if parts else np.empty(0)

    def full(self, rows: IntArray) -> FloatArray:
        """Full scores of workers with every vacancy, shape (rows, vacancies), -inf where the pair may not be."""
        values = np.full((len(rows), len(self.vacancies)), -np.inf)
        row, column = np.nonzero(self.allowed.block(self.workers[rows]))
        values[row, column] = self.score(rows[row], column)
        return values

    def eligible(self, rows: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
        """Pairs that may be, of these rows with every column, so many at a time as are scored at once."""
        row, column = np.nonzero(self.allowed.block(self.workers[rows]))
        for at in range(0, len(row), _SCORED_AT_ONCE):
            yield rows[row[at : at + _SCORED_AT_ONCE]], column[at : at + _SCORED_AT_ONCE]

    def block(self, rows: IntArray) -> Values:
        """What the scores are, or about what; otherwise like `full`."""
        raise NotImplementedError

    def blocks(self, rows: IntArray) -> Iterator[IntArray]:
        """The rows, so many at a time as fit into memory with all their pairs."""
        many = max(1, _BLOCK_PAIRS // max(1, len(self.vacancies)))
        for at in range(0, len(rows), many):
            yield rows[at : at + many]

    def alike_first(self) -> IntArray:
        """All rows, those beside each other who go to the same places: what a block need not look at is then much the same."""
        return np.argsort(self.alike.workers(READS["accepted_regions"][0]).of[self.workers], kind="stable")


class Every(Scored):
    """All pairs scored, once."""

    exact = True

    def __init__(self, market: Market, workers: IntArray, vacancies: IntArray, score: Score) -> None:
        super().__init__(market, workers, vacancies, score)
        self._values = np.full((len(self), len(self.vacancies)), np.nan)

    def full(self, rows: IntArray) -> FloatArray:
        new = rows[np.isnan(self._values[rows]).any(axis=1)]
        if len(new):
            self._values[new] = super().full(new)
        return self._values[rows]

    def block(self, rows: IntArray) -> Values:
        return self.full(rows)

    def edges(self) -> Edges:
        """Every pair that may be, by worker and vacancy."""
        values = self.full(np.arange(len(self)))
        row, column = np.nonzero(np.isfinite(values))
        return Edges(row, column, values[row, column])


class Guessed(Scored):
    """The same where they are too many to be scored: `block` guesses.

    A line through the features guesses the logarithm of the chances, another the surplus, and what the score makes of both is
    known: where the surplus bends, one line for the whole would not fit. The lines know nothing of how one worker
    differs from another, so two pairs of each worker are asked about.
    """

    exact = False

    def __init__(
        self, market: Market, workers: IntArray, vacancies: IntArray, ranker: PriorRanker, *, seed: int
    ) -> None:
        super().__init__(market, workers, vacancies, ranker.score)
        self._ranker = ranker
        dice = np.random.default_rng(seed)
        asked = np.sort(dice.permutation(len(self))[:_SAMPLE_WORKERS])
        rows, columns = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for block in self.blocks(asked):
            values = dice.random((len(block), len(self.vacancies)), np.float32)
            values[~self.allowed.block(self.workers[block])] = -np.inf
            row, column = highest(values, _SAMPLE_EACH)
            rows.append(block[row])
            columns.append(column)
        row, column = np.concatenate(rows), np.concatenate(columns)
        self._stages = [
            StageOne.fit(self.alike, self.vacancies, self.workers[row], column, part)
            for part in self._parts(row, column)
        ]
        self._levels = np.full((len(self._stages), len(self)), np.nan, np.float32)
        self._beyond = np.zeros(len(self.vacancies), np.float32)

    def block(self, rows: IntArray) -> Values:
        workers = self.workers[rows]
        allowed = self.allowed.block(workers)
        columns = np.flatnonzero(allowed.any(axis=0))
        forbidden = ~allowed[:, columns]
        parts = [stage.block(workers, columns) for stage in self._stages]
        new = np.flatnonzero(np.isnan(self._levels[0, rows]))
        if len(new):
            likely = np.where(forbidden[new], -np.inf, parts[-1][new])
            for levels, level in zip(
                self._levels, self._leveled(rows[new], new, columns, likely, parts), strict=True
            ):
                levels[rows[new]] = level
        for part, levels in zip(parts, self._levels, strict=True):
            part += levels[rows][:, None]
        parts[0] += self._beyond[columns]
        guess = np.exp(parts[0], out=parts[0])
        if len(parts) > 1:
            # log(1 + exp(x)), but x itself where that is as good.
            guess *= np.log1p(np.exp(np.minimum(parts[1], 30.0)))
            guess *= self._ranker.sigma
        guess[forbidden] = -np.inf
        values = np.full(allowed.shape, -np.inf, np.float32)
        values[:, columns] = guess
        return values

    def learn(self, rows: IntArray, columns: IntArray, guesses: Values) -> NDArray[np.float32]:
        """By what factor each vacancy is worth more than guessed, from these pairs; later guesses have it in them."""
        above = np.log(self.score(rows, columns) / guesses)
        people = mean_of(rows, above, len(self))
        posts = mean_of(columns, above - people[rows], len(self.vacancies)).astype(np.float32)
        self._beyond += posts
        factor: NDArray[np.float32] = np.exp(posts)
        return factor

    def _parts(self, rows: IntArray, columns: IntArray) -> tuple[FloatArray, ...]:
        """The logarithm of the chances and, where it counts, the surplus in units of sigma."""
        return self._ranker.parts(Pairs(self._market, self.workers[rows], self.vacancies[columns]))

    def _leveled(
        self, rows: IntArray, at: IntArray, columns: IntArray, likely: Values, parts: list[Values]
    ) -> NDArray[np.float32]:
        """How far each worker's parts lie above the guesses, from the likeliest pair of each half of the vacancies."""
        above, seen = np.zeros((len(parts), len(rows))), np.zeros(len(rows), np.int64)
        for half in range(2):
            half_of = np.flatnonzero(columns % 2 == half)
            if not len(half_of):
                continue
            column = half_of[likely[:, half_of].argmax(axis=1)]
            there = np.flatnonzero(np.isfinite(likely[np.arange(len(rows)), column]))
            for number, part in enumerate(self._parts(rows[there], columns[column[there]])):
                above[number, there] += part - parts[number][at[there], column[there]]
            seen[there] += 1
        level: NDArray[np.float32] = (above / np.maximum(seen, 1)).astype(np.float32)
        return level


def mean_of(groups: IntArray, values: FloatArray, many: int) -> FloatArray:
    """The mean of each of so many groups, drawn to 0 as if it had one value more."""
    mean: FloatArray = np.bincount(groups, values, many) / (np.bincount(groups, minlength=many) + 1.0)
    return mean


def highest(values: Values, many: int) -> tuple[IntArray, IntArray]:
    """Row and column of the `many` highest values of each row, in no order within a row; -inf is none."""
    rows = np.arange(len(values))[:, None]
    if many < values.shape[1]:
        column = np.argpartition(values, values.shape[1] - many, axis=1)[:, -many:]
    else:
        column = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    there = values[rows, column] > -np.inf
    return np.broadcast_to(rows, column.shape)[there], column[there]
