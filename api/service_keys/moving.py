"""Moving what one key seals and finds to another: some rows at a time, each time a short transaction that waits for nobody.

Rows that somebody else works on are passed over and come with the next round, so that the service never waits for more
than one batch, and no two ever wait for each other. What is done is told by the rows themselves: whoever begins anew
finds only what is left.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, text

from api.service_keys.counting import unmoved
from ledger.identity.likeness import plain_number
from models.bulk import update_rows
from models.sealed import BY_SERVICE_KEY, INDEXED, ByServiceKey
from models.sealing import Keyring, Unsealable, index_column, index_columns, open_person_key, seal, unseal

BATCH = 500
Tell = Callable[[int], None]
"""Told after each batch how many rows it had."""


def move_sealed(engine: Engine, keyring: Keyring, old: str, tell: Tell) -> int:
    """Once over all that is sealed under `old`, to seal it under the current key; how many rows can't be opened."""
    broken = 0
    for declared in BY_SERVICE_KEY:
        wanted = (
            f'SELECT t.{declared.primary}, t.{declared.column} FROM "{declared.table}" t '  # noqa: S608 - names are ours
            f"WHERE master_key_id = :old AND {declared.column} IS NOT NULL AND ({declared.rows})"
        )
        change = partial(_resealed, keyring, declared, old)
        broken += _over(engine, declared.primary, wanted, change, tell, after=declared.least, old=old)
    return broken


def _resealed(
    keyring: Keyring, declared: ByServiceKey, old: str, connection: Connection, rows: Sequence[Any]
) -> int:
    before, current = keyring.master(old), keyring.current
    new: list[dict[str, Any]] = []
    for number, sealed in rows:
        try:
            # Nothing is left of the key of a person whose data was deleted; the row says that it was there.
            plain = unseal(before, sealed, declared.context) if sealed else b""
        except Unsealable:
            continue
        again = seal(keyring.master(current), plain, declared.context) if sealed else b""
        new.append({declared.primary: number, "master_key_id": current, declared.column: again})
    update_rows(connection, declared.table, (declared.primary,), new)
    return len(rows) - len(new)


def fill_indexes(engine: Engine, keyring: Keyring, old: int, new: int, tell: Tell) -> int:
    """Once over all who are found by column `old` alone, to be found by column `new` too; how many can't be opened."""
    broken = 0
    for table, kinds in INDEXED.items():
        sealed = ", ".join(f"t.{kind}_sealed" for kind in kinds)
        wanted = f"SELECT t.id, k.master_key_id, k.sealed_key, {sealed} {unmoved(table, old, new)}"
        broken += _over(engine, "id", wanted, partial(_indexed, keyring, table, new), tell, after=0)
    return broken


def _indexed(keyring: Keyring, table: str, slot: int, connection: Connection, rows: Sequence[Any]) -> int:
    new: list[dict[str, Any]] = []
    for number, master_key_id, sealed_key, *values in rows:
        told: dict[str, Any] = {"id": number}
        try:
            key = open_person_key(keyring, master_key_id, sealed_key)
            for kind, sealed in zip(INDEXED[table], values, strict=True):
                value = unseal(key, sealed, f"worker.{kind}").decode() if sealed else None
                if value and kind == "id_number":
                    value = plain_number(value)
                column = index_column(kind, slot)
                told[column] = index_columns(keyring, kind, value)[column]
        except Unsealable:
            continue
        new.append(told)
    update_rows(connection, table, ("id",), new)
    return len(rows) - len(new)


def clear_indexes(engine: Engine, old: int, new: int, tell: Tell) -> None:
    """Once over all who are found by both columns, to be found by `new` alone."""
    for table, kinds in INDEXED.items():
        columns = [(index_column(kind, old), index_column(kind, new)) for kind in kinds]
        both = " OR ".join(f"(t.{one} IS NOT NULL AND t.{other} IS NOT NULL)" for one, other in columns)
        emptied = ", ".join(f"{one} = CASE WHEN {other} IS NULL THEN {one} END" for one, other in columns)
        cleared = text(f'UPDATE "{table}" SET {emptied} WHERE id = ANY (:ids)')  # noqa: S608 - names are ours
        wanted = f'SELECT t.id FROM "{table}" t WHERE ({both})'  # noqa: S608 - names are ours
        _over(engine, "id", wanted, partial(_cleared, cleared), tell, after=0)


def _cleared(statement: TextClause, connection: Connection, rows: Sequence[Any]) -> int:
    connection.execute(statement, {"ids": [row[0] for row in rows]})
    return 0


def _over(
    engine: Engine,
    primary: str,
    wanted: str,
    change: Callable[[Connection, Sequence[Any]], int],
    tell: Tell,
    *,
    after: Any,
    **told: Any,
) -> int:
    """Once over the rows `t` that are `wanted`, in the order of their keys; the sum of what `change` answers.

    `after`: what comes before every key.
    """
    some = text(
        f"{wanted} AND t.{primary} > :after ORDER BY t.{primary} LIMIT :batch FOR UPDATE OF t SKIP LOCKED"
    )
    answered = 0
    while True:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL app.moving_keys = 'on'"))
            rows = connection.execute(some, {"after": after, "batch": BATCH, **told}).all()
            if not rows:
                return answered
            answered += change(connection, rows)
            after = rows[-1][0]
        tell(len(rows))
