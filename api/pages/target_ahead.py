"""What lies ahead of a task: the way so far and the fan to its last day, and where the people live who decide it."""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.region import Region
from models.target import Target
from outcomes.days import day_of
from outcomes.outlook import Outlook, Waiting
from outcomes.progress import Progress

_COUNTY, _TOWNSHIP = 6, 9
_ELSEWHERE = "未登记到下一级"


@dataclass(frozen=True, slots=True)
class Point:
    """The figure on one day: what it was, or between what it will be; today is both."""

    on: date
    done: int | None = None
    low: int | None = None
    mid: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """A county or township, and how many of those who wait live there."""

    code: str
    name: str
    people: int


def way(found: Progress, told: Outlook, target: Target) -> list[Point]:
    """The figure at each month's end since the task began, today, and as it is foretold."""
    days = sorted(
        day
        for person in found.persons
        if (day := person.stable_on if found.counts_stable else person.started_on) is not None
    )
    ends = [day for day in _month_ends(target.from_on, found.as_of) if day < found.as_of]
    so_far = [Point(day, sum(each <= day for each in days)) for day in ends]
    now = found.done or 0
    ahead = [Point(day_of(step.day), None, step.low, step.mid, step.high) for step in told.done.path]
    return [*so_far, Point(found.as_of, now, now, now, now), *ahead]


def homes(session: Session, waiting: Sequence[Waiting], within: str) -> list[Home]:
    """The counties of `within`, or the townships of a county, where those who wait live; most first."""
    width = _COUNTY if len(within) < _COUNTY else _TOWNSHIP
    codes = [each.person.home for each in waiting if each.person.home.startswith(within)]
    counted = Counter(code[:width] if len(code) >= width else "" for code in codes)
    names = dict(session.exec(select(Region.code, Region.name).where(col(Region.code).in_(counted))).all())
    return [
        Home(code, names.get(code, _ELSEWHERE), people)
        for code, people in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]


def _month_ends(first: date, last: date) -> list[date]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, monthrange(month // 12, month % 12 + 1)[1]) for month in months]
