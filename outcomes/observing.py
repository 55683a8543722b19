"""最后确认在岗: how far spells are known to have gone on once some of their evidence is taken away."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.bulk import among, update_rows
from models.care import AT_WORK, Contact
from models.confirmation import StillThere
from models.spell import PROVES, EmploymentSpell, Evidence
from outcomes.confirming import confirmations


@dataclass(frozen=True, slots=True)
class Carrying:
    """A piece of evidence in force of an open spell: until when it covers, and how far the spell was observed before
    it, where it carried the observation further."""

    key: int
    covers_to: date
    before: date | None


@dataclass(frozen=True, slots=True)
class Observed:
    """How far the spell is observed, and what each piece of evidence that stays carried it on from."""

    until: date
    before: dict[int, date | None]


def without(
    until: date, pieces: Sequence[Carrying], gone: Collection[int], seen: Iterable[date] = ()
) -> Observed:
    """As if the pieces `gone` had never been there.

    Parameters
    ----------
    until : how far the spell is observed with all pieces.
    seen : other days on which somebody knew the person to be there; they may have carried nothing at their time.

    A day that no piece reached was known otherwise: from a list, a call, or the first day. That stays. There is
    always one: from where the first piece carried it on, or how far it is observed now.
    """
    reached = {piece.covers_to for piece in pieces if piece.before is not None}
    before = {piece.before for piece in pieces if piece.before is not None}
    otherwise = (before - reached) | ({until} - reached) | {day for day in seen if day <= until}
    known = max(otherwise)
    anew: dict[int, date | None] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.covers_to, piece.key)):
        if piece.key in gone:
            continue
        further = piece.covers_to > known
        anew[piece.key] = known if further else None
        known = max(known, piece.covers_to)
    return Observed(known, anew)


def observed_without(
    session: Session, spells: Sequence[EmploymentSpell], gone: Collection[int]
) -> dict[int, date]:
    """Until when each of the open spells in force is observed without the evidence `gone`, where that is not as long.

    What the evidence that stays carried the observation on from is written.
    """
    going_on = {row.identity: row for row in spells if row.ended_on is None and row.superseded_at is None}
    pieces: dict[int, list[Carrying]] = defaultdict(list)
    for proof in session.exec(select(Evidence).where(among(Evidence.spell_id, going_on), PROVES)):
        pieces[proof.spell_id].append(_carrying(proof))
    seen = _seen(session, going_on)
    back: dict[int, date] = {}
    changed: list[dict[str, object]] = []
    for number, row in going_on.items():
        until = row.observed_until or row.started_on
        found = without(until, pieces[number], gone, seen[number])
        if found.until != until:
            back[number] = found.until
        changed += [
            {"id": piece.key, "observed_before": found.before[piece.key]}
            for piece in pieces[number]
            if piece.key in found.before and found.before[piece.key] != piece.before
        ]
    update_rows(session.connection(), "evidence", ["id"], changed)
    return back


def observed_again(session: Session, spell: EmploymentSpell) -> Observed:
    """How far a spell in force is observed whose end was a mistake: as before the end, and as everything says that
    came in or was withdrawn since."""
    proofs = session.exec(select(Evidence).where(Evidence.spell_id == spell.identity)).all()
    seen = _seen(session, {spell.identity: spell})[spell.identity]
    until = max([spell.observed_before or spell.started_on, *seen])
    gone = {proof.identity for proof in proofs if proof.withdrawn_at is not None}
    return without(until, [_carrying(proof) for proof in proofs], gone, seen)


def _carrying(proof: Evidence) -> Carrying:
    return Carrying(proof.identity, proof.covers_to, proof.observed_before)


def _seen(session: Session, spells: Mapping[int, EmploymentSpell]) -> dict[int, list[date]]:
    """By spell the days on which a side found the person at work, or a call did."""
    calls: dict[int, list[date]] = defaultdict(list)
    for worker_id, on in session.execute(
        columns(col(Contact.worker_id), col(Contact.contacted_on)).where(
            among(Contact.worker_id, {row.worker_id for row in spells.values()}),
            col(Contact.found).in_(AT_WORK),
        )
    ):
        calls[worker_id].append(on)
    looks = confirmations(session, list(spells))
    return {
        number: [look.found_on for look in looks.get(number, ()) if look.found is StillThere.AT_WORK]
        + [on for on in calls[row.worker_id] if on >= row.started_on]
        for number, row in spells.items()
    }
