"""The XML of one plain sheet, from the top down: every row goes out as it comes, nothing is kept but the rows at hand.

Office Open XML (ECMA-376 part 1, 18.3): texts stand in the cells themselves, so none can be taken for a formula.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO

from api.workbooks.book import Value, fitting

PLAIN, AS_TEXT, HEADING, DAY = range(4)
"""How a cell looks: as it is, kept as text when somebody types into it, bold over a line, or as a day."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" '
    'applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""The styles that the numbers above count."""

# What XML forbids in a text, or what Excel would take for such a sign spelt out.
_TO_SPELL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_EPOCH = date(1899, 12, 30).toordinal()
_AT_ONCE = 400
_MOST_REMEMBERED = 2_000

Seen = Callable[[int], None]
"""Is told how many rows of a sheet are written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it is to be written; `rows` may be read once.

    `banner` stands above the headings, a row each. `kept_as_text` says of every column whether what somebody types
    into it stays text; without it all do.
    """

    name: str
    headings: Sequence[str]
    widths: Sequence[float]
    rows: Iterable[Sequence[Value]]
    banner: Sequence[str] = ()
    kept_as_text: Sequence[bool] = field(default=())

    @property
    def styles(self) -> list[int]:
        """The style of each column."""
        kept = self.kept_as_text or [True] * len(self.headings)
        return [AS_TEXT if as_text else PLAIN for as_text in kept]


def write_sheet(out: IO[bytes], sheet: Sheet, rows: Iterator[Sequence[Value]], seen: Seen) -> int:
    """Write banner, headings and `rows`, and tell how many rows there were."""
    letters, styles = [_letters(at) for at in range(max(len(sheet.headings), 1))], sheet.styles
    head = len(sheet.banner) + 1
    out.write(_beginning(sheet.widths, styles, head).encode())
    top: list[Sequence[Value]] = [[line] for line in sheet.banner]
    for number, cells in enumerate([*top, sheet.headings], 1):
        look = [HEADING if number == head else PLAIN] * len(cells)
        out.write(_row(number, cells, letters, look, [{} for _ in cells]).encode())
    known: list[dict[str, str]] = [{} for _ in letters]
    last = head
    while some := list(islice(rows, _AT_ONCE)):
        written = [_row(number, cells, letters, styles, known) for number, cells in enumerate(some, last + 1)]
        out.write("".join(written).encode())
        last += len(some)
        seen(last - head)
    area = f'<autoFilter ref="A{head}:{letters[-1]}{last}"/>' if sheet.headings else ""
    out.write(f"</sheetData>{area}</worksheet>".encode())
    return last - head


def _beginning(widths: Sequence[float], styles: Sequence[int], head: int) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{wide}" style="{style}" customWidth="1"/>'
        for at, (wide, style) in enumerate(zip(widths, styles, strict=True), 1)
    )
    return (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _row(
    number: int,
    cells: Sequence[Value],
    letters: Sequence[str],
    styles: Sequence[int],
    known: Sequence[dict[str, str]],
) -> str:
    parts = [f'<row r="{number}">']
    for letter, cell, style, seen in zip(letters, cells, styles, known, strict=False):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            rest = seen.get(cell)
            if rest is None:
                rest = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_spelt(fitting(cell))}</t></is></c>'
                if len(seen) < _MOST_REMEMBERED:
                    seen[cell] = rest
            parts.append(f'<c r="{letter}{number}{rest}')
        elif isinstance(cell, date):
            parts.append(f'<c r="{letter}{number}" s="{DAY}"><v>{cell.toordinal() - _EPOCH}</v></c>')
        else:
            parts.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    parts.append("</row>")
    return "".join(parts)


def _spelt(text: str) -> str:
    return _TO_SPELL.sub(_spell, text) if _TO_SPELL.search(text) else text


def _spell(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"_x{ord(found[0]):04X}_"


def _letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else _letters(at // 26 - 1) + chr(ord("A") + at % 26)
