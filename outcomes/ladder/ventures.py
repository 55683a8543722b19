"""返乡创业: who works for themselves in the home county, and came back from elsewhere to do so."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.spell import EmploymentSpell, Precision, SpellKind
from models.worker import Worker


@dataclass(frozen=True, slots=True)
class Venture:
    """Somebody who works for themselves. `returned`: worked outside the home county before, or the report says 返乡."""

    worker_id: int
    spell_id: int
    region: str | None
    started_on: date
    precision: Precision
    returned: bool


def ventures(session: Session, region: str, on: date) -> list[Venture]:
    """Everybody of a region who works for themselves in the home county on the day, the latest first."""
    earlier = aliased(EmploymentSpell)
    away = exists().where(
        col(earlier.worker_id) == col(EmploymentSpell.worker_id),
        col(earlier.superseded_at).is_(None),
        col(earlier.is_main),
        col(earlier.started_on) < col(EmploymentSpell.started_on),
        func.county_of(col(earlier.region)) != func.county_of(col(earlier.origin_region)),
    )
    rows = session.execute(
        columns(
            col(EmploymentSpell.worker_id),
            col(EmploymentSpell.id),
            col(EmploymentSpell.region),
            col(EmploymentSpell.started_on),
            col(EmploymentSpell.precision),
            or_(away, col(EmploymentSpell.channel).contains("返乡")).label("returned"),
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            col(EmploymentSpell.kind) == SpellKind.SELF_EMPLOYED,
            func.county_of(col(EmploymentSpell.region)) == func.county_of(col(EmploymentSpell.origin_region)),
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.origin_region).startswith(region, autoescape=True),
            col(EmploymentSpell.started_on) <= on,
            col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= on),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
        .order_by(col(EmploymentSpell.started_on).desc(), col(EmploymentSpell.id))
    )
    return [
        Venture(row.worker_id, row.id, row.region, row.started_on, row.precision, bool(row.returned))
        for row in rows
    ]
