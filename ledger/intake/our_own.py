"""Our own files that come back: those with the numbers hidden say nothing of anybody, and a register is no list."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ledger.forms import Cell
from ledger.intake.layouts import column_of
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import View

_HIDDEN = re.compile(r"[0-9Xx]*\*{4,}[0-9Xx]*")
_MASKED = "这个文件里的证件号码已隐藏，认不出是谁，没有读取；请导出完整号码的文件再导入"
_REGISTER = (
    "这是本系统导出的“{title}”，由台账生成，没有读取、台账没有改动；要核对或改动台账，"
    "请导出完整号码的“{roster}”或“{away}”，改好后导入那个文件"
)


def not_to_come_back(
    name: str, file_name: str, top: Sequence[tuple[int, Sequence[Cell]]], sheet: Mapping[str, Any]
) -> str:
    """Why the file is not read, in a sentence that says which one to import instead; empty where it may be.

    Parameters
    ----------
    name, file_name : of the sheet and of the file: two registers may have the same columns.
    top : number (from 1) and cells of the sheet's first rows.
    sheet : the sheet as it was laid out.
    """
    view = _register(f"{name} {file_name}", top)
    if view is not None:
        roster, away = VIEWS["roster"].title, VIEWS["away"].title
        return _REGISTER.format(title=view.title, roster=roster, away=away)
    return _MASKED if _numbers_hidden(top, sheet) else ""


def _register(name: str, top: Sequence[tuple[int, Sequence[Cell]]]) -> View | None:
    rows = [{cell.strip() for cell in cells if isinstance(cell, str)} for _, cells in top]
    found = [
        view
        for view in VIEWS.values()
        for columns in view.own
        if any(row.issuperset(column.heading for column in columns) for row in rows)
    ]
    return next((view for view in found if view.title in name), found[0] if found else None)


def _numbers_hidden(top: Sequence[tuple[int, Sequence[Cell]]], sheet: Mapping[str, Any]) -> bool:
    at = column_of(sheet, "id_number")
    if at is None:
        return False
    below = (cells for number, cells in top if number > (sheet["heading_row"] or 0))
    told = [text for cells in below if at < len(cells) and (text := str(cells[at] or "").strip())]
    # A number that somebody hid by hand is a line's fault, and told there.
    return bool(told) and sum(1 for text in told if _HIDDEN.fullmatch(text)) * 2 > len(told)
