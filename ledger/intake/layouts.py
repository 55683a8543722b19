"""Which column of a staged sheet fills which field, kept as plain JSON between the steps of an import.

One sheet is `{"name", "form": code, "kind", "heading_row", "headings": {column: heading}, "mapping": {column: name},
"asking": [column], "skipped": why it is not read, "staged": last row staged, "rows": lines staged, "done"}`;
columns are counted from 0 and written as text, since they are keys. A sheet is laid out by `ledger.forms`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from ledger.forms import (
    EXCHANGE,
    FORMS,
    WORDS_OF,
    Cell,
    Form,
    Layout,
    Unrecognised,
    apply_mapping,
    form_named,
    read_row,
    recognise,
    reported_of,
    restored,
    texts_of,
)
from ledger.records.reported import Reported
from ledger.registers.view import DELETED
from models.intake import PEOPLE_KINDS, ImportKind

TOP = 15
"""How many rows are looked at for the headings."""

_OTHER_KIND = "与文件里其他的表不是同一种，没有读取；请单独导入"
_NO_KIND = "没有认出这张表，没有读取；需要的话请单独导入，并选择是哪种表"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in one cell, named by its heading; `refused` lines do not come in before it is mended, of others
    only a cell that is `lost` does not."""

    column: str
    reason: str
    refused: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was read: `reported` is None where it makes no record, `extra` every value by field (of a list of
    posts the texts). `headings` are the sheet's own, by field.

    A row that is blank, or a template's example, is `skipped`; so is one of our own files about somebody whose data was
    `deleted`.
    """

    reported: Reported | None
    complaints: tuple[Complaint, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    kind: ImportKind | None = None
    skipped: bool = False
    deleted: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)


def first_look(
    name: str,
    top: Sequence[tuple[int, Sequence[Cell]]],
    memory: Mapping[str, str | None],
    kind: ImportKind | None,
) -> dict[str, Any]:
    """The sheet as it is before its first row is staged."""
    plain = PurePath(name).stem if name.endswith(".csv") else name
    try:
        own = [form for form in EXCHANGE if form.file == plain]
        layout = recognise(plain, top, {}, kind=ImportKind.EXCHANGE, among=own) if own else None
        if layout is None or not layout.fields:
            layout = recognise(plain, top, memory, kind=kind)
    except Unrecognised as problem:
        return _described(name, None, kind) | {"skipped": str(problem)}
    return _described(name, layout, kind)


def set_aside(name: str, reason: str) -> dict[str, Any]:
    """A file of a folder that is not read."""
    return _described(name, None, None) | {"skipped": reason}


def retold(
    sheet: Mapping[str, Any], kind: ImportKind | None, answers: Mapping[str, str | None]
) -> dict[str, Any]:
    """The sheet when somebody has said of which kind it is and what its headings mean; None: nothing that we keep.

    Raises
    ------
    ledger.forms.WrongAnswer
        for an answer that cannot be; the message says why.
    """
    layout = layout_of(sheet)
    if layout is None or (kind is not None and layout.kind is not kind):
        headings = _headings(sheet)
        cells = [headings.get(at) for at in range(1 + max(headings, default=0))]
        layout = recognise(sheet["name"], [(sheet["heading_row"] or 1, cells)], answers, kind=kind)
        layout = Layout(
            layout.form, sheet["heading_row"] or 1, headings, layout.columns, layout.unknown, layout.aside,
            layout.repeated,
        )  # fmt: skip
    else:
        unknown = {int(at): sheet["headings"][at] for at in sheet["asking"]}
        aside = {at: heading for at, heading in layout.aside.items() if at not in unknown}
        layout = Layout(
            layout.form, layout.heading_row, layout.headings, layout.columns, unknown, aside, layout.repeated
        )
    told = {at: answers[heading] for at, heading in layout.headings.items() if heading in answers}
    progress = {name: sheet[name] for name in ("staged", "rows", "done")}
    return _described(sheet["name"], apply_mapping(layout, told), kind) | progress


def layout_of(sheet: Mapping[str, Any]) -> Layout | None:
    """The sheet's layout; None while nobody knows of which kind it is."""
    if not sheet.get("form"):
        return None
    mapping = {int(at): name for at, name in sheet["mapping"].items()}
    return restored(form_named(sheet["form"]), sheet["heading_row"] or 0, _headings(sheet), mapping)


def field_labels(kind: ImportKind | None) -> dict[str, str]:
    """The fields that a heading of such a file may stand for, with their words."""
    if kind is ImportKind.EXCHANGE:
        return {column.name: _words(form, column.field) for form in EXCHANGE for column in form.columns}
    form = FORMS.get(kind) if kind else None
    if form is None:
        return {}
    # In the order of the form, as they stand in its template.
    columns = (form.by_field[column.field] for column in (*form.columns, *form.accepted))
    return {column.name: column.heading for column in columns}


def lacking(sheet: Mapping[str, Any]) -> list[str]:
    """The headings of columns without which no line says whose it is, or what it offers."""
    layout = layout_of(sheet)
    if layout is None or layout.form is None or sheet["skipped"]:
        return []
    form, fields = layout.form, layout.fields
    if form.kind not in PEOPLE_KINDS:
        return list(layout.missing)
    if form.kind is ImportKind.HOUSEHOLD:
        wanted = {"household"}
    else:
        wanted = {"name"} if "person" in fields else {"name", "id_number"}
    return [form.by_field[name].heading for name in sorted(wanted - fields)]


def line_reader(sheet: Mapping[str, Any]) -> Callable[[int, Sequence[Cell], Sequence[int]], Line]:
    """Reads the rows of a sheet whose headings are settled.

    Raises
    ------
    ValueError
        while nobody knows of which kind it is.
    """
    layout = layout_of(sheet)
    if layout is None or layout.form is None:
        raise ValueError("the sheet's kind is not known")
    form, name, asked, by_day = layout.form, sheet["name"], layout.asked, layout.form.by_day
    kind, own = form.kind, form.kind in PEOPLE_KINDS
    numbered = column_of(sheet, "id_number")
    headings = own_headings(sheet)

    def read(number: int, cells: Sequence[Cell], formulas: Sequence[int]) -> Line:
        if numbered is not None and numbered < len(cells) and cells[numbered] == DELETED:
            return Line(None, kind=kind, skipped=True, deleted=True)
        parsed = read_row(form, layout, number, cells, formulas)
        if parsed.skipped:
            return Line(None, kind=kind, skipped=True)
        complaints = tuple(
            Complaint(
                # A file of the exchange folder is known by its headings, however they are written.
                each.column if form.file or each.at is None else layout.headings[each.at],
                each.reason,
                each.refused,
                each.lost and own,
            )
            for each in parsed.complaints
        )
        told = own and not parsed.refused
        reported = reported_of(parsed, name, asked, by_day=by_day) if told else None
        extra = texts_of(layout, cells) if kind is ImportKind.POSTS else parsed.values
        return Line(reported, complaints, extra, kind, headings=headings)

    return read


def heading_of(field: str, kind: ImportKind | None = None) -> str:
    """What a field is called on the forms."""
    form = FORMS.get(kind or ImportKind.ROSTER, FORMS[ImportKind.ROSTER])
    if kind is ImportKind.EXCHANGE and field not in form.by_field:
        return next((_words(each, field) for each in EXCHANGE if field in each.by_field), field)
    column = form.by_field.get(field) or FORMS[ImportKind.AWAY].by_field.get(field)
    return column.heading if column else field


def own_headings(sheet: Mapping[str, Any]) -> dict[str, str]:
    """The headings of the file itself, by the field that each fills."""
    layout = layout_of(sheet)
    if layout is None:
        return {}
    return {column.field: layout.headings[at] for at, column, _ in reversed(layout.readers)}


def column_of(sheet: Mapping[str, Any], field: str) -> int | None:
    """Where a field stands."""
    return next((int(at) for at, found in sheet["mapping"].items() if found == field), None)


def only_of(sheet: Mapping[str, Any], kind: ImportKind) -> dict[str, Any]:
    """The sheet of a file of this kind; one that nobody can tell, or of quite another kind, is not read."""
    own = ImportKind.read(sheet["kind"]) if sheet["kind"] else None
    if sheet["skipped"] or own is kind or (own in PEOPLE_KINDS and kind in PEOPLE_KINDS):
        return dict(sheet)
    return dict(sheet) | {"skipped": _NO_KIND if own is None else _OTHER_KIND}


def _words(form: Form, field: str) -> str:
    told = WORDS_OF.get(f"{form.file}.{field}") or WORDS_OF.get(field, field)
    return told.partition("，")[0]


def _headings(sheet: Mapping[str, Any]) -> dict[int, str]:
    return {int(at): heading for at, heading in sheet["headings"].items()}


def _described(name: str, layout: Layout | None, kind: ImportKind | None) -> dict[str, Any]:
    form: Form | None = layout.form if layout else None
    kept = form.kind if form else kind
    return {
        "name": name,
        "form": form.code if form else None,
        "kind": kept.value if kept else None,
        "heading_row": layout.heading_row if layout else None,
        "headings": {str(at): layout.headings[at] for at in sorted(layout.headings)} if layout else {},
        "mapping": {str(at): meant for at, meant in sorted(layout.mapping.items())} if layout else {},
        # In the exchange folder an unknown column is kept aside, and said to be so.
        "asking": []
        if layout is None or (form and form.file)
        else [str(at) for at in sorted(layout.unknown)],
        "skipped": "",
        "staged": 0,
        "rows": 0,
        "done": False,
    }
