"""Where the past is cut, what of it is looked at to choose, and how fast it may fade.

Everything is fitted twice: on what an earlier day knew, to choose by what came after it how fast the past fades, how far the
trees are trusted and how steep the chances are, and then on all that is known.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from matching.columns import FloatArray
from matching.regions import IntArray

LEARNING_SHARE = 0.75
"""Of the starts (by day) and of the applications the first so many are what the choice is made on."""
FEWEST = 30
"""Stays or answers below which nothing is learned: the prior stands."""
HALF_LIVES = (np.inf, 365.0, 180.0, 90.0)
"""Days in which the past may come to weigh half; in the order in which they are believed."""
MOST_TO_CHOOSE = 60_000
"""Of more stays or applications so many, drawn, are enough to choose by."""
DAYS_A_MONTH = 365.2425 / 12
LAST_DAYS = 365.2425
"""The level of the chances is that of the last year: a whole one, because seasons differ."""


def day_of_cut(days: Any, until: np.datetime64) -> np.datetime64 | None:
    """The day by which `LEARNING_SHARE` of what lies before `until` had begun, with something after it unless all began on one
    day; None where there is too little."""
    past = np.sort(days[days <= until])
    if len(past) < FEWEST:
        return None
    day: np.datetime64 = past[min(int(len(past) * LEARNING_SHARE), len(past) - 1)]
    if day == past[-1] and day > past[0]:
        # As many as that left by the last bus: what came before it foretells them.
        day = past[np.searchsorted(past, day) - 1]
    return day


def drawn(rows: IntArray, seed: int) -> IntArray:
    """`MOST_TO_CHOOSE` of them at most, in their order."""
    if len(rows) <= MOST_TO_CHOOSE:
        return rows
    return np.sort(np.random.default_rng(seed).permutation(rows)[:MOST_TO_CHOOSE])


def freshness(age: FloatArray, half_life: float) -> FloatArray:
    """What rows of this age in days count for."""
    fresh: FloatArray = 0.5 ** (np.maximum(age, 0.0) / half_life)
    return fresh


def chosen(losses: Sequence[FloatArray], weight: FloatArray) -> int:
    """Which of several ways foretold best what came later. The first stands unless another is better by more than chance alone
    would make it: more than one standard error of the mean difference.
    """
    best = 0
    for at in range(1, len(losses)):
        better = weight * (losses[best] - losses[at])
        if better.sum() > np.sqrt(max(len(better), 1)) * better.std():
            best = at
    return best
