"""One row of a list, read: values by field, and what is to be complained of. Nothing guessed, nothing lost."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from ledger.forms.cells import Cell, Unclear, shown, text_of
from ledger.forms.column import EXAMPLE_MARK, Column, Form
from ledger.forms.layout import Layout
from ledger.forms.national import MONITORED, NATIONAL
from ledger.forms.places import PARTS
from ledger.forms.recognising import HEADING_WITHIN, Unrecognised, recognise
from ledger.records.reported import ALL_FIELDS, Reported
from models.spell import Precision
from models.worker import Sex

_FORMULA = "单元格是公式，不能导入；请把该列复制后“选择性粘贴—数值”，再重新导出"
_NUMBER = "单元格是数值格式，号码的后几位可能已经丢失；请把该列设为文本格式，按证件重新录入"
_NOBODYS = "没有填写，不知道是谁的记录；补填后再检查，多余的行请删去"
_LACKING = "没有填写，请补填"
_STILL_MARKED = "还写着“【示例】”，请改成实际内容；不用的示例行请整行删去"
_SEX_DIFFERS = "与证件号码中的性别不一致，请对照身份证核对"
_BIRTH_DIFFERS = "与证件号码中的出生日期不一致，请对照身份证核对"
_ENDS_FIRST = "结束时间早于开始时间，请核对这一段务工的起止月份"
_MOST_REMEMBERED = 20_000
_ENOUGH = 3
_UNREAD = object()
_BLANK = object()


@dataclass(frozen=True, slots=True)
class Complaint:
    """What could not be read: the heading, and why. A refused row is left out, otherwise only a cell that is `lost`.

    `at` is the column, from 0; None where no single column is to blame.
    """

    row: int
    column: str
    reason: str
    refused: bool = False
    at: int | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row as read. `unclear` are fields whose cells could not be read; `others` the cells of columns that no field
    stands for, and places that nobody could find. A row that is blank, the headings once more, or a template's example is `skipped`."""

    row: int
    values: dict[str, Any]
    complaints: tuple[Complaint, ...] = ()
    unclear: frozenset[str] = frozenset()
    others: tuple[tuple[str, str], ...] = ()
    skipped: bool = False

    @property
    def refused(self) -> bool:
        """Whether the row is left out."""
        return any(complaint.refused for complaint in self.complaints)


def read_row(
    form: Form,
    layout: Layout,
    number: int,
    cells: Sequence[Cell],
    formula_columns: Collection[int] = (),
) -> Parsed:
    """One row below the headings.

    Parameters
    ----------
    number : of the row, from 1.
    formula_columns : those of its cells, from 0, that hold a formula.

    Values are those of the columns' `parse`, and for a place of work `region`, `county_text` and `abroad`.
    """
    values: dict[str, Any] = {}
    wrong = [
        Complaint(number, layout.columns[at].heading, _FORMULA, refused=True, at=at)
        for at in sorted(formula_columns)
        if at in layout.columns
    ]
    unclear: list[str] = []
    width = len(cells)
    for at, column, known in layout.readers:
        if at >= width:
            break
        cell = cells[at]
        if cell is None or cell == "":
            continue
        if type(cell) is str:
            value = known.get(cell, _UNREAD)
            if value is _UNREAD:
                value = _read(column, cell)
                if len(known) < _MOST_REMEMBERED:
                    known[cell] = value
        elif column.text_only:
            value = Unclear(_NUMBER)
        else:
            value = _read(column, cell)
        if value is _BLANK:
            continue
        if type(value) is Unclear:
            wrong.append(Complaint(number, column.heading, str(value), column.text_only, at, lost=True))
            unclear.append(column.field)
        elif column.several:
            values[column.field] = (*values.get(column.field, ()), *value)
        else:
            values[column.field] = value
    if (not values and not wrong and _is_blank(cells)) or _is_heading(layout, cells):
        return Parsed(number, {}, skipped=True)
    if marked := _marked(layout, number, cells):
        if _is_example(form, layout, cells):
            return Parsed(number, {}, skipped=True)
        wrong.append(marked)
    others = [(heading, text) for at, heading in layout.others if at < width and (text := shown(cells[at]))]
    _place(layout, values, others)
    wrong.extend(_lacking(form, layout, number, values, unclear, wrong))
    wrong.extend(_contradictions(layout, number, values))
    return Parsed(number, values, tuple(wrong), frozenset(unclear), tuple(others))


def reported_of(parsed: Parsed, sheet: str, asked: Collection[str], *, by_day: bool = False) -> Reported:
    """What the row reports.

    Parameters
    ----------
    asked : the fields of `Reported` that the sheet has columns for (`Layout.asked`).
    by_day : whether dates that all name a day are meant to the day (`Form.by_day`).
    """
    own = {name: value for name, value in parsed.values.items() if name in _REPORTED}
    if by_day:
        days = [day for day in (own.get("started"), own.get("ended")) if day is not None]
        if days and all(day.day != 1 for day in days):
            own["precision"] = Precision.DAY
    told = frozenset(asked)
    return Reported(parsed.row, sheet, told - parsed.unclear if parsed.unclear else told, **own)


def texts_of(layout: Layout, cells: Sequence[Cell]) -> dict[str, str]:
    """The row's texts by field, as they were written."""
    return {
        column.field: text
        for at, column, _ in layout.readers
        if at < len(cells) and (text := shown(cells[at]))
    }


def read_sheet(
    name: str,
    rows: Iterable[tuple[int, Sequence[Cell]]],
    *,
    formulas: Collection[tuple[int, int]] = (),
) -> Iterator[tuple[Form, Parsed, Reported | None]]:
    """The rows of a sheet in the national system's layout: form, row, and what it reports unless it is refused.

    Parameters
    ----------
    formulas : (row, column) of the cells that hold a formula, rows from 1 and columns from 0.

    Raises
    ------
    Unrecognised
        when the first ten rows hold no headings of the national system.
    """
    everything = iter(rows)
    top = list(islice(everything, HEADING_WITHIN))
    layout = recognise(name, top, among=NATIONAL)
    if len(layout.fields) < _FEWEST_OF_THE_SYSTEM:
        layout = recognise(name, top, kind=MONITORED.kind, among=(MONITORED,))
    if len(layout.fields) < _FEWEST_OF_THE_SYSTEM or layout.form is None:
        raise Unrecognised(
            f"前{HEADING_WITHIN}行里没有找到表头（户编号、人编号、姓名、证件号码等），"
            "请使用系统直接导出的表，不要删改表头"
        )
    by_row: dict[int, list[int]] = {}
    for number, column in formulas:
        if column in layout.columns:
            by_row.setdefault(number, []).append(column)
    for number, cells in chain(top, everything):
        if number <= layout.heading_row:
            continue
        parsed = read_row(layout.form, layout, number, cells, by_row.get(number, ()))
        if not parsed.skipped:
            reported = None if parsed.refused else reported_of(parsed, name, layout.asked)
            yield layout.form, parsed, reported


_FEWEST_OF_THE_SYSTEM = 3
_REPORTED = ALL_FIELDS | {"abroad"}
_SAYS = re.compile(r"[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{2}([0-9])[0-9Xx]")


def _read(column: Column, cell: Cell) -> Any:
    try:
        text = text_of(cell)
        return column.parse(text) if text else _BLANK
    except Unclear as problem:
        # Kept for the next cell of the same text, so without the frames it came through.
        return problem.with_traceback(None)


def _is_blank(cells: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _is_heading(layout: Layout, cells: Sequence[Cell]) -> bool:
    """Whether the headings stand here once more, as on every page of a printed list."""
    first = layout.readers[:_ENOUGH]
    return bool(first) and all(at < len(cells) and cells[at] == layout.headings.get(at) for at, _, _ in first)


def _marked(layout: Layout, number: int, cells: Sequence[Cell]) -> Complaint | None:
    first = next(((at, cell) for at, cell in enumerate(cells) if cell not in (None, "")), None)
    if first is None or not isinstance(first[1], str) or not first[1].lstrip().startswith(EXAMPLE_MARK):
        return None
    return Complaint(number, layout.headings.get(first[0], ""), _STILL_MARKED, refused=True, at=first[0])


def _is_example(form: Form, layout: Layout, cells: Sequence[Cell]) -> bool:
    examples = {column.example for column in form.columns} | {""}
    return all(
        text.removeprefix(EXAMPLE_MARK) in examples
        for at in layout.columns
        if at < len(cells) and (text := shown(cells[at]))
    )


def _place(layout: Layout, values: dict[str, Any], others: list[tuple[str, str]]) -> None:
    written = tuple(values.pop(part, "") for part in PARTS)
    if not any(written):
        return
    values.update(layout.places.read((written[0], written[1], written[2], written[3])))
    if values.get("region") is None:
        # A place that nobody could find stays as it was written.
        headings = {column.field: heading for at, heading in layout.headings.items()
                    if (column := layout.columns.get(at))}  # fmt: skip
        others.extend((headings[part], text) for part, text in zip(PARTS, written, strict=True) if text)


def _lacking(
    form: Form,
    layout: Layout,
    number: int,
    values: dict[str, Any],
    unclear: Sequence[str],
    wrong: Sequence[Complaint],
) -> Iterator[Complaint]:
    whose = [name for name in form.whose if name in layout.fields]
    if whose and not any(values.get(name) for name in whose):
        if not any(complaint.refused for complaint in wrong):
            headings = "、".join(form.by_field[name].heading for name in whose)
            at = next(at for at, column, _ in layout.readers if column.field == whose[0])
            yield Complaint(number, headings, _NOBODYS, refused=True, at=at)
        return
    if form.strict:
        for at, column, _ in layout.readers:
            if column.required and values.get(column.field) is None and column.field not in unclear:
                yield Complaint(number, column.heading, _LACKING, refused=not form.whose, at=at)


def _contradictions(layout: Layout, number: int, values: dict[str, Any]) -> Iterator[Complaint]:
    started, ended = values.get("started"), values.get("ended")
    if started and ended and ended < started:
        yield _about(layout, number, "ended", _ENDS_FIRST)
    if "sex" not in values and "birth_date" not in values:
        return
    match = _SAYS.match(values.get("id_number") or "")
    if match is None:
        return
    sex = Sex.MALE if int(match[4]) % 2 else Sex.FEMALE
    if values.get("sex", sex) is not sex:
        yield _about(layout, number, "sex", _SEX_DIFFERS)
    birth = values.get("birth_date")
    if birth and (birth.year, birth.month) != (int(match[1]), int(match[2])):
        yield _about(layout, number, "birth_date", _BIRTH_DIFFERS)


def _about(layout: Layout, number: int, name: str, reason: str) -> Complaint:
    at, column = next((at, column) for at, column, _ in layout.readers if column.field == name)
    return Complaint(number, column.heading, reason, at=at)
