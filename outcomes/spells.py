"""One person's work as plain records: what the stability function reads, free of tables and sessions."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from models.spell import Arrangement, Destination, EvidenceGrade, Precision, SpellKind
from outcomes.calendar import month_end, month_start


@dataclass(frozen=True, slots=True)
class Proof:
    """A stretch of days that a piece of evidence covers, first and last included."""

    grade: EvidenceGrade
    covers_from: date
    covers_to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One accepted stretch of work.

    `ended_on` is the last day worked, None while it lasts; `observed_until` the last day on which somebody knew the
    person to be there (a reader that knows only the month gives its last day). `precision` MONTH: the dates stand
    for their whole months. `region` is the place of work as a GB/T 2260 code, `monthly_income` yuan a month;
    None is unknown. `key` names the row behind the record, for drilling down.
    """

    started_on: date
    ended_on: date | None = None
    observed_until: date | None = None
    precision: Precision = Precision.DAY
    kind: SpellKind = SpellKind.MARKET
    employer: Hashable | None = None
    region: str | None = None
    destination: Destination | None = None
    arrangement: Arrangement | None = None
    monthly_income: int | None = None
    contract_months: int | None = None
    evidence: tuple[Proof, ...] = ()
    key: Hashable | None = None

    @property
    def first_day(self) -> date:
        """The first day, or the first of its month where only the month is known."""
        return self.started_on if self.precision is Precision.DAY else month_start(self.started_on)

    @property
    def last_day(self) -> date | None:
        """The last day worked, or the last of its month; None while it lasts."""
        if self.ended_on is None or self.precision is Precision.DAY:
            return self.ended_on
        return month_end(self.ended_on)


def open_on(spell: Spell, day: date) -> bool:
    """Whether at the end of `day` the spell has begun and not ended; an end that lies ahead is only a plan."""
    return spell.first_day <= day and (spell.last_day is None or spell.last_day > day)


def worked(spell: Spell, as_of: date) -> tuple[date, date] | None:
    """First and last day worked as of 24:00 of `as_of`; None before it began.

    A recorded end is a fact up to `as_of`, whenever the spell was last observed. Without one the spell counts to the
    earlier of `as_of` and the day it was last observed; never observed since it began, only its first day is known,
    for the report of the start is the last that anybody saw.
    """
    last = spell.last_day or max(spell.observed_until or spell.first_day, spell.first_day)
    last = min(last, as_of)
    return (spell.first_day, last) if last >= spell.first_day else None


def certificate_grade(*, seal: bool, telephone: bool, uscc: bool) -> EvidenceGrade:
    """The grade of an employer's certificate: C with all three marks, else no better than a statement."""
    return EvidenceGrade.C if seal and telephone and uscc else EvidenceGrade.D


def verified(proofs: Iterable[Proof], at_least: EvidenceGrade) -> list[tuple[date, date]]:
    """The stretches covered by evidence of grade `at_least` or better; periods that overlap or meet are joined."""
    order = list(EvidenceGrade)
    good = (proof for proof in proofs if order.index(proof.grade) <= order.index(at_least))
    joined: list[tuple[date, date]] = []
    for first, last in sorted((proof.covers_from, proof.covers_to) for proof in good):
        if joined and (first - joined[-1][1]).days <= 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def without_overlaps(spells: Sequence[Spell]) -> tuple[list[Spell], list[Spell]]:
    """Split into spells that share no day, by start, and those that must be rejected: of two the later-starting.

    A spell without an end reaches to the day it was last observed.
    """
    kept: list[Spell] = []
    rejected: list[Spell] = []
    taken_to = date.min
    for spell in sorted(spells, key=lambda each: each.first_day):
        if spell.first_day <= taken_to:
            rejected.append(spell)
            continue
        kept.append(spell)
        span = worked(spell, date.max)
        taken_to = span[1] if span else taken_to
    return kept, rejected
