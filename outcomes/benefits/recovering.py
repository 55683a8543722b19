"""应追回: money that was paid and whose ground fell away since, and what came of it.

Nothing is marked: which claims these are follows from the record as it stands, so none is forgotten when work is corrected
or taken back, or its evidence withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.benefit import BenefitClaim, ClaimEvent, ClaimState, Recovery
from outcomes.benefits.benefit import yuan
from outcomes.benefits.claiming import ClaimError, held
from outcomes.benefits.judged_again import Judged, judged_again
from outcomes.benefits.judging import judge
from outcomes.benefits.people import Benefits
from outcomes.benefits.standing import State


@dataclass(frozen=True, slots=True)
class Groundless:
    """A paid claim that would not be granted any more, or not so much: how many fen too many, and why, in Chinese."""

    claim: BenefitClaim
    fen: int
    reason: str


def groundless(
    session: Session, benefits: Benefits, *, region: str = "", claim_ids: Sequence[int] | None = None
) -> list[Groundless]:
    """The paid claims of a region, or those named, without ground by now, of which nobody said what came of it; by their
    numbers. Of somebody whose data may only be stored nothing is judged."""
    settled = select(ClaimEvent.claim_id).where(col(ClaimEvent.recovery).is_not(None))
    query = select(BenefitClaim).where(
        BenefitClaim.state == ClaimState.PAID,
        col(BenefitClaim.region).startswith(region, autoescape=True),
        col(BenefitClaim.id).not_in(settled),
    )
    if claim_ids is not None:
        query = query.where(col(BenefitClaim.id).in_(claim_ids))
    rows = list(session.exec(query.order_by(col(BenefitClaim.id))))
    told = judged_again(session, rows, benefits)
    return [
        Groundless(row, fen, reason)
        for row in rows
        if (judged := told.get(row.identity)) is not None
        for fen, reason in [_too_much(row, judged, benefits)]
        if fen
    ]


def _too_much(row: BenefitClaim, judged: Judged, benefits: Benefits) -> tuple[int, str]:
    """How many fen were paid too many, and why; nothing where all of it stands."""
    paid, standing = row.amount or 0, judged.standing
    if standing.state is State.ENTITLED:
        due = standing.amount.fen
        if due is None or due >= paid:
            return 0, ""
        return paid - due, f"按现在的记录应发{yuan(due)}，多发了{yuan(paid - due)}"
    missing = standing.missing
    if standing.state is State.PAID:
        missing = (f"{row.year}年另有一条先发放了",)
    elif judged.person is not None and not missing:
        told = judge(benefits[row.benefit], judged.person, year=row.year, as_of=row.opened_on)
        missing = told.missing
    return paid, "按现在的记录不符合条件" + (f"：{'；'.join(missing)}" if missing else "")


def settle(
    session: Session,
    claim_ids: Sequence[int],
    benefits: Benefits,
    recovery: Recovery,
    *,
    account_id: int,
    on: date,
    reason: str,
) -> int:
    """Say what came of them, all or none; how many.

    Raises
    ------
    ClaimError
        `unknown` as `held`, `grounded` for so many that stand as they were paid, or of which it was said before.
    """
    rows = held(session, claim_ids)
    found = {
        each.claim.identity
        for each in groundless(session, benefits, claim_ids=[row.identity for row in rows])
    }
    if other := sum(row.identity not in found for row in rows):
        raise ClaimError("grounded", other)
    session.add_all(
        ClaimEvent(
            claim_id=row.identity,
            from_state=ClaimState.PAID,
            to_state=ClaimState.PAID,
            on_date=on,
            account_id=account_id,
            reason=reason,
            recovery=recovery,
        )
        for row in rows
    )
    session.flush()
    return len(rows)


def recoveries(session: Session, claim_ids: Sequence[int]) -> dict[int, Recovery]:
    """What came of those of which it was said, by claim."""
    rows = session.exec(
        select(ClaimEvent.claim_id, ClaimEvent.recovery).where(
            col(ClaimEvent.claim_id).in_(claim_ids), col(ClaimEvent.recovery).is_not(None)
        )
    )
    return {claim_id: Recovery.read(recovery) for claim_id, recovery in rows if recovery is not None}
