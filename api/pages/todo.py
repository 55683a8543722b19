"""One thing that waits, how urgent it is, and things that are urgent alike."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.coded import Coded


class Urgency(Coded):
    """What is to be done first; the order of the members is that of the page, the label the heading."""

    NOW = "now", "先办：已经过期，或有人可能返贫"
    TODAY = "today", "今天要办"
    DECIDE = "decide", "等您看、等您批"
    LATER = "later", "不急，早做准备"


@dataclass(frozen=True, slots=True)
class Todo:
    """`number` of `words`; `why` in one line; `href` leads to the list of just so many."""

    number: int
    words: str
    why: str
    href: str
    urgency: Urgency = Urgency.DECIDE


@dataclass(frozen=True, slots=True)
class Group:
    """Things that wait and are urgent alike."""

    urgency: Urgency
    items: list[Todo]


def some(found: Iterable[Todo | None]) -> list[Todo]:
    """Those of which there are any."""
    return [each for each in found if each is not None and each.number]


def by_urgency(found: list[Todo]) -> list[Group]:
    """What is urgent first; within that in the order in which it was gathered."""
    groups = (Group(each, [item for item in found if item.urgency is each]) for each in Urgency)
    return [group for group in groups if group.items]
