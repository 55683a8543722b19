"""The past years, played: people look for work, apply, start, leave, and look again."""

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from matching.simulator import policy, reasons
from matching.simulator.days import search_weights
from matching.simulator.facts import facts
from matching.simulator.firms import Firms
from matching.simulator.hiring import chances
from matching.simulator.people import People
from matching.simulator.places import BoolArray, IntArray
from matching.simulator.posts import Posts
from matching.simulator.staying import Ties, draw_days
from matching.simulator.worlds import World

OFFERED, REFUSED_BY_EMPLOYER, REFUSED_BY_WORKER, NO_ANSWER, PENDING = range(5)
SEARCHES = 4
"""How often a person looks for work, at most."""
_AGAIN = 0.75
_AT_ONCE = 500
"""Searches between two looks at how many seats are left."""
_UNSEEN = 0.08
"""The share of spells that were lost sight of, whatever became of them."""
_TOGETHER = 60
"""Days within which companions who start in one county do so together."""


@dataclass(frozen=True, slots=True)
class Applications:
    """One value an application."""

    worker: IntArray
    post: IntArray
    applied: IntArray
    decided: IntArray
    outcome: IntArray
    reason: IntArray
    """A row of `reasons.REFUSALS`, -1 none."""

    def __len__(self) -> int:
        return len(self.worker)


@dataclass(frozen=True, slots=True)
class Spells:
    """One value a spell. `days` is what it truly lasts; `ended` and `observed` what is known, `ended` -1 while it goes on."""

    worker: IntArray
    post: IntArray
    started: IntArray
    days: IntArray
    company: IntArray
    ended: IntArray
    observed: IntArray
    income: IntArray
    reason: IntArray
    """A row of `reasons.LEAVES`, -1 none."""

    def __len__(self) -> int:
        return len(self.worker)


@dataclass(frozen=True, slots=True)
class Past:
    """What came of it. `free` is whether a person has no work, and nothing under way, on the day."""

    applications: Applications
    spells: Spells
    free: BoolArray


Table = TypeVar("Table", Applications, Spells)


class _Career:
    """Where each person stands while the years are played."""

    def __init__(self, n: int) -> None:
        self.place = np.full(n, -1)
        self.start = np.full(n, -1)
        self.end = np.full(n, -1)

    def company(self, companion: IntArray, who: IntArray, place: IntArray, start: IntArray) -> IntArray:
        """1 where the companion is at work in the same county, -1 where not, 0 without one."""
        other = companion[who]
        there = (
            (self.place[other] == place)
            & (self.end[other] >= start)
            & (self.start[other] <= start + _TOGETHER)
        )
        return np.where(other < 0, 0, np.where(there, 1, -1))


def play(
    rng: np.random.Generator, world: World, people: People, firms: Firms, posts: Posts, span: tuple[int, int]
) -> Past:
    """Everybody's searches within the span of days, as they are known at its end."""
    n, as_of = len(people), span[1]
    days = np.arange(span[0], as_of)
    weights = search_weights(days)
    begin = rng.choice(days, n, p=weights / weights.sum())
    # Companions set out together.
    begin = np.where(
        (people.companion >= 0) & (people.companion < np.arange(n)), begin[people.companion], begin
    )
    career, left = _Career(n), posts.seats.copy()
    who, free = np.arange(n), np.ones(n, np.bool_)
    asked: list[Applications] = []
    worked: list[Spells] = []
    for _ in range(SEARCHES):
        if not len(who):
            break
        order = np.lexsort((who, begin))
        who, begin = who[order], begin[order]
        tried, started = _search(rng, world, people, firms, posts, who, begin, left, career)
        spells = _spells(rng, world, people, firms, posts, started, career, as_of)
        asked.append(_known(tried, as_of))
        worked.append(_take(spells, spells.started < as_of))
        pending = np.unique(tried.worker[tried.outcome == OFFERED])
        free[pending] = False
        done = spells.ended >= 0
        free[spells.worker[done & (spells.ended < as_of - 3)]] = True
        again = (done & (rng.random(len(done)) < _AGAIN)).nonzero()[0]
        who, begin = spells.worker[again], spells.ended[again] + rng.integers(5, 90, len(again))
        who, begin = who[begin < as_of - 1], begin[begin < as_of - 1]
    return Past(_joined(asked), _joined(worked), free)


def _search(
    rng: np.random.Generator, world: World, people: People, firms: Firms, posts: Posts,
    who: IntArray, begin: IntArray, left: IntArray, career: _Career,
) -> tuple[Applications, Applications]:  # fmt: skip
    """All applications of these searches, and those of them that led to a start. Seats are taken off `left`."""
    tried: list[Applications] = []
    for at in range(0, len(who), _AT_ONCE):
        people_now, on = who[at : at + _AT_ONCE], begin[at : at + _AT_ONCE]
        live = np.flatnonzero((posts.valid_from <= on[-1]) & (posts.valid_until >= on[0]) & (left > 0))
        chosen = _choose(rng, world, people, firms, posts, people_now, on, live, career)
        looking, day = np.ones(len(people_now), np.bool_), on
        for nth in range(policy.TRIES):
            here = np.flatnonzero(
                looking & (chosen[:, nth] >= 0) & (posts.valid_until[chosen[:, nth]] >= day)
            )
            one = _apply(
                rng, world, people, firms, posts, people_now[here], chosen[here, nth], day[here], left
            )
            tried.append(one)
            looking[here[one.outcome == OFFERED]] = False
            day = day.copy()
            day[here] = one.decided + rng.integers(0, 6, len(here))
    all_tried = _joined(tried)
    return all_tried, _take(all_tried, all_tried.outcome == OFFERED)


def _choose(
    rng: np.random.Generator, world: World, people: People, firms: Firms, posts: Posts,
    who: IntArray, on: IntArray, live: IntArray, career: _Career,
) -> IntArray:  # fmt: skip
    """As the policy has it; of two who look together the second looks where the first applies."""
    other = people.companion[who]
    row_of = dict(zip(who.tolist(), range(len(who)), strict=True))
    leader = np.array(
        [
            row_of.get(one, -1) if 0 <= one < me else -1
            for me, one in zip(who.tolist(), other.tolist(), strict=True)
        ]
    )
    beside = np.where((other >= 0) & (career.end[other] >= on), career.place[other], -1)
    chosen = np.empty((len(who), policy.TRIES), np.int64)
    for follows in (False, True):
        rows = np.flatnonzero((leader >= 0) == follows)
        if follows:
            first = chosen[leader[rows], 0]
            beside[rows] = np.where(first < 0, beside[rows], posts.place[first])
        chosen[rows] = policy.choose(
            rng, world, people, firms, posts, who[rows], on[rows], live, beside[rows]
        )
    return chosen


def _apply(
    rng: np.random.Generator, world: World, people: People, firms: Firms, posts: Posts,
    who: IntArray, post: IntArray, day: IntArray, left: IntArray,
) -> Applications:  # fmt: skip
    fact = facts(people, firms, posts, who, post)
    chance = chances(world.hiring, firms, posts.firm[post], fact)
    draw = rng.random((3, len(who)))
    answered, offered, accepted = draw[0] < chance.answer, draw[1] < chance.offer, draw[2] < chance.accept
    outcome = np.where(
        ~answered,
        NO_ANSWER,
        np.where(~offered, REFUSED_BY_EMPLOYER, np.where(~accepted, REFUSED_BY_WORKER, OFFERED)),
    )
    reason = reasons.refusals(rng, fact, outcome == REFUSED_BY_EMPLOYER, outcome == REFUSED_BY_WORKER)
    full = _full(post, outcome == OFFERED, left)
    outcome[full], reason[full] = REFUSED_BY_EMPLOYER, reasons.FILLED
    np.subtract.at(left, post[outcome == OFFERED], 1)
    decided = day + np.where(outcome == NO_ANSWER, 30, rng.integers(1, 13, len(who)))
    return Applications(who, post, day, decided, outcome, reason)


def _full(post: IntArray, starts: BoolArray, left: IntArray) -> BoolArray:
    """Who comes when all seats are taken, by those before them among the others."""
    order = np.argsort(post, kind="stable")
    ordered, taken = post[order], np.cumsum(starts[order])
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))
    before: IntArray = taken - starts[order]
    ahead: IntArray = before - np.repeat(before[begins], np.diff(begins, append=len(order)))
    full = np.empty(len(post), np.bool_)
    full[order] = ahead >= left[ordered]
    return full


def _spells(
    rng: np.random.Generator, world: World, people: People, firms: Firms, posts: Posts,
    started: Applications, career: _Career, as_of: int,
) -> Spells:  # fmt: skip
    who, post, n = started.worker, started.post, len(started)
    start = started.decided + rng.integers(2, 24, n)
    # Of two who start in one round neither has left yet when the other comes.
    career.place[who], career.start[who], career.end[who] = posts.place[post], start, start + _TOGETHER
    company = career.company(people.companion, who, posts.place[post], start)
    fact = facts(people, firms, posts, who, post)
    ties = Ties(world, as_of, firms, posts.firm[post], fact, start, company)
    days = draw_days(rng, ties, n)
    end = start + days - 1
    career.end[who] = end
    lost = start + np.where(rng.random(n) < _UNSEEN, rng.integers(0, 400, n), 10**6)
    seen = np.minimum(np.minimum(lost, as_of), end)
    known = (seen == end) & (end < as_of)
    income = np.maximum(1500, np.round(posts.pay[post] + rng.normal(0, 250, n), -1)).astype(np.int64)
    reason = np.where(known, reasons.leaves(rng, fact, end), -1)
    return Spells(who, post, start, days, company, np.where(known, end, -1), seen, income, reason)


def first(past: Past, spells: int, people: int) -> tuple[int, Past]:
    """The first people who make up so many spells (one more at most for each search), and their past; an even number."""
    many = np.cumsum(np.bincount(past.spells.worker, minlength=people))
    kept = int(np.searchsorted(many, spells)) + 1
    kept = min(kept + kept % 2, people)
    asked, worked = past.applications, past.spells
    return kept, Past(
        _take(asked, asked.worker < kept), _take(worked, worked.worker < kept), past.free[:kept]
    )


def _known(tried: Applications, as_of: int) -> Applications:
    """As they stand on the day: those made by then, undecided where the answer came later."""
    tried = _take(tried, tried.applied < as_of)
    later = tried.decided >= as_of
    tried.outcome[later], tried.decided[later], tried.reason[later] = PENDING, -1, -1
    return tried


def _take(table: Table, kept: BoolArray | IntArray) -> Table:
    return type(table)(*(getattr(table, column.name)[kept] for column in fields(table)))


def _joined(tables: list[Table]) -> Table:
    first = tables[0]
    return type(first)(*(np.concatenate([getattr(each, c.name) for each in tables]) for c in fields(first)))
