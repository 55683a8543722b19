"""到场: who counts as having come to a fair, each person once however many records of them there were."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

from ledger.in_use import in_use
from models.kiosk import KioskCommand
from models.visit import Visit
from models.worker import Worker


def came(fair_id: int) -> tuple[ColumnElement[bool], ...]:
    """Visits of the fair that rest on something that was said and is believed, of people whose data may be used."""
    said = exists().where(
        col(KioskCommand.visit_id) == col(Visit.id), col(KioskCommand.discarded_at).is_(None)
    )
    return (col(Visit.fair_id) == fair_id, in_use(Visit.worker_id), said)


def person() -> ColumnElement[Any]:
    """The number of the record that stays, in a query that joins `Worker`."""
    return func.coalesce(col(Worker.merged_into), col(Worker.id))


def kept(session: Session, worker_id: int | None) -> Worker | None:
    """The record that stays of somebody's, where there is one and the session may see it."""
    row = session.get(Worker, worker_id) if worker_id is not None else None
    return session.get(Worker, row.merged_into) if row is not None and row.merged_into is not None else row


def people_of(session: Session, *conditions: Any) -> int:
    """How many people the visits of these conditions are of."""
    query = (
        select(func.count(func.distinct(person())))
        .select_from(Visit)
        .join(Worker, col(Worker.id) == col(Visit.worker_id))
        .where(*conditions)
    )
    return session.exec(query).one()
