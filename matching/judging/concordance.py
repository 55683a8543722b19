"""Whether who was said to leave sooner did: Uno's C, the share of comparable pairs in the right order; chance alone makes 0.5.

Source: H. Uno et al., "On the C-statistics for evaluating overall adequacy of risk prediction procedures with censored
survival data", Statistics in Medicine 2011. Without a weight it is Harrell's.
"""

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.judging.censoring import seen_before
from matching.judging.estimate import Estimate, ratio
from matching.regions import IntArray

_AT_ONCE = 2_000


def concordance(
    risk: FloatArray,
    days: IntArray,
    left: BoolArray,
    people: IntArray,
    *,
    apart: IntArray | None = None,
    weight: FloatArray | None = None,
) -> Estimate:
    """Of pairs of which one `left` and the other was still there then; equal risks count half.

    Parameters
    ----------
    apart : only rows with the same number are compared (those of one month); None compares all.
    weight : of a pair, by the row that left (`uno_weights`); None for 1.
    """
    right, pairs, over = np.zeros(len(risk)), np.zeros(len(risk)), np.zeros(len(risk))
    cases = np.zeros(len(risk), np.bool_)
    parts = np.zeros(len(risk), np.int64) if apart is None else apart
    heavy = np.ones(len(risk)) if weight is None else weight
    for part in np.unique(parts).tolist():
        rows = np.flatnonzero(parts == part)
        for begin in range(0, len(rows), _AT_ONCE):
            first = rows[begin : begin + _AT_ONCE]
            first = first[left[first] & (heavy[first] > 0)]
            longer = (days[rows][None] > days[first][:, None]) | (
                (days[rows][None] == days[first][:, None]) & ~left[rows][None]
            )
            more = (risk[first][:, None] > risk[rows][None]) + 0.5 * (
                risk[first][:, None] == risk[rows][None]
            )
            both = longer * heavy[first][:, None]
            won = both * more
            right[first] += won.sum(axis=1)
            pairs[first] += both.sum(axis=1)
            over[rows] += won.sum(axis=0)
            # The other half of a pair pulls as much as the first.
            pairs[rows] += both.sum(axis=0)
            cases[rows] |= longer.any(axis=0)
            cases[first] |= longer.any(axis=1)
    found = ratio((right + over)[cases], pairs[cases], people[cases])
    # Each pair stands with both of its rows, so that a row's pull is that of all pairs it is in.
    return _doubled(found)


def uno_weights(days: IntArray, left: BoolArray, until: int) -> FloatArray:
    """1 / G² of each stay that was left within `until` days, else 0."""
    chance = seen_before(days, left, days)
    weight: FloatArray = np.where(left & (days <= until), 1.0 / np.maximum(chance, 1e-6) ** 2, 0.0)
    return weight


def _doubled(found: Estimate) -> Estimate:
    """A pair's error belongs to two people and was halved by the common sum: the interval is twice as wide."""
    half = found.high - found.value
    return Estimate(found.value, found.value - 2 * half, found.value + 2 * half, found.cases)
