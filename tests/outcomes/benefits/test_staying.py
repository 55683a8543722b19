"""Who of an employer's poverty-relieved people stayed: worked by hand at the edges of the marks."""

from datetime import date

import pytest

from outcomes.benefits.employers import Firm, Hand
from outcomes.benefits.staying import FEW, Stayed, relieved, stayed, still_there
from outcomes.spells import Spell

TODAY = date(2021, 9, 20)


def hand(*spells: tuple[str, str | None, str | None], key: int = 1, poor: bool = True) -> Hand:
    """Spells by first day, last day and the last day on which somebody saw her there."""
    read = [[date.fromisoformat(day) if day else None for day in each] for each in spells]
    made = [
        Spell(started_on=first, ended_on=last, observed_until=seen) for first, last, seen in read if first
    ]
    return Hand(key, None, poor, tuple(made))


@pytest.mark.parametrize(
    ("spells", "there"),
    [
        # Three months from 1 March are full on 31 May.
        ([("2021-03-01", "2021-05-31", None)], True),
        ([("2021-03-01", "2021-05-30", None)], False),
        ([("2021-03-01", None, "2021-05-31")], True),
        # Nobody has seen her since, and nobody knows that she left.
        ([("2021-03-01", None, "2021-05-30")], None),
        ([("2021-03-01", None, None)], None),
        # The mark of 21 June is today, that of 22 June tomorrow.
        ([("2021-06-21", None, "2021-09-20")], True),
        ([("2021-06-22", None, "2021-09-20")], None),
        ([("2021-06-22", "2021-06-30", None)], None),
        # She left and came back before the mark.
        ([("2021-03-01", "2021-03-20", None), ("2021-05-01", None, "2021-06-01")], True),
        ([("2021-03-01", "2021-03-20", None), ("2021-06-01", None, "2021-06-02")], False),
    ],
)
def test_whether_somebody_was_there_after_three_months(
    spells: list[tuple[str, str | None, str | None]], there: bool | None
) -> None:
    assert still_there(hand(*spells), 3, TODAY) is there


def test_a_share_is_told_of_enough_people_and_drawn_to_all_the_more_the_fewer_they_are() -> None:
    left = [hand(("2021-03-01", "2021-04-01", None), key=key) for key in range(FEW - 1)]
    assert stayed(left, 3, TODAY) == Stayed(FEW - 1, 0) and stayed(left, 3, TODAY).share is None
    staid = hand(("2021-03-01", "2021-06-01", None))
    assert stayed([*left, staid], 3, TODAY).share == 1 / FEW
    # One of one says less than nine of ten.
    assert Stayed(1, 1).shrunk(0.5) < Stayed(10, 9).shrunk(0.5)
    assert Stayed(0, 0).shrunk(0.5) == 0.5


def test_only_poverty_relieved_people_are_counted_in_the_order_of_their_beginning() -> None:
    hands = (
        hand(("2021-04-01", None, None), key=1),
        hand(("2021-03-01", None, None), key=2),
        hand(("2021-01-01", None, None), key=3, poor=False),
    )
    assert [each.key for each in relieved(Firm("610728", "workshop", hands=hands))] == [2, 1]
