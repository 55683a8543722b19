"""Many new rows in one statement. COPY is closed to a role under row security; arrays are nearly as fast."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, dialect

from models.base import metadata
from models.coded import Coded

_BATCH = 5_000
_DIALECT = dialect()  # type: ignore[no-untyped-call]


def reserve_ids(connection: Connection, table: str, count: int) -> list[int]:
    """`count` numbers of the table's own sequence that nobody else will be given; `models.security.DRAWN` allows it."""
    sequence = sql.SQL("SELECT nextval({}) FROM generate_series(1, {})").format(f"{table}_id_seq", count)
    with _cursor(connection) as cursor:
        return [number for (number,) in cursor.execute(sequence).fetchall()]


def insert_rows(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new rows, by column name; all have the same columns, and columns left out get their default *of the database*.

    Raises
    ------
    psycopg.Error
        as the database raises it: the caller's transaction is over then.
    """
    if not rows:
        return
    target, names = metadata.tables[table], list(rows[0])
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS given({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join(_read(target, name) for name in names),
        sql.SQL(", ").join(sql.SQL("%s::") + sql.SQL(_array_type(target, name)) for name in names),
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    with _cursor(connection) as cursor:
        for at in range(0, len(rows), _BATCH):
            batch = rows[at : at + _BATCH]
            cursor.execute(statement, [[_plain(target, name, row[name]) for row in batch] for name in names])


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _as_json(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, (ARRAY, JSONB))


def _array_type(table: Table, name: str) -> str:
    return "text[]" if _as_json(table, name) else f"{table.c[name].type.compile(_DIALECT)}[]"


def _read(table: Table, name: str) -> sql.Composable:
    if isinstance(table.c[name].type, ARRAY):
        # Arrays of arrays would be unnested to their last element: they travel as JSON.
        return sql.SQL("ARRAY(SELECT jsonb_array_elements_text({}::jsonb))").format(sql.Identifier(name))
    if _as_json(table, name):
        return sql.SQL("{}::jsonb").format(sql.Identifier(name))
    return sql.Identifier(name)


def _plain(table: Table, name: str, value: Any) -> Any:
    if value is not None and _as_json(table, name):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.value if isinstance(value, Coded) else value
