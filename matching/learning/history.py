"""What happened before: applications and stretches of work as columns, and what of them was known on a day."""

from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any, Self

import numpy as np

from matching.columns import BoolArray, DateArray, FloatArray, SmallArray
from matching.regions import IntArray

SUCCESS_WITHIN_DAYS = 60
"""An application succeeds by a start at the post, or where the stretch names no post at its employer, within so many days;
after as many without one it has failed."""


PROMPT_DAYS = 7
"""An answer within so many days is a prompt one."""


class Outcome(IntEnum):
    """How an application ended as far as it was written down; `OPEN` where nothing was."""

    OPEN = 0
    OFFERED = 1
    REFUSED_BY_EMPLOYER = 2
    REFUSED_BY_WORKER = 3
    NO_ANSWER = 4


ANSWERED = (Outcome.OFFERED, Outcome.REFUSED_BY_EMPLOYER, Outcome.REFUSED_BY_WORKER)
"""An employer said yes or no; a worker refuses what was offered."""


class _Rows:
    __slots__ = ()

    def __len__(self) -> int:
        return len(self.worker)  # type: ignore[attr-defined]  # both tables have it

    def take(self, rows: Any) -> Self:
        """These rows, by position or mask, in their order."""
        return replace(self, **{each.name: getattr(self, each.name)[rows] for each in fields(self)})  # type: ignore[arg-type, type-var]


@dataclass(frozen=True, slots=True)
class Stretches(_Rows):
    """Stretches of work (employment spells), one row each; all of one length.

    `worker` and `vacancy` are indices of the market's tables (`vacancy` -1 where none is named, -2 for one that is not
    among them), `employer` is the id that `Vacancies.employer` holds (0 unknown), `region` a twelve-digit code
    (0 unknown), `income` yuan a month.
    """

    worker: IntArray
    vacancy: IntArray
    employer: IntArray
    region: IntArray
    started: DateArray
    ended: DateArray
    """The last day; NaT where the person was still there when last seen."""
    observed: DateArray
    """Last seen there; NaT where nobody wrote it down: the stretch is then believed until the day that is asked about."""
    income: FloatArray


@dataclass(frozen=True, slots=True)
class Applications(_Rows):
    """Applications, one row each; all of one length. `outcome` holds `Outcome` codes, `decided` the day of the
    employer's answer where there was one, or of the end (NaT open, or not written down)."""

    worker: IntArray
    vacancy: IntArray
    applied: DateArray
    decided: DateArray
    outcome: SmallArray


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened, whenever it became known; indices are of one market's workers and vacancies."""

    stretches: Stretches
    applications: Applications


@dataclass(frozen=True, slots=True)
class Stays:
    """Stretches as they were known on a day: `days` at risk, at least 1, and whether the person `left` at their end."""

    of: Stretches
    days: IntArray
    left: BoolArray

    def take(self, rows: Any) -> "Stays":
        """These rows, by position or mask, in their order."""
        return Stays(self.of.take(rows), self.days[rows], self.left[rows])


def stays_known(stretches: Stretches, day: np.datetime64) -> Stays:
    """What `day` knew: who had started by then, and how long each was seen; a later end is not known yet."""
    begun = stretches.take(stretches.started <= day)
    ended_by_then = ~np.isnat(begun.ended) & (begun.ended <= day)
    seen = np.where(np.isnat(begun.observed), day, np.minimum(begun.observed, day))
    seen = np.where(~np.isnat(begun.ended) & ~ended_by_then, day, seen)
    until = np.where(ended_by_then, begun.ended, np.maximum(seen, begun.started))
    days = np.maximum((until - begun.started).astype(np.int64), 1)
    return Stays(begun, days, ended_by_then)


@dataclass(frozen=True, slots=True)
class Answers:
    """Applications whose end was known on a day, and whether each `led_to_a_start`."""

    of: Applications
    led_to_a_start: BoolArray


def answers_known(history: History, employers: IntArray, day: np.datetime64) -> Answers:
    """Applications whose days were over by `day`; `employers` is `Vacancies.employer`.

    Younger ones are in no row, whatever came of them: a refusal is known sooner than a start, and what is known of a young
    application would be too bleak.
    """
    made = history.applications.take(history.applications.applied + SUCCESS_WITHIN_DAYS < day)
    begun = history.stretches.take(history.stretches.started <= day)
    return Answers(made, starts_of(made, begun, employers) >= 0)


def starts_of(made: Applications, begun: Stretches, employers: IntArray) -> IntArray:
    """The stretch of the person's that began at the post (or at its employer) within the days; -1 where none did."""
    named = np.flatnonzero(begun.vacancy >= 0)
    at_post = _starts_in_time(made, made.vacancy, begun.take(named), begun.vacancy[named])
    others = np.flatnonzero((begun.vacancy == -1) & (begun.employer > 0))
    elsewhere = _starts_in_time(made, employers[made.vacancy], begun.take(others), begun.employer[others])
    # Behind the last stands what there is none of.
    return np.where(at_post >= 0, np.append(named, -1)[at_post], np.append(others, -1)[elsewhere])


def _starts_in_time(made: Applications, wanted: IntArray, begun: Stretches, at: IntArray) -> IntArray:
    if not len(begun) or not len(made):
        return np.full(len(made), -1)
    wide = np.int64(max(wanted.max(), at.max()) + 2)
    order = np.lexsort((begun.started, begun.worker * wide + at))
    keys, days = (begun.worker * wide + at)[order], begun.started[order].astype(np.int64)
    # One sortable number of person, place and day: the first start on or after the application is found by bisection.
    first, span = days.min(), np.int64(days.max() - days.min() + SUCCESS_WITHIN_DAYS + 2)
    applied = np.clip(made.applied.astype(np.int64) - first, 0, span - 1)
    line = keys * span + (days - first)
    place = made.worker * wide + wanted
    found = np.searchsorted(line, place * span + applied)
    inside = np.minimum(found, len(line) - 1)
    late = days[inside] - made.applied.astype(np.int64)
    in_time: BoolArray = (found < len(line)) & (keys[inside] == place)
    in_time &= (late >= 0) & (late <= SUCCESS_WITHIN_DAYS)
    return np.where(in_time, order[inside], -1)
