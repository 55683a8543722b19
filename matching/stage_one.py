"""The linear stage before a full score: features by classes, bent at their octiles, and an effect of each vacancy.

It is fitted to scores of a sample, so it serves any ranker. Only the order within one worker is asked of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from matching.columns import FloatArray, Pairs
from matching.compiled.terms import grouped
from matching.features import FEATURES, NAMES
from matching.offers import pay
from matching.regions import IntArray

_BENDS = np.arange(1, 8) / 8
_RIDGE = 1e-4
_ROUNDS = 20
_SHRINK = 1.0
"""So many scores of a vacancy weigh as much as knowing nothing of it."""

Value = Callable[[Pairs], FloatArray]


def _values() -> list[list[Value]]:
    """What is computed together because it is looked up together."""
    groups = grouped()
    values = [[FEATURES[number].value for number in own] for _, own in groups]
    together = next(at for at, (_, own) in enumerate(groups) if NAMES.index("pay_over_floor") in own)
    values[together].append(pay)
    return values


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
        bends = np.unique(np.quantile(known, _BENDS))
        inside = bends[(bends > known.min()) & (bends < known.max())]
        return cls(float(known.mean()), float(known.std()) or 1.0, tuple(inside.tolist()))

    def __len__(self) -> int:
        return 2 + len(self.bends)

    def columns(self, values: FloatArray) -> FloatArray:
        known = ~np.isnan(values)
        filled = np.where(known, values, self.middle)
        past = [np.maximum(filled - bend, 0.0) / self.scale for bend in self.bends]
        return np.column_stack([known.astype(np.float64), (filled - self.middle) / self.scale, *past])


@dataclass(frozen=True, slots=True)
class StageOne:
    """Fitted: what each group of features adds, in the order of `grouped`, and the effect of each vacancy."""

    sums: list["Sum"]
    effects: FloatArray

    @classmethod
    def fit(cls, pairs: Pairs, columns: IntArray, many: int, wanted: FloatArray) -> Self:
        """Fit to what is `wanted` of pairs, whose vacancies are the rows `columns` of `many`."""
        groups = _values()
        if not len(wanted):
            return cls([Sum([], [], np.zeros(0)) for _ in groups], np.zeros(many))
        bent: list[list[_Bent]] = []
        parts = []
        for group in groups:
            values = [value(pairs) for value in group]
            bent.append([_Bent.of(each) for each in values])
            parts += [shape.columns(each) for shape, each in zip(bent[-1], values, strict=True)]
        weights, effects = _fitted(np.column_stack(parts), pairs.workers, columns, many, wanted)
        sums, at = [], 0
        for group, shapes in zip(groups, bent, strict=True):
            size = sum(map(len, shapes))
            sums.append(Sum(group, shapes, weights[at : at + size]))
            at += size
        return cls(sums, effects)


def _fitted(
    matrix: FloatArray, workers: IntArray, columns: IntArray, many: int, wanted: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Weights of the matrix's columns and the effects of the vacancies, in turn."""
    person = np.unique(workers, return_inverse=True)[1]
    each = np.bincount(person)
    inside = matrix - _means(matrix, person, each)[person]
    square = inside.T @ inside + _RIDGE * len(wanted) * np.eye(matrix.shape[1])
    # Sums by vacancy and means by person, once: what goes round is as long as they are many, not as long as the sample.
    rows = np.arange(len(columns))
    of_post = csr_array((np.ones(len(rows)), (columns, rows)), shape=(many, len(rows)))
    of_both = csr_array((np.ones(len(rows)), (columns, person)), shape=(many, len(each)))
    post_wanted, post_matrix, post_inside = of_post @ wanted, of_post @ matrix, of_post @ inside
    own_wanted, own_matrix = np.bincount(person, wanted) / each, _means(matrix, person, each)
    drawn = inside.T @ wanted
    seen = np.bincount(columns, minlength=many) + _SHRINK
    effects = np.zeros(many)
    for _ in range(_ROUNDS):
        # What a vacancy is beyond its features must not be laid to a feature that it shares with few.
        weights: FloatArray = np.asarray(np.linalg.solve(square, drawn - post_inside.T @ effects), np.float64)
        own = own_wanted - own_matrix @ weights - (of_both.T @ effects) / each
        effects = (post_wanted - post_matrix @ weights - of_both @ own) / seen
    return weights, effects


@dataclass(frozen=True, slots=True)
class Sum:
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
