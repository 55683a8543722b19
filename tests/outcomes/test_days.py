"""Days in arrays are counted as one day is."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.age import birthday
from outcomes.calendar import MonthCounting, full_months, full_on, month_end, month_start
from outcomes.days import (
    birthdays,
    day_of,
    full_months_each,
    full_on_each,
    month_begins,
    months,
    number,
    year_begins,
    years,
)
from outcomes.pay import MONTH_UNITS, month_position

some_days = st.lists(st.dates(date(1900, 1, 1), date(2300, 12, 31)), min_size=1, max_size=20)
countings = st.sampled_from(MonthCounting)


def numbers(days: list[date]) -> np.ndarray:
    return np.array([number(day) for day in days], dtype=np.int64)


def dates(found: np.ndarray) -> list[date]:
    return [day_of(day) for day in found]


@given(some_days, st.integers(1, 130), countings)
def test_months_are_full_on_the_same_day(days: list[date], many: int, counting: MonthCounting) -> None:
    assert dates(full_on_each(numbers(days), many, counting)) == [
        full_on(day, many, counting) for day in days
    ]


@given(some_days, st.integers(-40, 400), countings)
def test_as_many_months_are_full(days: list[date], more: int, counting: MonthCounting) -> None:
    starts = numbers(days)
    ends = dates(starts + more)
    expected = [full_months(day, end, counting) for day, end in zip(days, ends, strict=True)]
    assert full_months_each(starts, starts + more, counting).tolist() == expected


@given(some_days, st.integers(0, 120))
def test_months_years_and_birthdays(days: list[date], age: int) -> None:
    found = numbers(days)
    assert dates(month_begins(months(found))) == [month_start(day) for day in days]
    assert years(found).tolist() == [day.year for day in days]
    assert dates(year_begins(years(found))) == [date(day.year, 1, 1) for day in days]
    assert dates(birthdays(found, age)) == [birthday(day, age) for day in days]


@given(some_days)
def test_each_day_is_its_share_of_its_own_month(days: list[date]) -> None:
    found = numbers(days)
    shares = month_position(found) - month_position(found - 1)
    assert shares.tolist() == [MONTH_UNITS // month_end(day).day for day in days]
    ends = numbers([month_end(day) for day in days])
    assert (month_position(ends) % MONTH_UNITS == 0).all()
