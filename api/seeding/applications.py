"""The ways to the vacancies: one for each start through us, and those that came to nothing or are still open."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from api.seeding.history import Market, Spell, fits
from api.seeding.person import Person, pick
from ledger.applications import RefusalReason
from models.application import ApplicationState as State
from models.vacancy import VacancyState
from models.worker import Wants

_WORKER_REFUSES = {
    RefusalReason.PAY: 30,
    RefusalReason.TOO_FAR: 20,
    RefusalReason.FAMILY: 25,
    RefusalReason.SHIFT: 15,
    RefusalReason.NO_LODGING: 10,
}
_EMPLOYER_REFUSES = {RefusalReason.SKILLS: 40, RefusalReason.NO_SHOW: 35, RefusalReason.FILLED: 25}
_UNANSWERED_DAYS = 60


@dataclass(slots=True)
class Step:
    """One change of state."""

    state: State
    on: date
    reason: RefusalReason | None = None


@dataclass(slots=True)
class Application:
    """报名. `person`, `post` and `spell` are indices; `spell` is what it led to."""

    person: int
    post: int
    steps: list[Step]
    spell: int | None = None


def apply_all(
    random: Random, people: Sequence[Person], market: Market, spells: Sequence[Spell], today: date
) -> list[Application]:
    """Applications that agree with the spells, and a third as many others."""
    made: list[Application] = []
    first_start: dict[int, date] = {}
    seen: dict[int, set[int]] = defaultdict(set)
    working: set[int] = set()
    for index, spell in enumerate(spells):
        if spell.ended_on is None:
            working.add(spell.person)
        if spell.post is not None:
            made.append(_to_a_start(random, index, spell, spell.post))
            first_start.setdefault(spell.person, spell.started_on)
            seen[spell.person].add(spell.post)
    for person_index, person in enumerate(people):
        if person.wants not in (Wants.OUT, Wants.NEAR_HOME) or not person.able(today):
            continue
        if person_index in first_start and random.random() < 0.15:
            on = first_start[person_index] - timedelta(days=random.randint(3, 15))
            made += _other(
                random,
                person_index,
                person,
                market,
                seen[person_index],
                on,
                _given_up(random, on, first_start[person_index]),
            )
        if random.random() < 0.12:
            on = today - timedelta(days=random.randint(70, 200))
            made += _other(
                random, person_index, person, market, seen[person_index], on, _come_to_nothing(random, on)
            )
        if person_index not in working and random.random() < 0.25:
            on = today - timedelta(days=random.randint(1, 40))
            made += _other(
                random, person_index, person, market, seen[person_index], on, _still_open(random, on, today)
            )
    return made


def _to_a_start(random: Random, index: int, spell: Spell, post: int) -> Application:
    days = sorted(random.sample(range(2, 21), 4), reverse=True)
    states = (State.PROPOSED, State.APPLIED, State.OFFERED, State.ACCEPTED)
    steps = [
        Step(state, spell.started_on - timedelta(days=before))
        for state, before in zip(states, days, strict=True)
    ]
    return Application(spell.person, post, [*steps, Step(State.STARTED, spell.started_on)], index)


def _other(
    random: Random, index: int, person: Person, market: Market, seen: set[int], on: date, steps: list[Step]
) -> list[Application]:
    """To one vacancy, not `seen` before, that takes such a person on that day; none where there is no such vacancy."""
    posts, _ = market.of(person)
    for post in random.sample(posts, min(12, len(posts))):
        columns = market.posts[post].columns
        if (
            post not in seen
            and columns["state"] is VacancyState.PUBLISHED
            and columns["valid_from"] <= on <= columns["valid_until"]
            and fits(person, market.posts[post], on)
        ):
            seen.add(post)
            return [Application(index, post, steps)]
    return []


def _given_up(random: Random, on: date, started: date) -> list[Step]:
    """Open when the same person started elsewhere."""
    return [
        Step(State.PROPOSED, on),
        Step(State.APPLIED, on + timedelta(days=random.randint(0, 2))),
        Step(State.OBSOLETE, started),
    ]


def _come_to_nothing(random: Random, on: date) -> list[Step]:
    steps = [Step(State.PROPOSED, on)]
    answered = on + timedelta(days=random.randint(1, 12))
    ending = random.random()
    if ending < 0.35:
        steps.append(Step(State.REFUSED, answered, pick(random, _WORKER_REFUSES)))
        return steps
    steps.append(Step(State.APPLIED, on))
    if ending < 0.6:
        steps.append(Step(State.REFUSED, answered, pick(random, _EMPLOYER_REFUSES)))
    elif ending < 0.75:
        steps.append(Step(State.WITHDRAWN, answered, pick(random, _WORKER_REFUSES)))
    else:
        steps.append(Step(State.EXPIRED, on + timedelta(days=_UNANSWERED_DAYS)))
    return steps


def _still_open(random: Random, on: date, today: date) -> list[Step]:
    path = (State.PROPOSED, State.APPLIED, State.SHORTLISTED, State.OFFERED)
    steps = [Step(State.PROPOSED, on)]
    for state in path[1 : random.choices((1, 2, 3, 4), (35, 35, 15, 15))[0]]:
        steps.append(Step(state, min(today, steps[-1].on + timedelta(days=random.randint(0, 5)))))
    return steps
