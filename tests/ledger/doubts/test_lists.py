"""What a whole list shows, with its statistics."""

from dataclasses import replace

from ledger.doubts.rule import Context
from ledger.doubts.thresholds import Thresholds

from .conftest import AS_OF, HOME, found, numbers, villagers


def test_constant_fill_from_ten_rows_and_nine_in_ten() -> None:
    assert found("D23", villagers(9, 9)) == []
    assert found("D23", villagers(20, 17)) == []
    [finding] = found("D23", villagers(20, 18))
    assert dict(finding.statistics) == {"rows": 20, "equal": 18, "share": 0.9}
    assert finding.reported.row == 4
    assert "3000元" in finding.what


def test_constant_fill_of_one_village_in_a_county() -> None:
    copied = villagers(12, 12, village="测试甲村")
    honest = [replace(row, row=row.row + 100, village="测试乙村") for row in villagers(40, 0)]
    [finding] = found("D23", honest + copied)
    assert finding.reported.row == 4
    assert finding.statistics["rows"] == 12


def test_every_row_of_a_shared_phone_is_named_and_masked() -> None:
    rows = [replace(row, phone="13812345678") for row in villagers(4, 0)]
    shared = found("D24", rows)
    assert [finding.reported.row for finding in shared] == [4, 5, 6, 7]
    assert all("138****5678" in finding.what and "12345" not in finding.what for finding in shared)


def test_shares_are_compared_exactly() -> None:
    context = Context(AS_OF, HOME, Thresholds.of({"constant_share": "0.7"}))
    assert "D23" in numbers(villagers(10, 7), context)
    assert "D23" not in numbers(villagers(10, 6), context)
