"""Who stays: monthly hazards of leaving, and the day on which somebody leaves.

A month here is 30 days since the start. Of those who leave within one, each of its days is the last with the same chance.
"""

import numpy as np

from matching.simulator.days import MONTH, homesick
from matching.simulator.facts import Facts
from matching.simulator.firms import Firms
from matching.simulator.hiring import logistic
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.worlds import Staying, World

_MOST = 3.0
"""However much speaks for or against it."""
_CHANGE = (540, 180)
"""Days before `as_of` between which a world that changes does so, evenly."""
HORIZON = 48
"""Months after which nobody is followed any further."""

Company = FloatArray | IntArray
"""1 with the companion in the same county, -1 apart, 0 who has none."""


def tie(weights: Staying, fact: Facts, keeping: FloatArray, company: Company) -> FloatArray:
    """Log-odds by which a pair's hazards are lower; `keeping` is the employer's own share of it."""
    total = (
        weights.pay_over_floor * fact.pay_over_floor
        + weights.pay_over_local * fact.pay_over_local
        + weights.distance * fact.distance
        + weights.no_bed * fact.no_bed
        + weights.hours * fact.hours
        + weights.nights * fact.nights
        + weights.required * (fact.required.astype(float) - 1)
        + weights.preferred * fact.preferred
        + weights.same_trade * fact.same_trade
        + weights.foreign_speech * fact.foreign_speech
        + weights.townspeople * fact.townspeople
        + np.where(company > 0, weights.together, 0.0)
        + np.where(company < 0, weights.apart, 0.0)
        + keeping
    )
    held: FloatArray = np.clip(total, -_MOST, _MOST)
    return held


class Ties:
    """What binds each pair, now and, in a world that has changed, before; every array has the pairs' shape."""

    def __init__(
        self,
        world: World,
        as_of: int,
        firms: Firms,
        firm: IntArray,
        fact: Facts,
        start: IntArray,
        company: Company,
    ) -> None:
        self._world, self._start = world, start
        self.tie = tie(world.staying, fact, firms.keeping(world.staying)[firm], company)
        if world.before is not None:
            keeping = firms.keeping(world.before, before=True)[firm]
            self._before = tie(world.before, fact, keeping, company)
            self._now = np.clip((start - (as_of - _CHANGE[0])) / (_CHANGE[0] - _CHANGE[1]), 0.0, 1.0)

    def hazard(self, month: int) -> FloatArray:
        """The chance of leaving within the month (from 0), for those who are still there at its beginning."""
        middle = self._start + month * MONTH + MONTH // 2
        log_odds = _log_odds(self._world.staying, month, middle) - self.tie
        if self._world.before is not None:
            earlier = _log_odds(self._world.before, month, middle) - self._before
            log_odds = self._now * log_odds + (1 - self._now) * earlier
        return logistic(log_odds)

    def stay(self, days: int) -> FloatArray:
        """S(days), the chance of at least so many days at work; `days` whole months, such as 90 or 180."""
        whole, rest = divmod(days, MONTH)
        if rest:
            raise ValueError(f"{days} days are no whole months of {MONTH}")
        alive: FloatArray = np.ones(self.tie.shape)
        for month in range(whole):
            alive = alive * (1 - self.hazard(month))
        return alive


def _log_odds(weights: Staying, month: int, middle: IntArray) -> FloatArray:
    return weights.base[min(month, len(weights.base) - 1)] + weights.season * homesick(middle)


def draw_days(rng: np.random.Generator, ties: Ties, n: int) -> IntArray:
    """How many days each of `n` pairs lasts, at least 1; who outlasts the horizon gets all of it."""
    there: BoolArray = np.ones(n, np.bool_)
    months = np.full(n, HORIZON)
    for month in range(HORIZON):
        leaves = there & (rng.random(n) < ties.hazard(month))
        months[leaves] = month
        there &= ~leaves
    days: IntArray = np.maximum(1, months * MONTH + np.where(there, 0, rng.integers(0, MONTH, n)))
    return days
