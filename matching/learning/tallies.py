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


_ROUNDS = 60


def month_of(days: DateArray) -> IntArray:
    """Calendar months since 1970."""
    months: IntArray = days.astype("datetime64[M]").astype(np.int64)
    return months


@dataclass(frozen=True, slots=True)
class Tally:
    """Events and expected events of every employer up to the end of each month, and how strongly they are drawn to
    what is common: `ratio` is (events + strength) / (expected + strength).

    Both fade by half in `half_life` months, if any: they are kept as of the last month, that no number grows.
    """

    keys: IntArray
    """Employer's row and month in one number, ascending."""
    employers: IntArray
    events: FloatArray
    expected: FloatArray
    first_month: int
    months: int
    strength: float
    level: float
    half_life: float = np.inf

    @classmethod
    def of(
        cls,
        employers: IntArray,
        months: IntArray,
        events: FloatArray,
        expected: FloatArray,
        half_life: float = np.inf,
    ) -> Self:
        """From rows of any order; the expected are first brought to the level at which employers' ratios are 1 in the mean.

        That is more than the level of all events wherever people leave bad employers sooner: those have few days at risk for
        the people they took, and would be a small part of a mean over days. An employer of whom nothing is known yet would then
        be thought better than employers are, and ever less so the more is known.
        """
        firms, firm = np.unique(employers, return_inverse=True)
        first = int(months.min(initial=0))
        wide = int(months.max(initial=0)) - first + 1
        keys, at = np.unique(firm * wide + (months - first), return_inverse=True)
        fresh = 0.5 ** ((first + wide - 1 - months) / half_life)
        events, expected = events * fresh, expected * fresh
        seen, due = np.bincount(at, events, len(keys)), np.bincount(at, expected, len(keys))
        of = keys // wide
        of_firm: list[FloatArray] = [
            np.bincount(of, total, len(firms)).astype(np.float64) for total in (seen, due)
        ]
        strength, level = _likeliest(*of_firm)
        return cls(
            keys, firms, np.cumsum(seen), np.cumsum(due * level), first, wide, strength, level, half_life
        )

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
        # What has faded by the last month had faded less by the month asked about.
        ago = np.maximum(self.first_month + self.months - months, 0)
        seen, due = (
            _between(total, begin, end) * 2.0 ** (ago / self.half_life)
            for total in (self.events, self.expected)
        )
        ratios: FloatArray = np.where(known, np.log((seen + self.strength) / (due + self.strength)), 0.0)
        return ratios

    def now(self) -> FloatArray:
        """Of each of `employers`, from all that is counted."""
        return self.now_of(self.employers)

    def now_of(self, employers: IntArray) -> FloatArray:
        """Of each of these, from all that is counted."""
        return self.log_ratios(employers, np.full(len(employers), self.first_month + self.months))

    @property
    def ratios(self) -> "Ratios":
        """The same, with whose they are."""
        return Ratios(self.employers, self.now())


@dataclass(frozen=True, slots=True)
class Ratios:
    """The logarithms of the ratios of some employers (or employers and counties), by ascending key; both of one length."""

    keys: IntArray
    values: FloatArray


NO_RATIOS = Ratios(np.empty(0, np.int64), np.empty(0))


def _between(total: FloatArray, begin: IntArray, end: IntArray) -> FloatArray:
    whole = np.concatenate(([0.0], total))
    difference: FloatArray = whole[end] - whole[begin]
    return difference


def _likeliest(events: Any, expected: Any) -> tuple[float, float]:
    """The strength and the level under which what was counted is likeliest, where employers' own ratios are Gamma(strength,
    strength) and events are Poisson(ratio · level · expected): the events of one are then negative binomial."""
    from scipy.special import gammaln

    def at(a: float) -> tuple[float, float, float]:
        level = _level(events, expected, a)
        due = level * expected
        terms = (
            gammaln(events + a)
            - gammaln(a)
            + a * np.log(a / (a + due))
            + events * np.log(np.maximum(due, 1e-12) / (a + due))
        )
        return float(terms.sum()), a, level

    _, strength, level = max((at(a) for a in _STRENGTHS), key=lambda found: found[0])
    return strength, level


def _level(events: FloatArray, expected: FloatArray, a: float) -> float:
    """The likeliest level at one strength: where the likelihood's slope is 0, found by going round."""
    if events.sum() <= 0 or expected.sum() <= 0:
        return 1.0
    level = events.sum() / expected.sum()
    for _ in range(_ROUNDS):
        level = events.sum() / ((a + events) * expected / (a + level * expected)).sum()
    return float(level)
