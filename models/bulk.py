"""Many new rows in one statement. COPY is closed to a role under row security; arrays are nearly as fast."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, dialect

from models.base import metadata
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
        as the database raises it: the caller's transaction is over then.
    """
    if not rows:
        return
    target, names = metadata.tables[table], list(rows[0])
    statement = text(
        f'INSERT INTO "{table}" ({", ".join(names)}) '  # noqa: S608 - names of our tables and columns
        f"SELECT {', '.join(_read(target, name) for name in names)} "
        f"FROM unnest({', '.join(f'CAST(:{name} AS {_array_type(target, name)})' for name in names)}) "
        f"AS given({', '.join(names)})"
    )
    for at in range(0, len(rows), _BATCH):
        batch = rows[at : at + _BATCH]
        connection.execute(
            statement, {name: [_plain(target, name, row[name]) for row in batch] for name in names}
        )


def _as_json(table: Table, name: str) -> bool:
    return isinstance(table.c[name].type, (ARRAY, JSONB))


def _array_type(table: Table, name: str) -> str:
    return "text[]" if _as_json(table, name) else f"{table.c[name].type.compile(_DIALECT)}[]"


def _read(table: Table, name: str) -> str:
    if isinstance(table.c[name].type, ARRAY):
        # Arrays of arrays would be unnested to their last element: they travel as JSON.
        return f"ARRAY(SELECT jsonb_array_elements_text(CAST({name} AS jsonb)))"
    return f"CAST({name} AS jsonb)" if _as_json(table, name) else name


def _plain(table: Table, name: str, value: Any) -> Any:
    if value is not None and _as_json(table, name):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.value if isinstance(value, Coded) else value
