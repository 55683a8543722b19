"""What fits into the columns of a person, and what is told of the rest."""

from dataclasses import replace

import pytest

from ledger.intake.columns import category_named, fitting, person_columns
from ledger.records.reported import Reported
from models.household import HardshipCategory
from models.worker import RelationToHead

TOLD = Reported(1, name="测试甲", relation="妻子", phone="10000000001", health=("健康",))


def test_what_fits_is_taken() -> None:
    told, complaints = fitting(TOLD)
    assert complaints == []
    assert person_columns(told, ["name", "relation", "health", "ethnicity"]) == {
        "name": "测试甲", "name_pinyin": "ce shi jia", "relation_to_head": RelationToHead.SPOUSE, "health": ["健康"]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": "长" * 51}, True),
        ({"village": "长" * 61}, False),
        ({"relation": "三表哥"}, False),
        ({"phone": "12345"}, False),
    ],
)
def test_what_does_not_fit_is_told(changes: dict[str, str], refused: bool) -> None:
    told, complaints = fitting(replace(TOLD, **changes))
    assert [each.refused for each in complaints] == [refused]
    assert all(value not in each.reason for each in complaints for value in changes.values())
    if "phone" not in changes:
        assert getattr(told, next(iter(changes))) is None


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("脱贫户", HardshipCategory.RELIEVED),
        ("低保户", HardshipCategory.SUBSISTENCE),
        ("突发严重困难户", HardshipCategory.SUDDEN),
        ("一般农户", None),
        (None, None),
    ],
)
def test_categories_by_their_names(text: str | None, category: HardshipCategory | None) -> None:
    assert category_named(text) is category
