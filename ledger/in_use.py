"""限制使用: the one condition by which lists, files and counts leave out those whose data is only stored."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col


def in_use(worker_id: Any) -> ColumnElement[bool]:
    """Whether a row is nobody's, or of somebody whose data may be used; of merged records the kept one's state counts.

    Asked of the database's own, since the place of work sees rows of people whom it does not see.
    """
    return or_(col(worker_id).is_(None), col(worker_id).not_in(select(func.stored_people())))
