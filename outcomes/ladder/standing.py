"""Who is where in the term of a public post, read of the spells in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.public_post import CadreRelation, ExtensionReason, PublicPostPlacement, TermExtension
from models.spell import EmploymentSpell, SpellKind
from models.worker import Worker
from outcomes.confirming import first_day
from outcomes.ladder.clock import Exit, Extension, Stint, Term, exits, serving, terms
from outcomes.ladder.eligibility import Check, Facts, checks
from outcomes.ladder.offers import offers_to
from outcomes.ladder.post_rules import post_rule


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who serves in a public post: the spell of the day, its term, why they must leave, what was declared."""

    worker_id: int
    spell_id: int
    employer_id: int | None
    post_kind: str | None
    term: Term
    exits: tuple[Exit, ...]
    cadre: CadreRelation | None

    def ends_within(self, days: int, on: date) -> bool:
        """Whether the term ends, and the person is to leave, within so many days, the day itself being the first."""
        stays = self.term.ended is None or self.term.ended > on
        return stays and on <= self.term.until < on + timedelta(days=days)


def in_public_posts(session: Session, region: str, on: date) -> list[Served]:
    """Everybody of a region in a public post on the day: those on the exit list first, then by the end of the term."""
    of_region = col(EmploymentSpell.origin_region).startswith(region, autoescape=True)
    usable = (~col(Worker.restricted), col(Worker.merged_into).is_(None))
    found = [each for each in _placements(session, on, of_region, *usable) if serving(each.term, on)]
    found.sort(key=lambda each: (not each.exits, each.term.until, each.worker_id))
    return found


def placement_of(session: Session, spell: EmploymentSpell, on: date) -> Served:
    """The placement that a spell in force is part of, as it stands on the day."""
    whole = _placements(session, on, col(EmploymentSpell.worker_id) == spell.worker_id)
    return next(each for each in whole if any(stint.key == spell.id for stint in each.term.stints))


def _placements(session: Session, on: date, *where: ColumnElement[bool]) -> list[Served]:
    """Every placement of these people; of one that has ended nobody must leave."""
    people: dict[int, list[EmploymentSpell]] = defaultdict(list)
    born: dict[int, tuple[date | None, str]] = {}
    query = columns(EmploymentSpell, col(Worker.birth_date), col(Worker.sex))
    query = query.join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
    for spell, birth_date, sex in session.execute(query.where(*_in_force(), *where)):
        people[spell.worker_id].append(spell)
        born[spell.worker_id] = (birth_date, sex.value if sex else "")
    numbers = [spell.identity for rows in people.values() for spell in rows]
    extended, declared = _extensions(session, numbers), _declared(session, numbers)
    found = []
    for worker_id, rows in people.items():
        birth_date, sex = born[worker_id]
        rule = post_rule(rows[0].origin_region, on)
        by_number = {row.id: row for row in rows}
        for term in terms(rule, _stints(rows), born=birth_date, sex=sex, extensions=extended):
            begun = [stint for stint in term.stints if stint.first <= on] or [term.stints[0]]
            spell = by_number[begun[-1].key]
            # Whose last day has come need not be told to leave.
            stays = serving(term, on) and term.ended != on
            # Declared once, it holds for the contracts that follow in the same placement.
            cadre = next((declared[stint.key] for stint in reversed(begun) if stint.key in declared), None)
            leaves = exits(rule, term, born=birth_date, on=on, cadre=cadre) if stays else ()
            found.append(
                Served(
                    worker_id,
                    spell.identity,
                    spell.employer_id,
                    spell.post_kind,
                    term,
                    leaves,
                    cadre,
                )
            )
    return found


def terms_of(session: Session, worker: Worker, on: date) -> list[Term]:
    """One person's placements."""
    rows = session.exec(
        select(EmploymentSpell).where(*_in_force(), EmploymentSpell.worker_id == worker.identity)
    ).all()
    return terms(
        post_rule(worker.region, on),
        _stints(rows),
        born=worker.birth_date,
        sex=worker.sex.value if worker.sex else "",
        extensions=_extensions(session, [row.identity for row in rows]),
    )


def term_with(session: Session, worker: Worker, spell: EmploymentSpell, on: date) -> Term:
    """The placement of which a spell in force is a part."""
    return next(
        each for each in terms_of(session, worker, on) if any(stint.key == spell.id for stint in each.stints)
    )


def extensions_in_force(session: Session, term: Term) -> list[TermExtension]:
    """The extensions of a placement that were not withdrawn, the one that counts last."""
    return _extended(session, [stint.key for stint in term.stints if stint.key is not None])


def eligibility(
    session: Session, worker: Worker, *, place: str, cadre: CadreRelation | None, on: date
) -> list[Check]:
    """The checks of placing a person at a place from a day on."""
    offers = [each for each in offers_to(session, worker.identity) if each.on <= on]
    facts = Facts(
        on=on,
        home=worker.region,
        place=place,
        born=worker.birth_date,
        cadre=cadre,
        terms=terms_of(session, worker, on),
        offered={each.rung: each.on for each in reversed(offers) if not each.open},
        waiting=frozenset(each.rung for each in offers if each.open),
    )
    return checks(post_rule(worker.region, on), facts)


def _in_force() -> tuple[ColumnElement[bool], ...]:
    return (
        col(EmploymentSpell.kind).in_((SpellKind.PUBLIC_POST,)),
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.is_main).is_(True),
    )


def _stints(rows: Iterable[EmploymentSpell]) -> list[Stint]:
    return [Stint(first_day(row.started_on, row.precision), row.ended_on, row.id) for row in rows]


def _extensions(session: Session, spell_ids: list[int]) -> list[Extension]:
    return [Extension(row.spell_id, row.until) for row in _extended(session, spell_ids)]


def _extended(session: Session, spell_ids: list[int]) -> list[TermExtension]:
    """In the order in which they were recorded; a withdrawal takes away the last before it of the same spell."""
    rows = session.exec(
        select(TermExtension)
        .where(col(TermExtension.spell_id).in_(spell_ids))
        .order_by(col(TermExtension.id))
    )
    standing: dict[int, list[TermExtension]] = defaultdict(list)
    for row in rows:
        if row.reason is not ExtensionReason.WITHDRAWN:
            standing[row.spell_id].append(row)
        elif standing[row.spell_id]:
            standing[row.spell_id].pop()
    return sorted((row for some in standing.values() for row in some), key=lambda row: row.identity)


def _declared(session: Session, spell_ids: list[int]) -> dict[int | None, CadreRelation]:
    rows = session.exec(select(PublicPostPlacement).where(col(PublicPostPlacement.spell_id).in_(spell_ids)))
    return {row.spell_id: row.cadre_relation for row in rows}
