"""年底预测: how many will be stable on the last day, with an interval, by playing the rest of the year many times.

Three sorts of people make the figure: those for whom the rule is fulfilled (certain), those at work whose mark lies
ahead (`outcomes.leaving` says how likely each stays until then), and those who have yet to begin and still can. How
many of the last there will be is drawn around the starts of the latest weeks, and who they are from these very
starters.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from outcomes.days import Mask, Whole
from outcomes.leaving import Chances, Leaving, Waits

LEVEL = 0.8
"""The interval covers the outcome in so many of a hundred years, if the future is as the past."""
DRAWS = 1_000
WEEKS = 8
"""Weeks of starts from which the coming ones are told."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Who began lately, and for how long one can still begin.

    Parameters
    ----------
    weekly : starts in each of the latest weeks, the latest last.
    days_left : days from tomorrow to the latest start, both included; 0 when it has passed.
    until : the tenure at which the rule is fulfilled.
    group, employer : of the starters of these weeks; whoever comes is drawn from them.
    last_year : starts a year before, in the same latest weeks and in the same time to come; None where the ledger did
        not know them. The year's course is taken from them.
    """

    weekly: Whole
    days_left: int
    until: int
    group: Whole
    employer: Whole
    last_year: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What the figure will be on one day, in days since 1970-01-01."""

    day: int
    low: int
    mid: int
    high: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The figure on the last day. `chances` are those of the people who wait, in their order; `path` is how it comes to
    the figure, a fan of the days that were asked for."""

    low: int
    mid: int
    high: int
    level: float
    sure: int
    from_waiting: float
    from_starts: float
    chances: Chances
    path: tuple[Step, ...] = ()


def forecast(
    sure: int,
    waits: Waits,
    starts: Starts | None,
    leaving: Leaving,
    *,
    today: int,
    end: int,
    along: Sequence[int] = (),
    seed: int = 0,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Forecast:
    """Play the rest of the year `draws` times, until the day `end`. The same seed gives the same figures.

    Parameters
    ----------
    today, end, along : in days since 1970-01-01; of the days `along` the way, and of `end`, the fan is told.
    """
    rng = np.random.default_rng(seed)
    chances = leaving.chances(waits, rng, draws)
    staying = rng.random(chances.shape) < chances
    marks, coming = np.zeros(0, dtype=np.int64), np.zeros((0, draws), dtype=np.bool_)
    if starts is not None:
        marks, coming = _coming(starts, leaving, rng, today, draws)
    due = waits.started + waits.until - 1
    tail = (1 - level) / 2
    path: list[Step] = []
    for day in (*along, end):
        last = day >= end
        # On the last day all who can be counted are, whatever day their mark was taken to be.
        totals = sure + staying[last | (due <= day)].sum(axis=0) + coming[last | (marks <= day)].sum(axis=0)
        low, mid, high = np.quantile(totals, [tail, 0.5, 1 - tail], method="nearest")
        path.append(Step(day, int(low), int(mid), int(high)))
    there, each = path[-1], chances.mean(axis=1)
    came = float(coming.sum(axis=0).mean())
    return Forecast(there.low, there.mid, there.high, level, sure, float(each.sum()), came, each, tuple(path))


def worth_of_a_call(chances: Chances, effect: float) -> Chances:
    """By how much one call raises the expected number of stable people: it cuts the hazard by `effect` (0 to 1).

    Nothing is gained with those who stay anyway or leave anyway; how much a call achieves is an assumption.
    """
    raised: Chances = chances ** (1 - effect)
    return raised - chances


def _coming(
    starts: Starts, leaving: Leaving, rng: np.random.Generator, today: int, draws: int
) -> tuple[Whole, Mask]:
    """Those who have yet to begin: on which day each would be stable, and whether she is; shapes (people,) and (people, draws)."""
    if starts.days_left <= 0 or not len(starts.group):
        return np.zeros(0, dtype=np.int64), np.zeros((0, draws), dtype=np.bool_)
    number = _how_many(starts, rng, draws)
    most = max(int(number.max()), 1)
    like = rng.integers(0, len(starts.group), most)
    begun = today + 1 + rng.integers(0, starts.days_left, most)
    waits = Waits(
        begun,
        np.zeros(most, dtype=np.int64),
        np.full(most, starts.until, dtype=np.int64),
        starts.group[like],
        starts.employer[like],
    )
    stable = rng.random((most, draws)) < leaving.chances(waits, rng, draws)
    there = np.arange(most)[:, None] < number[None, :]
    return begun + max(starts.until, 1) - 1, stable & there


def _how_many(starts: Starts, rng: np.random.Generator, draws: int) -> Whole:
    """Starts to come: around the latest weeks' number, as uneven as these weeks were; shape (draws,)."""
    weekly = starts.weekly.astype(float)
    mean = float(weekly.mean())
    spread = max(float(weekly.var(ddof=1)) / max(mean, 1e-9), 1.0) if len(weekly) > 1 else 1.0
    weeks = starts.days_left / 7
    # The mean itself is known from few weeks, and so is the year's course; both know less the more unevenly people come.
    rate = _rate(rng, mean * len(weekly), spread, draws) / len(weekly) * weeks
    if starts.last_year is not None:
        before, ahead = (_rate(rng, number, spread, draws) for number in starts.last_year)
        rate *= ahead / before * len(weekly) / weeks
    more = spread - 1.0
    drawn: Whole = rng.poisson(rng.gamma(rate / more, more) if more > 1e-6 else rate)
    return drawn


def _rate(rng: np.random.Generator, number: float, spread: float, draws: int) -> Chances:
    """What was to be expected where so many came."""
    drawn: Chances = rng.gamma((number + 0.5) / spread, spread, draws)
    return np.maximum(drawn, 1e-9)
