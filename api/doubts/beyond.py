"""D27: evidence in force that goes beyond the record, of a whole region, of some people, or of one at once."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from ledger.doubts.keeping import keep
from ledger.doubts.standing import Case
from ledger.doubts.work import proved_beyond
from models.bulk import among
from models.doubt import Doubt
from models.sealing import Keyring
from models.spell import PROVES, EmploymentSpell, Evidence
from models.worker import Worker
from outcomes.beyond import beyond
from outcomes.confirming import days_of


def beyond_cases(session: Session, *, region: str, worker_ids: Sequence[int] | None = None) -> Iterator[Case]:
    """A case for each main spell in force that evidence goes beyond, of people whose data may be used.

    Parameters
    ----------
    worker_ids : only these people.
    """
    query: Any = (
        select(EmploymentSpell, Worker.region, Worker.household_id)
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .join(Evidence, col(Evidence.spell_id) == col(EmploymentSpell.id))
        .where(
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(Worker.merged_into).is_(None),
            ~col(Worker.restricted),
            col(Worker.region).startswith(region, autoescape=True),
            PROVES,
            or_(
                col(Evidence.covers_from) < col(EmploymentSpell.started_on),
                col(Evidence.covers_to) > col(EmploymentSpell.ended_on),
            ),
        )
        .distinct()
        .order_by(col(EmploymentSpell.id))
    )
    if worker_ids is not None:
        query = query.where(among(Worker.id, worker_ids))
    rows = session.exec(query).all()
    found = beyond(session, [spell for spell, _, _ in rows])
    for spell, place, household_id in rows:
        proofs = found.get(spell.identity)
        if proofs:
            yield Case(
                proved_beyond,
                place,
                f"beyond {spell.identity}",
                _what(spell, proofs),
                {"pieces": len(proofs)},
                spell.worker_id,
                household_id,
            )


def look_again(session: Session, keyring: Keyring, worker_id: int, region: str, as_of: date) -> None:
    """After days or evidence of a person changed: what goes beyond the record stands, what no longer does is mended."""
    theirs = and_(col(Doubt.worker_id) == worker_id, col(Doubt.rule) == proved_beyond.number)
    found = list(beyond_cases(session, region=region, worker_ids=[worker_id]))
    keep(session, keyring, found, known=theirs, covered=theirs, as_of=as_of)


def _what(spell: EmploymentSpell, proofs: Sequence[Evidence]) -> str:
    first, last = days_of(spell)
    latest, earliest = (
        max(proofs, key=lambda proof: proof.covers_to),
        min(proofs, key=lambda proof: proof.covers_from),
    )
    if last is not None and latest.covers_to > last:
        return (
            f"务工记录到{last:%Y-%m-%d}为止，佐证（{latest.label}）却证明到{latest.covers_to:%Y-%m-%d}还在岗"
        )
    return f"务工记录从{first:%Y-%m-%d}开始，佐证（{earliest.label}）却证明{earliest.covers_from:%Y-%m-%d}已经在岗"
