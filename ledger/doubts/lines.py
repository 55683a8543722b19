"""Lines of applied imports that are nobody yet, because their ID number can't be anybody's."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from ledger.doubts.person import id_number_wrong
from ledger.doubts.rule import Context
from ledger.doubts.standing import Case
from ledger.intake.sealing import key_of, unseal_cells
from ledger.records.reported import Reported
from models.intake import Import, ImportLine, ImportState, LineStatus
from models.sealing import Keyring, Unsealable

_AS_NUMBER = "证件号码存成了数字，后几位可能已经失真：请把这一列设为文本，重新录入号码"


def line_cases(
    session: Session, keyring: Keyring, *, region: str, as_of: date, import_id: int | None = None
) -> Iterator[Case]:
    """A case of D22 for each rejected line, not settled yet, of the bureau's applied imports."""
    context = Context(as_of, region)
    query = (
        select(Import, ImportLine)
        .join(ImportLine, col(ImportLine.import_id) == col(Import.id))
        .where(
            Import.state == ImportState.APPLIED,
            col(Import.region).startswith(region, autoescape=True),
            col(ImportLine.status) == LineStatus.REJECTED,
            col(ImportLine.settled_at).is_(None),
            col(ImportLine.sealed_cells).is_not(None),
        )
        .order_by(col(Import.id), col(ImportLine.line))
    )
    if import_id is not None:
        query = query.where(Import.id == import_id)
    keys: dict[int, bytes | None] = {}
    for file, line in session.exec(query):
        if file.identity not in keys:
            keys[file.identity] = _key(keyring, file)
        key, column = keys[file.identity], _column_of_number(file, line)
        if key is None or column is None or line.sealed_cells is None:
            continue
        cells, _ = unseal_cells(key, line.sealed_cells)
        what = _wrong(cells[column] if column < len(cells) else None, line, context)
        if what is not None:
            subject = f"line {file.identity} {line.line}"
            yield Case(id_number_wrong, file.region, subject, what, {}, None, None, file.identity, line.line)


def _key(keyring: Keyring, file: Import) -> bytes | None:
    try:
        return key_of(keyring, file)
    except Unsealable:
        return None  # the file's key is gone, and what it held with it


def _column_of_number(file: Import, line: ImportLine) -> int | None:
    if line.sheet >= len(file.sheets):
        return None
    mapping = file.sheets[line.sheet].get("mapping", {})
    return next((int(column) for column, field in mapping.items() if field == "id_number"), None)


def _wrong(cell: Any, line: ImportLine, context: Context) -> str | None:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _AS_NUMBER
    told = str(cell).strip() if cell is not None else ""
    reported = Reported(line.row or line.line, asked=frozenset({"id_number"}), id_number=told or None)
    return id_number_wrong.find(reported, context)
