"""Hardship as of a day, who could work, and the households where nobody does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.households import able, standing_on
from models.age import age_on
from models.household import HardshipCategory, HardshipPeriod
from models.worker import LabourCapability, Worker

MARGINAL, RELIEVED = HardshipCategory.MARGINAL, HardshipCategory.RELIEVED


def period(
    category: HardshipCategory, from_on: date, to_on: date | None = None, cleared: date | None = None
) -> HardshipPeriod:
    return HardshipPeriod(
        household_id=1, category=category, from_on=from_on, to_on=to_on, risk_cleared_on=cleared
    )


def worker(**facts: object) -> Worker:
    return Worker(**({"region": "610728", "name": "测", "name_pinyin": "ce"} | facts))


def test_a_period_rules_on_its_first_and_on_its_last_day() -> None:
    first, last = date(2020, 6, 1), date(2021, 6, 30)
    periods = [period(MARGINAL, first, last)]
    for day, ruled in (
        (first - timedelta(1), False),
        (first, True),
        (last, True),
        (last + timedelta(1), False),
    ):
        standing = standing_on(periods, day)
        assert (standing.category is MARGINAL) is ruled
        assert standing.monitored is ruled


def test_a_risk_is_cleared_from_the_day_of_clearing() -> None:
    periods = [period(MARGINAL, date(2020, 6, 1), cleared=date(2021, 3, 1))]
    assert standing_on(periods, date(2021, 2, 28)).monitored
    after = standing_on(periods, date(2021, 3, 1))
    assert not after.monitored
    assert after.category is MARGINAL
    assert after.risk_cleared_on == date(2021, 3, 1)


def test_one_risk_that_is_not_cleared_keeps_the_household_monitored() -> None:
    periods = [
        period(MARGINAL, date(2020, 6, 1), cleared=date(2021, 3, 1)),
        period(HardshipCategory.SUDDEN, date(2021, 5, 1)),
    ]
    assert standing_on(periods, date(2021, 9, 1)).monitored
    assert not standing_on(periods, date(2021, 4, 1)).monitored


def test_the_category_that_asks_for_attention_stands_in_front() -> None:
    periods = [period(RELIEVED, date(2015, 1, 1)), period(MARGINAL, date(2020, 1, 1))]
    assert standing_on(periods, date(2021, 1, 1)).categories == (MARGINAL, RELIEVED)
    assert standing_on(periods, date(2019, 1, 1)).categories == (RELIEVED,)
    assert not standing_on(periods[:1], date(2021, 1, 1)).monitored


@given(st.dates(date(1900, 1, 1), date(2080, 12, 31)), st.dates(date(1916, 1, 1), date(2100, 12, 31)))
def test_working_age_begins_on_the_sixteenth_birthday(born: date, day: date) -> None:
    assert able(worker(birth_date=born), day) is (age_on(born, day) >= 16)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, True),
        ({"labour_capability": LabourCapability.WEAK}, True),
        ({"labour_capability": LabourCapability.LOST}, False),
        ({"labour_capability": LabourCapability.NONE}, False),
        ({"at_school": True}, False),
        ({"at_school": False}, True),
        ({"birth_date": date(1950, 1, 1)}, True),
    ],
)
def test_what_is_not_known_shuts_nobody_out(facts: dict[str, object], expected: bool) -> None:
    assert able(worker(**facts), date(2021, 9, 20)) is expected
