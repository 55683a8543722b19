"""Days into months: no month twice, nobody moved further than a month, nothing lost without being named."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.registers.months import Months, Stretch, whole_months

AS_OF = date(2025, 6, 15)


@st.composite
def careers(draw: st.DrawFn) -> tuple[list[Stretch], date]:
    """Stretches of one person that never share a day, the last perhaps still going on; and a day to ask on."""
    day = draw(st.dates(date(2023, 1, 1), date(2024, 6, 1)))
    found = []
    for key in range(draw(st.integers(1, 8))):
        first = day + timedelta(draw(st.integers(0, 45)))
        last = first + timedelta(draw(st.one_of(st.integers(0, 12), st.integers(0, 200))))
        found.append(Stretch(key, first, last))
        day = last + timedelta(1)
    if draw(st.booleans()):
        found[-1] = Stretch(found[-1].key, found[-1].first, None)
    return found, draw(st.dates(date(2023, 1, 1), date(2026, 1, 1)))


def number(day: date) -> int:
    return day.year * 12 + day.month


@given(careers())
def test_each_start_month_lies_after_the_end_month_before(told: tuple[list[Stretch], date]) -> None:
    kept, _ = whole_months(*told)
    for earlier, later in pairwise(kept):
        assert earlier.last is not None
        assert number(later.first) > number(earlier.last)


@given(careers())
def test_nothing_is_lost_and_nothing_lies_ahead(told: tuple[list[Stretch], date]) -> None:
    stretches, as_of = told
    kept, left = whole_months(stretches, as_of)
    begun = [each.key for each in stretches if each.first <= as_of]
    assert sorted([each.key for each in kept] + [each.key for each in left]) == begun
    for months in kept:
        assert months.first.day == 1 and months.first <= as_of
        assert months.last is None or months.first <= months.last <= as_of


@given(careers())
def test_a_month_given_is_a_month_worked(told: tuple[list[Stretch], date]) -> None:
    """No stretch gets a month in which it has no day, and it loses at most its first and its last month."""
    stretches, as_of = told
    of_key = {each.key: each for each in stretches}
    for months in whole_months(stretches, as_of)[0]:
        days = of_key[months.key]
        last = as_of if days.last is None or days.last > as_of else days.last
        assert number(days.first) <= number(months.first) <= number(days.first) + 1
        assert number(last) - 1 <= number(months.last or as_of) <= number(last)
        assert (months.last is None) == (days.last is None or days.last > as_of)


@given(careers())
def test_every_month_with_work_is_somebodys(told: tuple[list[Stretch], date]) -> None:
    stretches, as_of = told
    held = {
        each
        for months in whole_months(stretches, as_of)[0]
        for each in range(number(months.first), number(months.last or as_of) + 1)
    }
    worked = {
        each
        for days in stretches
        if days.first <= as_of
        for each in range(number(days.first), number(min(days.last or as_of, as_of)) + 1)
    }
    assert held == worked


@given(careers())
def test_what_is_in_months_stays_as_it_is(told: tuple[list[Stretch], date]) -> None:
    """Months made into days and back are the same months: the return of the return is the return."""
    kept, _ = whole_months(*told)
    as_days = [
        Stretch(each.key, each.first, each.last and (each.last + timedelta(31)).replace(day=1) - timedelta(1))
        for each in kept
    ]
    again, left = whole_months(as_days, told[1])
    assert [(each.key, each.first) for each in again] == [(each.key, each.first) for each in kept]
    assert left == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # March has 20 days of the first, 7 of the second.
        (("2025-01-05", "2025-03-20"), ("2025-03-25", "2025-05-02"), (("01", "03"), ("04", "05"))),
        (("2025-01-05", "2025-03-05"), ("2025-03-06", "2025-05-02"), (("01", "02"), ("03", "05"))),
        # Fifteen days each of a month of thirty: the later.
        (("2025-01-05", "2025-04-15"), ("2025-04-16", "2025-05-31"), (("01", "03"), ("04", "05"))),
    ],
)
def test_the_month_goes_to_the_most_days(
    first: tuple[str, str], second: tuple[str, str], expected: tuple[tuple[str, str], ...]
) -> None:
    stretches = [
        Stretch(key, date.fromisoformat(each[0]), date.fromisoformat(each[1]))
        for key, each in enumerate((first, second))
    ]
    kept, left = whole_months(stretches, AS_OF)
    assert tuple((f"{each.first:%m}", f"{each.last:%m}") for each in kept if each.last) == expected
    assert left == []


def test_a_stretch_without_a_month_is_named() -> None:
    before, between, after = (
        Stretch("before", date(2025, 1, 1), date(2025, 3, 20)),
        Stretch("between", date(2025, 3, 21), date(2025, 3, 23)),
        Stretch("after", date(2025, 3, 24), None),
    )
    kept, left = whole_months([after, before, between], AS_OF)
    assert left == [between]
    assert kept == [
        Months("before", date(2025, 1, 1), date(2025, 3, 1)),
        Months("after", date(2025, 4, 1), None),
    ]


def test_who_works_now_is_not_put_off_to_next_month() -> None:
    kept, _ = whole_months(
        [Stretch(1, date(2025, 1, 1), date(2025, 6, 12)), Stretch(2, date(2025, 6, 13), None)], AS_OF
    )
    assert kept == [Months(1, date(2025, 1, 1), date(2025, 5, 1)), Months(2, date(2025, 6, 1), None)]


def test_a_planned_end_is_no_end() -> None:
    [months] = whole_months([Stretch(1, date(2025, 5, 1), date(2025, 9, 30))], AS_OF)[0]
    assert months.last is None


def test_shared_days_are_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        whole_months(
            [Stretch(1, date(2025, 1, 1), None), Stretch(2, date(2025, 2, 1), date(2025, 3, 1))], AS_OF
        )
