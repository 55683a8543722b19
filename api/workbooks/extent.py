"""How far a sheet reaches and how little may stand in it, told before a reader lays out all the cells between.

Runs in the child process: standard library only. An old .xls reaches 65,536 rows and 256 columns at most.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.workbooks.formulas import local, parse, place, sheet_parts
from api.workbooks.limits import MIB, Unreadable
from api.workbooks.look import Format

_CHUNK = 1 << 20
_SMALL = 4_000_000
"""Cells that any sheet may reach over: about 120 MB as they are laid out."""
_SPARSE = 50
"""Cells between the first and the last for each that holds something."""
_LONGEST = 32 * MIB
_ROW = re.compile(rb'^[^>]*?\sr="([0-9]{1,7})"')


@dataclass(slots=True)
class _Extent:
    """Last row (from 1) and column (from 0) in which something stands, and how many cells hold something."""

    row: int = 0
    column: int = 0
    filled: int = 0

    def require_dense(self, name: str) -> None:
        area = self.row * (self.column + 1)
        if area > _SMALL and area > _SPARSE * self.filled:
            raise Unreadable(
                f"表“{name}”只有{self.filled}个格子有内容，却一直排到第{self.row}行、第{self.column + 1}列，"
                "没有读取；请删去远处多余的内容，或把名单复制到新的工作簿后再试"
            )


def require_dense(path: Path, kind: Format) -> None:
    """Refuse a workbook whose sheets reach far and hold little.

    Raises
    ------
    Unreadable
        with the sheet's name, and how far it reaches.
    """
    if kind == "xls":
        return
    with zipfile.ZipFile(path) as archive:
        if kind == "ods":
            _ods(archive)
            return
        parts = set(archive.namelist())
        for name, part in sheet_parts(archive):
            if part in parts:
                _xlsx(archive, part).require_dense(name)


def _xlsx(archive: zipfile.ZipFile, part: str) -> _Extent:
    with archive.open(part) as stream:
        if b"<worksheet" not in stream.read(4096):
            return _prefixed(archive, part)
    found, row = _Extent(), 0
    rows = _rows(archive, part)
    next(rows, None)  # what stands above the first row
    for text in rows:
        told = _ROW.match(text)
        row = int(told[1]) if told else row + 1
        filled = text.count(b"<v") + text.count(b"<is>")
        if not filled:
            continue
        found.row, found.filled = max(found.row, row), found.filled + filled
        last = text.rfind(b"<c ", 0, max(text.rfind(b"<v"), text.rfind(b"<is>")))
        where = re.match(rb'<c [^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"', text[last : last + 200])
        column = place(where[1].decode())[1] if where else text.count(b"<c") - 1
        found.column = max(found.column, column)
    return found


def _rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The text of each row, without the name of its tag."""
    with archive.open(part) as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            *whole, rest = (rest + chunk).split(b"<row")
            yield from whole
            if len(rest) > _LONGEST:
                raise Unreadable("有一行的内容太长，请检查是否把整篇文字贴进了单元格，改短后再试")
        yield rest.partition(b"</sheetData")[0]


def _prefixed(archive: zipfile.ZipFile, part: str) -> _Extent:
    found, at = _Extent(), {"row": 0, "column": -1}

    def start(tag: str, attributes: dict[str, str]) -> None:
        match local(tag):
            case "row":
                at.update(row=int(attributes.get("r", at["row"] + 1)), column=-1)
            case "c":
                if where := attributes.get("r"):
                    at["row"], at["column"] = place(where)
                else:
                    at["column"] += 1
            case "v" | "is":
                found.filled += 1
                found.row = max(found.row, at["row"])
                found.column = max(found.column, at["column"])

    parse(archive, part, start=start)
    return found


def _ods(archive: zipfile.ZipFile) -> None:
    """A cell that is repeated is one that holds something, and reaches over all its places."""
    found: dict[str, _Extent] = {}
    at: dict[str, Any] = {"sheet": "", "row": 0, "rows": 0, "column": 0}

    def start(tag: str, attributes: dict[str, str]) -> None:
        plain = {local(key): value for key, value in attributes.items()}
        match local(tag):
            case "table":
                at.update(sheet=plain.get("name", ""), row=0, rows=0, column=0)
            case "table-row":
                at.update(
                    row=at["row"] + at["rows"], rows=int(plain.get("number-rows-repeated", "1")), column=0
                )
            case "table-cell" | "covered-table-cell":
                at["column"] += int(plain.get("number-columns-repeated", "1"))
                if "value-type" in plain:
                    extent = found.setdefault(at["sheet"], _Extent())
                    extent.filled += 1
                    extent.row = max(extent.row, at["row"] + at["rows"])
                    extent.column = max(extent.column, at["column"] - 1)

    parse(archive, "content.xml", start=start)
    for name, extent in found.items():
        extent.require_dense(name)
