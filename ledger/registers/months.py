"""Days into months: the return of the national system knows months only, and no two stretches may share one.

A month that several stretches have days in goes to the one with most worked days in it, to the later of equals. The
month of the return's own date goes to the stretch that still goes on, for a month that lies ahead is nobody's yet.
A stretch that is left without any month is handed back by name.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ledger.records.months import month


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days worked, the first and the last included; `last` is None while it goes on."""

    key: Hashable
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Months:
    """The first and the last month of a stretch, each on its first day; `last` is None while it goes on."""

    key: Hashable
    first: date
    last: date | None


def whole_months(stretches: Iterable[Stretch], as_of: date) -> tuple[list[Months], list[Stretch]]:
    """The stretches in months, in order of time, and those that are left without one.

    Each start month lies after the end month before. What begins after `as_of` is left out of both; an end that lies
    ahead is only a plan, and the stretch goes on.

    Raises
    ------
    ValueError
        when two stretches share a day.
    """
    begun = sorted(
        (_as_of(each, as_of) for each in stretches if each.first <= as_of), key=lambda each: each.first
    )
    for earlier, later in pairwise(begun):
        if earlier.last is None or earlier.last >= later.first:
            raise ValueError("two stretches share a day")
    claims: dict[int, list[tuple[bool, int, int]]] = defaultdict(list)
    for at, each in enumerate(begun):
        last = each.last or as_of
        # Between its first and its last month nobody else can have a day.
        for number in {month(each.first), month(last)}:
            days = (min(last, _end(number)) - max(each.first, _start(number))).days + 1
            goes_on = each.last is None and number == month(as_of)
            claims[number].append((goes_on, days, at))
    holder = {number: max(claimed)[2] for number, claimed in claims.items()}
    kept: list[Months] = []
    left: list[Stretch] = []
    for at, each in enumerate(begun):
        first, last_month = month(each.first), month(each.last or as_of)
        if holder[first] != at:
            first += 1
        if holder[last_month] != at:
            last_month -= 1
        if first > last_month:
            left.append(each)
        else:
            kept.append(Months(each.key, _start(first), _start(last_month) if each.last else None))
    return kept, left


def _as_of(stretch: Stretch, as_of: date) -> Stretch:
    ahead = stretch.last is not None and stretch.last > as_of
    return Stretch(stretch.key, stretch.first, None) if ahead else stretch


def _start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _end(number: int) -> date:
    return date.fromordinal(_start(number + 1).toordinal() - 1)
