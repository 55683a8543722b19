"""What somebody had worked as before a day, as the stretches of work tell it.

A record of a person says what the last work was, but not since when: whoever was hired has the trade of the post that hired. Told
of a day before, that would foretell the very thing that is to be learned. So of the past only earlier stretches count.
"""

import numpy as np

from matching.columns import DateArray, FloatArray, TextArray, Vacancies
from matching.learning.history import Stretches
from matching.offers import occupations_meet
from matching.regions import IntArray


def trades_before(stretches: Stretches, vacancies: Vacancies, who: IntArray, days: DateArray) -> TextArray:
    """Of each `who` the occupation of the post that last began before the day, '' where no stretch tells one."""
    told = np.append(vacancies.occupation, "")
    trade = told[np.where(stretches.vacancy >= 0, stretches.vacancy, len(vacancies))]
    known = stretches.take(trade != "")
    if not len(known) or not len(who):
        return np.full(len(who), "", told.dtype)
    order = np.lexsort((known.started, known.worker))
    begun, trade = known.take(order), trade[trade != ""][order]
    first = min(begun.started.min(), days.min()).astype(np.int64)
    span = np.int64(max(begun.started.max(), days.max()).astype(np.int64) - first + 2)
    line = begun.worker * span + (begun.started.astype(np.int64) - first)
    last = np.searchsorted(line, who * span + (days.astype(np.int64) - first)) - 1
    mine = (last >= 0) & (begun.worker[last.clip(0)] == who)
    return np.where(mine, trade[last.clip(0)], "")


def same_trade(
    stretches: Stretches, vacancies: Vacancies, who: IntArray, posts: IntArray, days: DateArray
) -> FloatArray:
    """The feature `same_occupation` of people with posts on those days."""
    return occupations_meet(trades_before(stretches, vacancies, who, days), vacancies.occupation[posts])
