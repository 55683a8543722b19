"""What somebody had worked as before a day, as earlier work tells it, or the record where it is seen to be the older of the two.

A record of a person says what the last work was, but not since when: where whoever is hired gets the trade of the post that hired, it
would foretell, told of a day before, the very thing that is to be learned. Records that follow the work agree with the last
stretch and not with the first, those that were written at the first work and never again with the first; records that are older
agree with both alike. Only then are they told of the past.
"""

import numpy as np

from matching.columns import DateArray, FloatArray, Market, TextArray, Vacancies
from matching.learning.history import Stretches
from matching.offers import occupations_meet
from matching.regions import IntArray

MAY_FOLLOW = 0.08
"""Records are older than the work where at most this share of them can come from it, two standard errors allowed for."""


def trades_then(stretches: Stretches, market: Market, who: IntArray, days: DateArray) -> TextArray:
    """The occupation that each `who` had last worked in by each day, '' unknown."""
    recorded = market.workers.last_occupation
    if records_are_older(stretches, recorded, market.vacancies):
        return recorded[who]
    return trades_before(stretches, market.vacancies, who, days)


def records_are_older(stretches: Stretches, recorded: TextArray, vacancies: Vacancies) -> bool:
    """Whether what is `recorded` of workers was so before their `stretches` of work, as those tell who have two in two trades.

    Only who has left the last one too is asked: a stretch that goes on is more often in a trade that suits.
    """
    trade = _told(vacancies, stretches)
    known = np.flatnonzero((trade != "") & (recorded[stretches.worker] != ""))
    order = known[np.lexsort((stretches.started[known], stretches.worker[known]))]
    who, at = np.unique(stretches.worker[order], return_index=True)
    first = order[at]
    last = order[np.append(at[1:], len(order)) - 1] if len(order) else first
    asked = (trade[first] != trade[last]) & ~np.isnat(stretches.ended[last])
    record = recorded[who][asked]
    with_last = int((trade[last][asked] == record).sum())
    with_first = int((trade[first][asked] == record).sum())
    most = abs(with_last - with_first) + 2 * max(with_last + with_first, 1) ** 0.5
    return bool(most <= MAY_FOLLOW * len(record))


def trades_before(stretches: Stretches, vacancies: Vacancies, who: IntArray, days: DateArray) -> TextArray:
    """Of each `who` the occupation of the post that last began before the day, '' where no stretch tells one."""
    trade = _told(vacancies, stretches)
    known = stretches.take(trade != "")
    if not len(known) or not len(who):
        return np.full(len(who), "", trade.dtype)
    order = np.lexsort((known.started, known.worker))
    begun, trade = known.take(order), trade[trade != ""][order]
    first = min(begun.started.min(), days.min()).astype(np.int64)
    span = np.int64(max(begun.started.max(), days.max()).astype(np.int64) - first + 2)
    line = begun.worker * span + (begun.started.astype(np.int64) - first)
    last = np.searchsorted(line, who * span + (days.astype(np.int64) - first)) - 1
    mine = (last >= 0) & (begun.worker[last.clip(0)] == who)
    return np.where(mine, trade[last.clip(0)], "")


def _told(vacancies: Vacancies, stretches: Stretches) -> TextArray:
    """The occupation of each stretch's post, '' where it names none."""
    told = np.append(vacancies.occupation, "")
    return told[np.where(stretches.vacancy >= 0, stretches.vacancy, len(vacancies))]


def same_trade(
    stretches: Stretches, market: Market, who: IntArray, posts: IntArray, days: DateArray
) -> FloatArray:
    """The feature `same_occupation` of people with posts on those days."""
    return occupations_meet(trades_then(stretches, market, who, days), market.vacancies.occupation[posts])
