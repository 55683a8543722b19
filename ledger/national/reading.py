"""A sheet of the national system's layout as records: nothing guessed, nothing lost.

Two banner rows and the headings on row 3 are usual; the headings are looked for in the first ten rows.
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any

from ledger.doubts.reported import Reported
from ledger.gazetteer import Gazetteer
from ledger.national.columns import CITY, COUNTY, PLACE, PROVINCE, Column, FileKind, column_named
from ledger.national.parsing import Cell, Unclear, text_of

HEADING_WITHIN = 10
_FEWEST_HEADINGS = 3
_PLACE_HEADINGS = {PROVINCE: "务工所在省", CITY: "务工所在市", COUNTY: "务工所在县", PLACE: "务工所在地"}
_PLACE_FIELDS = frozenset(_PLACE_HEADINGS)
_ABROAD = ("境外", "国外", "香港", "澳门", "台湾")
# What the system writes between a province and a county of its own.
_NO_PLACES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_WHOSE = {"household": "户编号", "person": "人编号", "name": "姓名", "id_number": "证件号码"}
_NOBODYS = "没有填写，不知道是谁的记录；补填后再检查，多余的行请删去"
_BETWEEN_PLACES = re.compile(r"[/／\-—、,，\s]+")
_FORMULA = "单元格是公式，不能导入；请把该列复制后“选择性粘贴—数值”，再重新导出"
_NUMBER = "单元格是数值格式，号码的后几位可能已经丢失；请把该列设为文本格式，按证件重新录入"


class Unrecognised(ValueError):
    """A sheet without headings of the national system; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A cell that cannot be read. `refused` rows make no record; otherwise only the cell is left out."""

    row: int
    column: str
    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class NationalRow:
    """One row: what it reports, in which kind of file, and the cells of columns that no field stands for."""

    kind: FileKind
    reported: Reported
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Layout:
    kind: FileKind
    heading_row: int
    columns: dict[int, Column]
    others: dict[int, str]
    asked: Set[str]

    @cached_property
    def whose(self) -> list[str]:
        """The fields of which one must tell whose row it is."""
        household = self.kind is FileKind.HOUSEHOLD
        return [name for name in _WHOSE if name in self.asked and (name != "household" or household)]


def read_sheet(
    name: str,
    rows: Iterable[tuple[int, Sequence[Cell]]],
    *,
    formulas: Set[tuple[int, int]] = frozenset(),
    gazetteer: Gazetteer | None = None,
) -> Iterator[NationalRow | Complaint]:
    """The rows below the headings; blank rows are passed over.

    Parameters
    ----------
    name : the sheet's name; it may tell the kind of file.
    rows : number (from 1) and cells of each row, in order; blank rows may be left out.
    formulas : (row, column) of the cells that hold a formula, rows from 1 and columns from 0.
    gazetteer : of the nation, unless told.

    Raises
    ------
    Unrecognised
        when the first ten rows hold no headings.
    """
    everything = iter(rows)
    top = list(islice(everything, HEADING_WITHIN))
    layout = _layout(name, [(number, cells) for number, cells in top if number <= HEADING_WITHIN])
    places = _Places(gazetteer or Gazetteer.national())
    formula_rows: dict[int, list[int]] = {}
    for number, column in formulas:
        if column in layout.columns:
            formula_rows.setdefault(number, []).append(column)
    for number, cells in chain(top, everything):
        if number > layout.heading_row:
            yield from _read_row(name, number, cells, formula_rows.get(number, []), layout, places)


def _layout(name: str, top: Sequence[tuple[int, Sequence[Cell]]]) -> _Layout:
    best: tuple[int, int, dict[int, Column], dict[int, str]] = (0, 0, {}, {})
    for number, cells in top:
        columns, others, taken = dict[int, Column](), dict[int, str](), set[str]()
        for at, cell in enumerate(cells):
            heading = cell.strip() if isinstance(cell, str) else ""
            column = column_named(heading) if heading else None
            if column and (column.several or column.field not in taken):
                columns[at] = column
                taken.add(column.field)
            elif heading:
                others[at] = heading
        if len(taken) > best[0]:
            best = len(taken), number, columns, others
    found, heading_row, columns, others = best
    if found < _FEWEST_HEADINGS:
        raise Unrecognised(
            f"前{HEADING_WITHIN}行里没有找到表头（户编号、人编号、姓名、证件号码等），"
            "请使用系统直接导出的表，不要删改表头"
        )
    banner = "".join(
        cell for number, cells in top if number < heading_row for cell in cells if isinstance(cell, str)
    )
    asked = {column.field for column in columns.values()}
    if asked & _PLACE_FIELDS:
        asked = asked - _PLACE_FIELDS | {"region"}
    return _Layout(_kind(name + banner, asked), heading_row, columns, others, frozenset(asked))


def _kind(told: str, asked: Set[str]) -> FileKind:
    for kind in (FileKind.PLANNED, FileKind.AWAY, FileKind.MONITORED, FileKind.HOUSEHOLD):
        if kind.label.removesuffix("信息") in told and kind is not FileKind.HOUSEHOLD:
            return kind
    if not asked & {"person", "name", "id_number"}:
        return FileKind.HOUSEHOLD
    if asked & {"working", "started"}:
        return FileKind.AWAY
    return FileKind.PLANNED if "plans" in asked else FileKind.MONITORED


def _read_row(
    sheet: str,
    number: int,
    cells: Sequence[Cell],
    formulas: Sequence[int],
    layout: _Layout,
    places: "_Places",
) -> Iterator[NationalRow | Complaint]:
    if not formulas and not any(
        cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in cells
    ):
        return
    if formulas:
        for at in sorted(formulas):
            yield Complaint(number, layout.columns[at].heading, _FORMULA, refused=True)
        return
    values: dict[str, Any] = {}
    unclear: set[str] = set()
    for at, column in layout.columns.items():
        cell = cells[at] if at < len(cells) else None
        if cell is None or cell == "":
            continue
        if column.text_only and not isinstance(cell, str):
            yield Complaint(number, column.heading, _NUMBER, refused=True)
            return
        try:
            text = text_of(cell)
            if not text:
                continue
            value = column.parse(text)
        except Unclear as problem:
            yield Complaint(number, column.heading, str(problem), refused=column.text_only)
            if column.text_only:
                return
            unclear.add(column.field)
            continue
        values[column.field] = (*values.get(column.field, ()), *value) if column.several else value
    others = tuple(
        (heading, text)
        for at, heading in layout.others.items()
        if at < len(cells) and (text := _shown(cells[at]))
    )
    asked = layout.asked - unclear if unclear else layout.asked
    written = {part: values.pop(part, "") for part in _PLACE_FIELDS}
    values.update(places.read(written))
    if values.get("region") is None:
        # A place that nobody could find stays as it was written.
        others += tuple((_PLACE_HEADINGS[part], text) for part, text in written.items() if text)
    if not any(values.get(name) for name in layout.whose):
        yield Complaint(number, "、".join(_WHOSE[name] for name in layout.whose), _NOBODYS, refused=True)
        return
    reported = Reported(number, sheet, asked, **values)
    if reported.started and reported.ended and reported.ended < reported.started:
        yield Complaint(number, "结束时间", "结束时间早于开始时间，请核对这一段务工的起止月份")
    yield NationalRow(layout.kind, reported, others)


def _shown(cell: Cell) -> str:
    try:
        return text_of(cell)
    except Unclear:
        return str(cell)


class _Places:
    """Places of work by what the cells say; each different text is looked up once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._found: dict[tuple[str, ...], dict[str, Any]] = {}

    def read(self, cells: dict[str, str]) -> dict[str, Any]:
        key = tuple(cells[part] for part in (PROVINCE, CITY, COUNTY, PLACE))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(*key)
        return found

    def _look_up(self, province: str, city: str, county: str, whole: str) -> dict[str, Any]:
        if not (province or city or county):
            province, city, county = ([*_BETWEEN_PLACES.split(whole, 2), "", ""])[:3]
        parts = [part for part in dict.fromkeys((province, city, county)) if part and part not in _NO_PLACES]
        if not parts:
            return {}
        region = self._gazetteer.find("".join(parts))
        if region is None and len(parts) > 1:
            region = self._gazetteer.find("".join(parts[:-1]))
        return {
            "region": region,
            # The city's own name in the county's cell names no county.
            "county_text": county if county not in (province, city, "") else None,
            "abroad": parts[0].startswith(_ABROAD),
        }
