"""From what the features add up to, to the logarithm of the score: three curves, looked up.

A score is p_hire · S(t*) · what the surplus is worth. Each of the three rises with one sum over the features: of the log-odds of a start,
of those of staying, of yuan. So the sums can be looked at, and bounded, by themselves.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.columns import FloatArray
from matching.compiled.machine import compiled
from matching.compiled.terms import Terms
from matching.prior import TYPICAL_SURPLUS
from matching.rankers import PriorRanker

Floats = NDArray[np.float32]

LINES = 3
"""A start, staying, the surplus: the more, the better."""
_POINTS = 4_096
_LEAST = 1e-300


class Links(NamedTuple):
    """The three curves, each at so many places: `value` of shape (3, places), from `low`, `each` to a unit."""

    low: FloatArray
    each: FloatArray
    value: Floats


def links(terms: Terms, ranker: PriorRanker, low: FloatArray, high: FloatArray) -> Links:
    """The curves between these ends, one of each line."""
    places = np.linspace(low, high, _POINTS)
    hire, leave = terms.hire, terms.leave
    start = -np.logaddexp(0.0, -(hire.shift + hire.slope * (hire.begins[0] + places[:, 0])))
    odds = leave.shift + leave.slope * (leave.begins - places[:, 1:2])
    staying = -np.logaddexp(0.0, odds) @ terms.shares
    worth = np.log(np.maximum(ranker.score_of(np.zeros(_POINTS), TYPICAL_SURPLUS + places[:, 2]), _LEAST))
    value = np.array([start, staying, worth], np.float32)
    return Links(low, (_POINTS - 1) / (high - low), value)


def back(curves: Links, line: int, value: FloatArray) -> FloatArray:
    """Which sum of a line brings this value, as far as the curve reaches."""
    places = curves.low[line] + np.arange(_POINTS) / curves.each[line]
    found: FloatArray = np.interp(value, curves.value[line].astype(np.float64), places)
    return found


@compiled
def linked(curves: Links, line: int, total: Any) -> Any:
    """The value of a line's sum."""
    at = (total - curves.low[line]) * curves.each[line]
    last = curves.value.shape[1] - 1
    if at <= 0:
        return curves.value[line, 0]
    if at >= last:
        return curves.value[line, last]
    whole = int(at)
    below, above = curves.value[line, whole], curves.value[line, whole + 1]
    return below + np.float32(at - whole) * (above - below)
