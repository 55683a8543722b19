"""Which cells of a workbook hold a formula: the reader of values cannot tell, so the sheets' XML is asked.

Runs in the child process beside `child.py`. A sheet without any formula, the usual case, costs one search through
its bytes; only one that has some is parsed.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from api.workbooks.biff import formula_cells as old_formula_cells
from api.workbooks.look import Format

Cells = set[tuple[int, int]]
"""Row from 1, column from 0."""

_CHUNK = 1 << 20
_XLSX_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ODS_FORMULA = re.compile(rb"\bformula\s*=")
_OVERLAP = 32
# A repeated ODS cell may claim the rest of the sheet; more than this many are not listed one by one.
_MOST_REPEATS = 10_000
_MOST_CELLS = 1_000_000


def formula_cells(path: Path, kind: Format) -> dict[str, Cells]:
    """Formula cells by the sheet's name; sheets without any are left out.

    An old .xls keeps its formulas in a binary stream that is read here too, for the cells' places only.
    """
    if kind == "xls":
        return old_formula_cells(path)
    with zipfile.ZipFile(path) as archive:
        return _xlsx(archive) if kind == "xlsx" else _ods(archive)


def _xlsx(archive: zipfile.ZipFile) -> dict[str, Cells]:
    found = {}
    for name, part in sheet_parts(archive):
        if part in archive.namelist() and _has(archive, part, _XLSX_FORMULA):
            found[name] = _in_sheet(archive, part)
    return found


def sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    listed: list[tuple[str, str]] = []

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "sheet":
            link = next((value for key, value in attributes.items() if local(key) == "id"), "")
            listed.append((attributes.get("name", ""), link))

    parse(archive, "xl/_rels/workbook.xml.rels", start=relation)
    parse(archive, "xl/workbook.xml", start=sheet)
    for name, link in listed:
        target = targets.get(link, "")
        yield name, target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _in_sheet(archive: zipfile.ZipFile, part: str) -> Cells:
    cells: Cells = set()
    at = {"row": 0, "column": -1}

    def start(tag: str, attributes: dict[str, str]) -> None:
        match local(tag):
            case "row":
                at["row"] = int(attributes.get("r", at["row"] + 1))
                at["column"] = -1
            case "c":
                where = attributes.get("r")
                if where:
                    at["row"], at["column"] = place(where)
                else:
                    at["column"] += 1
            case "f":
                cells.add((at["row"], at["column"]))
                # One formula may fill a whole range, whose other cells carry values only.
                if attributes.get("t") in ("array", "dataTable") and (area := attributes.get("ref")):
                    cells.update(_area(area))

    parse(archive, part, start=start)
    return cells


def _ods(archive: zipfile.ZipFile) -> dict[str, Cells]:
    if not _has(archive, "content.xml", _ODS_FORMULA):
        return {}
    found: dict[str, Cells] = {}
    at: dict[str, Any] = {"sheet": "", "row": 0, "column": 0, "rows": 1}

    def start(tag: str, attributes: dict[str, str]) -> None:
        plain = {local(key): value for key, value in attributes.items()}
        match local(tag):
            case "table":
                at.update(sheet=plain.get("name", ""), row=0, column=0, rows=1)
            case "table-row":
                at["row"] += at["rows"] if at["row"] else 1
                at.update(rows=int(plain.get("number-rows-repeated", "1")), column=0)
            case "table-cell" | "covered-table-cell":
                many = int(plain.get("number-columns-repeated", "1"))
                if "formula" in plain:
                    cells = found.setdefault(at["sheet"], set())
                    for row in range(at["row"], at["row"] + min(at["rows"], _MOST_REPEATS)):
                        cells.update((row, at["column"] + step) for step in range(min(many, _MOST_REPEATS)))
                at["column"] += many

    parse(archive, "content.xml", start=start)
    return found


def _has(archive: zipfile.ZipFile, part: str, pattern: re.Pattern[bytes]) -> bool:
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            if pattern.search(tail + chunk):
                return True
            tail = chunk[-_OVERLAP:]
    return False


def parse(archive: zipfile.ZipFile, part: str, *, start: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = _no_entities
    parser.buffer_text = True
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError("the sheet is no XML") from error


def _no_entities(*_: Any) -> None:
    raise ValueError("a sheet declares no entities")


def local(name: str) -> str:
    return name.rpartition(":")[2]


def place(reference: str) -> tuple[int, int]:
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if match is None:
        raise ValueError("no reference of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column - 1


def _area(reference: str) -> Cells:
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    if (bottom - top + 1) * (right - left + 1) > _MOST_CELLS:
        raise ValueError("a formula over a whole sheet")
    return {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
