"""The generated world as rows of the tables, personal values sealed.

Telephones are +86 1000 followed by seven digits, a block that no operator has (mobile numbers begin with 13 to 19);
ID numbers are under province code 99, which nobody has. Employers have no credit code: any that passes its check
could be somebody's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from api.seeding import ladder_rows
from api.seeding.applications import Application
from api.seeding.calls import Call
from api.seeding.clock import at_nine
from api.seeding.copying import Rows, reserve_ids
from api.seeding.firms import Firm, Post
from api.seeding.history import PROOF_OF, Spell
from api.seeding.ladder import Ladder
from api.seeding.looks import Look, confirmations_of, evidence_of
from api.seeding.person import Family, Person
from api.seeding.trades import TRADES
from ledger.applications import ANSWERS, REFUSALS
from ledger.pinyin import pinyin
from models.application import OPEN_STATES, Side
from models.care import SupportState
from models.id_number import demo_id_number
from models.sealing import Keyring, index_columns, new_person_key, seal

_PHONES = 10_000_000
_PHONE_STRIDE = 7_654_321
"""Shares no factor with the size of the block, so that stepping by it meets every number once."""
_REGISTERED_BEFORE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class World:
    """All that was generated, linked by indices."""

    families: Sequence[Family]
    people: Sequence[Person]
    firms: Sequence[Firm]
    posts: Sequence[Post]
    spells: Sequence[Spell]
    applications: Sequence[Application]
    calls: Sequence[Call]
    ladder: Ladder
    looks: Sequence[Look]


STEPS = 15 + ladder_rows.STEPS
"""How many tables are written."""


def tables(connection: Connection, world: World, keyring: Keyring, today: date) -> Iterator[tuple[str, Rows]]:
    """Each table with its rows, what is referred to before what refers."""
    registered = at_nine(today - _REGISTERED_BEFORE)
    family = reserve_ids(connection, "household", len(world.families))
    person = reserve_ids(connection, "worker", len(world.people))
    firm = reserve_ids(connection, "employer", len(world.firms))
    post = reserve_ids(connection, "vacancy", len(world.posts))
    application = reserve_ids(connection, "application", len(world.applications))
    spell = reserve_ids(connection, "employment_spell", len(world.spells))

    yield (
        "household",
        [
            {"id": family[i], "created_at": registered, "number": each.number, "region": each.region}
            | {"relocated": each.relocated, "risks": [], "measures": [], "is_demo": True}
            for i, each in enumerate(world.families)
        ],
    )
    yield (
        "hardship_period",
        [
            {"created_at": registered, "household_id": family[i], "category": period.category}
            | {"from_on": period.from_on, "to_on": period.to_on, "risk_cleared_on": period.risk_cleared_on}
            for i, each in enumerate(world.families)
            for period in each.hardship
        ],
    )
    workers, keys = _sealed(world.people, person, family, registered, keyring)
    yield "worker", workers
    yield "person_key", keys
    yield (
        "worker_skill",
        [
            {"worker_id": person[i], "skill": skill, "level": level}
            for i, each in enumerate(world.people)
            for skill, level in each.skills.items()
        ],
    )
    yield (
        "work_intention",
        [
            {
                "created_at": registered,
                "worker_id": person[i],
                "wants": each.wants,
                "reason": each.reason,
                "accepted_regions": each.accepted,
                "occupations": each.occupations,
                "pay_floor": each.pay_floor,
                "available_from": each.available_from,
                "needs_lodging": each.needs_lodging,
                "companion_id": None if each.companion is None else person[each.companion],
            }
            for i, each in enumerate(world.people)
            if each.wants
        ],
    )
    yield (
        "employer",
        [
            {
                "id": firm[i],
                "created_at": registered,
                "name": each.name,
                "kind": each.kind,
                "region": each.region,
                "kept_by": each.kept_by,
                "industry": _industry(each),
                "size": each.size,
                "is_demo": True,
            }
            for i, each in enumerate(world.firms)
        ],
    )
    yield (
        "vacancy",
        [
            {
                "id": post[i],
                "created_at": at_nine(each.columns["posted_on"]),
                "employer_id": firm[each.firm],
                "region": each.region,
                "kept_by": each.kept_by,
                "seats_taken": each.taken,
                "is_demo": True,
                **each.columns,
            }
            for i, each in enumerate(world.posts)
        ],
    )
    yield (
        "application",
        [
            {
                "id": application[i],
                "created_at": at_nine(each.steps[0].on),
                "worker_id": person[each.person],
                "vacancy_id": post[each.post],
                "worker_region": "",
                "vacancy_region": "",
                "state": each.steps[-1].state,
                "applied_on": each.steps[0].on,
                "decided_on": None if each.steps[-1].state in OPEN_STATES else each.steps[-1].on,
                "answered_on": _answered_on(each),
                "reason": each.steps[-1].reason,
            }
            for i, each in enumerate(world.applications)
        ],
    )
    yield (
        "application_event",
        [
            {
                "created_at": at_nine(step.on, number),
                "application_id": application[i],
                "from_state": each.steps[number - 1].state if number else None,
                "to_state": step.state,
                "at": at_nine(step.on, number),
                "reason": step.reason,
            }
            for i, each in enumerate(world.applications)
            for number, step in enumerate(each.steps)
        ],
    )
    led_to = {
        each.spell: application[i] for i, each in enumerate(world.applications) if each.spell is not None
    }
    yield (
        "employment_spell",
        [
            {
                "id": spell[i],
                "created_at": at_nine(min(today, each.started_on + timedelta(days=1 + i % 5))),
                "worker_id": person[each.person],
                "origin_region": "",
                "employer_id": firm[each.firm],
                "vacancy_id": None if each.post is None else post[each.post],
                "application_id": led_to.get(i),
                "region": each.region,
                "kind": each.kind,
                "arrangement": each.arrangement,
                "point_to_point": each.point_to_point,
                "channel": each.channel,
                "industry": _industry(world.firms[each.firm]),
                "started_on": each.started_on,
                "ended_on": each.ended_on,
                "observed_until": each.observed_until,
                "precision": each.precision,
                "monthly_income": each.income,
                "contract_months": each.contract_months,
                "leave_reason": each.left_because,
                "is_main": True,
                "is_demo": True,
            }
            for i, each in enumerate(world.spells)
        ],
    )
    yield (
        "evidence",
        [
            *(
                {
                    "created_at": at_nine(min(today, proof.covers_to + timedelta(days=3))),
                    "spell_id": spell[i],
                    "grade": proof.grade,
                    "kind": PROOF_OF[proof.grade],
                    "covers_from": proof.covers_from,
                    "covers_to": proof.covers_to,
                    "source": proof.source,
                }
                for i, each in enumerate(world.spells)
                for proof in each.evidence
            ),
            *evidence_of(world.looks, spell),
        ],
    )
    yield ("spell_confirmation", confirmations_of(world.looks, spell))
    contact = reserve_ids(connection, "contact", len(world.calls))
    yield (
        "contact",
        [
            {
                "id": contact[i],
                "created_at": at_nine(each.on),
                "worker_id": person[each.person],
                "contacted_on": each.on,
                "means": each.means,
                "found": each.found,
                "difficulty": each.difficulty,
                "returned_home": each.returned_home,
                "is_demo": True,
            }
            for i, each in enumerate(world.calls)
        ],
    )
    yield (
        "support_task",
        [
            {
                "created_at": at_nine(each.on),
                "worker_id": person[each.person],
                "contact_id": contact[i],
                "difficulty": each.difficulty,
                "due_on": each.due_on,
                "state": SupportState.DONE if each.done_on else SupportState.OPEN,
                "done_on": each.done_on,
                "outcome": "已联系单位解决" if each.done_on else "",
            }
            for i, each in enumerate(world.calls)
            if each.due_on is not None
        ],
    )
    yield from ladder_rows.ladder_tables(connection, world.ladder, person, firm, post, today)


def _answered_on(application: Application) -> date | None:
    """When the employer first said yes or no."""
    answers = (
        step.on
        for step in application.steps
        if step.state in ANSWERS or (step.reason is not None and step.reason in REFUSALS[Side.EMPLOYER])
    )
    return next(answers, None)


def _industry(firm: Firm) -> str | None:
    return firm.sector.industry if firm.sector else None


def _sealed(
    people: Sequence[Person], person: range, family: range, registered: datetime, keyring: Keyring
) -> tuple[Rows, Rows]:
    """The rows of workers and of their keys, sealed as registration seals them."""
    workers: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    born_that_day: Counter[date] = Counter()
    for i, each in enumerate(people):
        key, master, sealed_key = new_person_key(keyring)
        keys.append({"worker_id": person[i], "master_key_id": master, "sealed_key": sealed_key})
        id_number = demo_id_number(each.born, born_that_day[each.born], each.sex)
        born_that_day[each.born] += 1
        phone = f"+861000{i * _PHONE_STRIDE % _PHONES:07d}" if each.has_phone else None
        workers.append(
            {
                "id": person[i],
                "created_at": registered,
                "region": each.region,
                "household_id": family[each.family],
                "name": each.name,
                "name_pinyin": pinyin(each.name),
                "sex": each.sex,
                "birth_date": each.born,
                "id_number_sealed": seal(key, id_number.encode(), "worker.id_number"),
                **index_columns(keyring, "id_number", id_number),
                "phone_sealed": seal(key, phone.encode(), "worker.phone") if phone else None,
                **index_columns(keyring, "phone", phone),
                "ethnicity": each.ethnicity,
                "education": each.education,
                "labour_capability": each.capability,
                "relation_to_head": each.relation,
                "disability_grade": each.disability,
                "health": [],
                "speaks_mandarin": each.mandarin,
                "experience_months": each.experience,
                "last_occupation": TRADES[each.trade].occupation if each.trade else None,
                "restricted": False,
                "is_demo": True,
            }
        )
    return workers, keys
