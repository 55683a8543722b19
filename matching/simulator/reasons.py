"""Why somebody said no, and why somebody left: coded, and likelier where the facts speak for it."""

from typing import Any

import numpy as np

from matching.simulator.days import homesick
from matching.simulator.facts import Facts
from matching.simulator.places import BoolArray, FloatArray, IntArray

REFUSALS = (
    "工资低", "太远", "家里离不开", "不包住", "班次不合适", "其他",
    "技能不够", "年龄健康不符法定条件", "未到场", "其他", "已招满",
)  # fmt: skip
_BY_WORKER, _BY_EMPLOYER = slice(0, 6), slice(6, 10)
FILLED = 10
LEAVES = ("工资低", "太远", "家里有事", "食宿问题", "劳动强度大", "身体原因", "其他")


def refusals(rng: np.random.Generator, fact: Facts, by_employer: BoolArray, by_worker: BoolArray) -> IntArray:
    """Rows of REFUSALS, -1 for neither."""
    n = len(by_worker)
    worker = _weights(
        n,
        np.exp(-1.5 * fact.pay_over_floor),
        0.6 * fact.distance,
        0.5,
        3.0 * fact.no_bed,
        0.2 + fact.nights,
        0.2,
    )
    employer = _weights(n, 0.3 + 2.0 * ~fact.required, 0.3, 0.25, 0.3)
    said = np.where(by_worker, _drawn(rng, worker), _BY_EMPLOYER.start + _drawn(rng, employer))
    return np.where(by_worker | by_employer, said, -1)


def leaves(rng: np.random.Generator, fact: Facts, end: IntArray) -> IntArray:
    """Rows of LEAVES."""
    return _drawn(rng, _weights(
        len(end), np.exp(-fact.pay_over_floor), 0.5 * fact.distance, 0.5 + 2.0 * homesick(end), 0.1 + 1.5 * fact.no_bed,
        0.3 + 0.5 * np.maximum(fact.hours, 0), 0.3, 0.5,
    ))  # fmt: skip


def _weights(n: int, *each: Any) -> FloatArray:
    """One column for each reason, whether its weight is one number or one a pair."""
    return np.stack([np.broadcast_to(weight, n) for weight in each], axis=1).astype(np.float64)


def _drawn(rng: np.random.Generator, weights: FloatArray) -> IntArray:
    ends = np.cumsum(weights, axis=1)
    drawn: IntArray = (rng.random((len(weights), 1)) * ends[:, -1:] >= ends[:, :-1]).sum(axis=1)
    return drawn
