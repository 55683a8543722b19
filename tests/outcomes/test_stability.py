"""Counting stable work by hand, at every edge."""

from datetime import date
from typing import Any

import pytest

from models.spell import Destination, EvidenceGrade, Precision, SpellKind
from outcomes.columns import columns_of
from outcomes.overlaps import overlapping
from outcomes.rules import StabilityRule
from outcomes.spells import Proof, Spell, certificate_grade
from outcomes.stability import Outlook, StabilityResult, evaluate

LATE = "2027-12-31"


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def spell(start: str, end: str | None = None, **more: Any) -> Spell:
    """A spell of 甲厂, still seen at the end of every test where it has no end."""
    values: dict[str, Any] = {"employer": "甲厂", "observed_until": None if end else date.fromisoformat(LATE)}
    return Spell(started_on=date.fromisoformat(start), ended_on=day(end), **{**values, **more})


def say(spells: list[Spell], as_of: str = LATE, birth: str | None = None, **rule: Any) -> StabilityResult:
    (result,) = results(spells, as_of, birth, **rule)
    return result


def results(
    spells: list[Spell], as_of: str = LATE, birth: str | None = None, **rule: Any
) -> list[StabilityResult]:
    made = StabilityRule.from_dict({"id": "试", **rule})
    return evaluate(spells, made, as_of=date.fromisoformat(as_of), birth_date=day(birth))


CONTINUOUS_3: dict[str, Any] = {"min_months": 3, "counting": "continuous"}
CUMULATIVE_3: dict[str, Any] = {"min_months": 3, "counting": "cumulative"}


# --- months and days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "counting", "mark"),
    [
        ("2025-10-01", "2025-12-31", "inclusive", "2025-12-31"),
        ("2025-10-01", "2025-12-30", "inclusive", None),
        ("2025-09-30", "2025-12-30", "civil_code", "2025-12-30"),
        ("2025-09-30", "2025-12-29", "civil_code", None),
        ("2025-10-01", "2026-01-01", "civil_code", "2026-01-01"),
        ("2025-10-01", "2025-12-31", "civil_code", None),
        ("2023-11-30", "2024-02-29", "inclusive", "2024-02-29"),
        ("2023-11-30", "2024-02-28", "inclusive", None),
        ("2024-11-30", "2025-02-28", "inclusive", "2025-02-28"),
    ],
)
def test_three_months(start: str, end: str, counting: str, mark: str | None) -> None:
    result = say([spell(start, end)], month_counting=counting, **CONTINUOUS_3)
    assert (result.stable_on, result.stable) == (day(mark), mark is not None)


def test_day_rules_count_the_first_day_and_the_last() -> None:
    assert say([spell("2025-01-01", "2025-03-31")], min_days=90).stable_on == date(2025, 3, 31)
    assert not say([spell("2025-01-01", "2025-03-30")], min_days=90).stable
    assert say([spell("2024-01-01", "2024-03-30")], min_days=90).stable_on == date(2024, 3, 30)  # leap year


def test_a_rule_without_time_is_fulfilled_by_the_first_counted_day() -> None:
    assert say([spell("2025-03-05", "2025-03-05")]).stable_on == date(2025, 3, 5)


# --- gaps --------------------------------------------------------------------------------------------------------


def test_a_gap_of_exactly_the_tolerance_and_of_one_day_more() -> None:
    before, after = (
        spell("2025-01-01", "2025-01-31"),
        spell("2025-02-06", "2025-03-31"),
    )  # five days, 1–5 February
    assert say([before, after], max_gap_days=5, **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert not say([before, after], max_gap_days=4, **CONTINUOUS_3).stable
    assert say([before, after], max_gap_days=None, **CONTINUOUS_3).stable
    assert not say([before, after], **CONTINUOUS_3).stable  # absent in a continuous rule: no day


def test_the_next_day_is_no_gap() -> None:
    parts = [spell("2025-01-01", "2025-01-31"), spell("2025-02-01", "2025-03-31")]
    assert say(parts, **CONTINUOUS_3).stable_on == date(2025, 3, 31)


def test_cumulative_puts_the_mark_off_a_day_for_each_gap_day() -> None:
    parts = [spell("2025-01-01", "2025-01-31"), spell("2025-02-06", "2025-12-31")]
    assert say(parts, max_gap_days=5, **CUMULATIVE_3).stable_on == date(2025, 4, 5)
    assert say(parts, **CUMULATIVE_3).stable_on == date(2025, 4, 5)  # absent in a cumulative rule: no limit
    # One day too many: the count begins anew on 6 February.
    assert say(parts, max_gap_days=4, **CUMULATIVE_3).stable_on == date(2025, 5, 5)


def test_the_tolerance_is_for_each_gap() -> None:
    parts = [
        spell("2025-01-01", "2025-01-20"),
        spell("2025-01-26", "2025-02-20"),
        spell("2025-02-26", "2025-03-31"),
    ]
    assert say(parts, max_gap_days=5, **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert say([*parts, spell("2025-04-01", "2025-12-31")], max_gap_days=5, **CUMULATIVE_3).stable_on == date(
        2025, 4, 10
    )


def test_months_may_be_full_inside_a_tolerated_gap_once_the_person_is_back() -> None:
    parts = [spell("2025-01-01", "2025-03-29"), spell("2025-04-03", "2025-06-30")]
    rule = {**CONTINUOUS_3, "max_gap_days": 5}
    assert not say(parts, as_of="2025-04-02", **rule).stable
    assert say(parts, as_of="2025-04-03", **rule).stable_on == date(2025, 3, 31)


def test_work_of_another_kind_is_a_gap() -> None:
    parts = [
        spell("2025-01-01", "2025-01-31"),
        spell("2025-02-01", "2025-02-28", kind=SpellKind.PUBLIC_POST),
        spell("2025-03-01", "2025-04-30"),
    ]
    assert say(parts, **CONTINUOUS_3).stable
    assert not say(parts, kinds=["market"], **CONTINUOUS_3).stable
    assert say(parts, kinds=["market"], **CUMULATIVE_3).stable_on == date(2025, 4, 28)


# --- employers ---------------------------------------------------------------------------------------------------


def test_employer_and_counting_are_independent() -> None:
    parts = [
        spell("2025-01-01", "2025-02-15"),
        spell("2025-02-16", "2025-04-30", employer="乙厂"),
        spell("2025-05-01", "2025-06-30"),
    ]
    assert say(parts, employer="any", **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert not say(parts, employer="same", **CONTINUOUS_3).stable
    # 46 days at 甲厂, 74 days elsewhere, then the other 44 of its 90.
    assert say(parts, employer="same", **CUMULATIVE_3).stable_on == date(2025, 6, 13)
    # Tolerating the 74 days away makes them pass as worked at 甲厂.
    assert say(parts, employer="same", max_gap_days=74, **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert not say(parts, employer="same", max_gap_days=73, **CONTINUOUS_3).stable


def test_the_same_employer_that_is_full_first_decides() -> None:
    parts = [
        spell("2025-01-01", "2025-02-28"),
        spell("2025-03-01", "2025-06-30", employer="乙厂"),
        spell("2025-07-01", "2025-12-31"),
    ]
    assert say(parts, employer="same", **CUMULATIVE_3).stable_on == date(2025, 5, 31)


def test_an_unknown_employer_is_the_same_as_no_other() -> None:
    parts = [
        spell("2025-01-01", "2025-02-15", employer=None),
        spell("2025-02-16", "2025-04-30", employer=None),
    ]
    assert not say(parts, employer="same", **CONTINUOUS_3).stable
    assert say(parts, employer="any", **CONTINUOUS_3).stable


# --- calendar years ----------------------------------------------------------------------------------------------


def test_a_calendar_year_cuts_the_spell_first() -> None:
    over = [spell("2024-11-15", "2025-03-15")]
    assert say(over, **CONTINUOUS_3).stable_on == date(2025, 2, 14)
    assert not say(over, calendar_year=True, **CONTINUOUS_3).stable
    longer = [spell("2024-11-15", "2025-03-31")]
    assert say(longer, calendar_year=True, **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert not say(longer, calendar_year=2024, **CONTINUOUS_3).stable


def test_each_year_has_its_own_result() -> None:
    found = results([spell("2023-06-01", "2025-02-10")], calendar_year=True, **CONTINUOUS_3)
    assert [(one.stable_on, one.year) for one in found] == [
        (date(2023, 8, 31), 2023),
        (date(2024, 3, 31), 2024),
    ]
    assert [one.year for one in results([spell("2023-06-01")], calendar_year=2024, **CONTINUOUS_3)] == [2024]


def test_the_last_start_of_a_year() -> None:
    assert say([spell("2025-10-01")], calendar_year=True, as_of="2025-12-31", **CONTINUOUS_3).year == 2025
    assert not say([spell("2025-10-02")], calendar_year=True, as_of="2025-12-31", **CONTINUOUS_3).stable


def test_a_result_belongs_to_the_year_of_its_mark() -> None:
    assert say([spell("2024-10-02")], **CONTINUOUS_3).year == 2025


# --- month precision, age ----------------------------------------------------------------------------------------


def test_month_precision_reaches_back_to_the_first_day_and_a_told_last_day_is_that_day() -> None:
    known: dict[str, Any] = {"precision": Precision.MONTH}
    assert say([spell("2025-10-01", "2025-12-31", **known)], **CONTINUOUS_3).stable_on == date(2025, 12, 31)
    assert say([spell("2025-10-20", "2025-12-31", **known)], **CONTINUOUS_3).stable_on == date(2025, 12, 31)
    assert not say([spell("2025-10-20", "2025-12-01", **known)], **CONTINUOUS_3).stable
    assert not say([spell("2025-10-20", "2025-11-30", **known)], **CONTINUOUS_3).stable
    assert not say([spell("2025-10-20", "2025-12-31", **known)], as_of="2025-12-30", **CONTINUOUS_3).stable


def test_days_before_the_sixteenth_birthday_do_not_count() -> None:
    work = [spell("2025-01-01", "2025-06-30")]
    assert say(work, birth="2009-03-10", **CONTINUOUS_3).stable_on == date(2025, 6, 9)
    assert not say(work, birth="2009-04-02", **CONTINUOUS_3).stable
    assert say(work, birth="2009-04-01", **CONTINUOUS_3).stable_on == date(2025, 6, 30)
    assert say([spell("2025-01-01", "2025-03-10")], birth="2009-03-10").stable_on == date(2025, 3, 10)
    never = say(work, birth="2009-07-01", **CONTINUOUS_3)
    assert never.days == 0 and "未满年龄" in never.reason


def test_a_rule_may_ask_for_more_years_and_nobody_is_too_old() -> None:
    work = [spell("2025-01-01", "2025-12-31")]
    assert say(work, birth="2007-05-01", min_age=18, **CONTINUOUS_3).stable_on == date(2025, 7, 31)
    assert say(work, birth="1950-05-01", min_age=16, **CONTINUOUS_3).stable_on == date(2025, 3, 31)


# --- pay ---------------------------------------------------------------------------------------------------------


def test_average_pay_is_weighted_by_worked_days() -> None:
    # 31 days of 900 and 59 of 1052 are 89 968 / 90 = 999.6; with 1053 they are 1000.3.
    for second, stable_on in ((1052, None), (1053, date(2025, 3, 31))):
        parts = [
            spell("2025-01-01", "2025-01-31", monthly_income=900),
            spell("2025-02-01", "2025-03-31", monthly_income=second),
        ]
        assert say(parts, min_average_pay=1000, **CONTINUOUS_3).stable_on == stable_on


def test_pay_that_is_enough_only_later_fulfils_the_rule_later() -> None:
    parts = [
        spell("2025-01-01", "2025-03-31", monthly_income=900),
        spell("2025-04-01", "2025-12-31", monthly_income=2000),
    ]
    # 90 days lack 100 each, each day from April brings 1000 more than it needs: nine days.
    assert say(parts, min_average_pay=1000, **CONTINUOUS_3).stable_on == date(2025, 4, 9)


def test_pay_just_below() -> None:
    assert not say([spell("2025-01-01", monthly_income=999)], min_average_pay=1000, **CONTINUOUS_3).stable
    assert say([spell("2025-01-01", monthly_income=1000)], min_average_pay=1000, **CONTINUOUS_3).stable


def test_total_pay_is_rounded_once() -> None:
    # 15 of 31 days and 14 of 28: 1000 × 15/31 + 1000 × 14/28 = 483.87 + 500 = 983.87, that is 984.
    parts = [spell("2025-01-17", "2025-02-14", monthly_income=1000)]
    assert say(parts, min_total_pay=984).stable_on == date(2025, 2, 14)
    assert not say(parts, min_total_pay=985).stable
    # 10/31 of 2 yuan in each of two months is 0.645 twice: 1.29 is 1, though each alone would round to 1.
    small = [
        spell("2025-01-22", "2025-01-31", monthly_income=2),
        spell("2025-03-01", "2025-03-10", monthly_income=2),
    ]
    assert say(small, min_total_pay=1).stable and not say(small, min_total_pay=2).stable


def test_total_pay_reached_after_the_months() -> None:
    # 4500 when three months are full; 500 more are 10 of April's 30 days.
    result = say([spell("2025-01-01", monthly_income=1500)], min_total_pay=5000, **CONTINUOUS_3)
    assert result.stable_on == date(2025, 4, 10)


def test_unknown_pay_fulfils_no_pay_condition() -> None:
    unknown = [spell("2025-01-01", "2025-12-31")]
    assert not say(unknown, min_average_pay=1, **CONTINUOUS_3).stable
    assert not say(unknown, min_total_pay=1, **CONTINUOUS_3).stable
    assert say(unknown, **CONTINUOUS_3).stable
    # What is known may suffice alone, the unknown adds nothing.
    both = [spell("2025-01-01", "2025-01-31"), spell("2025-02-01", "2025-12-31", monthly_income=3000)]
    assert say(both, min_total_pay=6000, **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert say(both, min_total_pay=6001, **CONTINUOUS_3).stable_on == date(2025, 4, 1)


def test_tolerated_gap_days_earn_nothing() -> None:
    parts = [
        spell("2025-01-01", "2025-01-31", monthly_income=1000),
        spell("2025-02-15", "2025-12-31", monthly_income=1000),
    ]
    rule = {**CONTINUOUS_3, "max_gap_days": 14}
    assert say(parts, min_average_pay=1000, **rule).stable_on == date(2025, 3, 31)
    assert say(parts, min_total_pay=2500, **rule).stable_on == date(2025, 3, 31)
    assert say(parts, min_total_pay=3000, **rule).stable_on == date(2025, 4, 15)


def test_pay_that_is_enough_on_a_day_inside_a_tolerated_gap() -> None:
    parts = [
        spell("2025-01-01", "2025-03-29", monthly_income=1000),
        spell("2025-04-03", "2025-06-30", monthly_income=1000),
    ]
    rule = {**CONTINUOUS_3, "max_gap_days": 5}
    assert say(parts, min_average_pay=1000, **rule).stable_on == date(2025, 3, 31)
    # 2000 and 29/31 of 1000 by 29 March, nothing more until 3 April.
    assert say(parts, min_total_pay=2935, **rule).stable_on == date(2025, 3, 31)
    assert say(parts, min_total_pay=2936, **rule).stable_on == date(2025, 4, 3)


# --- evidence, contract ------------------------------------------------------------------------------------------


def proof(grade: str, first: str, last: str) -> Proof:
    return Proof(EvidenceGrade.read(grade), date.fromisoformat(first), date.fromisoformat(last))


def test_only_verified_days_count_where_evidence_is_asked() -> None:
    payroll, letter = proof("A", "2025-01-01", "2025-02-28"), proof("C", "2025-03-01", "2025-03-31")
    work = [spell("2025-01-01", "2025-12-31", evidence=(letter, payroll))]
    assert say(work, min_evidence="C", **CONTINUOUS_3).stable_on == date(
        2025, 3, 31
    )  # periods that meet join
    assert not say(work, min_evidence="B", **CONTINUOUS_3).stable
    assert say(work, min_evidence="B", min_months=2, counting="continuous").stable_on == date(2025, 2, 28)
    assert say([spell("2025-01-01")], min_evidence="D", **CONTINUOUS_3).days == 0


def test_a_day_without_evidence_is_a_gap() -> None:
    proofs = (proof("A", "2025-01-01", "2025-02-27"), proof("A", "2025-03-01", "2025-12-31"))
    work = [spell("2025-01-01", "2025-12-31", evidence=proofs)]
    assert say(work, min_evidence="A", **CONTINUOUS_3).stable_on == date(2025, 5, 31)
    assert say(work, min_evidence="A", max_gap_days=1, **CONTINUOUS_3).stable_on == date(2025, 3, 31)
    assert say(work, min_evidence="A", **CUMULATIVE_3).stable_on == date(2025, 4, 1)


def test_evidence_beyond_the_spell_proves_nothing() -> None:
    work = [spell("2025-01-01", "2025-03-30", evidence=(proof("A", "2024-01-01", "2026-01-01"),))]
    assert not say(work, min_evidence="A", **CONTINUOUS_3).stable


def test_a_certificate_needs_all_three_marks() -> None:
    assert certificate_grade(seal=True, telephone=True, uscc=True) is EvidenceGrade.C
    assert certificate_grade(seal=True, telephone=True, uscc=False) is EvidenceGrade.D
    assert certificate_grade(seal=False, telephone=True, uscc=True) is EvidenceGrade.D
    assert certificate_grade(seal=True, telephone=False, uscc=True) is EvidenceGrade.D


@pytest.mark.parametrize(("months", "stable"), [(None, False), (11, False), (12, True), (24, True)])
def test_contract(months: int | None, stable: bool) -> None:
    work = [spell("2025-01-01", contract_months=months)]
    assert say(work, min_contract_months=12, **CONTINUOUS_3).stable is stable


# --- place -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "rule", "stable"),
    [
        ("320612", ["32"], True),
        ("320612", ["320000"], True),
        ("320612", ["3206"], True),
        ("320612", ["320600"], True),
        ("320612", ["320682"], False),
        ("320612", ["61", "320612"], True),
        ("320612101", ["320612"], True),
        ("32", ["3206"], False),
        ("441900", ["4419"], True),
        (None, ["32"], False),
    ],
)
def test_a_region_counts_with_all_that_lies_in_it(region: str | None, rule: list[str], stable: bool) -> None:
    assert say([spell("2025-01-01", region=region)], regions=rule, **CONTINUOUS_3).stable is stable


def test_destination_and_region_are_both_conditions() -> None:
    work = [spell("2025-01-01", region="640100", destination=Destination.OTHER_PROVINCE)]
    assert say(work, destination=["other_province"], regions=["64"], **CONTINUOUS_3).stable
    assert not say(work, destination=["other_province"], regions=["61"], **CONTINUOUS_3).stable
    assert not say(work, destination=["paired_east"], regions=["64"], **CONTINUOUS_3).stable
    assert not say([spell("2025-01-01")], destination=["other_province"], **CONTINUOUS_3).stable


# --- as of -------------------------------------------------------------------------------------------------------


def test_an_open_spell_counts_to_the_day_it_was_last_observed() -> None:
    work = [spell("2025-10-01", observed_until=date(2025, 12, 31))]
    assert not say(work, as_of="2025-12-30", **CONTINUOUS_3).stable
    assert say(work, as_of="2025-12-31", **CONTINUOUS_3).stable
    unseen = [spell("2025-10-01", observed_until=date(2025, 12, 30))]
    result = say(unseen, as_of="2026-06-30", **CONTINUOUS_3)
    assert not result.stable and result.days == 91
    assert result.possible_on == date(2025, 12, 31)  # past: only somebody's seeing it is missing
    assert "核实" in result.reason


def test_never_observed_since_the_start_only_the_start_is_known() -> None:
    result = say([spell("2025-10-01", observed_until=None)], as_of="2026-06-30", **CONTINUOUS_3)
    assert (result.stable, result.days, result.possible_on) == (False, 1, date(2025, 12, 31))


def test_a_planned_end_is_no_work() -> None:
    work = [spell("2025-10-01", "2026-09-30")]
    result = say(work, as_of="2025-11-15", **CONTINUOUS_3)
    assert (result.stable, result.days, result.possible_on) == (False, 46, date(2025, 12, 31))
    ahead = say([spell("2025-12-01", "2026-09-30")], as_of="2025-11-15", **CONTINUOUS_3)
    assert (ahead.days, ahead.possible_on) == (0, None)
    assert ahead.reason == "截至2025年11月15日没有可计入的务工记录（尚未上岗）。今年内已来不及。"


def test_with_an_end_that_lies_ahead_the_spell_is_open_and_counts_while_it_was_observed() -> None:
    work = [spell("2025-05-01", "2026-04-30", observed_until=date(2025, 6, 30))]
    result = say(work, as_of="2025-09-30", **CONTINUOUS_3)
    assert (result.stable, result.days, result.possible_on) == (False, 61, date(2025, 7, 31))
    assert result.outlook is Outlook.UNPROVED
    # Once the end has come it is a fact.
    assert say(work, as_of="2026-04-30", **CONTINUOUS_3).stable_on == date(2025, 7, 31)


# --- what staying brings -----------------------------------------------------------------------------------------


def test_what_has_been_counted_and_what_staying_brings() -> None:
    result = say([spell("2025-08-10", key=7)], as_of="2025-10-20", **CONTINUOUS_3)
    assert (result.counted_from, result.days, result.months) == (date(2025, 8, 10), 72, 2)
    assert (result.possible_on, result.spells) == (date(2025, 11, 9), (7,))
    assert result.reason == (
        "自2025年8月10日起连续务工，截至2025年10月20日共72天，不满3个月。继续在岗到2025年11月9日可以达到。"
    )


def test_a_date_that_means_for_ever_is_no_error() -> None:
    planned = [spell("2025-08-10", "9999-12-31", monthly_income=1)]
    rich = say(planned, as_of="2025-10-20", min_total_pay=1_000_000, **CONTINUOUS_3)
    assert (rich.stable, rich.possible_on) == (False, None)
    assert say(planned, as_of="2025-10-20", **CONTINUOUS_3).possible_on == date(2025, 11, 9)
    assert say([spell("2027-12-01")], as_of="9999-12-31", **CONTINUOUS_3).possible_on == date(2028, 2, 29)


def test_nobody_who_has_left_can_stay() -> None:
    assert say([spell("2025-08-10", "2025-10-19")], as_of="2025-10-20", **CONTINUOUS_3).possible_on is None


def test_a_year_that_can_no_longer_be_filled() -> None:
    late = [spell("2025-10-02")]
    assert say(late, as_of="2025-11-01", calendar_year=2025, **CONTINUOUS_3).possible_on is None
    assert say(late, as_of="2025-11-01", calendar_year=True, **CONTINUOUS_3).possible_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("start", "end", "as_of", "rule", "outlook"),
    [
        ("2025-08-10", None, "2025-11-09", {}, Outlook.FULFILLED),
        ("2025-08-10", None, "2025-11-08", {}, Outlook.STAYING),
        ("2025-10-01", None, "2025-10-31", {}, Outlook.STAYING),
        ("2025-10-02", None, "2025-10-31", {}, Outlook.TOO_LATE),
        ("2025-10-02", None, "2025-10-31", {"month_counting": "civil_code"}, Outlook.TOO_LATE),
        # She has left: what begins tomorrow must last to the end of the year, or what is lacking be made up.
        ("2025-03-01", "2025-05-30", "2025-09-30", {}, Outlook.OPEN),
        ("2025-03-01", "2025-05-30", "2025-10-01", {}, Outlook.TOO_LATE),
        ("2025-03-01", "2025-05-30", "2025-12-30", {"counting": "cumulative"}, Outlook.OPEN),
        ("2025-03-01", "2025-05-29", "2025-12-30", {"counting": "cumulative"}, Outlook.TOO_LATE),
        ("2025-03-01", "2025-05-29", "2025-12-30", {"calendar_year": 2026}, Outlook.TOO_LATE),
        ("2025-03-01", "2025-05-29", "2025-06-30", {"calendar_year": 2024}, Outlook.TOO_LATE),
        # Her pay is too low; a better one might still do.
        ("2025-08-10", None, "2025-10-31", {"min_average_pay": 5000}, Outlook.OPEN),
    ],
)
def test_what_may_still_come_of_it_this_year(
    start: str, end: str | None, as_of: str, rule: dict[str, Any], outlook: Outlook
) -> None:
    result = say([spell(start, end, monthly_income=3000)], as_of=as_of, **{**CONTINUOUS_3, **rule})
    assert result.outlook is outlook
    assert ("来不及" in result.reason) is (outlook is Outlook.TOO_LATE)


def test_a_better_chance_with_an_earlier_employer() -> None:
    parts = [
        spell("2025-01-01", "2025-03-20"),
        spell("2025-03-21", "2025-12-01", employer="乙厂", kind=SpellKind.FLEXIBLE),
    ]
    rule = {**CUMULATIVE_3, "employer": "same", "kinds": ["market"]}
    # 79 of the 90 days: eleven more at 甲厂.
    assert say(parts, as_of="2025-12-20", **rule).outlook is Outlook.OPEN
    assert say(parts, as_of="2025-12-21", **rule).outlook is Outlook.TOO_LATE


def test_staying_at_a_pay_that_never_suffices_brings_nothing() -> None:
    work = [spell("2025-08-10", monthly_income=900)]
    assert say(work, as_of="2025-10-20", min_average_pay=1000, **CONTINUOUS_3).possible_on is None
    short = say(work, as_of="2025-12-20", min_average_pay=1000, **CONTINUOUS_3)
    assert "月均工资900元（要求1000元）" in short.reason


def test_evidence_still_to_come() -> None:
    work = [spell("2025-08-10", evidence=(proof("A", "2025-08-10", "2025-09-30"),))]
    result = say(work, as_of="2025-12-20", min_evidence="B", **CONTINUOUS_3)
    assert (result.days, result.possible_on) == (52, date(2025, 11, 9))
    assert result.reason.endswith("补上在岗核实和佐证后，2025年11月9日即可达到。")
    late = [spell("2025-08-10", evidence=(proof("A", "2025-09-01", "2025-09-30"),))]
    assert say(late, as_of="2025-10-20", min_evidence="B", **CONTINUOUS_3).possible_on == date(2025, 11, 9)


def test_evidence_periods_that_overlap_or_meet_join() -> None:
    periods = (
        proof("A", "2025-03-01", "2025-03-31"),
        proof("B", "2025-01-01", "2025-02-28"),
        proof("C", "2025-04-01", "2025-12-31"),
        proof("A", "2025-02-10", "2025-02-20"),
        proof("A", "2025-04-02", "2025-04-30"),
    )
    work = [spell("2024-12-01", "2025-12-31", evidence=periods)]
    joined = say(work, min_evidence="B", min_days=120, counting="continuous", max_gap_days=1)
    assert (joined.counted_from, joined.stable_on, joined.days) == (date(2025, 1, 1), date(2025, 4, 30), 120)
    apart = say(work, min_evidence="B", min_days=91, counting="continuous")
    assert (apart.counted_from, apart.days, apart.stable) == (date(2025, 1, 1), 90, False)


def test_reason_of_a_fulfilled_rule() -> None:
    result = say([spell("2025-08-10", monthly_income=3000)], min_total_pay=5000, **CONTINUOUS_3)
    assert result.reason == (
        "自2025年8月10日起连续务工，到2025年11月9日满3个月，累计工资9029元（要求5000元）。"
    )


# --- input -------------------------------------------------------------------------------------------------------


def test_no_spells() -> None:
    assert say([], **CONTINUOUS_3).reason == "截至2027年12月31日没有可计入的务工记录。今年内已来不及。"
    assert say([], calendar_year=True, **CONTINUOUS_3).year is None


def test_overlapping_spells_are_refused_and_the_later_can_be_set_aside() -> None:
    first, second, third = (
        spell("2025-01-01", "2025-03-31"),
        spell("2025-03-31", "2025-05-01"),
        spell("2025-04-01", "2025-06-30"),
    )
    with pytest.raises(ValueError, match="重叠"):
        say([first, second], **CONTINUOUS_3)
    # In the columns they stand by their first days: what a rejected one overlaps is kept.
    assert list(overlapping(columns_of([([third, second, first], None)]))) == [False, True, False]
    months = spell("2025-03-20", "2025-03-25", precision=Precision.MONTH)
    assert list(overlapping(columns_of([([first, months], None)]))) == [False, True]
    seen = spell("2025-01-01", observed_until=date(2025, 3, 30))
    assert not any(overlapping(columns_of([([seen, second], None), ([third], None)])))
