"""Who was still there after so many days, where some were lost sight of before: those who were seen long enough stand for them.

A stay that was seen to its answer counts 1 / G, the chance of being seen so long (inverse probability of censoring), G by
Kaplan and Meier with the censorings as the events. Of two on one day the leaving comes first.
"""

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray


def seen_before(days: IntArray, left: BoolArray, on: IntArray) -> FloatArray:
    """The chance that nobody loses sight of a stay before the days `on`: G(on-)."""
    turns, at = np.unique(days, return_inverse=True)
    lost = np.bincount(at, ~left, len(turns)) if len(days) else np.zeros(0)
    gone = np.bincount(at, left, len(turns)) if len(days) else np.zeros(0)
    here = len(days) - np.concatenate(([0.0], np.cumsum(lost + gone)[:-1])) if len(turns) else np.zeros(0)
    # Who left on a day cannot be lost sight of on it.
    kept = np.where(lost > 0, 1.0 - lost / np.maximum(here - gone, 1.0), 1.0)
    upto = np.concatenate(([1.0], np.cumprod(kept)))
    chance: FloatArray = upto[np.searchsorted(turns, on)]
    return chance


def still_there(days: IntArray, left: BoolArray, until: int) -> tuple[FloatArray, FloatArray]:
    """Whether each stay lasted longer than `until` days, and its weight: 0 where that was not seen.

    All weights are 0 where somebody was lost sight of before and nobody was seen so long: nothing is known of those days.
    """
    gone = left & (days <= until)
    stayed = ~gone & (days >= until)
    chance = seen_before(days, left, np.minimum(days, until))
    if not stayed.any() and not (gone | stayed).all():
        return stayed.astype(np.float64), np.zeros(len(days))
    weight: FloatArray = np.where(gone | stayed, 1.0 / np.maximum(chance, 1e-12), 0.0)
    return stayed.astype(np.float64), weight
