"""A small labour market with equations of its own, to see whether they are learned."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from matching.columns import FloatArray, Market, Townspeople, Vacancies, Workers
from matching.learning.history import Applications, History, Stretches

DAY = date(2025, 1, 1)
_TODAY = np.datetime64(DAY, "D")
_FIRMS, _POSTS, _LONGEST = 60, 200, 24
_PLACES = ((320612000000, 121.1, 32.1), (330282000000, 121.4, 30.2), (610728000000, 107.9, 32.5))
_OCCUPATIONS = ("62001", "62003", "65101", "40602")


@dataclass(frozen=True)
class Town:
    """The market, what happened in it, and its truth."""

    market: Market
    history: History
    firm_leaving: FloatArray
    firm_hiring: FloatArray

    def truth(self, workers: Any, posts: Any) -> tuple[FloatArray, FloatArray]:
        """p_hire and S(180) of pairs; months of 30 days."""
        hire, leave = self._odds(workers, posts)
        return 1 / (1 + np.exp(-hire)), np.prod(1 - _hazards(leave)[:, :6], axis=1)

    def _odds(self, workers: Any, posts: Any) -> tuple[FloatArray, FloatArray]:
        people, vacancies = self.market.workers, self.market.vacancies
        over = (vacancies.pay_min[posts] - people.pay_floor[workers]) / 1000
        bedless = people.needs_lodging[workers] * (1 - vacancies.lodging[posts])
        known = people.last_occupation[workers] == vacancies.occupation[posts]
        far = (
            np.hypot(people.lon[workers] - vacancies.lon[posts], people.lat[workers] - vacancies.lat[posts])
            / 10
        )
        firm = vacancies.employer[posts] - 1
        hire = -0.6 + 0.4 * over + 0.6 * known - 0.5 * bedless + self.firm_hiring[firm]
        leave = -2.4 + 0.5 * far - 0.3 * over + 0.5 * bedless - 0.3 * known + self.firm_leaving[firm]
        return hire, leave


def _hazards(odds: FloatArray) -> FloatArray:
    return 1 / (1 + np.exp(-(odds[:, None] - 0.12 * np.arange(_LONGEST)[None, :] ** 0.8)))


def town(applications: int, *, seed: int, spread: float = 0.7) -> Town:
    """A town with so many applications behind it; `spread` is how much employers differ."""
    dice = np.random.default_rng(seed)
    people = max(applications // 2, 400)
    workers = Workers.of(
        np.arange(people), region=np.full(people, 610728000000), lon=np.full(people, 107.9), lat=np.full(people, 32.5),
        pay_floor=dice.normal(4200, 800, people).round(-2), needs_lodging=(dice.random(people) < 0.7) * 1.0,
        last_occupation=dice.choice(_OCCUPATIONS, people),
    )  # fmt: skip
    firm = dice.integers(0, _FIRMS, _POSTS)
    place = np.array(_PLACES)[dice.integers(0, len(_PLACES), _FIRMS)[firm]]
    posts = Vacancies.of(
        np.arange(_POSTS), employer=firm + 1, region=place[:, 0].astype(np.int64), lon=place[:, 1], lat=place[:, 2],
        pay_min=dice.normal(5000, 700, _POSTS).round(-2), lodging=(dice.random(_POSTS) < 0.6) * 1.0,
        occupation=dice.choice(_OCCUPATIONS, _POSTS), seats=np.full(_POSTS, 500),
    )  # fmt: skip
    nothing = History(
        _stretches(0), Applications(*(np.empty(0, kind) for kind in ("i8", "i8", "M8[D]", "M8[D]", "i1")))
    )
    made = Town(
        Market(workers, posts, DAY),
        nothing,
        dice.normal(0, spread, _FIRMS),
        dice.normal(0, spread / 2, _FIRMS),
    )
    who, where = dice.integers(0, people, applications), dice.integers(0, _POSTS, applications)
    hire, leave = made._odds(who, where)
    applied = _TODAY - dice.integers(30, 730, applications)
    hired = dice.random(applications) < 1 / (1 + np.exp(-hire))
    outcome = np.where(hired, 1, 2).astype(np.int8)
    started = applied[hired] + dice.integers(3, 20, int(hired.sum()))
    gone = dice.random((len(started), _LONGEST)) < _hazards(leave[hired])
    months = np.where(gone.any(axis=1), gone.argmax(axis=1), _LONGEST)
    ended = started + months * 30 + dice.integers(1, 30, len(started))
    begun = started <= _TODAY
    stretches = Stretches(
        who[hired][begun], where[hired][begun], posts.employer[where[hired]][begun], posts.region[where[hired]][begun],
        started[begun], np.where((months < _LONGEST) & (ended <= _TODAY), ended, np.datetime64("NaT"))[begun],
        np.full(int(begun.sum()), _TODAY), posts.pay_min[where[hired]][begun],
    )  # fmt: skip
    history = History(stretches, Applications(who, where, applied, applied + 7, outcome))
    there, people_there = np.unique(stretches.employer[np.isnat(stretches.ended)], return_counts=True)
    townspeople = Townspeople.of(
        {(firm, 610728): count for firm, count in zip(there.tolist(), people_there.tolist(), strict=True)}
    )
    return Town(replace(made.market, townspeople=townspeople), history, made.firm_leaving, made.firm_hiring)


def _stretches(many: int) -> Stretches:
    kinds = ("i8", "i8", "i8", "i8", "M8[D]", "M8[D]", "M8[D]", "f8")
    return Stretches(*(np.empty(many, kind) for kind in kinds))
