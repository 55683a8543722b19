"""Birthdays and ages."""

from datetime import date

from models.age import age_on, birthday


def test_birthday() -> None:
    assert birthday(date(2009, 5, 6), 16) == date(2025, 5, 6)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)
    assert birthday(date(2008, 2, 29), 18) == date(2026, 3, 1)


def test_age_turns_on_the_birthday() -> None:
    assert age_on(date(2005, 9, 21), date(2021, 9, 20)) == 15
    assert age_on(date(2005, 9, 20), date(2021, 9, 20)) == 16
