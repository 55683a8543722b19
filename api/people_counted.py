"""How many people a filter of the ledger finds: counted once, and of each person anew after a change."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.remembered import remembered_of_each
from ledger.people_sought import Sought, people_sought
from models.bulk import among
from models.worker import Worker


def how_many(session: Session, sought: Sought, today: date, *, seconds: int) -> int:
    """How many people are found, of those that the session may see; for so many seconds who they are is remembered."""
    if not _of_each_alone(sought):
        found = people_sought(sought, today).subquery()
        return session.connection().scalar(select(func.count()).select_from(found)) or 0

    def sought_out(worker_ids: Collection[int] | None) -> dict[int, None]:
        query = people_sought(sought, today).with_only_columns(col(Worker.id))
        if worker_ids is not None:
            query = query.where(among(Worker.id, worker_ids))
        return dict.fromkeys(session.connection().scalars(query))

    return len(remembered_of_each(session, ("sought", sought, today), sought_out, seconds=seconds))


def _of_each_alone(sought: Sought) -> bool:
    """Whether it asks what the record of changes tells of each: not what runs of rules and messages bring up by themselves, nor
    a word, by which nobody is sought twice."""
    plain = replace(sought, q=None, village=None, follow_up=None, doubt=None, restricted=False)
    return plain == sought
