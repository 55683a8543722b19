"""A table as CSV for a spreadsheet: nothing is taken for a formula, no long number loses its last digits."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date

from api.exporting.sheets import Seen, Sink
from ledger.cells import harmless
from ledger.registers.view import Table, Value, cells

_AT_ONCE = 500
_LONG_NUMBER = re.compile(r"[0-9]{12,}[0-9Xx]?")


def write_csv(sink: Sink, tables: Iterable[Table], *, masked: bool, seen: Seen) -> list[tuple[str, int]]:
    """Write the first table, in UTF-8 with a mark that spreadsheets need; all tables' names, with the rows written."""
    remaining = iter(tables)
    table = next(remaining)
    buffer = io.StringIO()
    line = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    line.writerow([column.heading for column in table.columns])
    done = 0
    for row in cells(table, masked=masked):
        line.writerow([as_text(value) for value in row])
        done += 1
        if done % _AT_ONCE == 0:
            _empty(buffer, sink)
            seen(done)
    _empty(buffer, sink)
    return [(table.name, done), *((other.name, 0) for other in remaining)]


def as_text(value: Value) -> str:
    """A cell of a CSV that somebody opens in a spreadsheet: a tab behind digits keeps them all."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return f"{value}\t" if _LONG_NUMBER.fullmatch(value) else harmless(value)


def _empty(buffer: io.StringIO, sink: Sink) -> None:
    sink.write(buffer.getvalue().encode())
    buffer.seek(0)
    buffer.truncate()
