"""Rows to learn from: what was known of each pair when it began, and what came of it."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching import features, prior, regions
from matching.columns import DateArray, FloatArray, Market, Pairs, Then, Vacancies
from matching.festivals import share_near
from matching.learning.history import History, Stays, Stretches
from matching.learning.tallies import month_of
from matching.regions import IntArray
from matching.usual_pay import UsualPay

INTERVALS = len(prior.HAZARDS)
ENDS = np.array([end for end, _ in prior.HAZARDS], np.float64)
BEGINS = np.concatenate(([0.0], ENDS[:-1]))


def whole_market(market: Market, history: History) -> tuple[Market, History]:
    """The market with a post for every stretch: where none is named, one of which only employer, region and pay are known."""
    stretches = history.stretches
    bare = np.flatnonzero(stretches.vacancy < 0)
    if not len(bare):
        return market, history
    cells = np.column_stack([stretches.employer[bare], stretches.region[bare]])
    posts, at = np.unique(cells, axis=0, return_inverse=True)
    at = at.reshape(-1)
    known = ~np.isnan(stretches.income[bare])
    paid = np.bincount(at[known], stretches.income[bare][known], len(posts))
    people = np.bincount(at[known], minlength=len(posts))
    pay = np.where(people > 0, paid / np.maximum(people, 1), np.nan)
    real = market.vacancies
    centres = dict(
        zip(real.region.tolist(), zip(real.lon.tolist(), real.lat.tolist(), strict=True), strict=True)
    )
    places = np.array(
        [centres.get(region, (np.nan, np.nan)) for region in posts[:, 1].tolist()], np.float64
    ).reshape(-1, 2)
    made = Vacancies.of(
        np.full(len(posts), -1), employer=posts[:, 0], region=posts[:, 1], lon=places[:, 0], lat=places[:, 1],
        pay_min=pay, pay_max=pay,
    )  # fmt: skip
    vacancy = stretches.vacancy.copy()
    vacancy[bare] = len(real) + at
    both: dict[str, Any] = {
        name: np.concatenate([getattr(real, name), getattr(made, name)])
        if isinstance(getattr(real, name), np.ndarray)
        else getattr(real, name) + getattr(made, name)
        for name in Vacancies.__dataclass_fields__
    }
    return (
        replace(market, vacancies=Vacancies(**both)),
        replace(history, stretches=replace(stretches, vacancy=vacancy)),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """Pairs as they were on their days: `raw` features (rows, features), nan unknown, and the prior's `z` of them."""

    raw: FloatArray
    z: FloatArray

    def take(self, rows: IntArray) -> "Seen":
        """These rows, in their order."""
        return Seen(self.raw[rows], self.z[rows])

    def told(self, values: Mapping[str, FloatArray]) -> "Seen":
        """With the values of some features, by name, which the prior takes as they are."""
        raw, z = self.raw.copy(), self.z.copy()
        for feature, column in values.items():
            at = features.NAMES.index(feature)
            raw[:, at] = column
            z[:, at] = prior.standardised_feature(feature, column)
        return Seen(raw, z)


def seen(
    market: Market,
    usual: UsualPay,
    workers: IntArray,
    vacancies: IntArray,
    days: DateArray,
    people: IntArray,
    told: Mapping[str, FloatArray] | None = None,
) -> Seen:
    """What was known of pairs on their days; `people` are the townspeople there then, `told` further features by name. Of the
    firms nothing is told yet."""
    pairs = usual.attach(Pairs(market, workers, vacancies, then=Then(days, people, told or {})))
    raw = features.matrix(pairs)
    return Seen(raw, prior.standardised(prior.complete(raw, prior.averages(pairs))))


def townspeople_then(
    stretches: Stretches, employers: IntArray, counties: IntArray, days: DateArray, homes: IntArray
) -> IntArray:
    """People of a county at an employer on a day, as far as `stretches` tell; `homes` is the county of each stretch's person."""
    if not len(stretches):
        return np.zeros(len(employers), np.int64)
    places, place = np.unique(np.concatenate([homes, counties]), return_inverse=True)
    _, firm = np.unique(np.concatenate([stretches.employer, employers]), return_inverse=True)
    many = len(stretches)
    key = firm * len(places) + place
    begun = _before(key[:many], stretches.started, key[many:], days)
    left = ~np.isnat(stretches.ended)
    gone = _before(key[:many][left], stretches.ended[left], key[many:], days)
    there: IntArray = np.where(employers > 0, begun - gone, 0)
    return there


def _before(keys: IntArray, days: DateArray, asked: IntArray, on: DateArray) -> IntArray:
    """How many of `days` with the asked key lie before the asked day."""
    if not len(keys):
        return np.zeros(len(asked), np.int64)
    first = min(days.min(), on.min()).astype(np.int64) if len(on) else np.int64(0)
    span = np.int64(max(days.max(), on.max()).astype(np.int64) - first + 2) if len(on) else np.int64(2)
    line = np.sort(keys * span + (days.astype(np.int64) - first))
    until = np.searchsorted(line, asked * span + (on.astype(np.int64) - first))
    count: IntArray = until - np.searchsorted(line, asked * span)
    return count


def counties_of(market: Market, workers: IntArray) -> IntArray:
    """Six-digit home counties, 0 unknown."""
    return regions.county(market.workers.region[workers])


@dataclass(frozen=True, slots=True)
class AtRisk:
    """One row a stay and interval of it: `stay` its row, `interval` its number, `left` whether the person left in it, and
    how much of it was seen (`share`, 1 for who left)."""

    stay: IntArray
    interval: IntArray
    left: FloatArray
    share: FloatArray


def at_risk(stays: Stays) -> AtRisk:
    """Intervals of the prior's table that each stay reached; what lies behind the last is not looked at."""
    days = stays.days.astype(np.float64)
    stay, interval = np.nonzero(BEGINS[None, :] < days[:, None])
    left = stays.left[stay] & (days[stay] <= ENDS[interval])
    share = np.minimum(1.0, (days[stay] - BEGINS[interval]) / (ENDS - BEGINS)[interval])
    return AtRisk(stay, interval, left.astype(np.float64), np.where(left, 1.0, share))


_YEAR = 365.2425
_HARMONICS = 2
_FESTIVAL_EDGES = (-60, -45, -30, -15, 0, 15, 30, 45)
"""Half-months around a Spring Festival, in days after it."""


def season(started: DateArray, interval: IntArray) -> FloatArray:
    """The time of year that each interval of a stay lies in, shape (rows, 11): sines and cosines of a year and half of one,
    averaged over its days, and which part of it lies in each half-month around a Spring Festival.

    Around the Festival many leave, whenever they began, and it comes up to four weeks earlier or later by the solar year.
    """
    first = started.astype(np.int64)
    begins, at = np.unique(first * INTERVALS + interval, return_inverse=True)
    day, number = (begins // INTERVALS).astype(np.float64), begins % INTERVALS
    begin, end = day + BEGINS[number], day + ENDS[number]
    columns = []
    for harmonic in range(1, _HARMONICS + 1):
        turn = 2 * np.pi * harmonic / _YEAR
        width = turn * (end - begin)
        columns += [
            (np.cos(turn * begin) - np.cos(turn * end)) / width,
            (np.sin(turn * end) - np.sin(turn * begin)) / width,
        ]
    columns += [share_near(begin, end, low, high) for low, high in itertools.pairwise(_FESTIVAL_EDGES)]
    found: FloatArray = np.column_stack(columns)[at]
    return found


@dataclass(frozen=True, slots=True)
class Months:
    """Stays by calendar month, for tallies: `stay` its row, `month`, and the cumulative share of each interval that lies in it."""

    stay: IntArray
    month: IntArray
    begin: FloatArray
    end: FloatArray


def by_month(stays: Stays) -> Months:
    """Each stay cut at the turns of months; `begin` and `end` are days since its start."""
    first = month_of(stays.of.started)
    last = month_of(stays.of.started + stays.days)
    many = last - first + 1
    stay = np.repeat(np.arange(len(many)), many)
    nth = np.arange(len(stay)) - np.repeat(np.cumsum(many) - many, many)
    month = first[stay] + nth
    opening = (month.astype("datetime64[M]").astype("datetime64[D]") - stays.of.started[stay]).astype(
        np.int64
    )
    closing = ((month + 1).astype("datetime64[M]").astype("datetime64[D]") - stays.of.started[stay]).astype(
        np.int64
    )
    begin = np.maximum(opening, 0).astype(np.float64)
    end = np.minimum(closing, stays.days[stay]).astype(np.float64)
    return Months(stay, month, begin, np.maximum(end, begin))
