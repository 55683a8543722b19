"""The linear stage before a full score: features by classes, bent at their quartiles, and an effect of each vacancy.

It is fitted to scores of a sample, so it serves any ranker. Only the order within one worker is asked of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from matching.classes import READS, Alike, Columns, Table
from matching.columns import FloatArray, Pairs
from matching.features import FEATURES
from matching.offers import pay
from matching.regions import IntArray

_QUARTILES = (0.25, 0.5, 0.75)
_RIDGE = 1e-4
_ROUNDS = 20
_SHRINK = 3.0
"""So many scores of a vacancy weigh as much as knowing nothing of it."""

Value = Callable[[Pairs], FloatArray]

_GROUPS: dict[tuple[Columns, Columns], list[Value]] = {}
"""What is computed together because it reads the same columns; a feature in which the sides do not meet is of the vacancy."""
for _feature in FEATURES:
    _GROUPS.setdefault(READS.get(_feature.name, ((), ("id",))), []).append(_feature.value)
_GROUPS[(), ("id",)].append(pay)


@dataclass(frozen=True, slots=True)
class _Bent:
    """One feature as columns of a regression: whether it is known, the value, and the value past each bend."""

    middle: float
    scale: float
    bends: tuple[float, ...]

    @classmethod
    def of(cls, values: FloatArray) -> Self:
        known = values[~np.isnan(values)]
        if not len(known):
            return cls(0.0, 1.0, ())
        bends = np.unique(np.quantile(known, _QUARTILES))
        inside = bends[(bends > known.min()) & (bends < known.max())]
        return cls(float(known.mean()), float(known.std()) or 1.0, tuple(inside.tolist()))

    def __len__(self) -> int:
        return 2 + len(self.bends)

    def columns(self, values: FloatArray) -> FloatArray:
        known = ~np.isnan(values)
        filled = np.where(known, values, self.middle)
        past = [np.maximum(filled - bend, 0.0) / self.scale for bend in self.bends]
        return np.column_stack([known.astype(np.float64), (filled - self.middle) / self.scale, *past])


class StageOne:
    """Fitted; `block` guesses how the score orders the vacancies of each worker."""

    def __init__(self, tables: list[Table], effects: FloatArray) -> None:
        self._tables = tables
        self._effects: NDArray[np.float32] = effects.astype(np.float32)

    @classmethod
    def fit(
        cls, alike: Alike, vacancies: IntArray, workers: IntArray, columns: IntArray, scores: FloatArray
    ) -> Self:
        """Fit to `scores` of pairs of `workers` with `vacancies[columns]`."""
        if not len(scores):
            return cls([], np.zeros(len(vacancies)))
        wanted = scores
        pairs = Pairs(alike.market, workers, vacancies[columns])
        bent: list[list[_Bent]] = []
        parts = []
        for group in _GROUPS.values():
            values = [value(pairs) for value in group]
            bent.append([_Bent.of(each) for each in values])
            parts += [shape.columns(each) for shape, each in zip(bent[-1], values, strict=True)]
        matrix = np.column_stack(parts)
        person = np.unique(workers, return_inverse=True)[1]
        many = np.bincount(person)
        inside = matrix - _means(matrix, person, many)[person]
        square = inside.T @ inside + _RIDGE * len(wanted) * np.eye(matrix.shape[1])
        # Sums by vacancy and means by person, once: what goes round is as long as they are many, not as long as the sample.
        rows = np.arange(len(columns))
        of_post = csr_array((np.ones(len(rows)), (columns, rows)), shape=(len(vacancies), len(rows)))
        of_both = csr_array((np.ones(len(rows)), (columns, person)), shape=(len(vacancies), len(many)))
        post_wanted, post_matrix, post_inside = of_post @ wanted, of_post @ matrix, of_post @ inside
        own_wanted, own_matrix = np.bincount(person, wanted) / many, _means(matrix, person, many)
        drawn = inside.T @ wanted
        seen = np.bincount(columns, minlength=len(vacancies)) + _SHRINK
        effects = np.zeros(len(vacancies))
        for _ in range(_ROUNDS):
            # In turn: what a vacancy is beyond its features must not be laid to a feature that it shares with few.
            weights: FloatArray = np.asarray(
                np.linalg.solve(square, drawn - post_inside.T @ effects), np.float64
            )
            own = own_wanted - own_matrix @ weights - (of_both.T @ effects) / many
            effects = (post_wanted - post_matrix @ weights - of_both @ own) / seen
        tables, at = [], 0
        for (reads, group), shapes in zip(_GROUPS.items(), bent, strict=True):
            size = sum(map(len, shapes))
            value = _Sum(group, shapes, weights[at : at + size])
            tables.append(Table(alike, vacancies, reads, value, np.float32))
            at += size
        return cls(tables, effects)

    def block(self, workers: IntArray, columns: IntArray | slice = slice(None)) -> NDArray[np.float32]:
        """The guesses, shape (workers, vacancies); of the vacancies only `columns`, where that is said."""
        total = np.tile(self._effects[columns], (len(workers), 1))
        for table in self._tables:
            total += table.block(workers, columns)
        return total


@dataclass(frozen=True, slots=True)
class _Sum:
    """What the features of a group add, one value a pair."""

    group: list[Value]
    shapes: list[_Bent]
    weights: FloatArray

    def __call__(self, pairs: Pairs) -> FloatArray:
        total, at = np.zeros(len(pairs)), 0
        for value, shape in zip(self.group, self.shapes, strict=True):
            total += shape.columns(value(pairs)) @ self.weights[at : at + len(shape)]
            at += len(shape)
        return total


def _means(matrix: FloatArray, person: IntArray, many: IntArray) -> FloatArray:
    return np.column_stack([np.bincount(person, column) / many for column in matrix.T])
