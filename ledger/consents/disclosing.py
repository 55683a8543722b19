"""向用人单位提供: the one place where it is decided what of a person an employer is told, and where that is written down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from ledger.consents.keeping import is_child
from ledger.consents.purposes import TERMS
from ledger.consents.standing import Standing, consents_of, standing
from models.bulk import among
from models.consent import Purpose
from models.disclosure import SENSITIVE, Basis, Disclosure, DisclosureReason, Told
from models.worker import Worker

FOR: Mapping[DisclosureReason, frozenset[Told]] = {
    DisclosureReason.PROPOSAL: frozenset(
        {Told.NAME, Told.SEX, Told.AGE, Told.HOME, Told.EDUCATION, Told.SKILLS, Told.EXPERIENCE, Told.POST}
    ),
    DisclosureReason.DISPATCH: frozenset({Told.NAME, Told.SEX, Told.AGE, Told.HOME, Told.POST, Told.PHONE}),
    DisclosureReason.CLAIM: frozenset({Told.NAME, Told.HOME, Told.HARDSHIP}),
}
"""What an occasion needs, and no more: what is not here is not told."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an employer is told for: one application, one batch, or one claim."""

    reason: DisclosureReason
    application_id: int | None = None
    dispatch_id: int | None = None
    claim_id: int | None = None

    @property
    def fields(self) -> frozenset[Told]:
        """What may be told."""
        return FOR[self.reason]

    @property
    def purpose(self) -> Purpose:
        """What the person must not have refused."""
        return Purpose.SENSITIVE if self.fields & SENSITIVE else Purpose.EMPLOYER


@dataclass(slots=True)
class Disclosed:
    """Who was told of, and who was not and why."""

    told: list[int] = field(default_factory=list)
    kept_back: dict[int, Standing] = field(default_factory=dict)


def disclose(
    session: Session,
    occasion: Occasion,
    people: Sequence[int],
    employer_id: int,
    *,
    on: date,
    account_id: int | None,
    again: bool = False,
) -> Disclosed:
    """Write down that an employer is told of these people, in the caller's transaction; who refused, or whose data is
    only stored, is kept back. Nothing may be handed over of anybody who is not in `told`.

    `again`: the same is handed over once more because the first answer was lost. Only those who were told of then are,
    as far as they still may be, and nothing is written down.
    """
    usable = {
        row.identity: row
        for row in session.exec(
            select(Worker).where(
                among(Worker.id, people), ~col(Worker.restricted), col(Worker.merged_into).is_(None)
            )
        )
    }
    said = consents_of(session, usable)
    before = _told_before(session, occasion, employer_id) if again else frozenset()
    purpose, found = occasion.purpose, Disclosed()
    for worker_id in people:
        stands, row = standing(said.get(worker_id, []), purpose, on, employer_id)
        # A child is nobody's worker.
        child = worker_id in usable and is_child(usable[worker_id], on)
        if worker_id not in usable or child or not stands.allows(purpose):
            found.kept_back[worker_id] = stands if worker_id in usable and not child else Standing.WITHDRAWN
            continue
        if again:
            found.told += [worker_id] if worker_id in before else []
            continue
        found.told.append(worker_id)
        session.add(
            Disclosure(
                worker_id=worker_id,
                employer_id=employer_id,
                fields=sorted(each.value for each in occasion.fields),
                reason=occasion.reason,
                basis=Basis.CONSENT if row is not None else TERMS[purpose].without or Basis.CONSENT,
                consent_id=row.identity if row is not None else None,
                application_id=occasion.application_id,
                dispatch_id=occasion.dispatch_id,
                claim_id=occasion.claim_id,
                told_on=on,
                account_id=account_id,
                is_demo=usable[worker_id].is_demo,
            )
        )
    session.flush()
    return found


def _told_before(session: Session, occasion: Occasion, employer_id: int) -> frozenset[int]:
    rows = session.exec(
        select(Disclosure.worker_id).where(
            Disclosure.employer_id == employer_id,
            Disclosure.reason == occasion.reason,
            col(Disclosure.application_id).is_not_distinct_from(occasion.application_id),
            col(Disclosure.dispatch_id).is_not_distinct_from(occasion.dispatch_id),
            col(Disclosure.claim_id).is_not_distinct_from(occasion.claim_id),
        )
    )
    return frozenset(rows.all())


def disclosures_of(session: Session, worker_id: int, *, limit: int = 500) -> Sequence[Disclosure]:
    """Which employers were told of a person, those told of merged records too, the last first."""
    return session.exec(
        select(Disclosure)
        .join(Worker, col(Worker.id) == col(Disclosure.worker_id))
        .where(or_(col(Worker.id) == worker_id, col(Worker.merged_into) == worker_id))
        .order_by(col(Disclosure.told_on).desc(), col(Disclosure.id).desc())
        .limit(limit)
    ).all()
