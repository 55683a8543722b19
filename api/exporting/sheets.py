"""A workbook written straight through: every row goes out as it comes, nothing is kept but the row at hand.

Cells are inline strings, numbers or dates, so no text can be taken for a formula and an ID number stays text.
Office Open XML, ECMA-376 part 1.
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, count, islice
from typing import Protocol
from xml.sax.saxutils import escape

from ledger.registers.view import Table, Value, cells

_ROWS = 1_000_000
"""Of one sheet; Excel has room for 1,048,576. What goes beyond stands on a further sheet."""

_AT_ONCE = 400
_EPOCH = date(1899, 12, 30).toordinal()
_WRITTEN_ON = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TEXT, _BOLD, _DATE = 1, 2, 3  # the styles below, by number

_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


class Sink(Protocol):
    """Where the bytes go: forward only."""

    def write(self, data: bytes, /) -> int:
        """Take the next bytes."""

    def flush(self) -> None:
        """Nothing is to be waited for."""

    def close(self) -> None:
        """Nothing comes after."""


Seen = Callable[[int], None]
"""Is told how many rows of a sheet are written."""


def write_workbook(sink: Sink, tables: Iterable[Table], *, masked: bool, seen: Seen) -> list[tuple[str, int]]:
    """Write every table as a sheet, in order; the sheets' names and how many rows each has."""
    written: list[tuple[str, int]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for table in tables:
            rows = cells(table, masked=masked)
            first = next(rows, None)
            rest = chain([] if first is None else [first], rows)
            for part in count(1):
                number = _write_sheet(package, len(written) + 1, table, islice(rest, _ROWS), seen)
                written.append((_sheet_name(table.name, part, {name for name, _ in written}), number))
                following = next(rest, None)
                if following is None:
                    break
                rest = chain([following], rest)
        names = [name for name, _ in written]
        for path, text in _frame(names):
            package.writestr(zipfile.ZipInfo(path, _WRITTEN_ON), text, zipfile.ZIP_DEFLATED)
    return written


def _write_sheet(
    package: zipfile.ZipFile, number: int, table: Table, rows: Iterator[Sequence[Value]], seen: Seen
) -> int:
    info = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", _WRITTEN_ON)
    info.compress_type = zipfile.ZIP_DEFLATED
    letters = [_letters(at) for at in range(len(table.columns))]
    head = len(table.banners) + 1
    done = 0
    with package.open(info, "w", force_zip64=True) as out:
        out.write(_opening(table, head).encode())
        for at, banner in enumerate(table.banners, start=1):
            out.write(_row(at, [banner], letters, _BOLD).encode())
        out.write(_row(head, [column.heading for column in table.columns], letters, _BOLD).encode())
        while some := list(islice(rows, _AT_ONCE)):
            first = head + done + 1
            out.write("".join(_row(first + at, row, letters, _TEXT) for at, row in enumerate(some)).encode())
            done += len(some)
            seen(done)
        out.write(b"</sheetData></worksheet>")
    return done


def _opening(table: Table, head: int) -> str:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{column.width + 2}" customWidth="1"/>'
        for at, column in enumerate(table.columns, start=1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{widths}</cols><sheetData>"
    )


def _row(number: int, values: Sequence[Value], letters: Sequence[str], style: int) -> str:
    made = []
    for letter, value in zip(letters, values, strict=False):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            text = escape(_NOT_IN_XML.sub("", value))
            made.append(
                f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
        elif isinstance(value, date):
            made.append(f'<c r="{letter}{number}" s="{_DATE}"><v>{value.toordinal() - _EPOCH}</v></c>')
        else:
            made.append(f'<c r="{letter}{number}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(made)}</row>'


def _letters(at: int) -> str:
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet_name(name: str, part: int, taken: set[str]) -> str:
    plain = _NOT_IN_A_NAME.sub("", name)[:28] + (f"({part})" if part > 1 else "")
    return plain if plain not in taken else f"{plain[:26]}#{len(taken)}"


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts of the package beside the sheets."""
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(names, start=1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>{sheets}</sheets></workbook>',
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(names) + 1)
    )
    links += f'<Relationship Id="styles" Type="{_RELATION}/styles" Target="styles.xml"/>'
    relations = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
    yield "xl/_rels/workbook.xml.rels", relations.format(links)
    office = f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>'
    yield "_rels/.rels", relations.format(office)
    yield "xl/styles.xml", _STYLES
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{kind}.worksheet+xml"/>'
        for at in range(1, len(names) + 1)
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>',
    )
