"""Many rows at once into one table, by COPY."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from models.base import metadata
from models.coded import Coded

Progress = Callable[[int, int, str], None]
"""Told of `done` steps out of `total`, and in Chinese of what is under way."""

Rows = Sequence[Mapping[str, Any]]
"""Rows by column name; all have the same columns."""


def silent(_done: int, _total: int, _words: str) -> None:
    """The progress of somebody who does not look."""


def reserve_ids(connection: Connection, table: str, count: int) -> range:
    """`count` numbers of the table's own identity sequence that nobody else will be given."""
    name = f"pg_get_serial_sequence('{table}', 'id')"
    first = connection.scalar(text(f"SELECT nextval({name})"))
    connection.scalar(text(f"SELECT setval({name}, :last)"), {"last": first + max(count, 1) - 1})
    return range(first, first + count)


def copy_rows(connection: Connection, table: str, rows: Rows) -> int:
    """Write new rows; the number written."""
    return _copy(connection, metadata.tables[table], table, rows)


def upsert_rows(connection: Connection, table: str, rows: Rows) -> int:
    """Write rows that are new or changed, known by the primary key; the number new or changed."""
    target = metadata.tables[table]
    staged = f"incoming_{table}"
    connection.execute(text(f'CREATE TEMP TABLE {staged} (LIKE "{table}") ON COMMIT DROP'))
    _copy(connection, target, staged, rows)
    columns = list(rows[0])
    keys = [column.name for column in target.primary_key]
    others = [column for column in columns if column not in keys]
    old, new = (", ".join(f"{row}.{column}" for column in others) for row in ("kept", "excluded"))
    written = connection.execute(
        text(
            f'INSERT INTO "{table}" AS kept ({", ".join(columns)}) SELECT {", ".join(columns)} FROM {staged} '  # noqa: S608 - names of our tables
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET "
            f"{', '.join(f'{column} = excluded.{column}' for column in others)} "
            f"WHERE ({old}) IS DISTINCT FROM ({new})"
        )
    ).rowcount
    connection.execute(text(f"DROP TABLE {staged}"))
    return written


def analyse(connection: Connection, tables: Iterable[str]) -> None:
    """Let the planner know what the tables now hold; it would guess until the server gets round to looking."""
    connection.execute(text("ANALYZE " + ", ".join(f'"{table}"' for table in tables)))


def _copy(connection: Connection, columns_of: Table, into: str, rows: Rows) -> int:
    if not rows:
        return 0
    names = list(rows[0])
    objects = {name for name in names if isinstance(columns_of.c[name].type, JSONB)}
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("a psycopg connection is wanted")
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(into), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_ready(row[name], name in objects) for name in names])
    return len(rows)


def _ready(value: Any, is_object: bool) -> Any:
    if is_object:
        return Jsonb(value)
    return value.value if isinstance(value, Coded) else value
