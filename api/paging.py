"""Lists by keyset: the cursor is the last row's sort value and number, opaque to the caller."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from api.errors import invalid

Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asks of a list."""

    limit: int
    cursor: str | None
    sort: str | None


def get_paging(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(max_length=40, description="字段名,前加 - 为倒序")] = None,
) -> Paging:
    """The paging parameters of every list."""
    return Paging(limit, cursor, sort)


PagingDep = Annotated[Paging, Depends(get_paging)]


def page_of(
    session: Session,
    query: Select[tuple[Row]],
    paging: Paging,
    *,
    number: ColumnElement[int],
    sorts: dict[str, ColumnElement[Any]],
    default: str = "-id",
) -> tuple[list[Row], str | None, int]:
    """The rows of one page, the cursor of the next, and how many rows there are in all.

    `number` is the row's id, `sorts` the columns that may be sorted by; NULLs sort as if smallest.
    """
    sorts = {"id": number, **sorts}
    wanted = paging.sort or default
    descending, name = wanted.startswith("-"), wanted.removeprefix("-")
    if name not in sorts:
        raise invalid("sort", "unknown", "可排序的字段:" + "、".join(sorts))
    column = sorts[name]
    total = session.connection().scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    if paging.cursor is not None:
        value, after = _read(paging.cursor, wanted)
        query = query.where(_beyond(column, number, value, after, descending))
    order = (
        (column.desc().nulls_last(), number.desc())
        if descending
        else (column.asc().nulls_first(), number.asc())
    )
    found = session.execute(
        query.order_by(None).order_by(*order).add_columns(column, number).limit(paging.limit + 1)
    )
    rows = found.all()
    kept = rows[: paging.limit]
    cursor = _write(wanted, kept[-1][-2], kept[-1][-1]) if len(rows) > paging.limit else None
    return [row[0] for row in kept], cursor, total or 0


def _beyond(
    column: ColumnElement[Any], number: ColumnElement[int], value: Any, after: int, descending: bool
) -> ColumnElement[bool]:
    later = number < after if descending else number > after
    if value is None:
        same = and_(column.is_(None), later)
        return same if descending else or_(same, column.is_not(None))
    beyond = or_(column < value, column.is_(None)) if descending else column > value
    return or_(beyond, and_(column == value, later))


def _write(sort: str, value: Any, number: int) -> str:
    plain = value if isinstance(value, (int, float, str, type(None))) else str(value)
    return base64.urlsafe_b64encode(json.dumps([sort, plain, number]).encode()).decode().rstrip("=")


def _read(cursor: str, sort: str) -> tuple[Any, int]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, number = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        good = made_for == sort and type(number) is int and abs(number) < 2**63
        good = good and (value is None or type(value) in (int, float, str)) and "\0" not in str(value)
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError):
        good = False
    if not good:
        raise invalid("cursor", "unknown", "翻页标记无效,请从第一页重新开始")
    return value, number
