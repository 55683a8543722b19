"""Tables of any length as a workbook or CSV: streamed, ID numbers as text, no cell a formula."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from itertools import chain, count, islice

from api.workbooks.book import Value, sheet_name
from api.workbooks.package import Sink, package
from api.workbooks.plain_sheet import Seen, Sheet, write_sheet
from ledger.cells import harmless

_MOST_ROWS = 1_000_000
"""Of one sheet; Excel has room for 1,048,576. What goes beyond stands on a further sheet."""

_AT_ONCE = 500
_LONG_NUMBER = re.compile(r"[0-9]{12,}[0-9Xx]?")


def _unseen(_: int) -> None:
    """Nobody wants to know."""


def write_workbook(sink: Sink, sheets: Iterable[Sheet], *, seen: Seen = _unseen) -> list[tuple[str, int]]:
    """Write the sheets in order, each row as it comes; their names, with the rows that each has.

    What fails on the way leaves no workbook behind: the bytes written so far are none.
    """
    written: list[tuple[str, int]] = []
    with package(sink) as opened:
        for sheet in sheets:
            rows = iter(sheet.rows)
            for part in count(1):
                name = _name(sheet.name, part, {taken for taken, _ in written})
                with opened(name) as out:
                    written.append((name, write_sheet(out, sheet, islice(rows, _MOST_ROWS), seen)))
                following = next(rows, None)
                if following is None:
                    break
                rows = chain([following], rows)
    return written


def write_csv(sink: Sink, sheet: Sheet, *, seen: Seen = _unseen) -> int:
    """Write headings and rows in UTF-8 with the mark that spreadsheets need; how many rows there were.

    A text like a formula gets an apostrophe in front, a long number a tab behind, which keeps all its digits; our own
    import takes both off again.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    line = csv.writer(buffer, lineterminator="\r\n")
    line.writerow([harmless(heading) for heading in sheet.headings])
    done = 0
    rows = iter(sheet.rows)
    while some := list(islice(rows, _AT_ONCE)):
        line.writerows([_text(cell) for cell in cells] for cells in some)
        done += len(some)
        _empty(buffer, sink)
        seen(done)
    _empty(buffer, sink)
    return done


def _text(cell: Value) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"{cell}\t" if _LONG_NUMBER.fullmatch(cell) else harmless(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _empty(buffer: io.StringIO, sink: Sink) -> None:
    sink.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()


def _name(name: str, part: int, taken: set[str]) -> str:
    plain = sheet_name(name)[:27] + f"({part})" if part > 1 else sheet_name(name)
    return plain if plain not in taken else f"{plain[:26]}#{len(taken)}"
