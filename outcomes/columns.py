"""Many people's work in columns: what the stability rules are evaluated over, free of tables and sessions."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from models.coded import Coded
from models.spell import Arrangement, Destination, EvidenceGrade, SpellKind
from outcomes.days import BEFORE_ALL, NEVER, Mask, Whole, number
from outcomes.spells import Spell

UNKNOWN = -1

MOST_INCOME = 10_000_000 * 100
"""Fen a month; a larger income is a slip of the pen and counts as this much, so that sums stay exact."""


def places(words: type[Coded]) -> Mapping[Coded | None, int]:
    """The number that stands for each word in a column; None is unknown."""
    return {None: UNKNOWN, **{word: at for at, word in enumerate(words)}}


KINDS, DESTINATIONS = places(SpellKind), places(Destination)
ARRANGEMENTS, GRADES = places(Arrangement), places(EvidenceGrade)


@dataclass(frozen=True)
class ProofColumns:
    """Pieces of evidence, ordered by `spell` (its position) and first day covered; `grade` as in `GRADES`."""

    spell: Whole
    grade: Whole
    covers_from: Whole
    covers_to: Whole


@dataclass(frozen=True)
class SpellColumns:
    """Accepted spells, ordered by person and first day.

    `births` has one entry a person (`BEFORE_ALL` unknown), `person` counts from 0 into it. `first` and `last` are
    days (`last` NEVER while the spell lasts), `observed` the last day on which somebody knew the person to be there
    (`BEFORE_ALL` unknown). `kind`, `destination`, `arrangement` as in the tables above; `region` a position in
    `regions`; `employer` one number an employer, another for each unknown one; `income` fen a month; `contract`
    months; UNKNOWN where the fact is not known. `keys` name the rows behind the spells, for drilling down.
    """

    births: Whole
    person: Whole
    first: Whole
    last: Whole
    observed: Whole
    kind: Whole
    destination: Whole
    arrangement: Whole
    region: Whole
    employer: Whole
    income: Whole
    contract: Whole
    proofs: ProofColumns
    regions: Sequence[str] = ()
    keys: Sequence[Hashable | None] = ()

    @property
    def people(self) -> int:
        """How many people there are, those without a spell included."""
        return len(self.births)


def columns_of(people: Iterable[tuple[Iterable[Spell], date | None]]) -> SpellColumns:
    """The columns of people's spells, each with the birth date where it is known."""
    births: list[int] = []
    told: list[tuple[int, Spell]] = []
    for person, (spells, birth_date) in enumerate(people):
        births.append(BEFORE_ALL if birth_date is None else number(birth_date))
        told.extend((person, spell) for spell in sorted(spells, key=lambda spell: spell.first_day))
    regions: dict[str, int] = {}
    employers: dict[Hashable, int] = {}
    spells = [spell for _, spell in told]
    proofs = sorted(
        (at, number(proof.covers_from), number(proof.covers_to), GRADES[proof.grade])
        for at, spell in enumerate(spells)
        for proof in spell.evidence
    )
    unknown = range(UNKNOWN - 1, UNKNOWN - 1 - len(spells), -1)
    return SpellColumns(
        births=_whole(births),
        person=_whole([person for person, _ in told]),
        first=_whole([number(spell.first_day) for spell in spells]),
        last=_whole([NEVER if spell.ended_on is None else number(spell.ended_on) for spell in spells]),
        observed=_whole([_observed(spell) for spell in spells]),
        kind=_whole([KINDS[spell.kind] for spell in spells]),
        destination=_whole([DESTINATIONS[spell.destination] for spell in spells]),
        arrangement=_whole([ARRANGEMENTS[spell.arrangement] for spell in spells]),
        region=_whole([_place(regions, spell.region) for spell in spells]),
        employer=_whole(
            [
                alone if spell.employer is None else _place(employers, spell.employer)
                for spell, alone in zip(spells, unknown, strict=True)
            ]
        ),
        income=_whole([_fen(spell.monthly_income) for spell in spells]),
        contract=_whole([spell.contract_months or UNKNOWN for spell in spells]),
        proofs=ProofColumns(*(_whole([proof[at] for proof in proofs]) for at in (0, 3, 1, 2))),
        regions=tuple(regions),
        keys=[spell.key for spell in spells],
    )


def among(numbers: Whole, allowed: Iterable[int]) -> Mask:
    """Which numbers are among a few allowed ones."""
    found: Mask = np.zeros(len(numbers), bool)
    for one in allowed:
        found |= numbers == one
    return found


def _whole(values: Sequence[int]) -> Whole:
    return np.array(values, dtype=np.int64)


def _observed(spell: Spell) -> int:
    return BEFORE_ALL if spell.observed_until is None else number(spell.observed_until)


def _place(known: dict[Any, int], key: Hashable | None) -> int:
    return UNKNOWN if key is None else known.setdefault(key, len(known))


def _fen(yuan: int | None) -> int:
    return UNKNOWN if yuan is None else min(yuan * 100, MOST_INCOME)
