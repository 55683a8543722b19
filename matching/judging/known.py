"""What of a past a day knew, and what came of it as far as the records go."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from matching.columns import FloatArray, Market
from matching.judging.censoring import seen_before
from matching.learning.history import SUCCESS_WITHIN_DAYS, Applications, History, starts_of, stays_known
from matching.regions import IntArray

_NEVER = np.datetime64("NaT", "D")


def last_day(history: History) -> np.datetime64 | None:
    """The last day that the records tell of: an application, a start, or somebody seen at work; None without any.

    Ends of work don't count: they may be written down ahead.
    """
    spells = history.stretches
    days = np.concatenate([spells.started, spells.observed, history.applications.applied])
    days = days[~np.isnat(days)]
    return days.max() if len(days) else None


def on(day: np.datetime64) -> date:
    """The day as the calendar has it."""
    told: date = day.astype("datetime64[D]").item()
    return told


def as_known(history: History, day: np.datetime64) -> History:
    """What had happened by `day`, and nothing else: who leaves later is still there."""
    begun = history.stretches.take(history.stretches.started <= day)
    made = history.applications.take(history.applications.applied <= day)
    ended = np.where(begun.ended <= day, begun.ended, _NEVER)
    observed = np.where(begun.observed > day, day, begun.observed)
    # Who was seen to the end before the end was known was seen until the day.
    observed = np.where((begun.ended > day), day, observed)
    open_then = made.decided > day
    return History(
        replace(begun, ended=ended, observed=observed),
        replace(
            made,
            decided=np.where(open_then, _NEVER, made.decided),
            outcome=np.where(open_then, 0, made.outcome).astype(np.int8),
        ),
    )


def market_known(market: Market, day: np.datetime64) -> Market:
    """The same rows; of posts that began after `day` no pay is told, so that none of it is learned from."""
    posts = market.vacancies
    later = posts.valid_from > day
    told: dict[str, Any] = {
        name: np.where(later, np.nan, getattr(posts, name)) for name in ("pay_min", "pay_max")
    }
    return replace(market, as_of=on(day), vacancies=replace(posts, **told))


@dataclass(frozen=True, slots=True)
class Ends:
    """What became of applications: `started` 1 or 0, known where `start_known`; `stable` 1 where the start lasted, with
    weight `stable_weight`, 0 where that is not known."""

    started: FloatArray
    start_known: FloatArray
    stable: FloatArray
    stable_weight: FloatArray


def ends_of(
    made: Applications, history: History, employers: IntArray, end: np.datetime64, stable_days: int
) -> Ends:
    """As the records until `end` tell.

    Only applications old enough to be known either way count, by their day and not by what came of them; of starts lost sight of
    before, those that were seen stand for the others.
    """
    stays = stays_known(history.stretches, end)
    at = starts_of(made, stays.of, employers)
    started = at >= 0
    old = made.applied + SUCCESS_WITHIN_DAYS < end
    oldest = made.applied + SUCCESS_WITHIN_DAYS + stable_days < end
    stable, weight = np.zeros(len(made)), np.where(oldest, 1.0, 0.0)
    rows = np.flatnonzero(started)
    if len(rows):
        days, left = stays.days[at[rows]], stays.left[at[rows]]
        gone = left & (days <= stable_days)
        stayed = ~gone & (days >= stable_days)
        # How long stays are seen is learned from all that could have been seen so long.
        could = stays.of.started + stable_days < end
        seen = seen_before(stays.days[could], stays.left[could], np.minimum(days, stable_days))
        stable[rows] = stayed
        weight[rows] *= np.where(gone | stayed, 1.0 / np.maximum(seen, 1e-12), 0.0)
    return Ends(started.astype(np.float64), old.astype(np.float64), stable, weight)
