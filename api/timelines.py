"""一个人的时间线: what is known of one person's work, gathered from where each of it is kept."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from sqlmodel import Session, col, or_, select

from api.care_shown import contacts_public
from api.confirmations_shown import confirmations_public
from api.evidence_shown import evidence_public
from api.presenting import Presenter
from api.schemas.placement import EvidencePublic
from api.schemas.target import Counted
from api.schemas.timeline import (
    TimelineClaim,
    TimelinePublic,
    TimelineSpell,
    TimelineStability,
    VerifiedPublic,
)
from ledger.contacts import contacts_of
from models.benefit import BenefitClaim
from models.confirmation import SpellConfirmation
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence
from models.target import StabilityRule as StabilityRuleRow
from models.worker import Worker
from outcomes.benefits.benefit import Benefit
from outcomes.benefits.people import people_of
from outcomes.confirming import confirmations, contradicted, days_of, finding_of, latest
from outcomes.progress import REFERENCE_RULE
from outcomes.rules import StabilityRule
from outcomes.spells import Proof
from outcomes.stability import evaluate
from outcomes.verified import verified

_ROOM = timedelta(days=30)


def timeline_of(
    session: Session,
    keyring: Keyring,
    present: Presenter,
    benefits: Mapping[str, Benefit],
    worker: Worker,
    today: date,
) -> TimelinePublic:
    """The person's line of time, of the record and of those that went up in it."""
    spells = _spells(session, keyring, present, worker.identity, today)
    contacts = contacts_public(session, keyring, list(contacts_of(session, worker.identity)))
    claims = _claims(session, benefits, worker.identity)
    stability = None if worker.restricted else _stability(session, benefits, worker.identity, today)
    ahead = stability.possible_on or today if stability else today
    known = [
        today,
        ahead,
        *(each.from_on for each in spells),
        *(each.to_on or today for each in spells),
        *(each.contacted_on for each in contacts),
        *(each.on for each in claims),
    ]
    return TimelinePublic(
        worker_id=worker.identity,
        today=today,
        from_on=min(known) if spells or contacts or claims else today - _ROOM,
        to_on=max(known),
        spells=spells,
        contacts=contacts,
        claims=claims,
        stability=stability,
    )


def _spells(
    session: Session, keyring: Keyring, present: Presenter, worker_id: int, today: date
) -> list[TimelineSpell]:
    rows = session.exec(
        select(EmploymentSpell)
        .where(EmploymentSpell.worker_id == worker_id, col(EmploymentSpell.superseded_at).is_(None))
        .order_by(col(EmploymentSpell.started_on), col(EmploymentSpell.id))
    ).all()
    numbers = [row.identity for row in rows]
    proofs = session.exec(
        select(Evidence)
        .where(col(Evidence.spell_id).in_(numbers), PROVES)
        .order_by(col(Evidence.covers_from), col(Evidence.grade), col(Evidence.id))
    ).all()
    evidence: dict[int, list[EvidencePublic]] = defaultdict(list)
    for proof, shown in zip(proofs, evidence_public(session, keyring, proofs), strict=True):
        evidence[proof.spell_id].append(shown)
    looked = confirmations(session, numbers)
    return [
        _spell(session, present, row, evidence[row.identity], looked.get(row.identity, []), today)
        for row in rows
    ]


def _spell(
    session: Session,
    present: Presenter,
    row: EmploymentSpell,
    evidence: list[EvidencePublic],
    looked: list[SpellConfirmation],
    today: date,
) -> TimelineSpell:
    first, last = days_of(row)
    seen = last or max(first, min(row.observed_until or first, today))
    proved = verified(first, seen, (Proof(each.grade, each.covers_from, each.covers_to) for each in evidence))
    return TimelineSpell(
        spell=present.spells([row])[0],
        from_on=first,
        to_on=last,
        seen_until=seen,
        evidence=evidence,
        verified=[
            VerifiedPublic(grade=each.grade, from_on=each.first, to_on=each.last, days=each.days)
            for each in proved
        ],
        verified_days=sum(each.days for each in proved),
        days=(seen - first).days + 1,
        confirmations=confirmations_public(session, row, looked),
        differs=any(contradicted(each, first, last) for each in latest(map(finding_of, looked)).values()),
    )


def _claims(session: Session, benefits: Mapping[str, Benefit], worker_id: int) -> list[TimelineClaim]:
    rows = session.exec(
        select(BenefitClaim)
        .join(Worker, col(Worker.id) == col(BenefitClaim.worker_id))
        .where(or_(col(Worker.id) == worker_id, col(Worker.merged_into) == worker_id))
        .order_by(col(BenefitClaim.opened_on), col(BenefitClaim.id))
    )
    return [
        TimelineClaim(
            id=row.identity,
            benefit=row.benefit,
            name=benefits[row.benefit].name if row.benefit in benefits else row.benefit,
            year=row.year,
            state=row.state,
            on=row.paid_on or row.approved_on or row.notice_on or row.opened_on,
            amount=row.amount,
        )
        for row in rows
    ]


def _stability(
    session: Session, benefits: Mapping[str, Benefit], worker_id: int, today: date
) -> TimelineStability | None:
    """The mark of the bureau's reference rule; None where nobody worked, or there is no such rule."""
    rule = session.exec(select(StabilityRuleRow).where(StabilityRuleRow.code == REFERENCE_RULE)).first()
    person = people_of(session, benefits, today, worker_ids=[worker_id]).get(worker_id)
    if rule is None or person is None or not person.spells:
        return None
    results = evaluate(
        person.spells,
        StabilityRule.from_dict(rule.parameters),
        as_of=today,
        birth_date=person.birth_date,
    )
    result = results[0]
    return TimelineStability(
        rule=Counted(code=rule.code, name=rule.name, is_reference=True),
        outlook=result.outlook,
        stable_on=result.stable_on,
        possible_on=None if result.stable else result.possible_on,
        counted_from=result.counted_from,
        days=result.days,
        reason=result.reason,
    )
