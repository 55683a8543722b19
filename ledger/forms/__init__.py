"""The forms that come in and go out: every column declared once, for template, import, export and error sheet."""

from ledger.forms.catalogue import ALL_FORMS, FORMS, form_named
from ledger.forms.cells import Cell, Unclear
from ledger.forms.column import EXAMPLE_MARK, EXPLANATION, TO_MEND, Column, Form
from ledger.forms.exchange import EXCHANGE, WORDS_OF
from ledger.forms.layout import Layout, WrongAnswer, apply_mapping, restored
from ledger.forms.places import Places
from ledger.forms.posts import posting_of
from ledger.forms.proofs import paid_months
from ledger.forms.recognising import Unrecognised, recognise
from ledger.forms.rows import Complaint, Parsed, read_row, read_sheet, reported_of, texts_of
from ledger.forms.telling import cells_of

__all__ = [
    "ALL_FORMS",
    "EXAMPLE_MARK",
    "EXCHANGE",
    "EXPLANATION",
    "FORMS",
    "TO_MEND",
    "WORDS_OF",
    "Cell",
    "Column",
    "Complaint",
    "Form",
    "Layout",
    "Parsed",
    "Places",
    "Unclear",
    "Unrecognised",
    "WrongAnswer",
    "apply_mapping",
    "cells_of",
    "form_named",
    "paid_months",
    "posting_of",
    "read_row",
    "read_sheet",
    "recognise",
    "reported_of",
    "restored",
    "texts_of",
]
