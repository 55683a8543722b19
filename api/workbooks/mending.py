"""错误清单: the rows that need something, in the sender's own layout, each bad cell marked and explained."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from api.workbooks.book import TEXT, put, sheet_name, width, workbook
from ledger.forms.cells import Cell, shown
from ledger.forms.column import TO_MEND, Form
from ledger.forms.layout import Layout

Fault = tuple[int | None, str, bool]
"""The column (from 0; None where no single one is to blame), the reason, and whether the row is left out for it."""

_HOW = "改好标红的格子后，直接把这个文件再导入一次；“需要改的地方”这一列不用管"
_MUST = "改好才能入库："
_EXACT = 10**15
# Each note is a drawing: beyond these the colour and the words in the first column must do.
_MOST_NOTES = 10_000
_TAKEN = "已入库，这一格没有采用，请更正："
_WILL_BE = "将入库，这一格没有采用，请更正："


Faulty = tuple[Form, Layout, Sequence[tuple[int, Sequence[Cell], Sequence[Fault]]]]
"""A list and how it is laid out, with the rows that need something: row in the list as it was sent, its cells, and what is
wrong with it."""


def error_workbook(lists: Iterable[Faulty], *, applied: bool = True) -> bytes:
    """The sheets that go back to whoever sent the lists; mended, they come in like any other.

    Rows of which nothing is refused are in the ledger but for the marked cells, where the list is `applied`, or will be.
    """
    stream = BytesIO()
    with workbook(stream) as book:
        styles = _Styles(book)
        notes = 0
        for form, layout, lines in lists:
            notes = _sheet(book, styles, form, layout, lines, notes, _TAKEN if applied else _WILL_BE)
    return stream.getvalue()


class _Styles:
    def __init__(self, book: Any) -> None:
        self.as_text = book.add_format({"num_format": TEXT})
        self.bad = book.add_format(
            {"num_format": TEXT, "bg_color": "#F8C9C4", "border": 1, "border_color": "#C0392B"}
        )
        self.told = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#8E2A1E"})
        self.bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})


def _sheet(
    book: Any,
    styles: _Styles,
    form: Form,
    layout: Layout,
    lines: Iterable[tuple[int, Sequence[Cell], Sequence[Fault]]],
    notes: int,
    may: str,
) -> int:
    """One list; how many notes there are by now."""
    sheet = book.add_worksheet(sheet_name(form.file or form.title))
    columns = sorted(layout.headings)
    sheet.set_column(0, 0, 48, styles.told)
    for at in columns:
        column = layout.columns.get(at)
        sheet.set_column(
            at + 1, at + 1, width(layout.headings[at], column.example if column else ""), styles.as_text
        )
    above = max(layout.heading_row - 1, 0 if form.file else 1)
    for row, line in enumerate((f"{form.title}：{_HOW}", *form.banner[1:])[:above]):
        put(sheet, row, 0, line)
    put(sheet, above, 0, TO_MEND, styles.bold)
    for at in columns:
        put(sheet, above, at + 1, layout.headings[at], styles.bold)
    sheet.freeze_panes(above + 1, 1)
    for row, (number, cells, faults) in enumerate(lines, above + 1):
        put(sheet, row, 0, _in_words(layout, number, faults, may), styles.told)
        reasons = _by_column(faults)
        _row(sheet, row, layout, cells, reasons, styles.bad)
        for at, reason in reasons.items() if notes < _MOST_NOTES else ():
            sheet.write_comment(row, at + 1, reason, {"author": "", "x_scale": 1.6})
        notes += len(reasons)
    return notes


def _by_column(faults: Sequence[Fault]) -> dict[int, str]:
    reasons: dict[int, list[str]] = {}
    for at, reason, _ in faults:
        if at is not None:
            reasons.setdefault(at, []).append(reason)
    return {at: "；".join(dict.fromkeys(told)) for at, told in reasons.items()}


def _row(
    sheet: Any, row: int, layout: Layout, cells: Sequence[Cell], reasons: Mapping[int, str], bad: Any
) -> None:
    for at in range(max(len(cells), *(at + 1 for at in reasons), 0)):
        cell = cells[at] if at < len(cells) else None
        column = layout.columns.get(at)
        if at not in reasons and not (column and column.text_only) and _is_exact(cell):
            put(sheet, row, at + 1, cell)
        else:
            put(sheet, row, at + 1, shown(cell), bad if at in reasons else None)


def _is_exact(cell: Cell) -> bool:
    """Whether the cell is a number that a spreadsheet keeps to its last digit."""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < _EXACT


def _in_words(layout: Layout, number: int, faults: Sequence[Fault], may: str) -> str:
    sentences = dict.fromkeys(
        f"{layout.headings[at]}：{reason}" if at is not None and at in layout.headings else reason
        for at, reason, _ in faults
    )
    how = _MUST if any(refused for _, _, refused in faults) else may
    return f"原第{number}行，{how}{'；'.join(sentences)}"
