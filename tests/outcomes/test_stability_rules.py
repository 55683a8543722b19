"""Rules as data: what is refused, what an absent field means, and how late one may start."""

from datetime import date
from typing import Any

import pytest

from outcomes.calendar import MonthCounting
from outcomes.rules import Counting, EmployerScope, RuleError, StabilityRule, latest_start

# --- reading -----------------------------------------------------------------------------------------------------


def test_what_absent_fields_mean() -> None:
    rule = StabilityRule.from_dict({"id": "空"})
    assert (rule.month_counting, rule.counting, rule.employer, rule.max_gap_days) == (
        MonthCounting.INCLUSIVE,
        Counting.CUMULATIVE,
        EmployerScope.ANY,
        None,
    )
    assert StabilityRule.from_dict({"id": "连", "counting": "continuous"}).max_gap_days == 0
    unlimited = StabilityRule.from_dict({"id": "连", "counting": "continuous", "max_gap_days": None})
    assert unlimited.max_gap_days is None
    assert StabilityRule.from_dict(unlimited.to_dict()) == unlimited
    assert StabilityRule.from_dict({"id": "年", "calendar_year": False}).calendar_year is None


def test_labels_are_read_like_codes() -> None:
    by_label = {"id": "字", "counting": "连续", "kinds": ["市场就业"], "employer": "同一单位"}
    by_code = {"id": "字", "counting": "continuous", "kinds": ["market"], "employer": "same"}
    assert StabilityRule.from_dict(by_label) == StabilityRule.from_dict(by_code)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"min_months": 3, "min_days": 90}, "min_months"),
        ({"min_months": 0}, "min_months"),
        ({"min_months": -3}, "min_months"),
        ({"min_months": 2.5}, "min_months"),
        ({"min_months": float("inf")}, "min_months"),
        ({"min_months": "3"}, "min_months"),
        ({"min_months": True}, "min_months"),
        ({"min_days": 100_000}, "min_days"),
        ({"max_gap_days": -1}, "max_gap_days"),
        ({"kinds": []}, "kinds"),
        ({"kinds": "market"}, "kinds"),
        ({"kinds": ["factory"]}, "kinds"),
        ({"kinds": [None]}, "kinds"),
        ({"destination": []}, "destination"),
        ({"destination": ["moon"]}, "destination"),
        ({"regions": []}, "regions"),
        ({"regions": ["6"]}, "regions"),
        ({"regions": ["江苏"]}, "regions"),
        ({"counting": "sometimes"}, "counting"),
        ({"employer": 1}, "employer"),
        ({"month_counting": "30"}, "month_counting"),
        ({"min_evidence": "E"}, "min_evidence"),
        ({"arrangement": ["self"]}, "arrangement"),
        ({"min_average_pay": -1}, "min_average_pay"),
        ({"min_total_pay": 0}, "min_total_pay"),
        ({"min_contract_months": 0}, "min_contract_months"),
        ({"min_age": 200}, "min_age"),
        ({"calendar_year": "2025"}, "calendar_year"),
        ({"calendar_year": 25}, "calendar_year"),
        ({"calendar_year": True, "min_months": 13}, "calendar_year"),
        ({"calendar_year": 2025, "min_days": 366}, "calendar_year"),
        ({"calendar_year": 2025, "min_months": 12, "month_counting": "civil_code"}, "calendar_year"),
        ({"id": " "}, "id"),
        ({"id": 3}, "id"),
        ({"min_month": 3}, "min_month"),
        ({"min_\nmonth": 3}, "min_�month"),
        ({"id": "长" * 101}, "id"),
        ({"id": "\ud800"}, "id"),
    ],
)
def test_contradictions_are_refused_with_what_to_mend(given: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleError) as refused:
        StabilityRule.from_dict({"id": "错", **given})
    assert refused.value.field == field
    assert f"“{field}”" in str(refused.value)


def test_a_leap_year_has_366_days() -> None:
    assert StabilityRule.from_dict({"id": "闰", "calendar_year": 2024, "min_days": 366}).min_days == 366
    assert StabilityRule.from_dict({"id": "闰", "calendar_year": True, "min_days": 366}).min_days == 366


# --- latest start ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "by", "start"),
    [
        ({"min_months": 3}, "2025-12-31", "2025-10-01"),
        ({"min_months": 3, "month_counting": "civil_code"}, "2025-12-31", "2025-09-30"),
        ({"min_days": 90}, "2025-12-31", "2025-10-03"),
        ({}, "2025-12-31", "2025-12-31"),
        ({"min_months": 6}, "2025-03-31", "2024-10-01"),
        ({"min_months": 6, "calendar_year": True}, "2025-03-31", None),
        ({"min_months": 3, "calendar_year": True}, "2025-03-31", "2025-01-01"),
        ({"min_months": 3, "calendar_year": True}, "2025-03-30", None),
        ({"min_months": 3, "calendar_year": 2025}, "2026-06-30", "2025-10-01"),
        ({"min_months": 3, "calendar_year": 2025}, "2024-12-31", None),
    ],
)
def test_latest_start(rule: dict[str, Any], by: str, start: str | None) -> None:
    expected = date.fromisoformat(start) if start else None
    assert latest_start(StabilityRule.from_dict({"id": "迟", **rule}), date.fromisoformat(by)) == expected
