"""更正: a spell that was recorded wrongly goes out of force; nothing is deleted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, select

from models.base import now
from models.spell import EmploymentSpell, Evidence, Precision
from outcomes.observing import Observed, observed_again

_OF_THE_ROW = {
    "id", "created_at", "version", "started_on", "ended_on", "observed_until", "observed_before", "precision", "leave_reason",
    "superseded_at", "superseded_by", "superseded_because", "seat_released_at",
}  # fmt: skip
"""What the corrected row has of its own."""


def supersede(session: Session, spell: EmploymentSpell, *, because: str) -> None:
    """Put the spell out of force."""
    spell.superseded_at = now()
    spell.superseded_because = because
    session.add(spell)
    session.flush()


def hand_on(session: Session, spell_id: int, heir_id: int, again: Observed | None = None) -> None:
    """The spell that stands in the place of another has its evidence, and what is attached to that; of one that goes
    on `again`, each piece is told what it carries the observation on from."""
    before = again.before if again else {}
    for proof in session.exec(select(Evidence).where(Evidence.spell_id == spell_id)).all():
        told = proof.model_dump(exclude={"id", "created_at", "spell_id", "copy_of"})
        if proof.identity in before:
            told["observed_before"] = before[proof.identity]
        session.add(Evidence(**told, spell_id=heir_id, copy_of=proof.copy_of or proof.identity))
    session.flush()


def anew(
    spell: Mapping[str, Any], *, started_on: date, ended_on: date | None, precision: Precision | None = None
) -> dict[str, Any]:
    """The columns of the spell that stands in the place of `spell`, a row by column name."""
    was_over = spell["ended_on"] is not None
    seen_before = spell["observed_before" if was_over else "observed_until"]
    # Known to be there: until the end; else as long as before, but never only before the first day.
    seen = ended_on or max(started_on, seen_before or started_on)
    if ended_on is None and seen_before == spell["started_on"]:
        # Only the start was ever reported, and that report is what is corrected.
        seen = started_on
    return {name: value for name, value in spell.items() if name not in _OF_THE_ROW} | {
        "precision": precision or spell["precision"],
        "started_on": started_on,
        "ended_on": ended_on,
        "observed_until": seen,
        "observed_before": seen_before if ended_on is not None else None,
        "leave_reason": spell["leave_reason"] if ended_on is not None else None,
    }


def corrected(
    session: Session,
    spell: EmploymentSpell,
    *,
    started_on: date,
    ended_on: date | None,
    because: str,
    precision: Precision | None = None,
) -> EmploymentSpell:
    """Open the spell that stands in the place of `spell`, with the same evidence, as precise unless told otherwise.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        when another main spell in force of the person includes one of the days.
    """
    again = observed_again(session, spell) if spell.ended_on is not None and ended_on is None else None
    supersede(session, spell, because=because)
    fresh = EmploymentSpell(
        **anew(spell.model_dump(), started_on=started_on, ended_on=ended_on, precision=precision)
    )
    if again is not None:
        fresh.observed_until = max(started_on, again.until)
    session.add(fresh)
    session.flush()
    spell.superseded_by = fresh.identity
    session.add(spell)
    hand_on(session, spell.identity, fresh.identity, again)
    session.refresh(fresh)
    return fresh
