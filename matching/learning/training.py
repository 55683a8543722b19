"""Learning from what was known on a day: who leaves when, and which applications lead to a start.

Everything is fitted twice: on what an earlier day knew, to choose by what came after it how far the trees are trusted
and how the chances are calibrated, and then on all that is known.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from matching import prior
from matching.columns import BoolArray, DateArray, Firms, FloatArray, Market
from matching.learning.chance import Asked, Chance
from matching.learning.history import Answers, History, answers_known, stays_known
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
    whole_market,
)
from matching.learning.tallies import Tally, month_of
from matching.regions import IntArray
from matching.usual_pay import UsualPay

LEARNING_SHARE = 0.75
"""Of the starts (by day) and of the applications the first so many are what the choice is made on."""
_FROM_ASKING_TO_STARTING = 14
"""Days that mostly lie between an application and the first day of work."""
_FEWEST = 30
"""Stays or answers below which nothing is learned: the prior stands."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The two chances and what is known of employers; `stay` is the chance of leaving within an interval."""

    stay: Chance
    hire: Chance
    firms: Firms
    stays: int
    answers: int

    @property
    def version(self) -> str:
        """Names the numbers that make the chances."""
        parts = [np.round(self.firms.leaving, 9), np.round(self.firms.hiring, 9), self.firms.id]
        parts += [chance.line.coef_ for chance in (self.stay, self.hire) if chance.line is not None]
        parts += [np.array([chance.trust, *chance.calibration]) for chance in (self.stay, self.hire)]
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[
            :12
        ]


def learn(market: Market, history: History, day: np.datetime64, *, seed: int = 0) -> Learned:
    """What was to be learned on `day`. `market` holds every post that the history names, also those long closed."""
    market, history = whole_market(market, history)
    usual = UsualPay.learn(market.vacancies)
    stay, leaving, stays = _learn_to_stay(market, usual, history, day, seed)
    hire, hiring, answers = _learn_to_hire(market, usual, history, day, seed)
    ids = np.unique(np.concatenate([leaving[0], hiring[0]]))
    return Learned(stay, hire, Firms(ids, _aligned(ids, *leaving), _aligned(ids, *hiring)), stays, answers)


def _aligned(ids: Any, known: Any, values: FloatArray) -> FloatArray:
    aligned = np.zeros(len(ids))
    aligned[np.searchsorted(ids, known)] = values
    return aligned


def _learn_to_stay(market: Market, usual: UsualPay, history: History, day: np.datetime64, seed: int) -> Any:
    chance = Chance("stay", seed)
    cut = _quantile(history.stretches.started, day)
    nobody = np.empty(0, np.int64), np.empty(0)
    if cut is None:
        return chance, nobody, 0
    known = stays_known(history.stretches, day)
    pairs = _seen_stays(market, usual, history, known)
    employers, months = known.of.employer, month_of(known.of.started)
    for until in (cut, day):
        earlier = stays_known(history.stretches, until)
        # Rows of an earlier day are the first of those of the last: both are in the order of the stretches.
        rows = np.flatnonzero(known.of.started <= until)
        mine = pairs.take(rows)
        tally = _leaving_tally(chance, mine, earlier)
        told = mine.told("firm_leaving", tally.log_ratios(employers[rows], months[rows]))
        chance.fit(*_rows(told, earlier))
        if until == cut and until < day:
            rest = np.flatnonzero(known.of.started > until)
            ratios = tally.log_ratios(employers[rest], np.full(len(rest), month_of(np.array([until]))[0] + 1))
            later = replace(known, of=known.of.take(rest), days=known.days[rest], left=known.left[rest])
            chance.choose(*_rows(pairs.take(rest).told("firm_leaving", ratios), later))
    return chance, (tally.employers, tally.now()), len(known.days)


def _seen_stays(market: Market, usual: UsualPay, history: History, known: Any) -> Seen:
    of = known.of
    homes = counties_of(market, of.worker)
    people = townspeople_then(
        history.stretches, of.employer, homes, of.started, counties_of(market, history.stretches.worker)
    )
    return seen(market, usual, of.worker, of.vacancy, of.started, people)


def _leaving_tally(chance: Chance, pairs: Seen, stays: Any) -> Tally:
    """Employers against what the features, without the employer's own past, made to be expected."""
    blind = Chance("stay", chance.seed)
    told = pairs.told("firm_leaving", np.full(len(stays.days), np.nan))
    rows = _rows(told, stays)
    blind.fit(*rows, grow=False)
    hazards = hazards_of(blind, told.raw, told.z, stays.of.started, INTERVALS)
    risk = -np.log1p(-hazards)
    cells = by_month(stays)
    upto = np.column_stack([np.zeros(len(risk)), np.cumsum(risk, axis=1)])
    due = _until(upto, cells.stay, cells.end) - _until(upto, cells.stay, cells.begin)
    last = np.r_[cells.stay[1:] != cells.stay[:-1], True] if len(cells.stay) else np.zeros(0, np.bool_)
    events = last & stays.left[cells.stay] & (stays.days[cells.stay] <= ENDS[-1])
    return Tally.of(stays.of.employer[cells.stay], cells.month, events.astype(np.float64), due)


def _until(upto: FloatArray, stay: Any, days: FloatArray) -> FloatArray:
    at = np.minimum(np.searchsorted(ENDS, days), INTERVALS - 1)
    share = np.minimum(1.0, (days - BEGINS[at]) / (ENDS - BEGINS)[at])
    value: FloatArray = upto[stay, at] + share * (upto[stay, at + 1] - upto[stay, at])
    return value


def _rows(pairs: Seen, stays: Any) -> tuple[Asked, FloatArray, FloatArray]:
    risk = at_risk(stays)
    mine = pairs.take(risk.stay)
    asked = _asked_to_stay(mine.raw, mine.z, stays.of.started[risk.stay], risk.interval)
    return asked, risk.left, risk.share


def _asked_to_stay(raw: FloatArray, z: FloatArray, started: DateArray, interval: IntArray) -> Asked:
    which = (interval[:, None] == np.arange(INTERVALS)[None, :]).astype(np.float64)
    odds = _PRIOR_ODDS[interval] - prior.tie(z)
    return Asked(raw, z, np.column_stack([which, season(started, interval)]), odds)


_PRIOR_ODDS = np.array([np.log(hazard / (1 - hazard)) for _, hazard in prior.HAZARDS])


def hazards_of(
    chance: Chance, raw: FloatArray, z: FloatArray, started: DateArray, intervals: int
) -> FloatArray:
    """Chance of leaving within each of the first so many intervals of work that begins on these days, shape (pairs, intervals)."""
    columns = []
    for number in range(intervals):
        interval = np.full(len(raw), number)
        odds = chance.log_odds(_asked_to_stay(raw, z, started, interval))
        columns.append(1.0 / (1.0 + np.exp(-odds)))
    return np.column_stack(columns) if columns else np.empty((len(raw), 0))


def _learn_to_hire(market: Market, usual: UsualPay, history: History, day: np.datetime64, seed: int) -> Any:
    chance = Chance("p_hire", seed)
    cut = _quantile(history.applications.applied, day)
    nobody = np.empty(0, np.int64), np.empty(0)
    if cut is None:
        return chance, nobody, 0
    employers = market.vacancies.employer
    tally = None
    for until in (cut, day):
        answers = _with_a_seat(market, history, answers_known(history, employers, until))
        if not len(answers.of):
            continue
        pairs = _seen_applications(market, usual, history, answers.of)
        tally = _hiring_tally(chance, pairs, answers, employers)
        firms = employers[answers.of.vacancy]
        told = pairs.told("firm_hiring", tally.log_ratios(firms, month_of(answers.of.applied)))
        chance.fit(*_answer_rows(told, answers.led_to_a_start))
        if until == cut and until < day:
            all_of_them = _with_a_seat(market, history, answers_known(history, employers, day))
            rest = all_of_them.of.applied > until
            later = all_of_them.of.take(rest)
            if not len(later):
                continue
            ratios = tally.log_ratios(
                employers[later.vacancy], np.full(len(later), month_of(np.array([until]))[0] + 1)
            )
            seen_later = _seen_applications(market, usual, history, later)
            chance.choose(
                *_answer_rows(seen_later.told("firm_hiring", ratios), all_of_them.led_to_a_start[rest])
            )
    if tally is None:  # all applications are younger than their days
        return chance, nobody, 0
    return chance, (tally.employers, tally.now()), len(answers.of)


def _with_a_seat(market: Market, history: History, answers: Answers) -> Answers:
    """Without the applications that came when the last seat was gone, or as good as gone: they say nothing of the person,
    and a post that is soon full would look like one that hires nobody."""
    posts, starts = history.stretches.vacancy, history.stretches.started
    seats = market.vacancies.seats.astype(np.int64)
    order = np.lexsort((starts, posts))
    posts, starts = posts[order], starts[order]
    first = np.searchsorted(posts, np.arange(len(seats)))
    many = np.searchsorted(posts, np.arange(len(seats)), side="right") - first
    filled = (seats > 0) & (many >= seats)
    full_on = np.full(len(seats), np.datetime64("9999-12-31", "D"))
    full_on[filled] = starts[(first + seats - 1)[filled]]
    free = answers.of.applied + _FROM_ASKING_TO_STARTING < full_on[answers.of.vacancy]
    return Answers(answers.of.take(free), answers.led_to_a_start[free])


def _seen_applications(market: Market, usual: UsualPay, history: History, made: Any) -> Seen:
    homes = counties_of(market, made.worker)
    people = townspeople_then(
        history.stretches, market.vacancies.employer[made.vacancy], homes, made.applied,
        counties_of(market, history.stretches.worker),
    )  # fmt: skip
    return seen(market, usual, made.worker, made.vacancy, made.applied, people)


def _hiring_tally(chance: Chance, pairs: Seen, answers: Any, employers: Any) -> Tally:
    blind = Chance("p_hire", chance.seed)
    told = pairs.told("firm_hiring", np.full(len(answers.of), np.nan))
    rows = _answer_rows(told, answers.led_to_a_start)
    blind.fit(*rows, grow=False)
    expected = 1.0 / (1.0 + np.exp(-blind.log_odds(rows[0])))
    # What came of an application is known when its days are over, two months later.
    return Tally.of(employers[answers.of.vacancy], month_of(answers.of.applied) + 2, rows[1], expected)


def _answer_rows(pairs: Seen, success: BoolArray) -> tuple[Asked, FloatArray, FloatArray]:
    return _asked_to_hire(pairs.raw, pairs.z), success.astype(np.float64), np.ones(len(success))


def _asked_to_hire(raw: FloatArray, z: FloatArray) -> Asked:
    return Asked(raw, z, np.empty((len(raw), 0)), prior.hire_log_odds(z))


def hire_of(chance: Chance, raw: FloatArray, z: FloatArray) -> FloatArray:
    """Chance that an application leads to a start, shape (pairs,)."""
    odds = chance.log_odds(_asked_to_hire(raw, z))
    value: FloatArray = 1.0 / (1.0 + np.exp(-odds))
    return value


def _quantile(days: Any, until: np.datetime64) -> np.datetime64 | None:
    """The day by which `LEARNING_SHARE` of what lies before `until` had begun; None where there is too little."""
    past = np.sort(days[days <= until])
    if len(past) < _FEWEST:
        return None
    day: np.datetime64 = past[min(int(len(past) * LEARNING_SHARE), len(past) - 1)]
    return day
