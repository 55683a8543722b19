"""Logistic regression that is drawn to a given answer: without data it is that answer, with much it is the data's."""

from typing import Any, Self

import numpy as np
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching.columns import FloatArray


class AnchoredLogistic(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """log-odds = anchor + columns @ b, where every b is Normal(0, 1 / precision) beforehand: the most probable b given the data.

    Parameters
    ----------
    precision
        One number, or one a column of columns: how firmly the anchor is held to.
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
        precision = np.broadcast_to(np.asarray(self.precision, np.float64), (columns.shape[1],))
        side = np.where(y > 0, 1.0, -1.0)

        def loss(b: FloatArray) -> tuple[float, FloatArray]:
            margin = side * (anchor + columns @ b)
            wrong = -side * weight / (1.0 + np.exp(np.clip(margin, -500, 500)))
            value = float((weight * np.logaddexp(0.0, -margin)).sum() + 0.5 * (precision * b * b).sum())
            return value, columns.T @ wrong + precision * b

        found = minimize(
            loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}
        )
        self.coef_: FloatArray = found.x
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
