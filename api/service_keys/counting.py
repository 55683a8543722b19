"""How many values are sealed under which key, and how many look-ups are still to be moved to another."""

from collections import Counter

from sqlalchemy import Connection, text

from models.sealed import BY_SERVICE_KEY, INDEXED, ByServiceKey
from models.sealing import MARKS, Algorithm, index_column

_ALGORITHMS = {mark: algorithm for algorithm, mark in MARKS.items()}
OWNER = {"worker": "id", "former_number": "worker_id"}
"""By table, the column that says whose number a row is of."""


def values_under(connection: Connection) -> dict[str, Counter[Algorithm]]:
    """By key, how many values it seals, and with what. What is left of those whose data was deleted is no value."""
    found: dict[str, Counter[Algorithm]] = {}
    for declared in BY_SERVICE_KEY:
        for key_id, mark, count in connection.execute(text(_counted(declared))):
            found.setdefault(key_id, Counter())[_ALGORITHMS[mark]] += count
    return found


def _counted(declared: ByServiceKey) -> str:
    return (
        f"SELECT master_key_id, get_byte({declared.column}, 0), count(*) "  # noqa: S608 - names are ours
        f'FROM "{declared.table}" WHERE length({declared.column}) > 0 AND ({declared.rows}) GROUP BY 1, 2'
    )


def rows_under(connection: Connection, key_id: str) -> dict[str, int]:
    """How many rows of each table name the key."""
    counted = {
        declared.table: connection.scalar(
            text(
                f'SELECT count(*) FROM "{declared.table}" WHERE master_key_id = :key '  # noqa: S608 - names are ours
                f"AND {declared.column} IS NOT NULL AND ({declared.rows})"
            ),
            {"key": key_id},
        )
        for declared in BY_SERVICE_KEY
    }
    return {table: count for table, count in counted.items() if count}


def unmoved(table: str, old: int, new: int) -> str:
    """SQL: of the rows `t` of a table with the persons' keys `k` those that the new key's column does not find yet.

    Of people whose data was deleted nothing can be opened: they stay with the key that finds them.
    """
    lacking = " OR ".join(
        f"(t.{index_column(kind, old)} IS NOT NULL AND t.{index_column(kind, new)} IS NULL)"
        for kind in INDEXED[table]
    )
    return (
        f'FROM "{table}" t JOIN person_key k ON k.worker_id = t.{OWNER[table]} '
        f"WHERE length(k.sealed_key) > 0 AND ({lacking})"
    )


def unmoved_rows(connection: Connection, old: int, new: int) -> dict[str, int]:
    """How many there are in each table."""
    counted = {
        table: connection.scalar(text(f"SELECT count(*) {unmoved(table, old, new)}")) for table in INDEXED
    }
    return {table: count for table, count in counted.items() if count}


def any_in(connection: Connection, slot: int) -> bool:
    """Whether anything stands in that column of the look-ups."""
    return any(
        connection.scalar(
            text(f'SELECT EXISTS (SELECT FROM "{table}" WHERE {index_column(kind, slot)} IS NOT NULL)')  # noqa: S608
        )
        for table, kinds in INDEXED.items()
        for kind in kinds
    )


def found_by_both(connection: Connection) -> bool:
    """Whether anybody is found by both columns of the look-ups."""
    return any(
        connection.scalar(
            text(
                f'SELECT EXISTS (SELECT FROM "{table}" '  # noqa: S608 - names are ours
                f"WHERE num_nonnulls({index_column(kind, 1)}, {index_column(kind, 2)}) = 2)"
            )
        )
        for table, kinds in INDEXED.items()
        for kind in kinds
    )
