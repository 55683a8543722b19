"""Lists by keyset: the cursor is the last row's sort value and number, opaque to the caller."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import Session
from sqlmodel.sql.expression import SelectOfScalar

from api.errors import Problem, invalid

Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asks of a list; whoever has the total already need not have it counted again."""

    limit: int
    cursor: str | None
    sort: str | None
    counted: bool = True


def get_paging(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(max_length=40, description="字段名，前加 - 为倒序")] = None,
) -> Paging:
    """The paging parameters of every list."""
    return Paging(limit, cursor, sort)


PagingDep = Annotated[Paging, Depends(get_paging)]


def page_of(
    session: Session,
    query: SelectOfScalar[Row],
    paging: Paging,
    *,
    number: SQLCoreOperations[Any],
    sorts: Mapping[str, SQLCoreOperations[Any]],
    default: str = "-id",
) -> tuple[list[Row], str | None, int | None]:
    """The rows of one page, the cursor of the next, and how many rows there are in all, where that is asked.

    `number` is the row's id, `sorts` the columns that may be sorted by; NULLs sort as if smallest.
    """
    sorts = {"id": number, **_created_at(number), **sorts}
    wanted = paging.sort or default
    descending, name = wanted.startswith("-"), wanted.removeprefix("-")
    if name not in sorts:
        raise invalid("sort", "unknown", "可排序的字段：" + "、".join(sorts))
    column = sorts[name]
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    total = (session.connection().scalar(counted) or 0) if paging.counted else None
    if paging.cursor is not None:
        value, after = _read(paging.cursor, wanted, column, number)
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
    return [row[0] for row in kept], cursor, total


def _created_at(number: SQLCoreOperations[Any]) -> dict[str, SQLCoreOperations[Any]]:
    """Every list of rows that say when they were made can be sorted by that."""
    column = getattr(getattr(number, "class_", None), "created_at", None)
    return {} if column is None else {"created_at": column}


def _beyond(
    column: SQLCoreOperations[Any],
    number: SQLCoreOperations[Any],
    value: Any,
    after: int | str,
    descending: bool,
) -> ColumnElement[bool]:
    later = number < after if descending else number > after
    if value is None:
        same = and_(column.is_(None), later)
        return same if descending else or_(same, column.is_not(None))
    beyond = or_(column < value, column.is_(None)) if descending else column > value
    return or_(beyond, and_(column == value, later))


def cursor_of(number: int) -> str:
    """The cursor of a list that is sorted by number alone, after row `number`."""
    return _write("id", None, number)


def after_cursor(cursor: str | None) -> int:
    """The row number after which the page of `cursor_of` begins; 0 for the first.

    Raises
    ------
    Problem
        422 for a cursor that this list did not give.
    """
    if cursor is None:
        return 0
    number = _opened(cursor, "id")[1]
    if type(number) is not int or not 0 <= number < 2**63:
        raise _unknown_cursor()
    return number


def _unknown_cursor() -> Problem:
    return invalid("cursor", "unknown", "翻页标记无效，请从第一页重新开始")


def _opened(cursor: str, sort: str) -> tuple[Any, Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made_for, value, after = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError):
        raise _unknown_cursor() from None
    if made_for != sort:
        raise _unknown_cursor()
    return value, after


def _write(sort: str, value: Any, number: int | str) -> str:
    plain = value if isinstance(value, (int, float, str, type(None))) else str(value)
    return base64.urlsafe_b64encode(json.dumps([sort, plain, number]).encode()).decode().rstrip("=")


def _read(
    cursor: str, sort: str, column: SQLCoreOperations[Any], number: SQLCoreOperations[Any]
) -> tuple[Any, Any]:
    value, after = _opened(cursor, sort)
    try:
        return (None if value is None else _fitting(value, column)), _fitting(after, number)
    except (ValueError, TypeError):
        raise _unknown_cursor() from None


def _fitting(value: Any, column: SQLCoreOperations[Any]) -> Any:
    """`value` as the column's own kind: a cursor that somebody has written by hand must not confuse the database."""
    kind = coercions.expect(roles.ExpressionElementRole, column).type.python_type
    if kind is object:
        kind = str  # a text column of SQLModel does not name its kind
    if issubclass(kind, datetime):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError
        return at
    if issubclass(kind, date):
        return date.fromisoformat(value)
    if type(value) is not kind or (kind is int and abs(value) >= 2**63) or (kind is str and "\0" in value):
        raise ValueError
    if isinstance(value, str):
        value.encode()  # a lone surrogate is no text; UnicodeEncodeError is a ValueError
    return value
