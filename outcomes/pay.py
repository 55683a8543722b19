"""Pay of counted work, in exact whole numbers until the one rounding.

A month's pay for some of its days is the monthly income × days worked / days of that month. Every month has 28, 29,
30 or 31 days, so sums are kept in units of fen / MONTH_UNITS, where each share is whole. Days of unknown pay add
nothing to a total and weigh in an average with nothing: known pay may suffice alone.
"""

from math import lcm
from typing import Protocol

import numpy as np

from outcomes.days import NEVER, Whole, month_begins, months
from outcomes.pieces import Pieces

MONTH_UNITS = lcm(28, 29, 30, 31)
YUAN = 100 * MONTH_UNITS
"""One yuan in the units of sums."""


class PiecesInRuns(Protocol):
    """What is read of `outcomes.runs.Runs`."""

    @property
    def pieces(self) -> Pieces: ...

    @property
    def of(self) -> Whole: ...

    @property
    def end(self) -> Whole: ...

    def before(self, amounts: Whole) -> Whole: ...

    def earliest(self, days: Whole) -> Whole: ...


def known_income(pieces: Pieces) -> Whole:
    """Fen a month, nothing where not known."""
    return np.maximum(pieces.income, 0)


def month_position(days: Whole) -> Whole:
    """How many months have passed at the end of each day, in 1 / MONTH_UNITS: each day is a share of its own month."""
    month = months(days)
    begins = month_begins(month)
    return month * MONTH_UNITS + (days - begins + 1) * (MONTH_UNITS // (month_begins(month + 1) - begins))


def _day_at(position: Whole) -> Whole:
    """The first day at whose end at least that many months have passed."""
    month = (position - 1) // MONTH_UNITS
    begins = month_begins(month)
    share = MONTH_UNITS // (month_begins(month + 1) - begins)
    return begins - 1 - (month * MONTH_UNITS - position) // share


def earned(pieces: Pieces, until: Whole) -> Whole:
    """What each piece earned from its first day through `until`, a day of its own, in fen / MONTH_UNITS."""
    return known_income(pieces) * (month_position(until) - month_position(pieces.first - 1))


def rounded_yuan(total: Whole) -> Whole:
    """A total in whole yuan, rounded once, half up."""
    return (2 * total + YUAN) // (2 * YUAN)


def total_reached(runs: PiecesInRuns, yuan: int) -> Whole:
    """The first day at whose end each run's total, in whole yuan, is enough; NEVER where it never is."""
    pieces = runs.pieces
    income = known_income(pieces)
    lacking = (2 * yuan - 1) * YUAN // 2 - runs.before(earned(pieces, pieces.last))
    begin = month_position(pieces.first - 1)
    # Whole shares of a month until then; at least one, for the first day is the earliest.
    needed = np.maximum(-(-lacking // np.maximum(income, 1)), 1)
    here = (lacking <= 0) | ((income > 0) & (needed <= month_position(pieces.last) - begin))
    day = np.full(len(pieces), NEVER)
    day[here] = np.maximum(_day_at((begin + needed)[here]), pieces.first[here])
    return runs.earliest(day)


def average_reached(runs: PiecesInRuns, yuan: int, since: Whole) -> Whole:
    """The first day from `since` on at whose end each run's average, unrounded, is enough; NEVER where it never is.

    The average is monthly incomes weighted by worked days. What it is above or below moves in a straight line inside
    a piece, so that its first and last day and the one where the line crosses are all there is to look at.
    """
    pieces = runs.pieces
    slope = known_income(pieces) - 100 * yuan
    since = since[runs.of]
    above = runs.before(slope * pieces.days)
    # `since` itself, in this piece or in the gap behind it.
    until = np.append(pieces.first[1:], NEVER)
    until[runs.end - 1] = NEVER
    at_since = (pieces.first <= since) & (since < until)
    enough = above + slope * (np.minimum(since, pieces.last) - pieces.first + 1) >= 0
    day = np.where(at_since & enough, since, NEVER)
    # A later day of this piece.
    low = np.maximum(pieces.first, since)
    rising = slope > 0
    crossing = pieces.first - 1 - above // np.where(rising, slope, 1)
    begins_enough = above + slope * (low - pieces.first + 1) >= 0
    later = np.where(begins_enough, low, np.where(rising, np.maximum(crossing, low), NEVER))
    return runs.earliest(np.minimum(day, np.where(later <= pieces.last, later, NEVER)))
