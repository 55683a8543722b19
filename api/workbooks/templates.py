"""The empty workbook of a form: drop-downs, notes, an example row that no import takes for somebody."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from api.workbooks.book import TEXT, put, sheet_name, width, workbook
from ledger.forms.column import EXAMPLE_MARK, EXPLANATION, Column, Form

_ROWS_TO_FILL = 5000
_EXPLAINED = ("表头", "必填", "怎么填", "示例")
_LISTS_FROM = 6  # the column of 填写说明 from which the lists of the drop-downs stand


def template(form: Form) -> bytes:
    """The form's workbook, headings below its banner, with one example row and a sheet that explains every column."""
    stream = BytesIO()
    with workbook(stream) as book:
        sheet = book.add_worksheet(sheet_name(form.file or form.title))
        letters = (
            (at, _letters(_LISTS_FROM + place), column)
            for place, (at, column) in enumerate(_with_choices(form))
        )
        _list(
            book,
            sheet,
            form,
            {
                at: f"='{EXPLANATION}'!${letter}$2:${letter}${len(column.choices) + 1}"
                for at, letter, column in letters
            },
        )
        _explanation(book, book.add_worksheet(EXPLANATION), form)
    return stream.getvalue()


def folder_template(forms: Sequence[Form]) -> bytes:
    """The files of a folder as one workbook, a sheet each by the file's name; it comes in like the folder itself."""
    stream = BytesIO()
    with workbook(stream) as book:
        for form in forms:
            sheet = book.add_worksheet(sheet_name(form.file))
            _list(book, sheet, form, {at: list(column.choices) for at, column in _with_choices(form)})
        sheet = book.add_worksheet(EXPLANATION)
        bold = book.add_format({"bold": True, "bottom": 1})
        for at, wide in enumerate((18, 22, 8, 60, 30)):
            sheet.set_column(at, at, wide)
        for at, text in enumerate(("文件", *_EXPLAINED)):
            put(sheet, 0, at, text, bold)
        columns = [(form, column) for form in forms for column in form.columns]
        for row, (form, column) in enumerate(columns, 1):
            for at, text in enumerate((f"{form.file}.csv", *_explained(column))):
                put(sheet, row, at, text)
    return stream.getvalue()


def _list(book: Any, sheet: Any, form: Form, sources: Mapping[int, str | list[str]]) -> None:
    """The sheet to be filled in; `sources` is where the choices of a column stand, or the choices."""
    as_text = book.add_format({"num_format": TEXT})
    bold = {"bold": True, "bottom": 1, "num_format": TEXT, "text_wrap": True}
    heading, needed = book.add_format(bold), book.add_format(bold | {"bg_color": "#F6E7C1"})
    example = book.add_format({"num_format": TEXT, "italic": True, "font_color": "#7A7A7A"})
    for at, column in enumerate(form.columns):
        # Every cell is text, so that a spreadsheet turns no number and no month into something else.
        sheet.set_column(at, at, width(column.heading, column.example), as_text)
    for at, line in enumerate(form.banner):
        put(sheet, at, 0, line)
    head = len(form.banner)
    for at, column in enumerate(form.columns):
        put(sheet, head, at, _starred(column), needed if column.required else heading)
        if column.note:
            sheet.write_comment(head, at, column.note, {"author": "", "x_scale": 1.4})
    for at, column in enumerate(form.columns):
        put(sheet, head + 1, at, f"{EXAMPLE_MARK if at == 0 else ''}{column.example}", example)
    sheet.freeze_panes(head + 1, 0)
    for at, column in _with_choices(form):
        sheet.data_validation(
            head + 1,
            at,
            head + _ROWS_TO_FILL,
            at,
            {
                "validate": "list",
                "source": sources[at],
                "error_type": "stop" if column.values.closed else "information",
                "error_title": column.heading[:32],
                "error_message": "请从下拉列表中选择"
                if column.values.closed
                else "不在下拉列表里，确认无误可以保留",
            },
        )


def _explanation(book: Any, sheet: Any, form: Form) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    lists = _with_choices(form)
    for at, wide in enumerate((22, 8, 60, 30)):
        sheet.set_column(at, at, wide)
    for at, text in enumerate(_EXPLAINED):
        put(sheet, 0, at, text, bold)
    for place, (_, column) in enumerate(lists):
        put(sheet, 0, _LISTS_FROM + place, column.heading, bold)
    for row in range(1, 1 + max(len(form.columns), *(len(column.choices) for _, column in lists), 0)):
        if row <= len(form.columns):
            column = form.columns[row - 1]
            for at, text in enumerate(_explained(column)):
                put(sheet, row, at, text)
        for place, (_, column) in enumerate(lists):
            if row <= len(column.choices):
                put(sheet, row, _LISTS_FROM + place, column.choices[row - 1])


def _explained(column: Column) -> tuple[str, str, str, str]:
    return column.heading, "是" if column.required else "", column.note, column.example


def _with_choices(form: Form) -> list[tuple[int, Column]]:
    return [(at, column) for at, column in enumerate(form.columns) if column.choices]


def _starred(column: Column) -> str:
    return f"*{column.heading}" if column.required else column.heading


def _letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else _letters(at // 26 - 1) + chr(ord("A") + at % 26)
