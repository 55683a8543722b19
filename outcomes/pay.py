"""Pay of counted work, in exact whole numbers until the one rounding.

A month's pay for some of its days is the monthly income × days worked / days of that month. Every month has 28, 29,
30 or 31 days, so sums are kept in units of yuan / MONTH_UNITS, where each share is whole.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from math import lcm

from outcomes.calendar import month_end
from outcomes.counted import Piece
from outcomes.rules import StabilityRule

MONTH_UNITS = lcm(28, 29, 30, 31)


def month_units(first: date, last: date) -> int:
    """Months between two days, both included, in 1 / MONTH_UNITS: each day is one of the days of its own month."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    head = (first.day - 1) * (MONTH_UNITS // month_end(first).day)
    tail = last.day * (MONTH_UNITS // month_end(last).day)
    return whole * MONTH_UNITS + tail - head


def earned_units(run: Sequence[Piece], until: date) -> int:
    """What the run earned through `until`, in yuan / MONTH_UNITS; days of unknown pay add nothing."""
    return sum(
        piece.income * month_units(piece.first, min(piece.last, until))
        for piece in run
        if piece.income is not None and piece.first <= until
    )


def total_pay(run: Sequence[Piece], until: date) -> int:
    """Total pay through `until` in whole yuan, rounded once, half up."""
    return (2 * earned_units(run, until) + MONTH_UNITS) // (2 * MONTH_UNITS)


def income_days(run: Sequence[Piece], until: date) -> tuple[int, int]:
    """Sum of monthly income × worked days, and worked days, through `until`; their quotient is the average pay.

    Days of unknown pay weigh in with nothing, so the quotient never says more than what is known.
    """
    weighted = days = 0
    for piece in run:
        part = (min(piece.last, until) - piece.first).days + 1
        if part > 0:
            weighted += (piece.income or 0) * part
            days += part
    return weighted, days


def total_met(rule: StabilityRule, run: Sequence[Piece], until: date) -> bool:
    """Whether the total through `until` reaches the rule's."""
    return rule.min_total_pay is None or total_pay(run, until) >= rule.min_total_pay


def average_met(rule: StabilityRule, run: Sequence[Piece], until: date) -> bool:
    """Whether the average through `until`, unrounded, reaches the rule's."""
    if rule.min_average_pay is None:
        return True
    weighted, days = income_days(run, until)
    return weighted >= rule.min_average_pay * days


def first_paid_day(rule: StabilityRule, run: Sequence[Piece], since: date) -> date | None:
    """The first day from `since` on at whose end both pay conditions are met; None when the run never gets there.

    Between two changes of income the total only grows and the average moves one way, so a search by halves in each
    piece is exact.
    """
    if total_met(rule, run, since) and average_met(rule, run, since):
        return since
    for piece in run:
        first, last = max(piece.first, since).toordinal(), piece.last.toordinal()
        days = range(first, last + 1)
        at = bisect_left(days, True, key=lambda day: total_met(rule, run, date.fromordinal(day)))
        if at < len(days) and not average_met(rule, run, date.fromordinal(days[at])):
            at = bisect_left(days, True, at, key=lambda day: average_met(rule, run, date.fromordinal(day)))
        if at < len(days):
            return date.fromordinal(days[at])
    return None
