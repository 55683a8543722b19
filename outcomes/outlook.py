"""年底预测 of a target: what its spells say of leaving, who still has to stay, who may yet begin, and what comes of it."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.bulk import among
from models.spell import EmploymentSpell
from models.target import Target
from models.worker import Worker
from outcomes.days import NEVER, Mask, Whole, number
from outcomes.forecast import WEEKS, Forecast, Starts, forecast, worth_of_a_call
from outcomes.leaving import YEAR, Stays, Waits, fitted
from outcomes.progress import Person, Progress
from outcomes.rules import StabilityRule, latest_start
from outcomes.seen_spells import KINDS, READ, SeenSpells, seen_spells
from outcomes.target_spells import counted_spells, kinds_of, where_it_counts

A_CALL_CUTS = 0.3
"""By how much a call is taken to lower the hazard of leaving: an assumption of ours, until calls have been measured."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose staying decides: until which day, how likely, and by how much a call raises the expected figure."""

    person: Person
    until: date
    chance: float
    worth: float
    has_phone: bool = True


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the last day will bring. `done` is the plan's figure; `stable` that of the bureau's reference rule, beside a
    target that names none. `waiting` are those who can still become stable in time, the most worthwhile call first, and who has no telephone, to be visited, behind them."""

    done: Forecast
    stable: Forecast | None
    waiting: tuple[Waiting, ...]


def outlook(
    session: Session, target: Target, found: Progress, as_of: date, *, seed: int = 0
) -> Outlook | None:
    """The forecast as of `as_of`; None where nothing lies ahead or the target counts no people."""
    if found.rule is None or as_of >= target.to_on:
        return None
    rule = StabilityRule.from_dict(found.rule.parameters)
    seen = seen_spells(session, _ever(target), as_of)
    employers, places = np.unique(seen.employer, return_inverse=True)
    leaving = fitted(
        Stays(seen.first, np.ones_like(seen.first), seen.last - seen.first + 1, seen.left, seen.kind, places),
        groups=len(KINDS),
        employers=len(employers),
        ahead=(number(as_of), number(target.to_on)),
    )
    counted = [
        seen_spells(session, counted_spells(target, day, where_it_counts(target), years_before=back), day)
        for back, day in enumerate((as_of, target.to_on))
    ]
    for each in counted:
        each.employer[:] = _places(employers, each.employer)
    # A ledger that begins within last year's weeks would show too few of them.
    since = int(seen.first.min(initial=number(as_of)))
    people = _still_open(found, target, counted[0])
    waits = Waits(*people[1])
    latest = latest_start(rule, target.to_on)
    needed = (target.to_on - latest).days + 1 if latest else 0
    starts = _starts(counted, target, as_of, latest or as_of, needed, since)
    foretold = partial(
        forecast,
        leaving=leaving,
        today=number(as_of),
        end=number(target.to_on),
        along=_along(number(as_of), number(target.to_on)),
        seed=seed,
    )
    stable = foretold(found.stable or 0, waits, starts)
    done = stable
    if not found.counts_stable:
        firsts = _starts(counted, target, as_of, target.to_on, 0, since)
        nobody = Waits(*(column[:0] for column in people[1]))
        done = foretold(found.started or 0, nobody, firsts)
    return Outlook(
        done,
        None if found.counts_stable else stable,
        _waiting(people[0], stable, _without_phone(session, people[0])),
    )


def _along(today: int, end: int) -> range:
    """Days on the way, of which the fan is told: weeks, or of a long plan as many steps as half a year has."""
    return range(today + (step := max(7, (end - today) // 26)), end, step)


def _waiting(people: list[Person], told: Forecast, without_phone: set[int]) -> tuple[Waiting, ...]:
    worth = worth_of_a_call(told.chances, A_CALL_CUTS)
    order = np.argsort(-worth, kind="stable")
    found = [
        Waiting(
            people[at], possible, float(told.chances[at]), float(worth[at]),
            people[at].worker_id not in without_phone,
        )
        for at in order
        if (possible := people[at].possible_on)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: not each.has_phone))


def _without_phone(session: Session, people: list[Person]) -> set[int]:
    wanted = among(Worker.id, [person.worker_id for person in people])
    rows = session.exec(select(Worker.id).where(wanted, col(Worker.phone_sealed).is_(None)))
    return {number for number in rows if number is not None}


def _ever(target: Target) -> Any:
    """All spells of the target's kinds of people of its region, whenever they began: what is known of staying."""
    return (
        columns(*(getattr(EmploymentSpell, name) for name in READ))
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.kind).in_(kinds_of(target)),
            col(EmploymentSpell.origin_region).startswith(target.region),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
    )


def _places(known: Whole, employers: Whole) -> Whole:
    """The employers as numbers in `known`; -1 for one that is not there."""
    if not len(known):
        return np.full(len(employers), -1)
    at = np.clip(np.searchsorted(known, employers), 0, len(known) - 1)
    return np.where(known[at] == employers, at, -1)


def _still_open(
    found: Progress, target: Target, spells: SeenSpells
) -> tuple[list[Person], tuple[Whole, ...]]:
    """Those at work who are stable in time if they stay, and the columns of `Waits` of their last spells."""
    latest = np.lexsort((spells.first, spells.worker))
    row_of = {int(spells.worker[at]): at for at in latest}
    people = [
        person
        for person in found.persons
        if person.stable_on is None
        and person.possible_on is not None
        and person.possible_on <= target.to_on
        and not spells.left[row_of[person.worker_id]]
    ]
    rows = np.array([row_of[person.worker_id] for person in people], dtype=np.int64)
    until = np.array([number(person.possible_on) for person in people if person.possible_on], dtype=np.int64)
    first = spells.first[rows]
    return people, (
        first,
        spells.last[rows] - first + 1,
        until - first + 1,
        spells.kind[rows],
        spells.employer[rows],
    )


def _starts(
    counted: list[SeenSpells], target: Target, as_of: date, latest: date, needed: int, known_since: int
) -> Starts:
    """The starts of the latest weeks and of a year before; with nothing `needed` the first of each person alone."""
    this_year, last_year = counted
    today, end = number(as_of), number(latest)
    window = 7 * WEEKS
    mine = _new(this_year, needed)
    lately = mine & (this_year.first > max(today - window, number(target.from_on) - 1))
    weeks = max(min(WEEKS, -(-(today - number(target.from_on) + 1) // 7)), 1)
    weekly = np.bincount((today - this_year.first[lately]) // 7, minlength=weeks)[weeks - 1 :: -1]
    before = _new(last_year, needed)
    past = [
        int((before & (last_year.first > first - YEAR) & (last_year.first <= last - YEAR)).sum())
        for first, last in ((today - 7 * weeks, today), (today, end))
    ]
    return Starts(
        weekly,
        max(end - today, 0),
        needed,
        this_year.kind[lately],
        this_year.employer[lately],
        (past[0], past[1]) if known_since <= today - YEAR - 7 * weeks else None,
    )


def _new(spells: SeenSpells, needed: int) -> Mask:
    """Starts of people who were not counted before: nobody's spell had lasted the days `needed`, or none had begun."""
    counted_on: dict[int, int] = {}
    new = np.empty(len(spells.first), dtype=bool)
    for at in np.argsort(spells.first, kind="stable"):
        worker, first, last = int(spells.worker[at]), int(spells.first[at]), int(spells.last[at])
        new[at] = first < counted_on.get(worker, NEVER)
        mark = first + max(needed, 1) - 1
        if last >= mark:
            counted_on[worker] = min(mark, counted_on.get(worker, NEVER))
    return new
