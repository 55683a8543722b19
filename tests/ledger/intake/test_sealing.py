"""Cells and judgements sealed under the file's key: what goes in comes out, and nobody else's key opens it."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.intake.sealing import seal_cells, seal_judgement, shown, unseal_cells, unseal_judgement
from models.education import Education
from models.sealing import Unsealable

KEY, OTHER = b"k" * 32, b"o" * 32


def test_cells_come_out_as_they_went_in() -> None:
    cells = ["测试", None, 1.5, 3, True, date(2025, 1, 31), "=1+1"]
    assert unseal_cells(KEY, seal_cells(KEY, cells, [6])) == (cells, [6])
    with pytest.raises(Unsealable):
        unseal_cells(OTHER, seal_cells(KEY, cells))


def test_a_judgement_of_nothing_is_none() -> None:
    assert seal_judgement(KEY, [], {}) is None
    told = seal_judgement(KEY, [["姓名", "太长", True]], {"name": ["甲", "乙", "file"]})
    assert unseal_judgement(KEY, told) == {
        "complaints": [["姓名", "太长", True]],
        "changes": {"name": ["甲", "乙", "file"]},
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        ((), ""),
        (False, "否"),
        (("健康", "残疾"), "健康、残疾"),
        (Education.PRIMARY, "小学"),
        (Decimal("4500"), "4500"),
        (date(2025, 1, 1), "2025-01-01"),
    ],
)
def test_values_as_people_read_them(value: object, words: str) -> None:
    assert shown(value) == words
