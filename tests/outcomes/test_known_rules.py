"""The rules that counties really have, and plain ones: each worked by hand at its edges."""

import json
from datetime import date
from typing import Any

import pytest

from models.spell import Arrangement, Destination, EvidenceGrade, Precision, SpellKind
from outcomes.known_rules import known_rules
from outcomes.rules import StabilityRule, latest_start
from outcomes.spells import Proof, Spell, certificate_grade
from outcomes.stability import evaluate

EAST = {"destination": Destination.PAIRED_EAST}


def work(start: str, end: str, **more: Any) -> Spell:
    values = {"employer": "甲厂", **more}
    return Spell(started_on=date.fromisoformat(start), ended_on=date.fromisoformat(end), **values)


def fulfilled(name: str, *spells: Spell, birth: str = "1962-05-01", as_of: str = "2026-12-31") -> list[str]:
    """The days at whose end the rule is fulfilled."""
    found = evaluate(
        spells,
        known_rules()[name].rule,
        as_of=date.fromisoformat(as_of),
        birth_date=date.fromisoformat(birth),
    )
    return [result.stable_on.isoformat() for result in found if result.stable_on]


@pytest.mark.parametrize("name", known_rules())
def test_named_rules_survive_json_and_say_what_they_mean(name: str) -> None:
    known = known_rules()[name]
    assert StabilityRule.from_dict(json.loads(json.dumps(known.rule.to_dict()))) == known.rule
    assert known.rule.id == name and known.name


# --- plain months, both ways of counting ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start", "eve", "full"),
    [
        ("reference_3_months", "2025-10-01", "2025-12-30", "2025-12-31"),
        ("reference_3_months", "2025-10-15", "2026-01-13", "2026-01-14"),
        # No 31 November, no 30 February: the month's last day.
        ("reference_3_months", "2025-08-31", "2025-11-29", "2025-11-30"),
        ("reference_3_months", "2023-11-30", "2024-02-28", "2024-02-29"),
        ("reference_3_months", "2024-11-30", "2025-02-27", "2025-02-28"),
        ("reference_3_months", "2024-02-29", "2024-05-27", "2024-05-28"),
        ("civil_code_3_months", "2025-09-30", "2025-12-29", "2025-12-30"),
        ("civil_code_3_months", "2025-10-01", "2025-12-31", "2026-01-01"),
        ("civil_code_3_months", "2023-11-30", "2024-02-28", "2024-02-29"),
        ("civil_code_3_months", "2024-02-29", "2024-05-28", "2024-05-29"),
        ("reference_6_months", "2025-07-01", "2025-12-30", "2025-12-31"),
        ("reference_6_months", "2023-08-31", "2024-02-28", "2024-02-29"),
        ("reference_6_months", "2024-08-31", "2025-02-27", "2025-02-28"),
        ("civil_code_6_months", "2025-06-30", "2025-12-29", "2025-12-30"),
        ("civil_code_6_months", "2025-07-01", "2025-12-31", "2026-01-01"),
        ("civil_code_6_months", "2023-08-31", "2024-02-28", "2024-02-29"),
    ],
)
def test_the_day_before_is_too_early(name: str, start: str, eve: str, full: str) -> None:
    assert fulfilled(name, work(start, eve)) == []
    assert fulfilled(name, work(start, full)) == [full]
    # As of the mark's 24:00 it is full, with the end still ahead; a day before it is not.
    assert fulfilled(name, work(start, "2027-01-01"), as_of=full) == [full]
    assert fulfilled(name, work(start, "2027-01-01"), as_of=eve) == []


@pytest.mark.parametrize("name", ["reference_3_months", "civil_code_3_months"])
def test_one_day_between_two_employers_begins_the_count_anew(name: str) -> None:
    first, next_day = work("2025-01-01", "2025-03-01"), work("2025-03-02", "2025-04-30", employer="乙厂")
    assert fulfilled(name, first, next_day) == ["2025-03-31" if name.startswith("ref") else "2025-04-01"]
    assert fulfilled(name, first, work("2025-03-03", "2025-04-30", employer="乙厂")) == []


@pytest.mark.parametrize(
    ("name", "latest"),
    [
        ("reference_3_months", "2025-10-01"),
        ("civil_code_3_months", "2025-09-30"),
        ("reference_6_months", "2025-07-01"),
        ("civil_code_6_months", "2025-06-30"),
        ("ninety_days_a_year", "2025-10-03"),
    ],
)
def test_the_latest_start_of_a_year(name: str, latest: str) -> None:
    day = latest_start(known_rules()[name].rule, date(2025, 12, 31))
    assert day == date.fromisoformat(latest)


def test_a_mark_in_the_next_year_belongs_to_it() -> None:
    assert fulfilled("reference_3_months", work("2024-10-02", "2025-03-31")) == ["2025-01-01"]


# --- 双柏 2023 -----------------------------------------------------------------------------------------------------


def certified(start: str, end: str, grade: EvidenceGrade = EvidenceGrade.C, **more: Any) -> Spell:
    proof = Proof(grade, date(2023, 3, 1), date(2023, 5, 31))
    return work(start, end, evidence=(proof,), **{**EAST, **more})


def test_shuangbai_travel() -> None:
    name = "shuangbai_2023_travel"
    assert fulfilled(name, certified("2023-03-01", "2023-06-30")) == ["2023-05-31"]
    assert fulfilled(name, certified("2023-02-01", "2023-06-30", EvidenceGrade.A)) == ["2023-05-31"]
    assert fulfilled(name, certified("2023-03-01", "2023-05-30")) == []
    # What the certificate covers begins a day late.
    assert fulfilled(name, certified("2023-03-02", "2023-06-30")) == []
    for lacking in ("seal", "telephone", "uscc"):
        marks = {"seal": True, "telephone": True, "uscc": True, lacking: False}
        assert fulfilled(name, certified("2023-03-01", "2023-06-30", certificate_grade(**marks))) == []
    assert fulfilled(name, certified("2023-03-01", "2023-06-30", destination=Destination.PROVINCE)) == []
    assert fulfilled(name, certified("2023-03-01", "2023-06-30", destination=None)) == []


def test_shuangbai_with_a_contract() -> None:
    inside, outside = "shuangbai_2023_in_province", "shuangbai_2023_out_of_province"
    signed = work("2023-03-01", "2023-05-31", contract_months=3, destination=Destination.CITY)
    assert fulfilled(inside, signed) == ["2023-05-31"] and fulfilled(outside, signed) == []
    away = work("2023-03-01", "2023-05-31", contract_months=3, destination=Destination.OTHER_PROVINCE)
    assert fulfilled(outside, away) == ["2023-05-31"] and fulfilled(inside, away) == []
    assert fulfilled(outside, work("2023-03-01", "2023-05-31", contract_months=2, **EAST)) == []
    assert fulfilled(outside, work("2023-03-01", "2023-05-31", **EAST)) == []
    assert fulfilled(outside, work("2023-03-01", "2023-05-30", contract_months=12, **EAST)) == []


# --- 榆社 2025 -----------------------------------------------------------------------------------------------------


def test_yushe_adds_up_one_employers_days() -> None:
    # Six months from 1 January are 181 days: 90 at 甲厂, two months elsewhere, 91 more at 甲厂.
    first = work("2025-01-01", "2025-03-31", monthly_income=1000)
    elsewhere = work("2025-04-01", "2025-05-31", employer="乙厂", monthly_income=5000)
    back = work("2025-06-01", "2025-08-30", monthly_income=1000)
    assert fulfilled("yushe_2025", first, elsewhere, back) == ["2025-08-30"]
    assert (
        fulfilled("yushe_2025", first, elsewhere, work("2025-06-01", "2025-08-29", monthly_income=1000)) == []
    )


def test_yushe_pay_just_below_and_just_enough() -> None:
    assert fulfilled("yushe_2025", work("2025-01-01", "2025-12-31", monthly_income=999)) == []
    # 90 days of 998 lack 180; 91 of 1001 bring 91: no. Of 1002 they bring 182.
    first = work("2025-01-01", "2025-03-31", monthly_income=998)
    for second, marks in ((1001, []), (1002, ["2025-06-30"])):
        assert (
            fulfilled("yushe_2025", first, work("2025-04-01", "2025-06-30", monthly_income=second)) == marks
        )
    assert fulfilled("yushe_2025", work("2025-01-01", "2025-12-31")) == []


def test_yushe_counts_from_sixteen_and_to_any_age() -> None:
    whole_year = work("2025-01-01", "2025-12-31", monthly_income=2000)
    assert fulfilled("yushe_2025", whole_year, birth="2009-07-01") == ["2025-12-31"]
    assert fulfilled("yushe_2025", whole_year, birth="2009-07-02") == []
    assert fulfilled("yushe_2025", whole_year, birth="1950-01-01") == ["2025-06-30"]


# --- 环城 2022 -----------------------------------------------------------------------------------------------------


def test_huancheng() -> None:
    def earning(start: str, end: str, income: int) -> list[str]:
        return fulfilled("huancheng_2022", work(start, end, monthly_income=income))

    assert earning("2022-02-01", "2022-04-30", 1667) == ["2022-04-30"]
    # 3 × 1666 are 4998. One more day at 1666 brings 53.74: 5051.74.
    assert earning("2022-02-01", "2022-04-30", 1666) == []
    assert earning("2022-02-01", "2022-05-01", 1666) == ["2022-05-01"]
    assert earning("2022-02-01", "2022-04-29", 9000) == []
    # November and December are the year before; cut, three months end on 31 March.
    assert earning("2021-11-01", "2022-03-30", 3000) == []
    assert earning("2021-11-01", "2022-03-31", 3000) == ["2022-03-31"]
    assert earning("2023-02-01", "2023-12-31", 3000) == []


def test_huancheng_pay_that_is_enough_only_later() -> None:
    # February to April bring 3999, 23 days of May 989.00: 4988. The 24th makes it 5031.
    spells = work("2022-02-01", "2022-12-31", monthly_income=1333)
    assert fulfilled("huancheng_2022", spells) == ["2022-05-24"]


# --- 崇信 2024 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("destination", "region", "which"),
    [
        (Destination.OTHER_PROVINCE, "610104", "shaanxi_ningxia"),
        (Destination.OTHER_PROVINCE, "640106", "shaanxi_ningxia"),
        (Destination.OTHER_PROVINCE, "320612", "other_province"),
        (Destination.PAIRED_EAST, "120101", "other_province"),
        (Destination.PROVINCE, "620102", "other_city"),
        (Destination.CITY, "620802", "other_county"),
        (Destination.COUNTY, "620823", None),
    ],
)
def test_chongxin_has_one_amount_for_each_distance(
    destination: Destination, region: str, which: str | None
) -> None:
    def went(start: str, end: str, **more: Any) -> dict[str, list[str]]:
        values = {"destination": destination, "region": region, "arrangement": Arrangement.SELF, **more}
        return {
            name.removeprefix("chongxin_2024_"): marks
            for name in known_rules()
            if name.startswith("chongxin") and (marks := fulfilled(name, work(start, end, **values)))
        }

    assert went("2024-03-01", "2024-05-31") == ({which: ["2024-05-31"]} if which else {})
    assert went("2024-03-01", "2024-05-30") == {}
    assert went("2024-03-01", "2024-05-31", arrangement=Arrangement.ORGANISED) == {}
    assert went("2024-03-01", "2024-05-31", arrangement=None) == {}
    assert went("2023-12-01", "2024-03-30") == {}
    assert went("2023-03-01", "2023-12-31") == {}


# --- 佳县 2022 -----------------------------------------------------------------------------------------------------


def test_jiaxian_once_each_year() -> None:
    signed = work("2022-05-10", "2023-04-30", contract_months=12, destination=Destination.OTHER_PROVINCE)
    assert fulfilled("jiaxian_2022_job_search", signed) == ["2022-05-10", "2023-01-01"]
    assert fulfilled("jiaxian_2022_travel", signed) == ["2022-05-10", "2023-01-01"]
    near = work("2022-05-10", "2022-12-31", contract_months=11, destination=Destination.PROVINCE)
    assert fulfilled("jiaxian_2022_job_search", near) == []
    assert fulfilled("jiaxian_2022_travel", near) == []
    only_this_year = work("2022-12-31", "2022-12-31", contract_months=24)
    assert fulfilled("jiaxian_2022_job_search", only_this_year) == ["2022-12-31"]


# --- ninety days a year --------------------------------------------------------------------------------------------


def test_ninety_days_inside_the_year() -> None:
    # 31 days of January; December belongs to the year before.
    winter = work("2024-12-01", "2025-01-31")
    assert fulfilled("ninety_days_a_year", winter, work("2025-07-01", "2025-08-28", employer="乙厂")) == [
        "2025-08-28"
    ]
    assert fulfilled("ninety_days_a_year", winter, work("2025-07-01", "2025-08-27")) == []
    by_month = work("2025-07-15", "2025-09-30", precision=Precision.MONTH)
    assert fulfilled("ninety_days_a_year", by_month) == ["2025-09-28"]
    # In a leap year 30 March is the ninetieth day, else 31 March.
    assert fulfilled("ninety_days_a_year", work("2023-06-01", "2025-12-31")) == [
        "2023-08-29",
        "2024-03-30",
        "2025-03-31",
    ]
    assert fulfilled("ninety_days_a_year", work("2025-01-01", "2025-03-31", kind=SpellKind.PUBLIC_POST)) == [
        "2025-03-31"
    ]
