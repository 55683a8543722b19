"""One chance, learned: what the prior says, what a line through the features adds to it, and what trees add to that.

    log-odds = (1 - trust) * anchored + trust * trees          then a + b * log-odds, calibrated

`trust` and b are chosen on data that came after what the two were fitted on, a on what was seen last.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from matching import features
from matching.columns import BoolArray, FloatArray
from matching.compiled import terms
from matching.compiled.trees import Trees, ask, ask_itself, trees_of
from matching.learning.anchored import AnchoredLogistic

PRECISION = 20.0
"""A weight of the line lies within about 0.22 of the prior's, until some hundred outcomes say otherwise."""
TRUSTS = (0.0, 0.25, 0.5, 0.75, 1.0)
FLATTEST = 0.5
"""How steep calibration leaves the chances at least."""
_POINTS, _ROWS_FOR_POINTS = 64, 50_000
_FEWEST_FOR_TREES = 500
"""Rows of the rarer kind below which no trees are grown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of what a chance is asked, one row each: the features (`raw`, nan unknown), the prior's `z` of them, columns of the
    question's own (`extra`), and the log-odds that the prior gives (`anchor`)."""

    raw: FloatArray
    z: FloatArray
    extra: FloatArray
    anchor: FloatArray

    def take(self, rows: Any) -> "Asked":
        """These rows, by position or mask, in their order."""
        return Asked(self.raw[rows], self.z[rows], self.extra[rows], self.anchor[rows])


@dataclass(slots=True)
class Chance:
    """A learned probability; `feeds` names the features that may bear on it."""

    feeds: str
    seed: int = 0
    trust: float = 0.0
    calibration: tuple[float, float] = (0.0, 1.0)
    line: AnchoredLogistic | None = None
    trees: Any = None
    used: BoolArray = field(init=False)
    grown: BoolArray = field(init=False)
    _read: Trees | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.used = np.array([self.feeds in each.feeds for each in features.FEATURES])
        self.grown = self.used

    def fit(self, asked: Asked, y: FloatArray, weight: FloatArray, *, grow: bool = True) -> None:
        """Fit the line and, unless told otherwise, the trees; trust and calibration stay what they are."""
        columns = self._columns(asked)
        precision = np.concatenate(
            [np.full(int(self.used.sum()), PRECISION), np.full(asked.extra.shape[1] + 1, 1.0)]
        )
        self.line = AnchoredLogistic(precision).fit(columns, y, anchor=asked.anchor, sample_weight=weight)
        self.trees = self._read = None
        if grow and min(y.sum(), len(y) - y.sum()) >= _FEWEST_FOR_TREES:
            # A feature of which nobody knows anything can't be split on.
            self.grown = self.used & ~np.isnan(asked.raw).all(axis=0)
            directions = [
                each.direction * (-1 if self.feeds == "stay" else 1)
                for each, grown in zip(features.FEATURES, self.grown, strict=True)
                if grown
            ]
            trees = HistGradientBoostingClassifier(
                max_iter=120, learning_rate=0.07, max_leaf_nodes=15, min_samples_leaf=60, l2_regularization=5.0,
                monotonic_cst=[*directions, *[0] * asked.extra.shape[1], 1], early_stopping=False, random_state=self.seed,
            )  # fmt: skip
            # Threads of OpenMP wait for each other by turning, and shared cores give them much to wait for.
            with threadpool_limits(1, user_api="openmp"):
                straight = self.line.log_odds(columns, asked.anchor)
                self.trees = trees.fit(_coarse(self._grown_on(asked, straight)), y, sample_weight=weight)

    def choose(self, asked: Asked, y: FloatArray, weight: FloatArray) -> None:
        """Choose trust and calibration on rows that came after those of `fit`."""
        straight, grown = self._both(asked)
        if grown is not None:
            losses = {trust: _loss((1 - trust) * straight + trust * grown, y, weight) for trust in TRUSTS}
            self.trust = min(losses, key=lambda trust: (losses[trust], trust))
        mixed = straight if grown is None else (1 - self.trust) * straight + self.trust * grown
        line = AnchoredLogistic(np.array([1.0, 50.0])).fit(
            np.column_stack([np.ones(len(y)), mixed - mixed.mean()]), y, anchor=mixed, sample_weight=weight
        )
        shift, slope = line.coef_.tolist()
        # What turned round since can't say how steep the new is: all that is learned must not be read upside down.
        steep = max(1.0 + slope, FLATTEST)
        self.calibration = (shift + (1.0 - steep) * float(mixed.mean()), steep)

    def level(self, asked: Asked, y: FloatArray, weight: FloatArray) -> None:
        """Move the calibration so that as much is said of these rows as happened in them, as far as they are many."""
        odds = self.log_odds(asked)
        shift = AnchoredLogistic(1.0).fit(np.ones((len(y), 1)), y, anchor=odds, sample_weight=weight)
        self.calibration = (self.calibration[0] + float(shift.coef_[0]), self.calibration[1])

    def loss(self, asked: Asked, y: FloatArray) -> FloatArray:
        """What each row would have cost: the negative logarithm of the chance of what happened."""
        losses: FloatArray = np.logaddexp(0.0, np.where(y > 0, -1.0, 1.0) * self.log_odds(asked))
        return losses

    def log_odds(self, asked: Asked) -> FloatArray:
        """Shape (rows,)."""
        straight, grown = self._both(asked, grown=self.trust > 0)
        return self._calibrated(straight, grown)

    def log_odds_each(
        self, raw: FloatArray, z: FloatArray, extra: FloatArray, anchor: FloatArray
    ) -> FloatArray:
        """`log_odds` under several questions that all rows are asked, shape (rows, questions).

        Parameters
        ----------
        raw, z : (rows, features), as of `Asked`.
        extra : (questions, columns), the question's own columns, the same for all rows.
        anchor : (rows, questions), the log-odds that the prior gives.
        """
        if self.line is None:
            return self._calibrated(anchor, None)
        used = int(self.used.sum())
        weights = self.line.coef_
        own = extra @ weights[used:-1] + weights[-1]
        straight = anchor + own + (z[:, self.used] @ weights[:used])[:, None]
        if self.trees is None or not self.trust:
            return self._calibrated(straight, None)
        return self._calibrated(straight, self._asked(raw[:, self.grown], extra, list(straight.T)))

    def terms(self, prior: FloatArray, begins: FloatArray, extra: FloatArray) -> terms.Chance | None:
        """What the chance is made of under questions with these columns of their own; None where its trees can't be read.

        Parameters
        ----------
        prior : what the prior's log-odds take of each z; begins : what they are without, one a question.
        """
        if self.line is None:
            return terms.Chance.of_line(prior, begins, *self.calibration)
        used = int(self.used.sum())
        weights = prior.copy()
        weights[self.used] += self.line.coef_[:used]
        begins = begins + extra @ self.line.coef_[used:-1] + self.line.coef_[-1]
        if self.trees is None or not self.trust:
            return terms.Chance.of_line(weights, begins, *self.calibration)
        trees = self.read()
        if trees is None:
            return None
        return terms.Chance(
            weights, begins, extra, np.flatnonzero(self.grown), *self.calibration, self.trust, trees
        )

    def _calibrated(self, straight: FloatArray, grown: FloatArray | None) -> FloatArray:
        mixed = straight if grown is None else (1 - self.trust) * straight + self.trust * grown
        begin, slope = self.calibration
        return begin + slope * mixed

    def leaves(self) -> list[NDArray[Any]]:
        """The trees' own numbers, tree by tree."""
        return [] if self.trees is None else [grown.nodes for [grown] in self.trees._predictors]

    def read(self) -> Trees | None:
        """The trees as compiled code reads them; None where there are none or it can't read them."""
        if self.trees is not None and self._read is None:
            with contextlib.suppress(ValueError):
                self._read = trees_of(self.trees)
        return self._read

    def _asked(
        self,
        columns: FloatArray,
        extra: FloatArray | None = None,
        last: Sequence[FloatArray] | None = None,
    ) -> FloatArray:
        trees = self.read()
        return (
            ask_itself(self.trees, columns, extra, last)
            if trees is None
            else ask(trees, columns, extra, last)
        )

    def _both(self, asked: Asked, *, grown: bool = True) -> tuple[FloatArray, FloatArray | None]:
        if self.line is None:
            return asked.anchor, None
        straight = self.line.log_odds(self._columns(asked), asked.anchor)
        if self.trees is None or not grown:
            return straight, None
        return straight, self._asked(self._grown_on(asked, straight))[:, 0]

    def _columns(self, asked: Asked) -> FloatArray:
        return np.column_stack([asked.z[:, self.used], asked.extra, np.ones(len(asked.z))])

    def _grown_on(self, asked: Asked, straight: FloatArray) -> FloatArray:
        return np.column_stack([asked.raw[:, self.grown], asked.extra, straight])


def _coarse(columns: FloatArray) -> FloatArray:
    """Each column rounded to at most `_POINTS` of its own quantiles, so that the trees have no more places to split it.

    Of weighted rows scikit-learn looks for the places itself by sorting the column once a place, which takes longer than the trees.
    """
    coarse = np.empty_like(columns)
    for at, column in enumerate(columns.T):
        known = column[~np.isnan(column)]
        points = np.unique(known[:: max(1, len(known) // _ROWS_FOR_POINTS)])
        if len(points) > _POINTS:
            some = known[:: max(1, len(known) // _ROWS_FOR_POINTS)]
            points = np.unique(np.quantile(some, np.linspace(0.0, 1.0, _POINTS)))
        if not len(points):
            coarse[:, at] = column
            continue
        nearest = points[np.searchsorted((points[1:] + points[:-1]) / 2, column)]
        coarse[:, at] = np.where(np.isnan(column), np.nan, nearest)
    return coarse


def _loss(log_odds: FloatArray, y: FloatArray, weight: FloatArray) -> float:
    side = np.where(y > 0, 1.0, -1.0)
    return float((weight * np.logaddexp(0.0, -side * log_odds)).sum() / weight.sum())
