"""docs/columns.md, made of the declarations: `python -m ledger.forms.documentation > docs/columns.md`."""

import sys
from collections.abc import Iterator

from ledger.forms.catalogue import ALL_FORMS
from ledger.forms.column import Column, Form

_HEAD = """# The columns of every form

Made of the declarations in `ledger/forms/` by `python -m ledger.forms.documentation`; a test holds it to them.

A heading counts without blanks, stars and colons, in wide or narrow signs, with or without a unit in brackets behind it.
**Bold** headings are required. *Text only*: a cell that is a number refuses the row, since its last digits may be gone.
*Personal*: masked where the reader has no need of it. Headings with numbers behind (风险1, 风险2) add to one field where
several are allowed. 序号, 行号, 编号 and 需要改的地方 are passed over; 备注 is kept with the row.
"""


def described() -> str:
    """The page."""
    return "\n".join([_HEAD, *(line for form in ALL_FORMS for line in _form(form))])


def _form(form: Form) -> Iterator[str]:
    yield f"## {form.title} (`{form.code}`)\n"
    if form.banner:
        yield f"Above the headings: {' / '.join(form.banner)}.\n"
    if form.hints:
        yield f"Told by its name or banner: {'、'.join(form.hints)}.\n"
    yield "| heading | field | choices | example | note | also called |"
    yield "|---|---|---|---|---|---|"
    yield from map(_column, form.columns)
    own = {column.field for column in form.columns}
    if further := [column for column in form.accepted if column.field not in own]:
        yield f"\nAlso read: {'、'.join(column.heading for column in further)}."
    if form.months:
        yield "\nAlso read: one column for each month, headed 2025年01月, 202501, or 1月 where the banner tells the year."
    yield ""


def _column(column: Column) -> str:
    marks = {"text only": column.text_only, "personal": column.personal, "several": column.several}
    note = "；".join(
        filter(None, [column.note, ", ".join(f"*{name}*" for name, is_so in marks.items() if is_so)])
    )
    cells = (
        f"**{column.heading}**" if column.required else column.heading,
        f"`{column.field}`",
        "、".join(column.choices),
        column.example,
        note,
        "、".join(column.aliases),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    sys.stdout.write(described())
