"""The page of columns is held to the declarations."""

from pathlib import Path

from ledger.forms import ALL_FORMS
from ledger.forms.documentation import described

PAGE = Path(__file__).resolve().parents[3] / "docs" / "columns.md"


def test_the_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == described(), (
        "python -m ledger.forms.documentation > docs/columns.md"
    )


def test_every_column_stands_in_it() -> None:
    page = described()
    for form in ALL_FORMS:
        assert f"(`{form.code}`)" in page
        assert all(column.heading in page and f"`{column.field}`" in page for column in form.columns)
