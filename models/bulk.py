"""Many rows in one statement. COPY is closed to a role under row security; a JSON list for each column is nearly as
fast, and twice as fast as arrays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, LargeBinary, Table, any_, cast, literal, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, dialect
from sqlmodel import col

from models.base import metadata
from models.beside import send
from models.coded import Coded

_BATCH = 5_000
_DIALECT = dialect()  # type: ignore[no-untyped-call]


def reserve_ids(connection: Connection, table: str, count: int) -> list[int]:
    """`count` numbers of the table's own sequence that nobody else will be given; `models.security.DRAWN` allows it."""
    drawn = text(f"SELECT nextval('{table}_id_seq') FROM generate_series(1, :count)")  # noqa: S608 - a table of ours
    return list(connection.scalars(drawn, {"count": count}))


def insert_rows(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write new rows, by column name.

    All rows have the same columns; a column left out gets the default of the database, not the model's.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        as the database raises it, in `models.beside.beside` by the next statement: the caller's transaction is over then.
    """
    if not rows:
        return
    target, names = metadata.tables[table], list(rows[0])
    for told, varied, _ in _batches(target, rows):
        send(
            connection,
            text(
                f'INSERT INTO "{table}" ({", ".join(names)}) '  # noqa: S608 - names of our tables and columns
                f"SELECT {', '.join(_read(target, name, varied) for name in names)} FROM {_given(varied)}"
            ),
            told,
        )


def update_rows(
    connection: Connection, table: str, keys: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Change rows, by column name: those that `keys`, whole numbers, name get the other columns that are told.

    All rows have the same columns.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        as `insert_rows`.
    """
    if not rows:
        return
    target, names = metadata.tables[table], list(rows[0])
    for told, varied, batch in _batches(target, rows):
        changes = ", ".join(f"{name} = {_read(target, name, varied)}" for name in names if name not in keys)
        which = " AND ".join(f"changed.{name} = {_read(target, name, varied)}" for name in keys)
        for name in keys:
            # A planner that knows nothing of the table yet would take all of it to find a thousand rows.
            which += f" AND changed.{name} BETWEEN :{name}_least AND :{name}_most"
            numbers = [row[name] for row in batch]
            told |= {f"{name}_least": min(numbers), f"{name}_most": max(numbers)}
        send(
            connection,
            text(f'UPDATE "{table}" changed SET {changes} FROM {_given(varied)} WHERE {which}'),  # noqa: S608
            told,
        )


def count_again(connection: Connection) -> None:
    """Let the planner know how many rows the transaction has written so far.

    A plan made for the few rows that there were before goes through all rows for each of a hundred thousand.
    """
    connection.execute(text("SELECT count_again()"))


def _batches(
    target: Table, rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[dict[str, Any], list[str], Sequence[Mapping[str, Any]]]]:
    """Some rows at a time: as parameters, the columns that vary (what is the same in all is sent once), and the rows."""
    names = list(rows[0])
    for at in range(0, len(rows), _BATCH):
        batch = rows[at : at + _BATCH]
        told: dict[str, Any] = {}
        varied: list[str] = []
        for name in names:
            values = _plain(target, name, [row[name] for row in batch])
            if (varied or name is not names[-1]) and values.count(values[0]) == len(values):
                told[name] = values[0].value if isinstance(values[0], Coded) else values[0]
            else:
                varied.append(name)
                told[name] = _listed(target, name, values)
        yield told, varied, batch


def _given(varied: Sequence[str]) -> str:
    lists = ", ".join(f"json_array_elements_text(CAST(:{name} AS json))" for name in varied)
    return f"ROWS FROM ({lists}) AS given({', '.join(varied)})"


def _as_json(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, (ARRAY, JSONB))


def _read(table: Table, name: str, varied: Sequence[str]) -> str:
    given = f"given.{name}" if name in varied else f":{name}"
    if isinstance(table.c[name].type, ARRAY):
        return f"ARRAY(SELECT jsonb_array_elements_text(CAST({given} AS jsonb)))"
    if isinstance(table.c[name].type, JSONB):
        return f"CAST({given} AS jsonb)"
    return f"CAST({given} AS {table.c[name].type.compile(_DIALECT)})"


def _json(value: Any) -> str:
    return orjson.dumps(value, str, orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _plain(table: Table, name: str, values: list[Any]) -> list[Any]:
    """The values of one column; lists and objects as JSON."""
    if _as_json(table, name):
        return [None if value is None else _json(value) for value in values]
    return values


def _listed(table: Table, name: str, values: list[Any]) -> str:
    if isinstance(table.c[name].type, LargeBinary):
        values = [None if value is None else f"\\x{value.hex()}" for value in values]
    return _json(values)


def among(column: Any, values: Iterable[Any], kind: Any = BigInteger) -> ColumnElement[bool]:
    """Whether the column is one of the values, sent as one array: two thousand parameters cost more than the rows."""
    if kind is BigInteger:
        # The driver takes as long for ten of them as this for a hundred.
        listed = literal("{" + ",".join(map(str, values)) + "}")
        return col(column) == any_(cast(listed, ARRAY(BigInteger)))
    return col(column) == any_(literal(list(values), ARRAY(kind)))
