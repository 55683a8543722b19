"""Who is at work already: the learned hazards from the day that a stay has reached on, S(t + d) / S(t)."""

from collections.abc import Sequence

import numpy as np

from matching.columns import DateArray, FloatArray, Market
from matching.learning.rows import BEGINS, ENDS, INTERVALS, counties_of, seen
from matching.learning.staying import hazards_of
from matching.learning.training import Learned
from matching.regions import IntArray
from matching.usual_pay import UsualPay


def risks(
    learned: Learned, market: Market, workers: IntArray, vacancies: IntArray, started: DateArray
) -> FloatArray:
    """Cumulative hazard within each interval of tenure, shape (stays, intervals); rows of stays that began on these days.

    What is known of person, post and employer is as of the market's day, the time of year is that of each interval's own
    days. Of the people from home at the employer the person herself is one, and the work on record is taken to be this one.
    """
    if not len(workers):
        return np.empty((0, INTERVALS))
    employers, homes = market.vacancies.employer[vacancies], counties_of(market, workers)
    others = np.maximum(market.townspeople.look_up(employers, homes) - 1, 0)
    today = np.full(len(workers), market.day)
    told = {
        "firm_leaving": learned.firms.look_up("leaving", employers),
        "origin_leaving": learned.firms.of_origin(employers, homes),
    }
    pairs = seen(market, UsualPay.learn(market.vacancies), workers, vacancies, today, others, told)
    found: FloatArray = -np.log1p(-hazards_of(learned.stay, pairs.raw, pairs.z, started, INTERVALS))
    return found


def between(risk: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    """Cumulative hazard of each stay from so many days of tenure to so many; beyond two years as in the last half-year."""
    difference: FloatArray = _upto(risk, last) - _upto(risk, first)
    return np.maximum(difference, 0.0)


def _upto(risk: FloatArray, days: IntArray | Sequence[int]) -> FloatArray:
    tenure = np.maximum(np.asarray(days, np.float64), 0.0)[:, None]
    share = np.clip((tenure - BEGINS) / (ENDS - BEGINS), 0.0, 1.0)
    share[:, -1] = np.maximum((tenure[:, 0] - BEGINS[-1]) / (ENDS[-1] - BEGINS[-1]), 0.0)
    value: FloatArray = (risk * share).sum(axis=1)
    return value
