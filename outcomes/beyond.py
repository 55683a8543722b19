"""超出记录: evidence in force that says somebody worked on days on which the record has no work."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from models.bulk import among
from models.spell import PROVES, EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from outcomes.calendar import month_end, month_start
from outcomes.confirming import days_of

_BY_MONTH = frozenset({ProofKind.SOCIAL_INSURANCE, ProofKind.AGENCY_FLOW, ProofKind.WAGE_FLOW})
_MAY_BE_BY_MONTH = frozenset({EvidenceGrade.A, EvidenceGrade.B})


def is_beyond(proof: Evidence, first: date, last: date | None) -> bool:
    """Whether `proof` says that the person worked before `first` or after `last`, the days of the record.

    What is paid is paid for months: who left on the 5th is paid for that month, and that says nothing of the 6th.
    """
    if _by_month(proof):
        first, last = month_start(first), month_end(last) if last else None
    return proof.covers_from < first or (last is not None and proof.covers_to > last)


def beyond(
    session: Session, spells: Iterable[EmploymentSpell], *, days: tuple[date, date | None] | None = None
) -> dict[int, list[Evidence]]:
    """Of each spell the evidence that goes beyond its days, or beyond `days`, first and last, where those are told."""
    known = {row.identity: row for row in spells}
    found: dict[int, list[Evidence]] = defaultdict(list)
    query = select(Evidence).where(among(Evidence.spell_id, known), PROVES)
    for proof in session.exec(query.order_by(col(Evidence.covers_from), col(Evidence.id))):
        first, last = days or days_of(known[proof.spell_id])
        if is_beyond(proof, first, last):
            found[proof.spell_id].append(proof)
    return found


def _by_month(proof: Evidence) -> bool:
    return proof.kind in _BY_MONTH or (proof.kind is None and proof.grade in _MAY_BE_BY_MONTH)
