"""The evidence column of spells.csv."""

from datetime import date

import pytest

from ledger.forms.cells import Unclear
from ledger.forms.evidence import read_evidence
from models.spell import EvidenceGrade


def test_evidence_is_read_piece_by_piece() -> None:
    proofs = read_evidence("A 2025-01-01..2025-06-30;C 2025-07..2025-08 seal+telephone+uscc")
    assert [(each.grade, each.covers_from, each.covers_to, sorted(each.marks)) for each in proofs] == [
        (EvidenceGrade.A, date(2025, 1, 1), date(2025, 6, 30), []),
        (EvidenceGrade.C, date(2025, 7, 1), date(2025, 8, 31), ["seal", "telephone", "uscc"]),
    ]
    assert read_evidence("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "E 2025-01-01..2025-02-01",
        "A 2025-02-30..2025-03-01",
        "A 2025-03-01..2025-02-01",
        "A",
        "C 2025-01..2025-02 stamp",
    ],
)
def test_evidence_that_is_none_is_said_to_be_so(text: str) -> None:
    with pytest.raises(Unclear):
        read_evidence(f"B 2025-01-01..2025-01-31;{text}")
