"""What the headings of a sheet mean: found in its first rows, by heading, by alias, or as the bureau said before."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ledger.forms.catalogue import ALL_FORMS
from ledger.forms.cells import Cell
from ledger.forms.column import EXPLANATION, Column, Form, is_aside, is_numbering, month_column, plain_heading
from ledger.forms.layout import Layout
from ledger.forms.values import narrow
from models.intake import ImportKind

HEADING_WITHIN = 10
_FEWEST = 2
# A form told by the sheet's name or by its own fields may know a little fewer headings than another.
_NEARLY = 0.75
_MONTH_HEADING = re.compile(
    r"(?:([0-9]{4})(?:年|[-./])?)?([0-9]{1,2})月?(?:份)?(?:\(.*\)|缴费|缴费情况|参保)?"
)
_YEAR = re.compile(r"(20[0-9]{2})\s*年")


class Unrecognised(ValueError):
    """A sheet without headings; the message says what to do."""


def recognise(
    name: str,
    top_rows: Iterable[tuple[int, Sequence[Cell]]],
    memory: Mapping[str, str | None] | None = None,
    *,
    kind: ImportKind | None = None,
    among: Sequence[Form] = ALL_FORMS,
) -> Layout:
    """The layout of a sheet; its form is None, and every heading unknown, where the headings do not tell the kind.

    Parameters
    ----------
    name : the sheet's name; for a file of the exchange folder the file's, without its ending.
    top_rows : number (from 1) and cells of the first rows; those after the tenth are not looked at.
    memory : what the bureau said before that a heading means: a field, or None for nothing that we keep.
    kind : of the list, where somebody has said it.
    among : the forms that it may be.

    Raises
    ------
    Unrecognised
        when the first ten rows hold nothing that could be headings, or the sheet only explains a template.
    """
    top = [(number, cells) for number, cells in top_rows if number <= HEADING_WITHIN]
    if name.strip() == EXPLANATION:
        raise Unrecognised("是模板的填写说明，不是名单")
    forms = [form for form in among if kind is None or form.kind is kind]
    remembered = {plain_heading(heading): meant for heading, meant in (memory or {}).items()}
    fits = {form.code: _best(form, name, top, remembered) for form in forms}
    form = _told(name, top, forms, fits)
    if form is None and kind is not None and forms:
        form = max(forms, key=lambda candidate: len(fits[candidate.code].fields))
    if form is not None and fits[form.code].fields:
        return fits[form.code]
    plain = _plainest(top)
    return replace(plain, form=form) if form else plain


def _best(
    form: Form, name: str, top: Sequence[tuple[int, Sequence[Cell]]], memory: Mapping[str, str | None]
) -> Layout:
    best = Layout(form, 0, {})
    above: Sequence[Cell] = ()
    for number, cells in top:
        year = _YEAR.search(name + _above(top, number))
        found = _layout(form, number, cells, memory, year)
        if len(found.fields) > len(best.fields):
            best = found
        # Both rows together count only where they name more than either: a banner or a row of data does not.
        both = _layout(form, number, _two_rows(form, above, cells), memory, year) if above else found
        if len(both.fields) > len(best.fields):
            best = both
        above = cells
    return best


def _two_rows(form: Form, above: Sequence[Cell], below: Sequence[Cell]) -> list[Cell]:
    """Headings in two rows as one: 务工情况 over 地点, 单位, 工资. A name below wins; one that alone means nothing is
    put behind the one above."""
    headings: list[Cell] = []
    group = ""
    for at in range(max(len(above), len(below))):
        top = above[at] if at < len(above) else None
        under = below[at] if at < len(below) else None
        if isinstance(top, str) and top.strip():
            group = top.strip()
        if isinstance(under, str) and under.strip():
            whole = f"{group}{under.strip()}"
            headings.append(under if form.named(under) and not form.named(whole) else whole)
        else:
            headings.append(under or top)
    return headings


def _layout(
    form: Form,
    number: int,
    cells: Sequence[Cell],
    memory: Mapping[str, str | None],
    year: re.Match[str] | None,
) -> Layout:
    headings = {at: cell.strip() for at, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()}
    if form.months:
        headings |= {at: text for at, cell in enumerate(cells) if (text := _typed_month(cell))}
    columns, unknown = dict[int, Column](), dict[int, str]()
    aside, repeated, taken = dict[int, str](), dict[int, str](), set[str]()
    for at, heading in headings.items():
        plain = plain_heading(heading)
        if plain in memory and memory[plain] is None:
            aside[at] = heading
            continue
        said = memory.get(plain)
        column = (
            (form.meant(said) if said else None) or form.named(heading) or _month_column(form, plain, year)
        )
        if column is None:
            (aside if is_numbering(heading) or is_aside(heading) else unknown)[at] = heading
        elif column.several or column.name not in taken:
            columns[at] = column
            taken.add(column.name)
        else:
            repeated[at] = heading
    return Layout(form, number, headings, columns, unknown, aside, repeated)


def _told(
    name: str,
    top: Sequence[tuple[int, Sequence[Cell]]],
    forms: Sequence[Form],
    fits: Mapping[str, Layout],
) -> Form | None:
    """The form that name, banner and headings tell, held against how many headings each form knows."""
    most = max((len(fit.fields) for fit in fits.values()), default=0)
    near = [
        form
        for form in forms
        if len(fits[form.code].fields) >= max(_NEARLY * most, 1 if form.file else _FEWEST)
    ]
    file = [form for form in near if form.file and form.telling[0] <= fits[form.code].fields]
    if file:
        return next((form for form in file if form.file == name), None) or max(
            file, key=lambda form: (len(fits[form.code].fields), len(form.telling[0]))
        )
    for form in near:
        banner = name + _above(top, fits[form.code].heading_row)
        if any(hint in banner for hint in form.hints):
            return form
    # The form of whose own fields most stand together; of equals the first in the catalogue.
    own = [
        (max((len(group) for group in form.telling if group <= fits[form.code].fields), default=0), form)
        for form in near
    ]
    most_own = max((size for size, _ in own), default=0)
    return next((form for size, form in own if size == most_own), None) if most_own else None


_A_PERSONS = re.compile(r"[0-9]{7}")


def _plainest(top: Sequence[tuple[int, Sequence[Cell]]]) -> Layout:
    """The fullest row of short texts, every one of them unknown."""
    best: tuple[int, dict[int, str]] = (0, {})
    for number, cells in top:
        texts = {
            at: cell.strip()
            for at, cell in enumerate(cells)
            if isinstance(cell, str) and 0 < len(cell.strip()) <= 40
        }
        # A row with somebody's number or telephone in it is no row of headings: it would be kept, and read, as one.
        if len(texts) > len(best[1]) and not any(_A_PERSONS.search(narrow(text)) for text in texts.values()):
            best = number, texts
    number, headings = best
    if len(headings) < _FEWEST:
        raise Unrecognised(
            f"前{HEADING_WITHIN}行里没有找到表头（姓名、证件号码、户编号等），请把表头放在前{HEADING_WITHIN}行以内，一格写一项；没有表头的，请在最上面加一行表头"
        )
    return Layout(None, number, headings, unknown=headings)


def _above(top: Sequence[tuple[int, Sequence[Cell]]], heading_row: int) -> str:
    return "".join(_texts(cells for number, cells in top if number < heading_row))


def _texts(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    return (cell for cells in rows for cell in cells if isinstance(cell, str))


def _typed_month(cell: Cell) -> str:
    """The heading 202501 where somebody typed it as a number or a date; otherwise nothing."""
    if isinstance(cell, date):
        return f"{cell:%Y%m}"
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 190001 <= cell <= 210012:
        return ""
    return str(int(cell))


def _month_column(form: Form, heading: str, year: re.Match[str] | None) -> Column | None:
    match = _MONTH_HEADING.fullmatch(narrow(heading)) if form.months else None
    if match is None or form.months is None or not (match[1] or (year and "月" in heading)):
        return None
    which, number = int(match[1] or (year[1] if year else 0)), int(match[2])
    if not (1 <= number <= 12 and 1990 <= which <= 2100):
        return None
    return month_column(form.months, date(which, number, 1))
