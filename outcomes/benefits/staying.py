"""重点单位: how many poverty-relieved people an employer has, and how many of those who began there stayed.

Pure. A person begins at an employer once, with the first spell there; whether she was still there on the day on which
so many months were full is known of whoever had left by then, and of whoever was seen there on that day or later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from outcomes.benefits.employers import Firm, Hand
from outcomes.calendar import full_on

MARKS = (3, 6)
"""Months after which it is asked who is still there."""

FEW = 5
"""With fewer cases no share is told: one person more or less would turn it over. Ours, found in no text."""

_WEIGHT = 10
"""An employer's own share counts as much as that of all when it has so many cases: it orders the list, and is not shown."""


@dataclass(frozen=True, slots=True)
class Stayed:
    """Of `cases` people of whom it is known `stayed` were still there. All are numbers of persons."""

    cases: int
    stayed: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where the cases are too few to tell."""
        return self.stayed / self.cases if self.cases >= FEW else None

    def shrunk(self, share_of_all: float) -> float:
        """The share drawn towards that of all, the more the fewer the cases are."""
        return (self.stayed + _WEIGHT * share_of_all) / (self.cases + _WEIGHT)


def relieved(firm: Firm) -> list[Hand]:
    """Its poverty-relieved workers, past and present, in the order in which they began."""
    return sorted((hand for hand in firm.hands if hand.relieved), key=began)


def began(hand: Hand) -> date:
    """The first day there."""
    return min(spell.first_day for spell in hand.spells)


def still_there(hand: Hand, months: int, as_of: date) -> bool | None:
    """Whether she worked there on the day on which `months` months were full; None while that lies ahead of `as_of`, or
    where nobody saw her there since and nobody knows that she left."""
    mark = full_on(began(hand), months)
    if mark > as_of:
        return None
    for spell in hand.spells:
        if spell.first_day <= mark and spell.ended_on is None:
            return True if spell.observed_until is not None and spell.observed_until >= mark else None
        if spell.first_day <= mark and spell.ended_on is not None and spell.ended_on >= mark:
            return True
    return False


def stayed(hands: Iterable[Hand], months: int, as_of: date) -> Stayed:
    """How many of them were still there after so many months."""
    known = [told for hand in hands if (told := still_there(hand, months, as_of)) is not None]
    return Stayed(len(known), sum(known))


def together(parts: Iterable[Stayed]) -> Stayed:
    """All of them."""
    listed = list(parts)
    return Stayed(sum(each.cases for each in listed), sum(each.stayed for each in listed))
