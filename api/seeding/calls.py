"""随访 of the generated people: most calls were made as they fell due, some in vain, and some were forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from api.seeding.history import Spell
from models.care import ContactMeans, Difficulty, Found
from outcomes.due_calls import FOLLOWED
from outcomes.following import Schedule, calls_of

_KEPT_SINCE = timedelta(days=270)
"""Calls of longer ago are not generated."""

_FORGOTTEN, _IN_VAIN, _DIFFICULT, _RESTLESS = 0.04, 0.09, 0.04, 0.03
_MEANS = (ContactMeans.PHONE,) * 7 + (ContactMeans.WECHAT,) * 2 + (ContactMeans.VISIT,)
_TO_HELP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `person` is an index; of a difficulty, until when it is to be seen to and when it was."""

    person: int
    on: date
    means: ContactMeans
    found: Found
    difficulty: Difficulty | None = None
    returned_home: bool | None = None
    due_on: date | None = None
    done_on: date | None = None


def call_all(random: Random, spells: Sequence[Spell], today: date) -> list[Call]:
    """The calls of all who are, or were, at work."""
    calls: list[Call] = []
    told: dict[int, set[Difficulty]] = {}
    for spell in spells:
        if spell.kind in FOLLOWED:
            calls += _of_one(random, spell, today, told.setdefault(spell.person, set()))
    return calls


def _of_one(random: Random, spell: Spell, today: date, difficulties: set[Difficulty]) -> list[Call]:
    calls: list[Call] = []
    until = spell.ended_on or today
    for day in calls_of(spell.started_on, Schedule()):
        on = day + timedelta(days=random.choice((0, 0, 0, 1, 1, 2)))
        if on > until:
            break
        if on < today - _KEPT_SINCE or random.random() < _FORGOTTEN:
            continue
        calls.append(_called(random, spell.person, on, today, difficulties))
    if spell.ended_on and spell.ended_on >= today - _KEPT_SINCE and random.random() < 0.7:
        on = spell.ended_on + timedelta(days=random.randint(1, 9))
        if on <= today:
            home = random.choice((True, True, False, None))
            calls.append(Call(spell.person, on, random.choice(_MEANS), Found.LEFT, returned_home=home))
    return calls


def _called(random: Random, person: int, on: date, today: date, difficulties: set[Difficulty]) -> Call:
    means, chance = random.choice(_MEANS), random.random()
    if chance < _IN_VAIN:
        return Call(person, on, means, Found.NOT_REACHED)
    if chance < _IN_VAIN + _RESTLESS:
        return Call(person, on, means, Found.WANTS_AWAY)
    if chance < _IN_VAIN + _RESTLESS + _DIFFICULT:
        difficulty = random.choice(list(Difficulty))
        if difficulty not in difficulties:
            difficulties.add(difficulty)
            done = on + timedelta(days=random.randint(1, 12))
            settled = done if done <= today and random.random() < 0.9 else None
            return Call(person, on, means, Found.IN_DIFFICULTY, difficulty, None, on + _TO_HELP, settled)
    return Call(person, on, means, Found.AT_WORK)
