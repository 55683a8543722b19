"""Workbooks made by hand, as no honest program would write them."""

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

XLSX_PARTS = {
    "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表一" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>',
}
Zipped = Callable[..., Path]


@pytest.fixture
def xlsx(tmp_path: Path) -> Zipped:
    """A workbook of these sheet rows, with parts added or replaced."""

    def make(
        sheet_data: str = "", *, name: str = "made.xlsx", parts: Mapping[str, str | bytes] | None = None
    ) -> Path:
        all_parts = XLSX_PARTS | dict(parts or {})
        if sheet_data:
            all_parts["xl/worksheets/sheet1.xml"] = XLSX_PARTS["xl/worksheets/sheet1.xml"].replace(
                "<sheetData/>", f"<sheetData>{sheet_data}</sheetData>"
            )
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in all_parts.items():
                archive.writestr(part, content)
        return path

    return make


@pytest.fixture
def ods(tmp_path: Path) -> Zipped:
    """An OpenDocument spreadsheet of one table."""

    def make(rows: str, *, manifest: str = "") -> Path:
        path = tmp_path / "made.ods"
        names = " ".join(
            f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
            for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
            archive.writestr(
                "META-INF/manifest.xml",
                '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
                f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}'
                "</manifest:file-entry></manifest:manifest>",
            )
            archive.writestr(
                "content.xml",
                f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
                f'<table:table table:name="表一">{rows}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>",
            )
        return path

    return make


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _text(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _number(row: int, column: int, number: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, number))


def _formula(row: int, column: int, value: float) -> bytes:
    return _record(0x0006, struct.pack("<HHHdHIH", row, column, 0, value, 0, 0, 3) + b"\x1e\x01\x00")


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream of its own sectors: header, table of sectors, directory, stream."""
    stream += b"\0" * (-len(stream) % 512)
    stream += b"\0" * max(0, 4096 - len(stream))
    sectors = len(stream) // 512
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    table += [free] * (128 - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)

    def entry(name: str, kind: int, child: int, begin: int, size: int) -> bytes:
        wide = (name + "\0").encode("utf-16-le")
        return (
            wide.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(wide), kind, 1, free, free, child)
            + b"\0" * 36
            + struct.pack("<IQ", begin, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream))
    directory += (b"\0" * 64 + struct.pack("<HBBIII", 0, 0, 0, free, free, free) + b"\0" * 48) * 2
    return header + struct.pack("<128I", *table) + directory + stream


Rows = Sequence[Sequence[str | float | None]]


@pytest.fixture
def xls(tmp_path: Path) -> Callable[..., Path]:
    """An Excel 97 workbook of these rows; without any, a text in B2, a number in C2, a formula worth 7 in D5."""

    def make(rows: Rows | None = None) -> Path:
        begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
        name = "表一".encode("utf-16-le")
        bound = 4 + 8 + len(name)
        place = len(begin) + bound + 4
        book = begin + _record(0x0085, struct.pack("<IHBB", place, 0, 2, 1) + name) + _record(0x000A, b"")
        cells = _cells(rows) if rows else _text(1, 1, "测试") + _number(1, 2, 12.0) + _formula(4, 3, 7.0)
        sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells
        path = tmp_path / "made.xls"
        path.write_bytes(_compound(book + sheet + _record(0x000A, b"")))
        return path

    return make


def _cells(rows: Rows) -> bytes:
    return b"".join(
        _text(row, column, cell) if isinstance(cell, str) else _number(row, column, cell)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell is not None
    )
