"""Learning who leaves when: the chance of leaving within an interval of a stay, and employers by who left them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from matching import features, prior
from matching.columns import DateArray, FloatArray, Market
from matching.learning.at_work import companion_was_there, counties_of_work
from matching.learning.chance import Asked, Chance
from matching.learning.history import History, Stays, stays_known
from matching.learning.rows import (
    BEGINS,
    ENDS,
    INTERVALS,
    Seen,
    at_risk,
    by_month,
    counties_of,
    season,
    seen,
    townspeople_then,
)
from matching.learning.splitting import (
    DAYS_A_MONTH,
    HALF_LIVES,
    LAST_DAYS,
    chosen,
    day_of_cut,
    drawn,
    freshness,
)
from matching.learning.tallies import NO_RATIOS, Ratios, Tally, month_of
from matching.learning.trades import same_trade
from matching.regions import IntArray
from matching.usual_pay import UsualPay

_TURNS = 3
COUNTIES = 1_000_000
"""An employer and a six-digit county in one number: employer · COUNTIES + county."""


@dataclass(frozen=True, slots=True)
class LearnedToStay:
    """The chance of leaving within an interval; how employers keep people, and how they keep those of a county beside all."""

    chance: Chance
    firms: Ratios
    origins: Ratios
    stays: int


def learn_to_stay(
    market: Market, usual: UsualPay, history: History, day: np.datetime64, seed: int
) -> LearnedToStay:
    """From the stays known on `day`; the prior where they are too few."""
    chance = Chance("stay", seed)
    cut = day_of_cut(history.stretches.started, day)
    if cut is None:
        return LearnedToStay(chance, NO_RATIOS, NO_RATIOS, 0)
    known = stays_known(history.stretches, day)
    homes = counties_of(market, known.of.worker)
    # Firms that nobody knows are 0: what is told of them is told of all such.
    told = _Told(known, _seen_stays(market, usual, history, known, homes, day), homes)
    half_life = HALF_LIVES[0]
    if cut < day:
        half_life = _choose(chance, told, history, cut, seed)
    past = _Past.of(told, day, half_life, seed)
    rows = _rows(told.with_firms(past), known)
    chance.fit(rows.asked, rows.left, rows.share * freshness(rows.age(day), half_life), grow=chance.trust > 0)
    last = rows.age(day) <= LAST_DAYS
    chance.level(rows.asked.take(last), rows.left[last], rows.share[last])
    return LearnedToStay(chance, past.firms.ratios, past.origins.ratios, len(known.days))


@dataclass(frozen=True, slots=True)
class _Told:
    """Stays, what was seen of each when it began, and the six-digit home counties."""

    stays: Stays
    pairs: Seen
    homes: IntArray

    @property
    def months(self) -> IntArray:
        return month_of(self.stays.of.started)

    @property
    def origins(self) -> IntArray:
        return self.stays.of.employer * COUNTIES + self.homes

    def take(self, rows: IntArray, stays: Stays | None = None) -> "_Told":
        """These rows; as other days knew the same stays, where `stays` tells."""
        return _Told(
            self.stays.take(rows) if stays is None else stays, self.pairs.take(rows), self.homes[rows]
        )

    def with_firms(self, past: "_Past", months: IntArray | None = None) -> Seen:
        """What is seen, with what the employer's past before each month told."""
        months = self.months if months is None else months
        origin = past.origins.log_ratios(self.origins, months)
        return self.pairs.told(
            {
                "firm_leaving": past.firms.log_ratios(self.stays.of.employer, months),
                "origin_leaving": np.where(self.homes > 0, origin, np.nan),
            }
        )


@dataclass(frozen=True, slots=True)
class _Past:
    """Employers by who left them, and by who of each county left them beside all."""

    firms: Tally
    origins: Tally

    @classmethod
    def of(cls, told: _Told, until: np.datetime64, half_life: float, seed: int) -> "_Past":
        """Against what is to be expected of people like these at an employer like most.

        What is to be expected is found in turns with what employers add. Of those still there after a quarter most are at good
        employers, so hazards that know no employers are too low there, and everything after them is counted against everybody.
        """
        stays, months = told.stays, half_life / DAYS_A_MONTH
        cells = by_month(stays)
        last = np.r_[cells.stay[1:] != cells.stay[:-1], True] if len(cells.stay) else np.zeros(0, np.bool_)
        gone = last & stays.left[cells.stay] & (stays.days[cells.stay] <= ENDS[-1])
        left, firm = gone.astype(np.float64), stays.of.employer[cells.stay]
        unknown = np.full(len(stays.days), np.nan)
        bare = told.pairs.told({"firm_leaving": unknown, "origin_leaving": unknown})
        pairs = bare
        for _ in range(_TURNS):
            line = Chance("stay", seed)
            rows = _rows(pairs, stays)
            line.fit(rows.asked, rows.left, rows.share * freshness(rows.age(until), half_life), grow=False)
            risk = -np.log1p(-hazards_of(line, bare.raw, bare.z, stays.of.started, INTERVALS))
            upto = np.column_stack([np.zeros(len(risk)), np.cumsum(risk, axis=1)])
            due = _until(upto, cells.stay, cells.end) - _until(upto, cells.stay, cells.begin)
            firms = Tally.of(firm, cells.month, left, due, months)
            pairs = bare.told({"firm_leaving": firms.now_of(stays.of.employer)})
        # People of one county against what everybody's leaving there made to be expected of them.
        due_there = due * np.exp(firms.log_ratios(firm, cells.month))
        return cls(firms, Tally.of(told.origins[cells.stay], cells.month, left, due_there, months))


def _choose(chance: Chance, told: _Told, history: History, cut: np.datetime64, seed: int) -> float:
    """Choose how fast the past fades, and the trust and calibration of the chance, by the stays begun after `cut`."""
    # Rows of an earlier day are the first of those of the last: both are in the order of the stretches.
    first = np.flatnonzero(told.stays.of.started <= cut)
    some = drawn(np.arange(len(first)), seed)
    earlier = told.take(first[some], stays_known(history.stretches, cut).take(some))
    later = told.take(drawn(np.flatnonzero(told.stays.of.started > cut), seed))
    if not len(earlier.homes) or not len(later.homes):
        return HALF_LIVES[0]
    month = np.full(len(later.homes), month_of(np.array([cut]))[0] + 1)

    def fitted(half_life: float, made: Chance, *, grow: bool) -> Any:
        past = _Past.of(earlier, cut, half_life, seed)
        rows = _rows(earlier.with_firms(past), earlier.stays)
        made.fit(rows.asked, rows.left, rows.share * freshness(rows.age(cut), half_life), grow=grow)
        return _rows(later.with_firms(past, month), later.stays)

    losses = []
    for half_life in HALF_LIVES:
        straight = Chance("stay", seed)
        rows = fitted(half_life, straight, grow=False)
        losses.append(straight.loss(rows.asked, rows.left))
    half_life = HALF_LIVES[chosen(losses, rows.share)]
    rows = fitted(half_life, chance, grow=True)
    chance.choose(rows.asked, rows.left, rows.share)
    return half_life


def _seen_stays(
    market: Market, usual: UsualPay, history: History, known: Stays, homes: IntArray, day: np.datetime64
) -> Seen:
    of = known.of
    people = townspeople_then(
        history.stretches, of.employer, homes, of.started, counties_of(market, history.stretches.worker)
    )
    there = companion_was_there(
        of.worker, counties_of_work(of, market.vacancies), of.started,
        history.stretches.take(history.stretches.started <= day), market.workers, market.vacancies, day,
    )  # fmt: skip
    told = {
        "companion_there": there,
        "same_occupation": same_trade(history.stretches, market, of.worker, of.vacancy, of.started),
    }
    return seen(market, usual, of.worker, of.vacancy, of.started, people, told)


def _until(upto: FloatArray, stay: Any, days: FloatArray) -> FloatArray:
    at = np.minimum(np.searchsorted(ENDS, days), INTERVALS - 1)
    share = np.minimum(1.0, (days - BEGINS[at]) / (ENDS - BEGINS)[at])
    value: FloatArray = upto[stay, at] + share * (upto[stay, at + 1] - upto[stay, at])
    return value


@dataclass(frozen=True, slots=True)
class _Rows:
    """Stays and intervals to learn from; all of one length. `began` is the day on which each interval began."""

    asked: Asked
    left: FloatArray
    share: FloatArray
    began: DateArray

    def age(self, day: np.datetime64) -> FloatArray:
        """Days from the beginning of each interval to `day`."""
        return (day - self.began).astype(np.float64)


def _rows(pairs: Seen, stays: Stays) -> _Rows:
    risk = at_risk(stays)
    mine, started = pairs.take(risk.stay), stays.of.started[risk.stay]
    asked = _asked_to_stay(mine.raw, mine.z, started, risk.interval)
    return _Rows(asked, risk.left, risk.share, started + BEGINS[risk.interval].astype(np.int64))


def _asked_to_stay(raw: FloatArray, z: FloatArray, started: DateArray, interval: IntArray) -> Asked:
    which = (interval[:, None] == np.arange(INTERVALS)[None, :]).astype(np.float64)
    odds = _PRIOR_ODDS[interval] - prior.tie(z)
    return Asked(raw, z, np.column_stack([which, season(started, interval)]), odds)


_PRIOR_ODDS = np.array([np.log(hazard / (1 - hazard)) for _, hazard in prior.HAZARDS])


def asked_on(day: np.datetime64, intervals: int) -> tuple[FloatArray, FloatArray]:
    """What is asked of work that begins on a day, for so many intervals: the prior's log-odds of an average pair, and the columns
    that are the question's own."""
    numbers, nobody = np.arange(intervals), np.zeros((intervals, len(features.FEATURES)))
    asked = _asked_to_stay(nobody, nobody, np.repeat(day, intervals), numbers)
    return asked.anchor, asked.extra


def hazards_of(
    chance: Chance, raw: FloatArray, z: FloatArray, started: DateArray, intervals: int
) -> FloatArray:
    """Chance of leaving within each of the first so many intervals of work that begins on these days, shape (pairs, intervals)."""
    if not len(raw) or not intervals:
        return np.empty((len(raw), intervals))
    numbers = np.arange(intervals)
    if (started == started[0]).all():
        # Of all that begin on one day the same is asked, but for themselves.
        begins, extra = asked_on(started[0], intervals)
        odds = chance.log_odds_each(raw, z, extra, begins - prior.tie(z)[:, None])
    else:
        odds = np.column_stack(
            [
                chance.log_odds(_asked_to_stay(raw, z, started, np.full(len(raw), number)))
                for number in numbers.tolist()
            ]
        )
    hazards: FloatArray = 1.0 / (1.0 + np.exp(-odds))
    return hazards
