"""A workbook being written: streamed through memory-backed files that nobody else can read and that never stay."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from unicodedata import east_asian_width

import xlsxwriter

Value = str | int | float | Decimal | date | None
"""What a table's cell may hold; text stays text."""

TEXT = 49
"""The number format in which a spreadsheet leaves a cell as it is typed."""

_LONGEST_TEXT = 32_767
_CUT = "…（已截断）"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of ours is made in it, readable by us alone
_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
_WIDEST = 42


@contextmanager
def workbook(stream: BinaryIO) -> Iterator[Any]:
    """A workbook that goes to `stream` when the block ends; rows are to be written from the top down.

    What the writer keeps meanwhile lies in a folder in memory, where there is one, and is gone afterwards.
    """
    folder = tempfile.mkdtemp(dir=_SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None)
    try:
        book = xlsxwriter.Workbook(stream, {**_OPTIONS, "tmpdir": folder})
        try:
            yield book
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        book.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(sheet: Any, row: int, column: int, value: Value, style: Any = None) -> None:
    """One cell: a text as text, whatever it begins with; a number as a number; a day as text (2025-01-31)."""
    if value is None or value == "":
        if style is not None:
            sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, fitting(value), style)
    elif isinstance(value, date):
        sheet.write_string(row, column, value.isoformat(), style)
    else:
        sheet.write_number(row, column, value, style)


def fitting(text: str) -> str:
    """The text as far as a cell can hold it; a cut is said to be one."""
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - len(_CUT)] + _CUT


def width(*texts: str) -> int:
    """The width of a column, in digits, in which the longest of the texts can be read."""
    longest = max(
        (sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text) for text in texts), default=0
    )
    return min(longest + 3, _WIDEST)


def sheet_name(title: str) -> str:
    """A name that a sheet may have."""
    return "".join("－" if sign in "[]:*?/\\" else sign for sign in title)[:31] or "表一"
