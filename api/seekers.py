"""Everybody without work, in columns as lists of people are made of them: read once, and of each person anew after a change."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from api.remembered import remembered_mended
from matching.columns import Workers
from matching.market import load_workers
from matching.mended import mended
from models.bulk import among
from models.worker import WorkIntention


def seekers(session: Session, as_of: date, *, seconds: int) -> Workers:
    """The people without work on a day whom the session may see, as `matching.market` reads them; not to be changed."""

    def read() -> Workers:
        return load_workers(session, as_of, without_work=True)

    def read_again(table: Workers, people: Collection[int]) -> Workers:
        # What is told of a companion stands with who goes with her.
        with_them = select(col(WorkIntention.worker_id)).where(among(WorkIntention.companion_id, people))
        changed = {*people, *session.scalars(with_them)}
        fresh = load_workers(session, as_of, worker_ids=list(changed), without_work=True)
        companions = select(col(WorkIntention.worker_id), col(WorkIntention.companion_id)).where(
            among(WorkIntention.worker_id, changed)
        )
        return mended(table, fresh, changed, dict(session.execute(companions).all()))

    return remembered_mended(session, ("seekers", as_of), read, read_again, seconds=seconds)
