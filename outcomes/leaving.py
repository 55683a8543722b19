"""How likely somebody who is at work today is still there on a later day: one interface, Kaplan–Meier behind it.

Time is tenure in whole days: the first day worked is day 1, and whoever has worked `t` days and leaves is gone on
day `t + 1`. A stay that has not ended says only that it lasted so long.

Three things make the spread of a forecast, and each is estimated from the stays themselves: how few have been seen
(the beta process behind Kaplan–Meier, Hjort 1990), how much better one employer keeps people than the next, and how
much one month differs from the next (gamma frailties, their variance by moments; Greenwood and Yule 1920). Without
the last two a county's interval would be far too narrow, because people leave together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
Chances = NDArray[np.float64]

LONGEST = 1_100
"""Days of tenure that are told apart; whoever stayed three years leaves like all who did."""

_FEW = 20.0
"""A group's own hazards count as much as everybody's when it has seen so many leave."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Stretches of work that have been seen, one a row.

    Parameters
    ----------
    started : days since 1970-01-01 of the first day worked.
    seen_from : tenure from which it was under observation; 1 where it was from the beginning.
    days : tenure at the end of observation, the last day seen included.
    left : whether it ended then.
    group, employer : numbers from 0.
    """

    started: Days
    seen_from: Days
    days: Days
    left: NDArray[np.bool_]
    group: Days
    employer: Days


@dataclass(frozen=True, slots=True)
class Waits:
    """People who have worked `days` days, last seen then, and whose mark is the tenure `until`; one a row.

    `seen_on` is the day (since 1970-01-01) on which they had worked so long. `employer` is -1 for one not seen yet.
    """

    days: Days
    until: Days
    seen_on: Days
    group: Days
    employer: Days


class Leaving(Protocol):
    """What is known of leaving: the chances of staying through, under many equally credible views of it."""

    def chances(self, waits: Waits, rng: np.random.Generator, draws: int) -> Chances:
        """The chance of each to stay from `days` to `until`; shape (people, draws)."""
        ...


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """Kaplan–Meier by group, with what employers and months add; `fitted` makes it of stays."""

    at_risk: Chances
    """By group and day of tenure; shape (groups, LONGEST + 1)."""
    leavers: Chances
    seen: Chances
    """By employer: how many left; shape (employers,)."""
    expected: Chances
    """By employer: how many would have left of the average one."""
    employers_vary: float
    months_vary: float

    def chances(self, waits: Waits, rng: np.random.Generator, draws: int) -> Chances:
        """The chance of each to stay from `days` to `until`; shape (people, draws)."""
        survived = np.ones((len(waits.days), draws))
        for group in np.unique(waits.group):
            here = np.flatnonzero(waits.group == group)
            hazards = self._cumulative(int(group), rng, draws)
            survived[here] = self._through(hazards, waits, here, rng, draws)
        return survived

    def _cumulative(self, group: int, rng: np.random.Generator, draws: int) -> Chances:
        """Cumulative hazards by tenure under each view; shape (LONGEST + 1, draws)."""
        leavers, at_risk = self.leavers[group], self.at_risk[group]
        some = np.flatnonzero(leavers > 0)
        drawn = rng.beta(
            leavers[some, None], np.maximum(at_risk - leavers, 0.5)[some, None], (len(some), draws)
        )
        steps = np.zeros((LONGEST + 1, draws))
        steps[some] = -np.log1p(-np.minimum(drawn, 0.999))
        return np.cumsum(steps, axis=0)

    def _through(
        self, hazards: Chances, waits: Waits, here: Days, rng: np.random.Generator, draws: int
    ) -> Chances:
        first = np.minimum(waits.days[here], LONGEST)
        last = np.minimum(waits.until[here], LONGEST)
        total = np.zeros((len(here), draws))
        months = _month_ends(int(waits.seen_on[here].min()), int((waits.seen_on[here] + last - first).max()))
        for begin, end in months:
            lo = np.clip(first + (begin - waits.seen_on[here]), first, last)
            hi = np.clip(first + (end - waits.seen_on[here]), first, last)
            if (hi > lo).any():
                total += (hazards[hi] - hazards[lo]) * _frailties(
                    rng, np.zeros(1), np.zeros(1), self.months_vary, draws
                )
        unseen = len(self.seen)
        employer = np.where(waits.employer[here] < 0, unseen, waits.employer[here])
        places, row = np.unique(employer, return_inverse=True)
        known = places < unseen
        seen, expected = np.zeros(len(places)), np.zeros(len(places))
        seen[known], expected[known] = self.seen[places[known]], self.expected[places[known]]
        frailty = _frailties(rng, seen, expected, self.employers_vary, draws)
        result: Chances = np.exp(-total * frailty[row])
        return result


def fitted(stays: Stays, *, groups: int, employers: int) -> KaplanMeier:
    """What the stays say of leaving.

    A group that has seen few leave borrows from everybody: its hazards are a mean of its own and the common ones,
    weighed by its leavers against `_FEW`.
    """
    common_left, common_risk = _table(stays, np.ones(len(stays.days), dtype=bool))
    left, risk = np.empty((groups, LONGEST + 1)), np.empty((groups, LONGEST + 1))
    for group in range(groups):
        own_left, own_risk = _table(stays, stays.group == group)
        borrowed = min(_FEW / max(common_left.sum(), 1.0), 1.0)
        left[group], risk[group] = own_left + borrowed * common_left, own_risk + borrowed * common_risk
    hazards = np.cumsum(-np.log1p(-np.minimum(left / np.maximum(risk, 1.0), 0.999)), axis=1)
    first, last = np.minimum(stays.seen_from - 1, LONGEST), np.minimum(stays.days, LONGEST)
    expected = hazards[stays.group, last] - hazards[stays.group, first]
    seen_by = np.bincount(stays.employer, weights=stays.left, minlength=employers).astype(float)
    expected_by = np.bincount(stays.employer, weights=expected, minlength=employers).astype(float)
    vary = _variance(seen_by, expected_by)
    return KaplanMeier(risk, left, seen_by, expected_by, vary, _months_vary(stays, hazards, first, last))


def _table(stays: Stays, which: NDArray[np.bool_]) -> tuple[Chances, Chances]:
    """How many left on each day of tenure, and how many were there to leave; index is the tenure."""
    days = np.minimum(stays.days[which], LONGEST)
    ended = stays.left[which] & (stays.days[which] <= LONGEST)
    left = np.bincount(days[ended], minlength=LONGEST + 1).astype(float)
    entered = np.bincount(np.minimum(stays.seen_from[which], LONGEST), minlength=LONGEST + 1)
    gone = np.bincount(days, minlength=LONGEST + 1)
    risk = np.cumsum(entered) - np.concatenate([[0], np.cumsum(gone)[:-1]])
    return left, risk.astype(float)


def _months_vary(stays: Stays, hazards: Chances, first: Days, last: Days) -> float:
    if not len(stays.days):
        return 0.0
    ends = stays.started + stays.days - 1
    seen, expected = [], []
    for begin, end in _month_ends(int((stays.started + first).min()) - 1, int(ends.max())):
        lo = np.clip(begin - stays.started + 1, first, last)
        hi = np.clip(end - stays.started + 1, first, last)
        expected.append(float((hazards[stays.group, hi] - hazards[stays.group, lo]).sum()))
        seen.append(float((stays.left & (ends > begin) & (ends <= end)).sum()))
    return _variance(np.array(seen), np.array(expected))


def _variance(seen: Chances, expected: Chances) -> float:
    """The variance of the factors by which places or months differ, by moments; 0 where chance explains it all."""
    counted = expected > 0
    square = float((expected[counted] ** 2).sum())
    if counted.sum() < 2 or square == 0.0:
        return 0.0
    # Chance alone makes (seen - expected)² as large as what is expected.
    return max(float(((seen - expected)[counted] ** 2 - expected[counted]).sum()) / square, 0.0)


def _frailties(
    rng: np.random.Generator, seen: Chances, expected: Chances, variance: float, draws: int
) -> Chances:
    """Factors of mean 1 and this variance, drawn as they are after what was seen; shape (places, draws)."""
    if variance <= 0.0:
        return np.ones((len(seen), draws))
    shape, rate = 1.0 / variance + seen, 1.0 / variance + expected
    return rng.gamma(shape[:, None], 1.0 / rate[:, None], (len(seen), draws))


def _month_ends(first: int, last: int) -> Sequence[tuple[int, int]]:
    """(eve of the first day, last day) of each calendar month from the day after `first` to `last`, cut there."""
    epoch = date(1970, 1, 1)
    found, begin = [], first
    while begin < last:
        day = epoch + timedelta(days=begin + 1)
        next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        end = min((next_month - epoch).days - 1, last)
        found.append((begin, end))
        begin = end
    return found
