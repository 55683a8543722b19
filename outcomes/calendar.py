"""Counting time in Asia/Shanghai dates: when months are full, and how late one may start.

Every date is a day in China's one time zone, from 0:00 to 24:00; nothing here knows an hour or a clock. A month
is a calendar month and never thirty days. Source of the two ways of counting: articles 201 and 202 of the Civil
Code, and what bureaus do in practice (both the first and the last day count).
"""

from calendar import monthrange
from datetime import date, timedelta

from models.coded import Coded

ONE_DAY = timedelta(days=1)


class MonthCounting(Coded):
    """月数算法: whether the first day counts."""

    INCLUSIVE = "inclusive", "首尾两天都算"
    CIVIL_CODE = "civil_code", "起始当天不算（民法典）"


def month_start(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def shift(day: date, months: int) -> date:
    """The corresponding day `months` later (or earlier), or that month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_on(start: date, months: int, counting: MonthCounting = MonthCounting.INCLUSIVE) -> date:
    """The day at whose end `months` months that begin with `start` are full.

    Inclusive: the eve of the corresponding day, or the month's last day where there is no corresponding day
    (1 October + 3 is 31 December; 31 August + 6 is the last of February). Civil code: the corresponding day, or
    the month's last day (30 September + 3 is 30 December; 1 October + 3 is 1 January).
    """
    corresponding = shift(start, months)
    if counting is MonthCounting.CIVIL_CODE or corresponding.day != start.day:
        return corresponding
    return corresponding - ONE_DAY


def latest_full_start(by: date, months: int, counting: MonthCounting = MonthCounting.INCLUSIVE) -> date:
    """The last day from which `months` months are full on `by` or before."""
    if counting is MonthCounting.INCLUSIVE:
        return shift(by + ONE_DAY, -months)
    start = shift(by, -months)
    # A month's last day is also the end for the later days of a longer month that have no counterpart in it.
    return month_end(start) if by == month_end(by) else start


def full_months(start: date, end: date, counting: MonthCounting = MonthCounting.INCLUSIVE) -> int:
    """How many whole months are full at the end of `end` when they begin with `start`; 0 when `end` is earlier."""
    months = max((end.year - start.year) * 12 + end.month - start.month + 1, 0)
    while months and full_on(start, months, counting) > end:
        months -= 1
    return months
