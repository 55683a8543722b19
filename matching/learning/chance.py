"""One chance, learned: what the prior says, what a line through the features adds to it, and what trees add to that.

    log-odds = (1 - trust) * anchored + trust * trees          then a + b * log-odds, calibrated on later data

`trust` and the calibration are chosen on data that came after what the two were fitted on.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from matching import features
from matching.columns import BoolArray, FloatArray
from matching.learning.anchored import AnchoredLogistic

PRECISION = 20.0
"""A weight of the line lies within about 0.22 of the prior's, until some hundred outcomes say otherwise."""
TRUSTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_FEWEST_FOR_TREES = 500
"""Rows of the rarer kind below which no trees are grown."""


@dataclass(slots=True)
class Chance:
    """A learned probability over `(raw, z, extra, anchor)`: the features with nan, the prior's z, columns of the question's
    own (`extra`), and the prior's log-odds."""

    feeds: str
    seed: int = 0
    trust: float = 0.0
    calibration: tuple[float, float] = (0.0, 1.0)
    line: AnchoredLogistic | None = None
    trees: Any = None
    used: BoolArray = field(init=False)

    def __post_init__(self) -> None:
        self.used = np.array([self.feeds in each.feeds for each in features.FEATURES])

    def fit(
        self,
        raw: FloatArray,
        z: FloatArray,
        extra: FloatArray,
        anchor: FloatArray,
        y: FloatArray,
        weight: FloatArray,
        *,
        grow: bool = True,
    ) -> None:
        """Fit the line and, unless told otherwise, the trees; trust and calibration stay what they are."""
        columns = self._columns(z, extra)
        precision = np.concatenate(
            [np.full(int(self.used.sum()), PRECISION), np.full(extra.shape[1] + 1, 1.0)]
        )
        self.line = AnchoredLogistic(precision).fit(columns, y, anchor=anchor, sample_weight=weight)
        self.trees = None
        if grow and min(y.sum(), len(y) - y.sum()) >= _FEWEST_FOR_TREES:
            directions = [
                each.direction * (-1 if self.feeds == "stay" else 1)
                for each, used in zip(features.FEATURES, self.used, strict=True)
                if used
            ]
            self.trees = HistGradientBoostingClassifier(
                max_iter=120, learning_rate=0.07, max_leaf_nodes=15, min_samples_leaf=60, l2_regularization=5.0,
                monotonic_cst=[*directions, *[0] * extra.shape[1], 1], early_stopping=False, random_state=self.seed,
            ).fit(self._grown_on(raw, extra, self.line.log_odds(columns, anchor)), y, sample_weight=weight)  # fmt: skip

    def choose(
        self,
        raw: FloatArray,
        z: FloatArray,
        extra: FloatArray,
        anchor: FloatArray,
        y: FloatArray,
        weight: FloatArray,
    ) -> None:
        """Choose trust and calibration on rows that came after those of `fit`."""
        straight, grown = self._both(raw, z, extra, anchor)
        if grown is not None:
            losses = {trust: _loss((1 - trust) * straight + trust * grown, y, weight) for trust in TRUSTS}
            self.trust = min(losses, key=lambda trust: (losses[trust], trust))
        mixed = straight if grown is None else (1 - self.trust) * straight + self.trust * grown
        line = AnchoredLogistic(np.array([1.0, 50.0])).fit(
            np.column_stack([np.ones(len(y)), mixed - mixed.mean()]), y, anchor=mixed, sample_weight=weight
        )
        shift, slope = line.coef_.tolist()
        self.calibration = (shift - slope * float(mixed.mean()), 1.0 + slope)

    def log_odds(self, raw: FloatArray, z: FloatArray, extra: FloatArray, anchor: FloatArray) -> FloatArray:
        """Shape (rows,)."""
        straight, grown = self._both(raw, z, extra, anchor)
        mixed = straight if grown is None else (1 - self.trust) * straight + self.trust * grown
        begin, slope = self.calibration
        return begin + slope * mixed

    def _both(
        self, raw: FloatArray, z: FloatArray, extra: FloatArray, anchor: FloatArray
    ) -> tuple[FloatArray, FloatArray | None]:
        if self.line is None:
            return anchor, None
        straight = self.line.log_odds(self._columns(z, extra), anchor)
        if self.trees is None:
            return straight, None
        return straight, self.trees.decision_function(self._grown_on(raw, extra, straight))

    def _columns(self, z: FloatArray, extra: FloatArray) -> FloatArray:
        return np.column_stack([z[:, self.used], extra, np.ones(len(z))])

    def _grown_on(self, raw: FloatArray, extra: FloatArray, straight: FloatArray) -> FloatArray:
        return np.column_stack([raw[:, self.used], extra, straight])


def _loss(log_odds: FloatArray, y: FloatArray, weight: FloatArray) -> float:
    side = np.where(y > 0, 1.0, -1.0)
    return float((weight * np.logaddexp(0.0, -side * log_odds)).sum() / weight.sum())
