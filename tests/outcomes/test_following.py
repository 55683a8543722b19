"""When the next call is due: hand-worked days."""

from datetime import date
from itertools import islice

import pytest

from outcomes.following import Schedule, calls_of, due_on

BEGUN = date(2021, 3, 1)
PLAN = Schedule()


def test_the_days_of_tenure_and_the_months_after_them() -> None:
    assert list(islice(calls_of(BEGUN, PLAN), 8)) == [
        date(2021, 3, 3), date(2021, 3, 7), date(2021, 3, 30), date(2021, 4, 29), date(2021, 5, 19),
        date(2021, 6, 19), date(2021, 7, 19), date(2021, 8, 19),
    ]  # fmt: skip


def test_a_month_without_the_day_takes_its_last_and_the_next_the_day_again() -> None:
    begun = date(2020, 11, 12)  # day 80 is 30 January
    assert list(islice(calls_of(begun, PLAN), 4, 8)) == [
        date(2021, 1, 30), date(2021, 2, 28), date(2021, 3, 30), date(2021, 4, 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reached", "due"),
    [
        (None, date(2021, 3, 3)),
        (date(2021, 3, 2), date(2021, 3, 3)),
        (date(2021, 3, 3), date(2021, 3, 7)),
        (date(2021, 3, 20), date(2021, 3, 30)),
        (date(2021, 5, 19), date(2021, 6, 19)),
        (date(2021, 8, 30), date(2021, 9, 19)),
    ],
)
def test_missed_calls_are_one(reached: date | None, due: date) -> None:
    assert due_on(BEGUN, PLAN, reached_on=reached) == due


@pytest.mark.parametrize(
    ("chance", "due"), [(0.19, date(2021, 6, 19)), (0.2, date(2021, 5, 29)), (None, date(2021, 6, 19))]
)
def test_who_is_likely_to_leave_is_called_sooner(chance: float | None, due: date) -> None:
    assert due_on(BEGUN, PLAN, reached_on=date(2021, 5, 19), chance=chance) == due


def test_a_risk_never_puts_a_call_off() -> None:
    assert due_on(BEGUN, PLAN, reached_on=date(2021, 3, 6), chance=0.9) == date(2021, 3, 7)


@pytest.mark.parametrize(
    ("tried", "due"),
    [
        (date(2021, 3, 2), date(2021, 3, 3)),  # too early to count
        (date(2021, 3, 3), date(2021, 3, 4)),
        (date(2021, 4, 1), date(2021, 4, 2)),
    ],
)
def test_a_vain_try_puts_it_off_by_a_day(tried: date, due: date) -> None:
    assert due_on(BEGUN, PLAN, tried_on=tried) == due


@pytest.mark.parametrize("days", [(), (0, 3), (7, 3), (3, 3)])
def test_days_that_do_not_rise_are_refused(days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="从小到大"):
        Schedule(days=days)
