"""A table of any length as a workbook or CSV: streamed, ID numbers as text, no cell a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO, Literal

from api.workbooks.book import Value, sheet_name, width
from api.workbooks.plain_sheet import AS_TEXT, PLAIN, write_sheet
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
    kept = [column.text_only or column.personal for column in columns]
    return write_sheet(
        stream,
        rows,
        name=sheet_name(title),
        widths=[width(column.heading, column.example) for column in columns],
        styles=[AS_TEXT if as_text else PLAIN for as_text in kept],
        banner=banner,
        headings=[column.heading for column in columns],
    )


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
