"""A cell as a reader of files delivers it, and as text."""

from datetime import date, datetime

Cell = str | int | float | bool | date | datetime | None
"""What a reader of files delivers; in the national system's own exports every cell is text."""

_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace()]
_INVISIBLE = dict.fromkeys([*map(ord, "\u200b\u200c\u200d\u2060\ufeff"), *_CONTROLS])
_EXACT = 10**15


class Unclear(ValueError):
    """A text that cannot be read as what its column holds; the message says what belongs there, never what stood there."""


def text_of(cell: Cell) -> str:
    """The cell as text without blanks around it and invisible characters; a date as 2025-01-31.

    Raises
    ------
    Unclear
        for a number too long to have kept all its digits.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        # What is invisible is not printable either; hardly any cell needs the slow way.
        return (cell if cell.isprintable() else cell.translate(_INVISIBLE)).strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if abs(cell) >= _EXACT or cell != cell:
        raise Unclear("单元格是数值格式，位数太长，后几位已经丢失；请把该列设为文本格式后重新录入")
    return str(int(cell)) if cell == int(cell) else repr(cell)


def shown(cell: Cell) -> str:
    """The cell as it can be shown to whoever typed it, also where it is no text of a column."""
    try:
        return text_of(cell)
    except Unclear:
        return str(cell)
