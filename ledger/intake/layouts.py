"""Which column of a staged sheet fills which field, kept as plain JSON between the steps of an import.

One sheet is `{"name", "kind", "heading_row", "headings": {column: heading}, "mapping": {column: field},
"asking": [column], "skipped": why it is not read, "staged": last row staged, "rows": lines staged, "done"}`;
columns are counted from 0 and written as text, since they are keys.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from ledger.doubts.reported import Reported
from ledger.gazetteer import Gazetteer
from ledger.intake.sealing import Cell
from ledger.national import reading
from ledger.national.columns import COLUMNS, FileKind
from models.intake import Import, ImportKind

TOP = 15
"""How many rows are looked at for the headings."""

_BY_FIELD = {column.field: column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in one cell; `refused` lines do not come in before it is mended."""

    column: str
    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was read: None where it makes no record."""

    reported: Reported | None
    complaints: tuple[Complaint, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


def first_look(
    name: str,
    top: Sequence[tuple[int, Sequence[Cell]]],
    memory: Mapping[str, str | None],
    kind: ImportKind | None,
) -> dict[str, Any]:
    """The sheet as it is before its first row is staged."""
    try:
        layout = reading._layout(name, top)
    except reading.Unrecognised as problem:
        return _sheet(name, kind, None, {}, {}, [], skipped=str(problem))
    headings = {at: column.heading for at, column in layout.columns.items()} | layout.others
    mapping = {at: column.field for at, column in layout.columns.items()}
    mapping |= {at: memory[heading] or "" for at, heading in layout.others.items() if heading in memory}
    asking = [at for at in layout.others if at not in mapping]
    return _sheet(
        name, kind or ImportKind.read(layout.kind.value), layout.heading_row, headings, mapping, asking
    )


def retold(
    sheet: Mapping[str, Any], kind: ImportKind | None, fields: Mapping[str, str | None]
) -> dict[str, Any]:
    """The sheet when somebody has said what its headings mean; an empty field is nothing that we keep."""
    mapping = dict(sheet["mapping"])
    asking = []
    for at, heading in sheet["headings"].items():
        if heading in fields:
            mapping[at] = fields[heading] or ""
        elif at in sheet["asking"]:
            asking.append(at)
    return dict(sheet) | {"kind": kind.value if kind else sheet["kind"], "mapping": mapping, "asking": asking}


def field_labels(kind: ImportKind | None) -> dict[str, str]:
    """The fields that a heading may stand for, with their words."""
    return {column.field: column.heading for column in COLUMNS}


def missing(sheet: Mapping[str, Any]) -> list[str]:
    """The headings of fields without which no line says whose it is."""
    if sheet["skipped"] or sheet["kind"] is None:
        return []
    fields = set(sheet["mapping"].values())
    needed = ["household"] if sheet["kind"] == ImportKind.HOUSEHOLD else ["name", "id_number"]
    return [_BY_FIELD[field].heading for field in needed if field not in fields]


def line_reader(
    sheet: Mapping[str, Any], gazetteer: Gazetteer
) -> Callable[[int, Sequence[Cell], Sequence[int]], Line]:
    """Reads the rows of a sheet whose headings are settled."""
    columns = {int(at): _BY_FIELD[field] for at, field in sheet["mapping"].items() if field in _BY_FIELD}
    others = {int(at): heading for at, heading in sheet["headings"].items() if int(at) not in columns}
    asked = {column.field for column in columns.values()}
    if asked & reading._PLACE_FIELDS:
        asked = asked - reading._PLACE_FIELDS | {"region"}
    layout = reading._Layout(
        FileKind.read(sheet["kind"]), sheet["heading_row"] or 0, columns, others, frozenset(asked)
    )
    places = reading._Places(gazetteer)

    def read(number: int, cells: Sequence[Cell], formulas: Sequence[int]) -> Line:
        reported: Reported | None = None
        complaints: list[Complaint] = []
        marked = [at for at in formulas if at in columns]
        for found in reading._read_row(sheet["name"], number, cells, marked, layout, places):
            if isinstance(found, reading.Complaint):
                complaints.append(Complaint(found.column, found.reason, found.refused))
            else:
                reported = found.reported
        return Line(reported, tuple(complaints))

    return read


def heading_of(field: str) -> str:
    """What a field is called."""
    return _BY_FIELD[field].heading if field in _BY_FIELD else field


def heading_rows_above(session: Session, row: Import) -> None:
    """Lines that stand above the headings hold no rows of data: they are left out."""
    for at, sheet in enumerate(row.sheets):
        if sheet["heading_row"]:
            session.execute(
                text(
                    "UPDATE import_line SET status = 'skipped', settled_at = clock_timestamp(), sealed_cells = NULL "
                    "WHERE import_id = :id AND sheet = :sheet AND row <= :heading_row AND status IS NULL"
                ),
                {"id": row.identity, "sheet": at, "heading_row": sheet["heading_row"]},
            )


def error_workbook(session: Session, key: bytes, row: Import) -> bytes | None:
    """The lines that are not in order."""
    return None


def template(kind: ImportKind) -> bytes | None:
    """The empty workbook of a kind of file."""
    return None


def column_of(sheet: Mapping[str, Any], field: str) -> int | None:
    """Where a field stands."""
    return next((int(at) for at, found in sheet["mapping"].items() if found == field), None)


def _sheet(
    name: str,
    kind: ImportKind | None,
    heading_row: int | None,
    headings: Mapping[int, str],
    mapping: Mapping[int, str],
    asking: Sequence[int],
    skipped: str = "",
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind.value if kind else None,
        "heading_row": heading_row,
        "headings": {str(at): headings[at] for at in sorted(headings)},
        "mapping": {str(at): mapping[at] for at in sorted(mapping)},
        "asking": [str(at) for at in asking],
        "skipped": skipped,
        "staged": 0,
        "rows": 0,
        "done": False,
    }
