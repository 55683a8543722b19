"""Rules as data: what is refused, what an absent field means, and the rules that counties really have."""

import json
from datetime import date
from typing import Any

import pytest

from models.spell import Arrangement, Destination, EvidenceGrade, Precision
from outcomes.calendar import MonthCounting
from outcomes.rules import Counting, EmployerScope, RuleError, StabilityRule, latest_start
from outcomes.spells import Proof, Spell
from outcomes.stability import evaluate

OUT_OF_PROVINCE = ["paired_east", "other_province"]
CHONGXIN = {"min_months": 3, "counting": "continuous", "arrangement": "self", "calendar_year": 2024}
REAL: dict[str, dict[str, Any]] = {
    "双柏交通": {
        "min_months": 3,
        "counting": "continuous",
        "destination": OUT_OF_PROVINCE,
        "min_evidence": "C",
    },
    "双柏省内": {"min_months": 3, "min_contract_months": 3, "destination": ["province", "city", "county"]},
    "双柏省外": {"min_months": 3, "min_contract_months": 3, "destination": OUT_OF_PROVINCE},
    "榆社": {
        "min_months": 6,
        "employer": "same",
        "counting": "cumulative",
        "min_average_pay": 1000,
        "min_age": 16,
    },
    "环城": {"min_months": 3, "counting": "cumulative", "calendar_year": 2022, "min_total_pay": 5000},
    "崇信陕宁": {**CHONGXIN, "regions": ["61", "64"]},
    "崇信省外": {**CHONGXIN, "destination": OUT_OF_PROVINCE},
    "崇信省内": {**CHONGXIN, "destination": ["province"]},
    "崇信市内": {**CHONGXIN, "destination": ["city"]},
    "佳县求职": {"min_contract_months": 12, "calendar_year": True},
    "佳县交通": {"destination": OUT_OF_PROVINCE, "calendar_year": True},
    "九十天": {"min_days": 90, "counting": "cumulative", "calendar_year": True},
}


def real(name: str) -> StabilityRule:
    return StabilityRule.from_dict({"id": name, **REAL[name]})


def fulfilled(name: str, *spells: Spell, as_of: date = date(2026, 12, 31)) -> list[date]:
    found = evaluate(spells, real(name), as_of=as_of, birth_date=date(1962, 5, 1))
    return [result.stable_on for result in found if result.stable_on]


def work(start: str, end: str, **more: Any) -> Spell:
    return Spell(
        started_on=date.fromisoformat(start),
        ended_on=date.fromisoformat(end),
        **{"employer": "甲厂", **more},
    )


@pytest.mark.parametrize("name", REAL)
def test_real_rules_survive_json(name: str) -> None:
    rule = real(name)
    assert StabilityRule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


def test_shuangbai() -> None:
    def certified(grade: EvidenceGrade, **more: Any) -> Spell:
        proof = Proof(grade, date(2023, 3, 1), date(2023, 5, 31))
        return work("2023-03-01", "2023-06-30", evidence=(proof,), **more)

    east = {"destination": Destination.PAIRED_EAST}
    assert fulfilled("双柏交通", certified(EvidenceGrade.C, **east)) == [date(2023, 5, 31)]
    assert not fulfilled("双柏交通", certified(EvidenceGrade.D, **east))
    assert not fulfilled("双柏交通", certified(EvidenceGrade.A, destination=Destination.PROVINCE))
    signed = work("2023-03-01", "2023-06-30", contract_months=3, destination=Destination.CITY)
    assert fulfilled("双柏省内", signed) == [date(2023, 5, 31)]
    assert not fulfilled("双柏省外", signed)
    assert not fulfilled("双柏省外", work("2023-03-01", "2023-06-30", contract_months=2, **east))


def test_yushe() -> None:
    # Six months from 1 January are 181 days: 90 at 甲厂, two months elsewhere, 91 more at 甲厂.
    first = work("2025-01-01", "2025-03-31", monthly_income=1000)
    elsewhere = work("2025-04-01", "2025-05-31", employer="乙厂", monthly_income=5000)
    back = work("2025-06-01", "2025-08-30", monthly_income=1000)
    assert fulfilled("榆社", first, elsewhere, back) == [date(2025, 8, 30)]
    assert not fulfilled("榆社", first, elsewhere, work("2025-06-01", "2025-08-29", monthly_income=1000))
    assert not fulfilled("榆社", first, elsewhere, work("2025-06-01", "2025-12-31", monthly_income=999))


def test_huancheng() -> None:
    assert fulfilled("环城", work("2022-02-01", "2022-04-30", monthly_income=1667)) == [date(2022, 4, 30)]
    assert not fulfilled("环城", work("2022-02-01", "2022-04-30", monthly_income=1666))
    assert not fulfilled("环城", work("2021-11-01", "2022-03-30", monthly_income=3000))
    assert not fulfilled("环城", work("2023-02-01", "2023-12-31", monthly_income=3000))


def test_chongxin() -> None:
    def went(destination: Destination, region: str, arrangement: Arrangement = Arrangement.SELF) -> Spell:
        return work(
            "2024-03-01", "2024-05-31", destination=destination, region=region, arrangement=arrangement
        )

    mark = [date(2024, 5, 31)]
    shaanxi = went(Destination.OTHER_PROVINCE, "610104")
    assert fulfilled("崇信陕宁", shaanxi) == mark
    jiangsu = went(Destination.OTHER_PROVINCE, "320612")
    assert fulfilled("崇信陕宁", jiangsu) == [] and fulfilled("崇信省外", jiangsu) == mark
    assert fulfilled("崇信省内", went(Destination.PROVINCE, "620102")) == mark
    assert fulfilled("崇信市内", went(Destination.CITY, "620802")) == mark
    assert not fulfilled("崇信市内", went(Destination.COUNTY, "620823"))
    assert not fulfilled("崇信省外", went(Destination.OTHER_PROVINCE, "320612", Arrangement.ORGANISED))


def test_jiaxian() -> None:
    signed = work("2022-05-10", "2023-04-30", contract_months=12, destination=Destination.OTHER_PROVINCE)
    assert fulfilled("佳县求职", signed) == [date(2022, 5, 10), date(2023, 1, 1)]
    assert not fulfilled("佳县求职", work("2022-05-10", "2023-04-30", contract_months=11))
    assert fulfilled("佳县交通", signed) == [date(2022, 5, 10), date(2023, 1, 1)]


def test_ninety_days_inside_the_year() -> None:
    spells = [work("2024-12-01", "2025-01-31"), work("2025-07-01", "2025-08-28")]
    assert fulfilled("九十天", *spells) == [date(2025, 8, 28)]
    assert not fulfilled("九十天", spells[0], work("2025-07-01", "2025-08-27"))
    by_month = work("2025-07-15", "2025-09-15", precision=Precision.MONTH)
    assert fulfilled("九十天", by_month) == [date(2025, 9, 28)]


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
        ({"min_month": 3}, "口径"),
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
