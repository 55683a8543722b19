"""What is said of monitored groups: a difference only where its interval is clear."""

from typing import Any

from api.fairness_words import fair_words
from api.judged_words import group_words


def one(measure: str, group: str, value: float, low: float, high: float, note: str = "") -> dict[str, Any]:
    return {"measure": measure, "group": group, "value": value, "low": low, "high": high, "note": note}


def said(*found: dict[str, Any]) -> str:
    return "\n".join(fair_words(found, group_words))


def test_a_group_below_four_fifths_is_named_with_its_interval() -> None:
    told = said(one("impact", "female", 0.7, 0.62, 0.78), one("impact", "male", 1.4, 1.2, 1.6))
    assert "女性只有其他人的70%（62%至78%），低于八成，请查原因" in told
    assert "男性" not in told


def test_a_little_below_is_told_without_a_verdict() -> None:
    told = said(one("exposure", "55+", 0.85, 0.75, 0.95))
    assert "55岁以上只有随机排列的85%" in told and "八成" not in told


def test_no_difference_and_too_few_are_said() -> None:
    told = said(
        one("impact", "female", 0.9, 0.7, 1.1), one("impact", "disabled", 0.2, 0.1, 0.3, "too_few"),
        one("exposure", "disabled", 0.2, 0.1, 0.3, "too_few"),
        one("p_hire_unlike", "female", 0.01, -0.02, 0.04),
    )  # fmt: skip
    assert "看不出有哪个群体低于其他人（残疾劳动力人数太少，不下结论）" in told
    assert "靠前的机会：人数太少，不下结论" in told
    assert "看不出群体之间有差别" in told


def test_who_is_foretold_too_well() -> None:
    assert "预测减去实际，再和其他人比，监测对象的干满半年多说了12.8个百分点" in said(
        one("stay_180_unlike", "monitored", 0.128, 0.02, 0.2)
    )


def test_without_anything_known_nothing_is_said() -> None:
    assert fair_words([], group_words) == []
