"""Days as whole numbers since 1970, and the season by the Spring Festival."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from matching.simulator.places import FloatArray, IntArray
from matching.simulator.worlds import FESTIVALS

MONTH = 30
"""Days of a month since the start: the unit in which people leave. Rules of stability count otherwise."""
_FIRST, _LAST = "2020-07-01", "2030-12-31"


def number(day: date | str) -> int:
    """Days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def written(days: IntArray) -> list[str]:
    """ISO dates."""
    distinct, which = np.unique(days, return_inverse=True)
    texts = [str(np.datetime64(day, "D")) for day in distinct.tolist()]
    return [texts[at] for at in which.tolist()]


_BEGIN = number(_FIRST)
_FESTIVALS = np.array([number(day) for day in FESTIVALS.values()])


def after_festival(days: IntArray) -> IntArray:
    """Days since the nearest Spring Festival, negative before it."""
    at = np.abs(np.asarray(days)[..., None] - _FESTIVALS).argmin(-1)
    since: IntArray = np.asarray(days) - _FESTIVALS[at]
    return since


def _homesick() -> FloatArray:
    since = after_festival(np.arange(_BEGIN, number(_LAST)))
    whole, half = (since >= -25) & (since <= 0), (since >= -40) & (since <= 15)
    return np.where(whole, 1.0, np.where(half, 0.5, 0.0))


_HOMESICK = _homesick()


def homesick(days: IntArray) -> FloatArray:
    """1 in the 25 days before the Spring Festival, 0.5 shortly before and after, 0 else."""
    return _HOMESICK[np.clip(days - _BEGIN, 0, len(_HOMESICK) - 1)]


def search_weights(days: Sequence[int] | IntArray) -> FloatArray:
    """How many begin to look for work on each day, relatively: six times as many after the Spring Festival."""
    since = after_festival(np.asarray(days))
    return np.where((since >= 8) & (since <= 45), 6.0, np.where(np.abs(since) < 8, 0.2, 1.0))
