"""Months by the calendar, on both ways of counting, at every month's end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.calendar import (
    MonthCounting,
    full_months,
    full_on,
    latest_full_start,
    month_end,
    month_start,
    shift,
)

INCLUSIVE, CIVIL = MonthCounting.INCLUSIVE, MonthCounting.CIVIL_CODE
DAY = timedelta(days=1)

days = st.dates(min_value=date(1999, 1, 1), max_value=date(2041, 12, 31))
months = st.integers(min_value=1, max_value=40)
countings = st.sampled_from(MonthCounting)


@pytest.mark.parametrize(
    ("start", "count", "counting", "mark"),
    [
        ("2025-10-01", 3, INCLUSIVE, "2025-12-31"),
        ("2025-09-30", 3, INCLUSIVE, "2025-12-29"),
        ("2025-10-02", 3, INCLUSIVE, "2026-01-01"),
        ("2025-08-31", 6, INCLUSIVE, "2026-02-28"),
        ("2023-08-31", 6, INCLUSIVE, "2024-02-29"),
        ("2023-08-30", 6, INCLUSIVE, "2024-02-29"),
        ("2023-08-29", 6, INCLUSIVE, "2024-02-28"),
        ("2025-08-28", 6, INCLUSIVE, "2026-02-27"),
        ("2025-09-01", 6, INCLUSIVE, "2026-02-28"),
        ("2025-01-31", 1, INCLUSIVE, "2025-02-28"),
        ("2025-01-01", 12, INCLUSIVE, "2025-12-31"),
        ("2024-02-29", 12, INCLUSIVE, "2025-02-28"),
        ("2024-02-29", 48, INCLUSIVE, "2028-02-28"),
        ("2025-09-30", 3, CIVIL, "2025-12-30"),
        ("2025-10-01", 3, CIVIL, "2026-01-01"),
        ("2025-08-31", 6, CIVIL, "2026-02-28"),
        ("2023-08-31", 6, CIVIL, "2024-02-29"),
        ("2024-02-29", 12, CIVIL, "2025-02-28"),
    ],
)
def test_months_are_full(start: str, count: int, counting: MonthCounting, mark: str) -> None:
    assert full_on(date.fromisoformat(start), count, counting) == date.fromisoformat(mark)


@pytest.mark.parametrize(
    ("by", "count", "counting", "start"),
    [
        ("2025-12-31", 3, INCLUSIVE, "2025-10-01"),
        ("2025-12-31", 3, CIVIL, "2025-09-30"),
        ("2025-12-30", 3, CIVIL, "2025-09-30"),
        ("2025-12-29", 3, CIVIL, "2025-09-29"),
        ("2026-02-28", 3, INCLUSIVE, "2025-12-01"),
        ("2026-02-27", 3, INCLUSIVE, "2025-11-28"),
        ("2026-02-28", 3, CIVIL, "2025-11-30"),
        ("2024-02-28", 3, CIVIL, "2023-11-28"),
    ],
)
def test_latest_start(by: str, count: int, counting: MonthCounting, start: str) -> None:
    assert latest_full_start(date.fromisoformat(by), count, counting) == date.fromisoformat(start)


@given(days, months, countings)
def test_latest_start_is_the_last_that_fills(by: date, count: int, counting: MonthCounting) -> None:
    start = latest_full_start(by, count, counting)
    assert full_on(start, count, counting) <= by < full_on(start + DAY, count, counting)


@given(days, months)
def test_civil_code_ends_a_day_later_unless_the_month_is_too_short(start: date, count: int) -> None:
    inclusive, civil = full_on(start, count, INCLUSIVE), full_on(start, count, CIVIL)
    if civil.day == start.day:
        assert inclusive + DAY == civil
    else:
        assert inclusive == civil == month_end(civil)


@given(days, months, countings)
def test_a_later_start_is_never_full_earlier(start: date, count: int, counting: MonthCounting) -> None:
    assert full_on(start, count, counting) <= full_on(start + DAY, count, counting)


@given(days, months, countings)
def test_full_months_inverts_the_mark(start: date, count: int, counting: MonthCounting) -> None:
    mark = full_on(start, count, counting)
    assert full_months(start, mark, counting) == count
    assert full_months(start, mark - DAY, counting) == count - 1


def test_full_months_of_nothing() -> None:
    assert full_months(date(2025, 5, 2), date(2025, 5, 1)) == 0
    assert full_months(date(2025, 5, 2), date(2024, 1, 1)) == 0


def test_whole_months() -> None:
    assert month_start(date(2024, 2, 17)) == date(2024, 2, 1)
    assert month_end(date(2024, 2, 17)) == date(2024, 2, 29)
    assert shift(date(2025, 3, 31), -1) == date(2025, 2, 28)
