"""Dates by the million: days and months as whole numbers in arrays, counted as `outcomes.calendar` counts one.

A day is the number of days since 1970-01-01, a month the number of months since January 1970.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from outcomes.calendar import MonthCounting

Whole = NDArray[np.int64]
"""An array of whole numbers: days, months, counts, money."""

Mask = NDArray[np.bool_]

NEVER = 4_000_000
"""Later than any date."""

BEFORE_ALL = -NEVER
"""Earlier than any date."""

_EPOCH = date(1970, 1, 1).toordinal()


def number(day: date) -> int:
    """The number of a day."""
    return day.toordinal() - _EPOCH


def day_of(day_number: int) -> date:
    """The day with this number."""
    return date.fromordinal(int(day_number) + _EPOCH)


def months(days: Whole) -> Whole:
    """The month of each day."""
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64)


def month_begins(month_numbers: Whole) -> Whole:
    """The first day of each month."""
    return month_numbers.astype("M8[M]").astype("M8[D]").astype(np.int64)


def years(days: Whole) -> Whole:
    """The calendar year of each day."""
    return months(days) // 12 + 1970


def year_begins(year_numbers: Whole) -> Whole:
    """1 January of each year."""
    return month_begins((year_numbers - 1970) * 12)


def birthdays(births: Whole, age: int) -> Whole:
    """The day of the `age`-th birthday; of who is born on 29 February, 1 March in a year without one."""
    month = months(births)
    return month_begins(month + 12 * age) + (births - month_begins(month))


def full_on_each(starts: Whole, many: Whole | int, counting: MonthCounting) -> Whole:
    """The day at whose end `many` months that begin with each start are full."""
    month = months(starts)
    day = starts - month_begins(month)
    month = month + many
    begins = month_begins(month)
    last = month_begins(month + 1) - begins - 1
    corresponding: Whole = begins + np.minimum(day, last)
    if counting is MonthCounting.INCLUSIVE:
        corresponding -= day <= last
    return corresponding


def full_months_each(starts: Whole, ends: Whole, counting: MonthCounting) -> Whole:
    """How many whole months are full at the end of each end; 0 when it is before the start."""
    many: Whole = np.maximum(months(ends) - months(starts) + 1, 0)
    while (over := (many > 0) & (full_on_each(starts, many, counting) > ends)).any():
        many = many - over
    return many
