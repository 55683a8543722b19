"""When somebody at work is to be called next: days of tenure, then monthly, and sooner who is likely to leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from outcomes.calendar import ONE_DAY, shift


@dataclass(frozen=True, slots=True)
class Schedule:
    """On which days of tenure somebody is called (the first day worked is day 1), monthly after the last of them.

    Parameters
    ----------
    days : rising.
    risky : from this chance of leaving within `RISK_DAYS` on, the next call is due `sooner` days after the last at
        the latest.
    """

    days: tuple[int, ...] = (3, 7, 30, 60, 80)
    risky: float = 0.2
    sooner: int = 10

    def __post_init__(self) -> None:
        rising = all(one < other for one, other in zip(self.days, self.days[1:], strict=False))
        if not self.days or self.days[0] < 1 or not rising:
            raise ValueError("随访天数应为从小到大的正整数，至少一个")


RISK_DAYS = 30
"""Days ahead over which a chance of leaving is told."""


def calls_of(started: date, schedule: Schedule) -> Iterator[date]:
    """The days on which calls fall due, without end."""
    for day in schedule.days:
        yield started + timedelta(days=day - 1)
    last = started + timedelta(days=schedule.days[-1] - 1)
    for months in count(1):
        yield shift(last, months)


def due_on(
    started: date,
    schedule: Schedule,
    *,
    reached_on: date | None = None,
    tried_on: date | None = None,
    chance: float | None = None,
) -> date:
    """The day on which the next call is due.

    Calls that were missed are one call: it is due since the first of them.

    Parameters
    ----------
    reached_on : when the person was last found at work, in this stretch.
    tried_on : when somebody last tried in vain; the next try is due a day later.
    chance : of leaving within `RISK_DAYS`, where it is known.
    """
    due = next(day for day in calls_of(started, schedule) if reached_on is None or day > reached_on)
    if reached_on is not None and chance is not None and chance >= schedule.risky:
        due = min(due, reached_on + timedelta(days=schedule.sooner))
    if tried_on is not None and tried_on >= due:
        due = tried_on + ONE_DAY
    return due
