"""核实到的时段: which days of a spell are proved, and how well. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from models.spell import EvidenceGrade
from outcomes.spells import Proof

_ONE = timedelta(days=1)
_GRADES = list(EvidenceGrade)


@dataclass(frozen=True, slots=True)
class Verified:
    """A stretch of days under the best grade that proves it, first and last included."""

    grade: EvidenceGrade
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def verified(first: date, last: date, proofs: Iterable[Proof]) -> list[Verified]:
    """The days from `first` to `last` that `proofs` cover, in order, each once and under its best grade.

    Stretches of one grade that meet are one. What a proof says of days outside proves nothing.
    """
    within = [
        Proof(each.grade, max(each.covers_from, first), min(each.covers_to, last))
        for each in proofs
        if each.covers_from <= last and each.covers_to >= first
    ]
    edges = sorted({each.covers_from for each in within} | {each.covers_to + _ONE for each in within})
    found: list[Verified] = []
    for begin, after in pairwise(edges):
        here = [each.grade for each in within if each.covers_from <= begin <= each.covers_to]
        if not here:
            continue
        grade = min(here, key=_GRADES.index)
        if found and found[-1].grade is grade and found[-1].last + _ONE == begin:
            found[-1] = Verified(grade, found[-1].first, after - _ONE)
        else:
            found.append(Verified(grade, begin, after - _ONE))
    return found
