"""任务进度: how far a target is, counted from the spells, with the persons behind every number."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.destination import HOME_COUNTY, NO_COUNTY
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade
from models.target import StabilityRule as StabilityRuleRow
from models.target import Target
from outcomes.columns import SpellColumns, columns_of
from outcomes.indicators.catalogue import indicator_of
from outcomes.indicators.indicator import Subject, Thing
from outcomes.rules import StabilityRule, latest_start
from outcomes.spells import Proof, Spell
from outcomes.stability import evaluate_all
from outcomes.target_spells import counted_spells, where_it_counts

REFERENCE_RULE = "reference_3_months"
"""The bureau's own rule, shown beside a target whose plan names none, and named as such."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person behind the count: the first counted spell, and what the rule says of all of them."""

    worker_id: int
    started_on: date
    stable_on: date | None
    possible_on: date | None
    grade: EvidenceGrade | None
    reason: str
    home: str = ""
    """Where the person is registered."""
    spells: tuple[int, ...] = ()
    """The numbers of the spells that were counted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a target is as of a date. `started` is None where the ledger holds nothing that counts for it.

    `rule` is the target's own, or the bureau's reference rule (`rule_is_reference`); `persons` are all who started,
    `things` all entries of what counts no people. `counts_stable` if the target's figure are the stable ones.
    `without_place`, for what counts only at home: more people who would count if the county of their work were known.
    """

    as_of: date
    started: int | None
    rule: StabilityRuleRow | None
    rule_is_reference: bool
    persons: tuple[Person, ...]
    latest_start: date
    without_place: int | None = None
    things: tuple[Thing, ...] = ()
    counts_stable: bool = False
    reference_start: date | None = None
    """Where who started is what counts: whoever begins later is not stable in time by the rule that stands beside it."""

    @property
    def done(self) -> int | None:
        """The target's figure: who started, or who is stable where that is what counts."""
        return self.stable if self.counts_stable else self.started

    @property
    def stable(self) -> int | None:
        """People for whom the rule was fulfilled by `as_of`."""
        return None if self.rule is None else sum(person.stable_on is not None for person in self.persons)

    @property
    def verified(self) -> dict[EvidenceGrade, int]:
        """Stable people by the best grade at which the whole of it is proven."""
        counts = dict.fromkeys(EvidenceGrade, 0)
        for person in self.persons:
            if person.grade is not None:
                counts[person.grade] += 1
        return counts


def started_count(session: Session, target: Target, as_of: date) -> int | None:
    """Only how many started: distinct people whose counted spell begins within the target's dates."""
    indicator = indicator_of(target)
    if indicator.things is not None:
        return sum(thing.times for thing in indicator.things(session, target, as_of))
    if indicator.subject is not Subject.PEOPLE:
        return None
    counted = counted_spells(target, as_of, indicator.where).subquery()
    return session.scalar(columns(func.count(func.distinct(counted.c.worker_id))))


def done_count(session: Session, target: Target, as_of: date) -> int | None:
    """Only the target's figure, for lists."""
    if _counts_stable(target):
        return progress(session, target, as_of).done
    return started_count(session, target, as_of)


def progress(session: Session, target: Target, as_of: date) -> Progress:
    """The target as of 24:00 of `as_of`, over the spells that the session may see."""
    indicator = indicator_of(target)
    by = target.to_on
    if indicator.subject is not Subject.PEOPLE:
        things = tuple(indicator.things(session, target, as_of)) if indicator.things else ()
        count = sum(thing.times for thing in things) if indicator.things else None
        return Progress(as_of, count, None, False, (), by, things=things)
    row = _rule(session, target)
    rule = StabilityRule.from_dict(row.parameters) if row else None
    # Where the stable ones do not count a start does until the last day.
    in_time = latest_start(rule, by) if rule else None
    latest = in_time if rule and _counts_stable(target) else by
    persons = _persons(session, target, rule, as_of)
    return Progress(
        as_of,
        len(persons),
        row,
        row is not None and target.rule_id is None,
        persons,
        latest or by,
        _without_place(session, target, as_of),
        counts_stable=_counts_stable(target),
        reference_start=None if _counts_stable(target) else in_time,
    )


def _counts_stable(target: Target) -> bool:
    indicator = indicator_of(target)
    return indicator.subject is Subject.PEOPLE and (indicator.stable or target.rule_id is not None)


def _without_place(session: Session, target: Target, as_of: date) -> int | None:
    if not indicator_of(target).at_home:
        return None
    told = counted_spells(target, as_of, HOME_COUNTY).subquery()
    untold = counted_spells(target, as_of, NO_COUNTY).subquery()
    query = columns(func.count(func.distinct(untold.c.worker_id)))
    return session.scalar(query.where(untold.c.worker_id.not_in(columns(told.c.worker_id)))) or 0


def _persons(session: Session, target: Target, rule: StabilityRule | None, as_of: date) -> tuple[Person, ...]:
    rows = session.execute(
        counted_spells(target, as_of, where_it_counts(target)).order_by(col(EmploymentSpell.started_on))
    ).all()
    by_worker: dict[int, list[Spell]] = defaultdict(list)
    birth_dates: dict[int, date | None] = {}
    homes: dict[int, str] = {}
    numbers: dict[int, tuple[int, ...]] = defaultdict(tuple)
    proofs = _proofs(session, [row.id for row in rows])
    for row in rows:
        birth_dates[row.worker_id], homes[row.worker_id] = row.birth_date, row.home
        numbers[row.worker_id] += (row.id,)
        by_worker[row.worker_id].append(
            Spell(
                started_on=row.started_on,
                ended_on=row.ended_on,
                observed_until=row.observed_until,
                precision=row.precision,
                kind=row.kind,
                employer=row.employer_id,
                region=row.region,
                arrangement=row.arrangement,
                monthly_income=row.monthly_income,
                contract_months=row.contract_months,
                evidence=proofs.get(row.id, ()),
                key=row.id,
            )
        )
    workers = list(by_worker)
    people = [(by_worker[worker_id], birth_dates[worker_id]) for worker_id in workers]
    first = [min(spell.started_on for spell in spells) for spells, _ in people]
    if rule is None:
        return tuple(
            Person(worker_id, first[at], None, None, None, "", homes[worker_id], numbers[worker_id])
            for at, worker_id in enumerate(workers)
        )
    columns, until = columns_of(people), min(as_of, target.to_on)
    grades = _grades(columns, rule, until)
    # The first of a person's results: that of the earliest mark.
    found = dict(reversed([*evaluate_all(columns, rule, as_of=until).results()]))
    return tuple(
        Person(
            worker_id, first[at], result.stable_on, result.possible_on,
            grades.get(at) if result.stable else None, result.reason, homes[worker_id], numbers[worker_id],
        )
        for at, worker_id in enumerate(workers)
        if (result := found[at])
    )  # fmt: skip


def _grades(columns: SpellColumns, rule: StabilityRule, as_of: date) -> dict[int, EvidenceGrade]:
    """By person the best grade at which the whole of it is proven."""
    best: dict[int, EvidenceGrade] = {}
    for grade in reversed(EvidenceGrade):
        best |= dict.fromkeys(
            evaluate_all(columns, replace(rule, min_evidence=grade), as_of=as_of).fulfilled, grade
        )
    return best


def _proofs(session: Session, spell_ids: list[int]) -> dict[int, tuple[Proof, ...]]:
    found: dict[int, list[Proof]] = defaultdict(list)
    rows = session.exec(select(Evidence).where(col(Evidence.spell_id).in_(spell_ids), PROVES))
    for row in rows:
        found[row.spell_id].append(Proof(row.grade, row.covers_from, row.covers_to))
    return {spell_id: tuple(proofs) for spell_id, proofs in found.items()}


def _rule(session: Session, target: Target) -> StabilityRuleRow | None:
    if target.rule_id is not None:
        return session.get_one(StabilityRuleRow, target.rule_id)
    return session.exec(select(StabilityRuleRow).where(StabilityRuleRow.code == REFERENCE_RULE)).first()
