"""Logistic regression that is drawn to a given answer: without data it is that answer, with much it is the data's."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.columns import FloatArray

_STEPS, _HALVINGS = 50, 20
_CLOSE = 1e-9
"""The search ends where another step would lower the loss by less than this part of it."""
_BLOCK = 65_536


class AnchoredLogistic(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """log-odds = anchor + columns @ b, where every b is Normal(0, 1 / precision) beforehand: the most probable b given the data.

    Newton's steps, halved until the loss falls; the loss is strictly convex, so there is one answer. A step goes through the rows
    in blocks, so that no second copy of a million of them is made.

    Parameters
    ----------
    precision
        One number, or one a column of columns: how firmly the anchor is held to. Greater than 0.
    """

    def __init__(self, precision: Any = 10.0) -> None:
        self.precision = precision

    def fit(
        self,
        columns: FloatArray,
        y: FloatArray,
        *,
        anchor: FloatArray,
        sample_weight: FloatArray | None = None,
    ) -> Self:
        """`columns` (rows, columns), `y` 0 or 1, `anchor` log-odds; rows of weight below 1 count as that part of a row."""
        weight = np.ones(len(y)) if sample_weight is None else sample_weight
        side = np.where(y > 0, 1.0, -1.0)
        precision = np.broadcast_to(np.asarray(self.precision, np.float64), (columns.shape[1],))
        b = np.zeros(columns.shape[1])
        loss = _loss(anchor, side, weight)
        for _ in range(_STEPS):
            slope, bend = _bend(columns, anchor + columns @ b, y, weight)
            step = np.linalg.solve(bend + np.diag(precision), slope - precision * b)
            gain = float((slope - precision * b) @ step) / 2
            if gain <= _CLOSE * (1.0 + loss):
                break
            along = columns @ step
            odds = anchor + columns @ b
            for halved in range(_HALVINGS):
                part = 0.5**halved
                tried = b + part * step
                new = _loss(odds + part * along, side, weight) + 0.5 * float(precision @ tried**2)
                if new < loss:
                    break
            b, loss = tried, new
        self.coef_: FloatArray = b
        return self

    def log_odds(self, columns: FloatArray, anchor: FloatArray) -> FloatArray:
        """Shape (rows,).

        Raises
        ------
        NotFittedError
            before `fit`.
        """
        check_is_fitted(self)
        odds: FloatArray = anchor + columns @ self.coef_
        return odds


def _loss(odds: FloatArray, side: FloatArray, weight: FloatArray) -> float:
    return float(weight @ np.logaddexp(0.0, -side * odds))


def _bend(
    columns: FloatArray, odds: FloatArray, y: FloatArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Slope of the log likelihood and its bend (the negative of the second derivatives), shapes (columns,) and (columns, columns)."""
    wide = columns.shape[1]
    slope, bend = np.zeros(wide), np.zeros((wide, wide))
    for at in range(0, len(y), _BLOCK):
        rows = slice(at, at + _BLOCK)
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds[rows], -500, 500)))
        some = columns[rows]
        slope += some.T @ (weight[rows] * (y[rows] - chance))
        bend += some.T @ ((weight[rows] * chance * (1.0 - chance))[:, None] * some)
    return slope, bend
