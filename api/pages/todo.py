"""One thing that waits, and things of one kind."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Todo:
    """`number` of `words`; `why` in one line; `href` leads to the list of just so many."""

    number: int
    words: str
    why: str
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things that wait, under one heading."""

    title: str
    items: list[Todo]


def some(found: Iterable[Todo | None]) -> list[Todo]:
    """Those of which there are any."""
    return [each for each in found if each is not None and each.number]
