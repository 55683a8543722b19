"""A workbook of one plain table, written from the top down straight into its zip: nothing is kept anywhere meanwhile.

Office Open XML (ECMA-376 part 1, 18.3): the fewest parts that spreadsheets ask for, texts in the cells themselves.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, BinaryIO
from xml.sax.saxutils import quoteattr

from api.workbooks.book import Value, fitting

PLAIN, AS_TEXT, HEADING = range(3)
"""How a cell looks: as it is, kept as text when somebody types into it, or bold over a line."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1" '
    'applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
# What XML forbids in a text, or what Excel would take for such a sign spelt out.
_TO_SPELL = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MOST_ROWS = 1_048_576
_BATCH = 200
_MOST_REMEMBERED = 20_000


def write_sheet(
    stream: BinaryIO,
    rows: Iterable[Sequence[Value]],
    *,
    name: str,
    widths: Sequence[float],
    styles: Sequence[int],
    banner: Sequence[str],
    headings: Sequence[str],
) -> int:
    """Write banner, headings and rows, each as it comes, and tell how many rows there were.

    Parameters
    ----------
    name : of the sheet, as a sheet may be called.
    widths, styles : of each column.

    Raises
    ------
    ValueError
        when there are more rows than a sheet can hold.
    """
    letters = [_letters(at) for at in range(len(headings))]
    head = len(banner) + 1
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for part, content in _PARTS.items():
            archive.writestr(part, content)
        archive.writestr(
            "xl/workbook.xml",
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_beginning(widths, styles, head).encode())
            top: list[Sequence[Value]] = [[line] for line in banner]
            for number, cells in enumerate([*top, headings], 1):
                look = [HEADING if number == head else PLAIN] * len(cells)
                sheet.write(_row(number, cells, letters or ["A"], look, [{} for _ in cells]).encode())
            last = _rows(sheet, rows, head, letters, styles)
            area = f"A{head}:{letters[-1]}{last}" if letters else ""
            sheet.write(
                f'</sheetData>{f"""<autoFilter ref="{area}"/>""" if area else ""}</worksheet>'.encode()
            )
    return last - head


def _beginning(widths: Sequence[float], styles: Sequence[int], head: int) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{wide}" style="{style}" customWidth="1"/>'
        for at, (wide, style) in enumerate(zip(widths, styles, strict=True), 1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _rows(
    sheet: IO[bytes],
    rows: Iterable[Sequence[Value]],
    head: int,
    letters: Sequence[str],
    styles: Sequence[int],
) -> int:
    known: list[dict[str, str]] = [{} for _ in letters]
    last, batch = head, list[str]()
    for last, cells in enumerate(rows, head + 1):
        if last > _MOST_ROWS:
            raise ValueError("more rows than a sheet can hold")
        batch.append(_row(last, cells, letters, styles, known))
        if len(batch) == _BATCH:
            sheet.write("".join(batch).encode())
            batch.clear()
    sheet.write("".join(batch).encode())
    return last


def _row(
    number: int,
    cells: Sequence[Value],
    letters: Sequence[str],
    styles: Sequence[int],
    known: Sequence[dict[str, str]],
) -> str:
    parts = [f'<row r="{number}">']
    for at, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, date):
            cell = cell.isoformat()
        if isinstance(cell, str):
            rest = known[at].get(cell)
            if rest is None:
                rest = f'" s="{styles[at]}" t="inlineStr"><is><t xml:space="preserve">{_spelt(fitting(cell))}</t></is></c>'
                if len(known[at]) < _MOST_REMEMBERED:
                    known[at][cell] = rest
            parts.append(f'<c r="{letters[at]}{number}{rest}')
        else:
            parts.append(f'<c r="{letters[at]}{number}" s="{styles[at]}"><v>{cell}</v></c>')
    parts.append("</row>")
    return "".join(parts)


def _spelt(text: str) -> str:
    return _TO_SPELL.sub(_spell, text) if _TO_SPELL.search(text) else text


def _spell(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"_x{ord(found[0]):04X}_"


def _letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else _letters(at // 26 - 1) + chr(ord("A") + at % 26)
