"""What is kept of a file while it waits: its bytes, its cells and what was found, all sealed under the file's own key."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from sqlmodel import Session, col, select

from models.coded import Coded
from models.intake import Import, ImportPart
from models.sealing import Keyring, Unsealable, new_person_key, open_person_key, seal, unseal

Cell = str | int | float | bool | date | None

PART = 4 * 1024 * 1024
"""Bytes of the file in one row."""


def give_key(keyring: Keyring, row: Import) -> bytes:
    """A key of the file's own, kept with it under the service's key."""
    key, row.master_key_id, row.sealed_key = new_person_key(keyring)
    return key


def key_of(keyring: Keyring, row: Import) -> bytes:
    """The file's key.

    Raises
    ------
    models.sealing.Unsealable
        when the file has none, or the service's key is another.
    """
    if row.master_key_id is None or row.sealed_key is None:
        raise Unsealable("the file has no key")
    return open_person_key(keyring, row.master_key_id, row.sealed_key)


def keep_file(session: Session, key: bytes, import_id: int, content: bytes) -> None:
    """The file's bytes, in sealed pieces."""
    for part, at in enumerate(range(0, max(1, len(content)), PART)):
        session.add(
            ImportPart(
                import_id=import_id,
                part=part,
                sealed=seal(key, content[at : at + PART], f"import_part.{part}"),
            )
        )
    session.flush()


def kept_file(session: Session, key: bytes, import_id: int) -> bytes:
    """The file as it was sent.

    Raises
    ------
    models.sealing.Unsealable
        when a piece was altered, or they are gone.
    """
    content = bytearray()
    rows = session.exec(
        select(ImportPart.part, ImportPart.sealed)
        .where(ImportPart.import_id == import_id)
        .order_by(col(ImportPart.part))
    ).all()
    if not rows:
        raise Unsealable("the file is gone")
    for number, (part, sealed) in enumerate(rows):
        if part != number:
            raise Unsealable("a piece is missing")
        content += unseal(key, sealed, f"import_part.{part}")
    return bytes(content)


def seal_cells(key: bytes, cells: Sequence[Cell], formulas: Iterable[int] = ()) -> bytes:
    """One row: its cells, and the columns (from 0) whose cells are formulas."""
    told: dict[str, Any] = {"c": list(cells)}
    if marked := sorted(formulas):
        told["f"] = marked
    return seal(key, _written(told), "import_line.cells")


def unseal_cells(key: bytes, sealed: bytes) -> tuple[list[Cell], list[int]]:
    """The row's cells, and the columns whose cells are formulas."""
    content = unseal(key, sealed, "import_line.cells")
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:  # halves of characters, which a file can hold and JSON can't
        told = json.loads(content.decode("utf-8", "surrogatepass"))
    cells = [date.fromisoformat(cell["d"]) if isinstance(cell, dict) else cell for cell in told["c"]]
    return cells, told.get("f", [])


def seal_judgement(key: bytes, complaints: Sequence[Sequence[Any]], changes: dict[str, Any]) -> bytes | None:
    """What was found in a line; None where there is nothing to tell."""
    if not complaints and not changes:
        return None
    return seal(key, _written({"complaints": complaints, "changes": changes}), "import_line.judgement")


def unseal_judgement(key: bytes, sealed: bytes | None) -> dict[str, Any]:
    """`{"complaints": [[column, reason, refused]], "changes": {field: [before, after, kept]}}`, in words."""
    if sealed is None:
        return {"complaints": [], "changes": {}}
    told: dict[str, Any] = json.loads(unseal(key, sealed, "import_line.judgement"))
    return told


def shown(value: Any) -> str:
    """A value of a record as people read it."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(str(part) for part in value)
    if isinstance(value, Coded):
        return value.label
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def _written(told: dict[str, Any]) -> bytes:
    return _AS_JSON(told).encode("utf-8", "surrogatepass")


def _date(value: Any) -> Any:
    if isinstance(value, date):
        return {"d": value.isoformat()}
    raise TypeError(type(value).__name__)


_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_date).encode
