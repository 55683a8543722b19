"""Cells that a spreadsheet could take for formulas."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.cells import harmless, unharmed


@given(st.text(alphabet="'=+-@\t\rab1 ", max_size=8))
def test_every_text_comes_back_and_none_is_a_formula(text: str) -> None:
    assert unharmed(harmless(text)) == text
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
