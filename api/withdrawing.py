"""撤回佐证: evidence that was entered by mistake is put out of force, and in force again. Nothing of it is deleted."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from api.confirming import prove_again
from api.doubts.beyond import look_again
from api.errors import conflict
from api.evidencing import carry_on, require_new, usable
from api.placing import in_force
from models.base import now
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence, WithdrawalReason
from outcomes.confirming import days_of
from outcomes.observing import observed_without


def withdraw(
    session: Session,
    keyring: Keyring,
    spell: EmploymentSpell,
    proof: Evidence,
    reason: WithdrawalReason,
    *,
    account_id: int,
    today: date,
) -> None:
    """The evidence proves nothing from now on, and the spell is observed as if it had never been there.

    Raises
    ------
    Problem
        409 for a spell out of force, a person whose data is put away, or what is withdrawn already.
    """
    in_force(session, spell)
    usable(session, spell.worker_id)
    session.refresh(proof)
    if proof.withdrawn_at is not None:
        raise conflict("evidence-withdrawn", "这条佐证已经撤回", "请刷新页面。撤回的佐证在变更记录里查看。")
    back = observed_without(session, [spell], {proof.identity}).get(spell.identity)
    _mark(session, proof, now(), reason, account_id)
    if back is not None:
        spell.observed_until = back
        session.add(spell)
    session.flush()
    session.expire_all()
    prove_again(session, spell)
    look_again(session, keyring, spell.worker_id, spell.origin_region, today)


def restore(session: Session, spell: EmploymentSpell, proof: Evidence) -> None:
    """The withdrawal was the mistake: the evidence proves again what it proved.

    Raises
    ------
    Problem
        409 for a spell out of force, a person whose data is put away, what is not withdrawn, and where the record says
        otherwise by now: the same was entered anew, or the spell's days are others.
    """
    in_force(session, spell)
    usable(session, spell.worker_id)
    session.refresh(proof)
    if proof.withdrawn_at is None:
        raise conflict("evidence-in-force", "这条佐证没有撤回", "请刷新页面。")
    first, last = days_of(spell)
    if proof.covers_from < first or (last is not None and proof.covers_to > last):
        raise conflict(
            "evidence-contradicted",
            "务工记录的日期已经变了",
            "这条佐证的日期超出了现在的务工记录，不能恢复。记录有误的，请先更正日期；材料没错的，请重新登记。",
        )
    require_new(session, proof)
    _mark(session, proof, None, None, None)
    carry_on(spell, proof)
    session.add(spell)
    session.add(proof)
    session.flush()
    session.expire_all()


def withdrawn_of(session: Session, worker_id: int) -> Sequence[Evidence]:
    """What was withdrawn of the person's spells in force, the latest first."""
    return session.exec(
        select(Evidence)
        .join(EmploymentSpell, col(EmploymentSpell.id) == col(Evidence.spell_id))
        .where(EmploymentSpell.worker_id == worker_id, col(EmploymentSpell.superseded_at).is_(None), ~PROVES)
        .order_by(col(Evidence.withdrawn_at).desc(), col(Evidence.id).desc())
    ).all()


def _mark(
    session: Session,
    proof: Evidence,
    at: datetime | None,
    reason: WithdrawalReason | None,
    account_id: int | None,
) -> None:
    """One paper is withdrawn wherever it stands: with the spell of today and those that were corrected before."""
    first = proof.copy_of or proof.identity
    for row in session.exec(select(Evidence).where(func.coalesce(Evidence.copy_of, Evidence.id) == first)):
        row.withdrawn_at, row.withdrawn_because, row.withdrawn_by = at, reason, account_id
        session.add(row)
