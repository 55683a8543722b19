"""What stands in a column whose heading nobody knows: a few values, so that somebody can tell what it means."""

import re

from sqlmodel import Session, col, select

from api.deps import Caller
from api.rights import Action
from ledger.forms.cells import shown
from ledger.intake.sealing import key_of, unseal_cells
from models.intake import Import, ImportLine
from models.sealing import Keyring, Unsealable

_LINES = 20
_VALUES = 3
_LONGEST = 30
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){6,}[Xx]?")


def samples(session: Session, keyring: Keyring, caller: Caller, row: Import) -> list[dict[int, list[str]]]:
    """By sheet and column (from 0): the first different values of columns that are asked about, long numbers masked.
    Nothing for those who may not see people."""
    found: list[dict[int, list[str]]] = [{} for _ in row.sheets]
    if not caller.may(Action.READ_LEDGER, row.region):
        return found
    try:
        key = key_of(keyring, row)
    except Unsealable:
        return found
    for number, sheet in enumerate(row.sheets):
        asked = [int(at) for at in sheet["asking"]]
        lines = (
            select(ImportLine.sealed_cells)
            .where(
                ImportLine.import_id == row.identity,
                ImportLine.sheet == number,
                col(ImportLine.row) > (sheet["heading_row"] or 0),
                col(ImportLine.sealed_cells).is_not(None),
            )
            .order_by(col(ImportLine.line))
            .limit(_LINES)
        )
        for sealed in session.exec(lines) if asked else ():
            cells, _ = unseal_cells(key, sealed or b"")
            for at in asked:
                told = _masked(shown(cells[at])) if at < len(cells) else ""
                values = found[number].setdefault(at, [])
                if told and told not in values and len(values) < _VALUES:
                    values.append(told)
    return found


def _masked(text: str) -> str:
    plain = _NUMBER.sub(lambda match: match[0][:3] + "*" * (len(match[0]) - 3), text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
