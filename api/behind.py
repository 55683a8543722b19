"""The spells behind a person who was counted, and what proves them."""

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col, select

from api.presenting import Presenter
from api.schemas.target import EvidenceBehind, SpellBehind
from models.bulk import among
from models.employer import Employer
from models.spell import PROVES, EmploymentSpell, Evidence
from outcomes.progress import Person


def spells_behind(session: Session, present: Presenter, persons: Iterable[Person]) -> dict[int, SpellBehind]:
    """The spells that were counted for these people, by number, each with its evidence."""
    numbers = {number for person in persons for number in person.spells}
    proofs: dict[int, list[EvidenceBehind]] = defaultdict(list)
    for proof in session.exec(
        select(Evidence)
        .where(among(Evidence.spell_id, numbers), PROVES)
        .order_by(col(Evidence.covers_from), col(Evidence.id))
    ):
        proofs[proof.spell_id].append(
            EvidenceBehind(
                grade=proof.grade,
                covers_from=proof.covers_from,
                covers_to=proof.covers_to,
                source=proof.source,
            )
        )
    rows = session.exec(
        select(EmploymentSpell, Employer.name)
        .join(Employer, col(Employer.id) == col(EmploymentSpell.employer_id), isouter=True)
        .where(among(EmploymentSpell.id, numbers))
    )
    return {
        row.identity: SpellBehind(
            id=row.identity,
            employer=employer,
            place=present.place(row.region),
            kind=row.kind,
            precision=row.precision,
            started_on=row.started_on,
            ended_on=row.ended_on,
            observed_until=row.observed_until,
            monthly_income=row.monthly_income,
            evidence=proofs[row.identity],
        )
        for row, employer in rows
    }
