"""How far a spell is observed once evidence is taken away: as if it had never been there, in whatever order it came."""

from datetime import date, timedelta
from random import Random

import pytest

from outcomes.observing import Carrying, Observed, without

BEGIN = date(2021, 3, 1)


def day(number: int) -> date:
    return BEGIN + timedelta(days=number)


def came(steps: list[tuple[int | None, date]]) -> tuple[date, list[Carrying]]:
    """Evidence (with its number) and lists (without), one after the other, beside a spell that nobody had seen."""
    known, pieces = BEGIN, []
    for key, until in steps:
        if key is not None:
            pieces.append(Carrying(key, until, known if until > known else None))
        known = max(known, until)
    return known, pieces


def test_what_was_carried_on_goes_back_to_where_it_was() -> None:
    until, pieces = came([(1, day(40))])
    assert without(until, pieces, {1}) == Observed(BEGIN, {})
    assert without(until, pieces, set()) == Observed(day(40), {1: BEGIN})


def test_of_two_the_first_goes_and_then_the_second() -> None:
    until, pieces = came([(1, day(40)), (2, day(70))])
    found = without(until, pieces, {1})
    assert found == Observed(day(70), {2: BEGIN})
    left = [Carrying(2, day(70), found.before[2])]
    assert without(found.until, left, {2}).until == BEGIN


def test_what_carried_nothing_at_its_time_holds_when_the_other_is_gone() -> None:
    until, pieces = came([(1, day(70)), (2, day(40))])
    assert without(until, pieces, {1}) == Observed(day(40), {2: BEGIN})
    assert without(until, pieces, {1}, [day(55), day(90)]) == Observed(day(55), {2: None})


def test_what_a_list_said_stays() -> None:
    until, pieces = came([(1, day(40)), (None, day(50)), (2, day(70))])
    assert without(until, pieces, {1, 2}).until == day(50)
    until, pieces = came([(1, day(40)), (None, day(50))])
    assert without(until, pieces, {1}).until == day(50)


@pytest.mark.parametrize("seed", range(60))
def test_any_of_any_evidence_in_any_order(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - repeatable
    days = random.sample(range(1, 200), random.randint(1, 7))
    steps: list[tuple[int | None, date]] = [(number, day(each)) for number, each in enumerate(days)]
    until, pieces = came(steps)
    order = random.sample(range(len(days)), random.randint(1, len(days)))
    gone: set[int] = set()
    for key in order:
        found = without(until, pieces, {key})
        gone.add(key)
        until = found.until
        pieces = [
            Carrying(each.key, each.covers_to, found.before[each.key]) for each in pieces if each.key != key
        ]
        assert until == came([step for step in steps if step[0] not in gone])[0]
