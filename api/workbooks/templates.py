"""The empty workbook of a form: drop-downs, notes, an example row that no import takes for somebody."""

from io import BytesIO
from typing import Any

from api.workbooks.book import TEXT, put, sheet_name, width, workbook
from ledger.forms.column import EXAMPLE_MARK, EXPLANATION, Column, Form

_ROWS_TO_FILL = 5000
_LISTS_FROM = 6  # the column of 填写说明 from which the lists of the drop-downs stand


def template(form: Form) -> bytes:
    """The form's workbook, headings below its banner, with one example row and a sheet that explains every column."""
    stream = BytesIO()
    with workbook(stream) as book:
        sheet = book.add_worksheet(sheet_name(form.file or form.title))
        _list(book, sheet, form)
        _explanation(book, book.add_worksheet(EXPLANATION), form)
    return stream.getvalue()


def _list(book: Any, sheet: Any, form: Form) -> None:
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
    for place, (at, column) in enumerate(_with_choices(form)):
        letter = _letters(_LISTS_FROM + place)
        sheet.data_validation(
            head + 1,
            at,
            head + _ROWS_TO_FILL,
            at,
            {
                "validate": "list",
                "source": f"='{EXPLANATION}'!${letter}$2:${letter}${len(column.choices) + 1}",
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
    for at, text in enumerate(("表头", "必填", "怎么填", "示例")):
        put(sheet, 0, at, text, bold)
    for place, (_, column) in enumerate(lists):
        put(sheet, 0, _LISTS_FROM + place, column.heading, bold)
    for row in range(1, 1 + max(len(form.columns), *(len(column.choices) for _, column in lists), 0)):
        if row <= len(form.columns):
            column = form.columns[row - 1]
            for at, text in enumerate(
                (column.heading, "是" if column.required else "", column.note, column.example)
            ):
                put(sheet, row, at, text)
        for place, (_, column) in enumerate(lists):
            if row <= len(column.choices):
                put(sheet, row, _LISTS_FROM + place, column.choices[row - 1])


def _with_choices(form: Form) -> list[tuple[int, Column]]:
    return [(at, column) for at, column in enumerate(form.columns) if column.choices]


def _starred(column: Column) -> str:
    return f"*{column.heading}" if column.required else column.heading


def _letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else _letters(at // 26 - 1) + chr(ord("A") + at % 26)
