"""Pairs of a plan: which may be, and their scores, a block at a time.

Rules are looked up by classes (`matching.classes`), so that a hundred thousand workers with five thousand vacancies can be gone
through. Scoring every eligible pair of so many would take minutes: there a linear stage, fitted to the very score that is asked
for, guesses it, and only pairs that matter are scored in full.

Everything here is said in rows of the plan: worker and vacancy number 0, 1, … of those who and what come into question.
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from matching.abreast import abreast
from matching.allocation.problem import Edges
from matching.classes import READS, Alike
from matching.columns import FloatArray, Market, Pairs
from matching.compiled.allowed import Eligible
from matching.compiled.bundles import bundled
from matching.compiled.guessing import best_of, sums
from matching.compiled.scoring import Scorer
from matching.compiled.tables import Laid
from matching.compiled.terms import grouped
from matching.rankers import PriorRanker
from matching.regions import IntArray
from matching.stage_one import StageOne, Sum

Values = NDArray[np.floating]

_BLOCK_PAIRS = 2_000_000
_SCORED_AT_ONCE = 16_000
"""Pairs whose columns stay in the processor's cache."""
_SAMPLE_WORKERS, _SAMPLE_EACH = 1_600, 40
"""Pairs that the lines are fitted to: so many workers, so many of each."""
_LARGE = np.float32(30.0)
"""log(1 + exp(x)) is x from here on, as far as such numbers tell."""


class Scored:
    """The pairs of `workers` and `vacancies` (indices of the market) by their full score: one number above 0 a pair."""

    exact: ClassVar[bool]
    """Whether `block` tells the scores themselves."""

    def __init__(self, market: Market, workers: IntArray, vacancies: IntArray, ranker: PriorRanker) -> None:
        self.workers, self.vacancies = np.asarray(workers, np.int64), np.asarray(vacancies, np.int64)
        usual = ranker.placed(Pairs.of_worker(market, 0, np.arange(len(market.vacancies)))).usual_pay
        self.alike = Alike(market, usual)
        self.allowed = Eligible(self.alike, self.workers, self.vacancies)
        self._market, self._ranker = market, ranker
        self._laid = Laid(self.alike, self.workers, self.vacancies, [reads for reads, _ in grouped()])
        terms = ranker.terms()
        self._scorer = terms and Scorer(self._laid, terms, ranker.placed)

    def __len__(self) -> int:
        return len(self.workers)

    def score(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Full scores of pairs."""
        chance, surplus = self.parts(rows, columns).T
        return self._ranker.score_of(chance, surplus)

    def parts(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Of pairs the logarithm of the chances and the surplus in yuan a month, shape (pairs, 2)."""
        if self._scorer:
            return self._scorer.parts(rows, columns)

        def some(at: int) -> FloatArray:
            block = slice(at, at + _SCORED_AT_ONCE)
            return self._ranker.parts(
                Pairs(self._market, self.workers[rows[block]], self.vacancies[columns[block]])
            )

        found = list(abreast(some, range(0, len(rows), _SCORED_AT_ONCE)))
        return np.concatenate(found) if found else np.empty((0, 2))

    def surplus(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Of pairs the surplus alone, in yuan a month."""
        return self._scorer.surplus(rows, columns) if self._scorer else self.parts(rows, columns)[:, 1]

    def full(self, rows: IntArray) -> FloatArray:
        """Full scores of workers with every vacancy, shape (rows, vacancies), -inf where the pair may not be."""
        values = np.full((len(rows), len(self.vacancies)), -np.inf)
        row, column = np.nonzero(self.allowed.block(rows))
        values[row, column] = self.score(rows[row], column)
        return values

    def eligible(self, rows: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
        """Pairs that may be, of these rows with every column, so many at a time as are scored at once."""
        row, column = np.nonzero(self.allowed.block(rows))
        for at in range(0, len(row), _SCORED_AT_ONCE):
            yield rows[row[at : at + _SCORED_AT_ONCE]], column[at : at + _SCORED_AT_ONCE]

    def block(self, rows: IntArray) -> Values:
        """What the scores are, or about what; otherwise like `full`."""
        raise NotImplementedError

    def best(self, rows: IntArray, price: FloatArray, many: int) -> tuple[IntArray, Values]:
        """Of these rows the `many` pairs of the highest values of `block`, less the price: vacancies and values, shape (rows, many),
        the value -inf where there are not so many."""
        values = self.block(rows)
        column = np.argpartition(values - price, len(self.vacancies) - many, axis=1)[:, -many:]
        return column, np.take_along_axis(values, column, axis=1)

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

    def __init__(self, market: Market, workers: IntArray, vacancies: IntArray, ranker: PriorRanker) -> None:
        super().__init__(market, workers, vacancies, ranker)
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
        super().__init__(market, workers, vacancies, ranker)
        dice = np.random.default_rng(seed)
        asked = np.sort(dice.permutation(len(self))[:_SAMPLE_WORKERS])
        rows, columns = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for block in self.blocks(asked):
            values = dice.random((len(block), len(self.vacancies)), np.float32)
            values[~self.allowed.block(block)] = -np.inf
            row, column = highest(values, _SAMPLE_EACH)
            rows.append(block[row])
            columns.append(column)
        row, column = np.concatenate(rows), np.concatenate(columns)
        pairs = ranker.placed(Pairs(market, self.workers[row], self.vacancies[column]))
        stages = [
            StageOne.fit(pairs, column, len(self.vacancies), wanted) for wanted in self._wanted(row, column).T
        ]
        self._lines: NDArray[np.float32] = np.concatenate(
            [self._added(table, [stage.sums[table] for stage in stages]) for table in range(len(self._laid))]
        )
        self._effects = np.column_stack([stage.effects for stage in stages]).astype(np.float32)
        # What hangs on the vacancy alone is added to its effect, once for all workers.
        alone = np.array([not reads[0] for reads, _ in grouped()])
        for table in np.flatnonzero(alone).tolist():
            at = self._laid.tables.begin[table] + self._laid.tables.vacancy[:, table]
            self._effects += self._lines[at] if len(self) else 0
        self._bundles = bundled(self._laid.tables, alone)
        self._levels = np.full((len(stages), len(self)), np.nan, np.float32)
        self.beyond = np.zeros(len(self.vacancies), np.float32)
        """By how much the logarithm of each vacancy's scores is known to lie above the guesses."""

    def _added(self, table: int, sums: list[Sum]) -> NDArray[np.float32]:
        """What each cell of a table adds to each line."""

        def of(pairs: Pairs) -> NDArray[np.float32]:
            placed = self._ranker.placed(pairs)
            return np.column_stack([each(placed) for each in sums]).astype(np.float32)

        added: NDArray[np.float32] = self._laid.computed(table, of)
        return added

    def block(self, rows: IntArray) -> Values:
        begin, column, guesses = self._guessed(rows)
        values = np.full((len(rows), len(self.vacancies)), -np.inf, np.float32)
        values[np.repeat(np.arange(len(rows)), np.diff(begin)), column] = guesses
        return values

    def best(self, rows: IntArray, price: FloatArray, many: int) -> tuple[IntArray, Values]:
        begin, column, guesses = self._guessed(rows)
        at = best_of(begin, guesses - price.astype(np.float32)[column], many)
        there = at >= 0
        columns, values = np.zeros(at.shape, np.int64), np.full(at.shape, -np.inf, np.float32)
        columns[there], values[there] = column[at[there]], guesses[at[there]]
        return columns, values

    def _guessed(self, rows: IntArray) -> tuple[IntArray, NDArray[np.int32], NDArray[np.float32]]:
        """The pairs that may be, as `Eligible.pairs` tells them, and what their scores are about."""
        rows = np.asarray(rows, np.int64)
        begin, column = self.allowed.pairs(rows)
        found, likeliest = sums(
            self._laid.tables, self._bundles, self._lines, self._effects, rows, begin, column
        )
        new = np.flatnonzero(np.isnan(self._levels[0, rows]))
        if len(new):
            self._levels[:, rows[new]] = self._leveled(rows[new], found, column, likeliest[new])
        many = np.diff(begin)
        for line, level in zip(found, self._levels[:, rows], strict=True):
            line += np.repeat(level, many)
        found[0] += self.beyond[column]
        guesses: NDArray[np.float32] = np.exp(found[0], out=found[0])
        if len(found) > 1:
            # log(1 + exp(x)), but x itself where that is as good.
            above = np.exp(np.minimum(found[1], _LARGE, out=found[1]), out=found[1])
            above += 1
            guesses *= np.log(above, out=above)
            guesses *= np.float32(self._ranker.sigma)
        return begin, column, guesses

    def learn(self, rows: IntArray, columns: IntArray, above: FloatArray) -> NDArray[np.float32]:
        """By what factor each vacancy is worth more than guessed, told by what the logarithms of scores lie above those of guesses;
        later guesses have it in them."""
        people = mean_of(rows, above, len(self))
        posts = mean_of(columns, above - people[rows], len(self.vacancies)).astype(np.float32)
        self.beyond += posts
        factor: NDArray[np.float32] = np.exp(posts)
        return factor

    def _wanted(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """The logarithm of the chances and, where it counts, the surplus in units of sigma, shape (pairs, lines)."""
        chance, surplus = self.parts(rows, columns).T
        lines = (chance, surplus / self._ranker.sigma) if self._ranker.objective == "surplus" else (chance,)
        return np.column_stack(lines)

    def _leveled(
        self, rows: IntArray, found: NDArray[np.float32], column: NDArray[np.int32], likeliest: IntArray
    ) -> NDArray[np.float32]:
        """How far each worker's lines lie above the guesses, from the likeliest pair of each half of the vacancies."""
        at, half = np.nonzero(likeliest >= 0)
        pair = likeliest[at, half]
        above = self._wanted(rows[at], column[pair].astype(np.int64)).T - found[:, pair]
        seen = np.maximum(np.bincount(at, minlength=len(rows)), 1)
        return np.array([np.bincount(at, each, len(rows)) / seen for each in above], np.float32)


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
