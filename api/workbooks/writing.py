"""A table of any length as a workbook or CSV: streamed, ID numbers as text, no cell a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO, Literal

from api.workbooks.book import MOST_ROWS, TEXT, Value, put, sheet_name, width, workbook
from ledger.cells import harmless
from ledger.forms.column import Column

FileKind = Literal["xlsx", "csv"]


def write_table(
    stream: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    title: str,
    banner: Sequence[str] = (),
    kind: FileKind = "xlsx",
) -> int:
    """Write the rows below the columns' headings, each as it comes, and tell how many there were.

    Parameters
    ----------
    title : names the sheet.
    banner : rows above the headings, in a workbook; a CSV file begins with its headings.
    kind : a CSV file is UTF-8 with a BOM, which spreadsheets need; a text like a formula gets an apostrophe in front,
        which our own import takes off again.

    Raises
    ------
    ValueError
        when a workbook can't hold so many rows.
    """
    if kind == "csv":
        return _csv(stream, columns, rows)
    return _xlsx(stream, columns, rows, title, banner)


def _csv(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> int:
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(column.heading) for column in columns])
    many = 0
    for many, cells in enumerate(rows, 1):  # noqa: B007 - told at the end
        writer.writerow(
            [harmless(cell) if isinstance(cell, str) else "" if cell is None else str(cell) for cell in cells]
        )
    text.flush()
    text.detach()
    return many


def _xlsx(
    stream: BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    title: str,
    banner: Sequence[str],
) -> int:
    with workbook(stream) as book:
        sheet = book.add_worksheet(sheet_name(title))
        as_text = book.add_format({"num_format": TEXT})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
        for at, column in enumerate(columns):
            sheet.set_column(
                at,
                at,
                width(column.heading, column.example),
                as_text if column.text_only or column.personal else None,
            )
        for at, line in enumerate(banner):
            put(sheet, at, 0, line)
        head = len(banner)
        for at, column in enumerate(columns):
            put(sheet, head, at, column.heading, bold)
        sheet.freeze_panes(head + 1, 0)
        styles = [as_text if column.text_only or column.personal else None for column in columns]
        number = head
        for number, cells in enumerate(rows, head + 1):
            if number >= MOST_ROWS:
                raise ValueError("more rows than a sheet can hold")
            for at, cell in enumerate(cells):
                if cell is not None and cell != "":
                    put(sheet, number, at, cell, styles[at])
        if columns:
            sheet.autofilter(head, 0, max(number, head), len(columns) - 1)
        return number - head
