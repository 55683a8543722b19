"""How likely somebody who is at work today is still there on a later day: one interface, Kaplan–Meier behind it.

Time is tenure in whole days: the first day worked is day 1, and whoever worked `t` days and left was gone on day
`t + 1`. A stay that has not ended says only that it lasted so long.

A county's people do not leave one by one: an employer keeps or loses many, those who were sent in one month share
their luck, and in some weeks of the year everybody goes home. Kaplan–Meier gives the course over tenure, with the
uncertainty of few observations (the beta process, Hjort 1990); each of the three adds a factor of mean 1 (gamma
frailties, their variance by moments: Greenwood and Yule 1920). Without them an interval would be far too narrow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from outcomes.days import Mask, Whole, months

Chances = NDArray[np.float64]

LONGEST = 1_100
"""Days of tenure that are told apart; whoever stayed three years leaves like all who did."""

_FEW = 20.0
"""A group's own hazards count as much as everybody's when it has seen so many leave."""

YEAR = 365


@dataclass(frozen=True, slots=True)
class Stays:
    """Stretches of work that have been seen, one a row.

    Parameters
    ----------
    started : days since 1970-01-01 of the first day worked.
    seen_from : tenure from which it was under observation; 1 where it was from the beginning.
    days : tenure at the end of observation: the last day worked, or the last on which the person was seen there.
    left : whether it ended then.
    group, employer : numbers from 0.
    """

    started: Whole
    seen_from: Whole
    days: Whole
    left: Mask
    group: Whole
    employer: Whole


@dataclass(frozen=True, slots=True)
class Waits:
    """People who began on the day `started` (since 1970-01-01; the future is no hindrance), have worked `days` days as
    far as is known, and whose mark is the tenure `until`; one a row. `employer` is -1 for one that nobody was seen at."""

    started: Whole
    days: Whole
    until: Whole
    group: Whole
    employer: Whole


class Leaving(Protocol):
    """What is known of leaving: the chances of staying through, under many equally credible views of it."""

    def chances(self, waits: Waits, rng: np.random.Generator, draws: int) -> Chances:
        """The chance of each to stay from `days` to `until`; shape (people, draws)."""
        ...


@dataclass(frozen=True, slots=True)
class Factors:
    """By how much places (employers, months) differ: what was seen in each, what the average one would have seen, and
    the variance between them."""

    seen: Chances
    expected: Chances
    variance: float

    def drawn(self, places: Whole, rng: np.random.Generator, draws: int) -> Chances:
        """Factors of these places as they are after what was seen; of one not seen yet, any. Shape (places, draws)."""
        if self.variance <= 0.0:
            return np.ones((len(places), draws))
        each, row = np.unique(places, return_inverse=True)
        known = (each >= 0) & (each < len(self.seen))
        seen, expected = np.zeros(len(each)), np.zeros(len(each))
        seen[known], expected[known] = self.seen[each[known]], self.expected[each[known]]
        shape, rate = 1.0 / self.variance + seen, 1.0 / self.variance + expected
        factors: Chances = rng.gamma(shape[:, None], 1.0 / rate[:, None], (len(each), draws))
        return factors[row]


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """Kaplan–Meier by group, with the factors of employers, of the month begun, and of the weeks ahead.

    `at_risk` and `leavers` are by group and day of tenure; shape (groups, LONGEST + 1). Months are counted from
    `first_month`.
    """

    at_risk: Chances
    leavers: Chances
    employers: Factors
    months: Factors
    first_month: int
    season: Factors

    def chances(self, waits: Waits, rng: np.random.Generator, draws: int) -> Chances:
        """The chance of each to stay from `days` to `until`; shape (people, draws)."""
        # Whoever is there on a day may leave at its end; the last day of the mark need not be outlived.
        first = np.clip(waits.days - 1, 0, LONGEST)
        last = np.clip(waits.until - 1, first, LONGEST)
        hazards = np.empty((len(waits.days), draws))
        for group in np.unique(waits.group):
            here = waits.group == group
            drawn = self._cumulative(int(group), rng, draws)
            hazards[here] = drawn[last[here]] - drawn[first[here]]
        hazards *= self.employers.drawn(waits.employer, rng, draws)
        hazards *= self.months.drawn(months(waits.started) - self.first_month, rng, draws)
        hazards *= self.season.drawn(np.zeros(1, dtype=np.int64), rng, draws)
        survived: Chances = np.exp(-hazards)
        return survived

    def _cumulative(self, group: int, rng: np.random.Generator, draws: int) -> Chances:
        """Cumulative hazards by tenure under each view; shape (LONGEST + 1, draws)."""
        some = np.flatnonzero(self.leavers[group] > 0)
        leavers, at_risk = self.leavers[group][some], self.at_risk[group][some]
        drawn = rng.beta(leavers[:, None], np.maximum(at_risk - leavers, 0.5)[:, None], (len(some), draws))
        steps = np.zeros((LONGEST + 1, draws))
        steps[some] = -np.log1p(-np.minimum(drawn, 0.999))
        return np.cumsum(steps, axis=0)


def fitted(stays: Stays, *, groups: int, employers: int, ahead: tuple[int, int]) -> KaplanMeier:
    """What the stays say of leaving.

    A group that has seen few leave borrows from everybody: its hazards are a mean of its own and the common ones,
    weighed by its leavers against `_FEW`.

    Parameters
    ----------
    ahead : the days (since 1970-01-01) after which and until which chances will be asked for: how easily people left
        in these weeks of earlier years is part of the answer.
    """
    common_leavers, common_risk = _table(stays, np.ones(len(stays.days), dtype=bool))
    leavers, at_risk = np.empty((groups, LONGEST + 1)), np.empty((groups, LONGEST + 1))
    borrowed = min(_FEW / max(common_leavers.sum(), 1.0), 1.0)
    for group in range(groups):
        own_leavers, own_risk = _table(stays, stays.group == group)
        leavers[group], at_risk[group] = (
            own_leavers + borrowed * common_leavers,
            own_risk + borrowed * common_risk,
        )
    hazards = np.cumsum(-np.log1p(-np.minimum(leavers / np.maximum(at_risk, 1.0), 0.999)), axis=1)
    first, last = known_tenure(stays)
    expected = hazards[stays.group, last] - hazards[stays.group, first]
    month = months(stays.started)
    first_month = int(month.min(initial=0))
    season = season_ahead(stays, lambda lo, hi: hazards[stays.group, hi] - hazards[stays.group, lo], ahead)
    return KaplanMeier(
        at_risk,
        leavers,
        factors(stays.employer, stays.left, expected, employers),
        factors(month - first_month, stays.left, expected, int(month.max(initial=0)) - first_month + 1),
        first_month,
        season,
    )


def known_tenure(stays: Stays) -> tuple[Whole, Whole]:
    """The tenure before the first and the last day at whose end it is known whether the person left."""
    first = np.minimum(stays.seen_from - 1, LONGEST)
    return first, np.clip(stays.days - ~stays.left, first, LONGEST)


def _table(stays: Stays, which: Mask) -> tuple[Chances, Chances]:
    """How many left at the end of each day of tenure, and of how many it is known; index is the tenure."""
    first, last = (days[which] for days in known_tenure(stays))
    left = stays.left[which] & (stays.days[which] <= LONGEST)
    leavers = np.bincount(last[left], minlength=LONGEST + 1)
    entered = np.bincount(first + 1, minlength=LONGEST + 2)
    gone = np.bincount(last + 1, minlength=LONGEST + 2)
    at_risk = np.cumsum(entered - gone)[: LONGEST + 1]
    return leavers.astype(float), at_risk.astype(float)


def factors(places: Whole, left: Mask, expected: Chances, count: int) -> Factors:
    """By how much these places differ, from who left and what was to be expected of each stay."""
    seen_in = np.bincount(places, weights=left, minlength=count).astype(float)
    expected_in = np.bincount(places, weights=expected, minlength=count).astype(float)
    return Factors(seen_in, expected_in, _variance(seen_in, expected_in))


def season_ahead(
    stays: Stays, expected: Callable[[Whole, Whole], Chances], ahead: tuple[int, int]
) -> Factors:
    """The weeks ahead as they were in earlier years, all of these as one place; they vary as stretches of such length do."""
    first, last = known_tenure(stays)
    ends = stays.started + stays.days - 1
    oldest, length = int((stays.started + first).min(initial=ahead[0])), max(ahead[1] - ahead[0], 1)

    def between(begin: int, end: int) -> tuple[float, float]:
        lo, hi = (np.clip(day - stays.started + 1, first, last) for day in (begin, end))
        seen = stays.left & (ends > begin) & (ends <= end)
        return float(seen.sum()), float(expected(lo, hi).sum())

    stretches = np.array([between(day - length, day) for day in range(ahead[0], oldest, -length)]).reshape(
        -1, 2
    )
    years = range(1, 1 + (ahead[0] - oldest) // YEAR)
    before = np.array([between(*(day - YEAR * back for day in ahead)) for back in years]).reshape(-1, 2)
    return Factors(
        before[:, 0].sum(keepdims=True),
        before[:, 1].sum(keepdims=True),
        _variance(stretches[:, 0], stretches[:, 1]),
    )


def _variance(seen: Chances, expected: Chances) -> float:
    """The variance of the factors by which places differ, by moments; 0 where chance explains it all."""
    square = float((expected**2).sum())
    if (expected > 0).sum() < 2 or square == 0.0:
        return 0.0
    # Chance alone makes (seen - expected)² as large as what is expected.
    return max(float(((seen - expected) ** 2 - expected).sum()) / square, 0.0)
