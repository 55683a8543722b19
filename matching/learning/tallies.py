"""Employers as their own past shows them: how many left, or were hired, against how many were to be expected.

Counted by calendar month, so that a pair of an earlier day is told only what was known before that day's month.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matching.columns import DateArray, FloatArray
from matching.regions import IntArray

_STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
"""How much is to be known of an employer before its own count weighs as much as everybody's, in expected events."""


def month_of(days: DateArray) -> IntArray:
    """Calendar months since 1970."""
    months: IntArray = days.astype("datetime64[M]").astype(np.int64)
    return months


@dataclass(frozen=True, slots=True)
class Tally:
    """Events and expected events of every employer up to the end of each month, and how strongly they are drawn to
    what is common: `ratio` is (events + strength) / (expected + strength)."""

    keys: IntArray
    """Employer's row and month in one number, ascending."""
    employers: IntArray
    events: FloatArray
    expected: FloatArray
    first_month: int
    months: int
    strength: float

    @classmethod
    def of(cls, employers: IntArray, months: IntArray, events: FloatArray, expected: FloatArray) -> Self:
        """From rows of any order; the expected are brought to the level of the events first."""
        firms, firm = np.unique(employers, return_inverse=True)
        first = int(months.min(initial=0))
        wide = int(months.max(initial=0)) - first + 1
        keys, at = np.unique(firm * wide + (months - first), return_inverse=True)
        level = events.sum() / expected.sum() if expected.sum() > 0 else 1.0
        seen = np.bincount(at, events, len(keys))
        due = np.bincount(at, expected, len(keys)) * level
        of = keys // wide
        strength = _strength(np.bincount(of, seen, len(firms)), np.bincount(of, due, len(firms)))
        return cls(keys, firms, np.cumsum(seen), np.cumsum(due), first, wide, strength)

    def log_ratios(self, employers: IntArray, months: IntArray) -> FloatArray:
        """Of each employer, from what had happened before the beginning of each month; 0 where nothing had."""
        if not len(self.employers):
            return np.zeros(len(employers))
        row = np.minimum(np.searchsorted(self.employers, employers), len(self.employers) - 1)
        known = self.employers[row] == employers
        # What lies before the month within the employer's own rows.
        begin = np.searchsorted(self.keys, row * self.months)
        end = np.searchsorted(
            self.keys, row * self.months + np.clip(months - self.first_month, 0, self.months)
        )
        seen, due = (_between(total, begin, end) for total in (self.events, self.expected))
        ratios: FloatArray = np.where(known, np.log((seen + self.strength) / (due + self.strength)), 0.0)
        return ratios

    def now(self) -> FloatArray:
        """Of each of `employers`, from all that is counted."""
        return self.log_ratios(self.employers, np.full(len(self.employers), self.first_month + self.months))


def _between(total: FloatArray, begin: IntArray, end: IntArray) -> FloatArray:
    whole = np.concatenate(([0.0], total))
    difference: FloatArray = whole[end] - whole[begin]
    return difference


def _strength(events: Any, expected: Any) -> float:
    """The strength under which what was counted is likeliest, where employers' own ratios are Gamma(strength, strength)
    and events are Poisson: the events of one are then negative binomial."""
    from scipy.special import gammaln

    def likelihood(a: float) -> float:
        terms = (
            gammaln(events + a)
            - gammaln(a)
            + a * np.log(a / (a + expected))
            + events * np.log(np.maximum(expected, 1e-12) / (a + expected))
        )
        return float(terms.sum())

    return max(_STRENGTHS, key=likelihood)
