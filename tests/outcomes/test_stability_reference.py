"""The stability function against a slow one that walks day by day, and properties that any such function has."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.spell import EvidenceGrade, Precision, SpellKind
from outcomes.rules import StabilityRule, latest_start
from outcomes.spells import Proof, Spell
from outcomes.stability import StabilityResult, evaluate

from .drawn import BEGIN, DAY, as_ofs, births, histories, last_of, rules

GRADES = "ABCD"


def months_over(start: date, day: date, months: int, civil: bool) -> bool:
    """Whether `months` are full at the end of `day`, told from the calendar page alone."""
    index = start.month - 1 + months
    year, month = start.year + index // 12, index % 12 + 1
    if start.day > monthrange(year, month)[1]:
        return day >= last_of(year, month)
    corresponding = date(year, month, start.day)
    return day >= corresponding if civil else day + DAY >= corresponding


def day_book(
    spells: Sequence[Spell], rule: dict[str, Any], as_of: date, birth: date | None
) -> dict[date, tuple[str, int | None]]:
    """Each counted day with its employer and income, found by trying every day."""
    book: dict[date, tuple[str, int | None]] = {}
    day = BEGIN
    while day <= as_of:
        for spell in spells:
            month = spell.precision is Precision.MONTH
            start, end = spell.started_on, spell.ended_on
            if month:
                start = date(start.year, start.month, 1)
            seen = max(spell.observed_until or start, start)
            if end is None or (end > as_of and spell.observed_until):
                end = seen
            if not start <= day <= end or spell.kind not in rule.get("kinds", list(SpellKind)):
                continue
            if not meets(spell, rule):
                continue
            age = max(16, rule.get("min_age", 0))
            if birth and (day.year - birth.year, (day.month, day.day)) < (age, (birth.month, birth.day)):
                continue
            proved = (
                proof.covers_from <= day <= proof.covers_to
                and GRADES.index(proof.grade) <= GRADES.index(rule["min_evidence"])
                for proof in spell.evidence
                if "min_evidence" in rule
            )
            if "min_evidence" in rule and not any(proved):
                continue
            assert day not in book
            book[day] = (str(spell.employer), spell.monthly_income)
        day += DAY
    return book


def meets(spell: Spell, rule: dict[str, Any]) -> bool:
    """Whether the spell as a whole meets the rule's conditions, each asked in the plainest way."""
    regions = [code.rstrip("0") if len(code) == 6 else code for code in rule.get("regions", [])]
    region = spell.region or ""
    return (
        (spell.contract_months or 0) >= rule.get("min_contract_months", 0)
        and ("destination" not in rule or spell.destination in rule["destination"])
        and ("arrangement" not in rule or spell.arrangement == rule["arrangement"])
        and ("regions" not in rule or any(region.startswith(code) for code in regions))
    )


def walk(book: dict[date, int | None], rule: dict[str, Any]) -> date | None:
    """The first day at whose end the rule is fulfilled by the given days."""
    if not book:
        return None
    continuous = rule["counting"] == "continuous"
    tolerance = rule.get("max_gap_days", 0 if continuous else None)
    civil = rule.get("month_counting") == "civil_code"
    start: date | None = None
    gap, put_off, passed = 0, 0, 0
    total, weighted, worked = Fraction(0), 0, 0

    def fulfilled(day: date) -> bool:
        assert start is not None
        if "min_months" in rule:
            full = months_over(start, day - put_off * DAY, rule["min_months"], civil)
        else:
            full = passed >= rule.get("min_days", 1)
        rich = floor(total + Fraction(1, 2)) >= rule.get("min_total_pay", 0)
        return full and rich and weighted >= rule.get("min_average_pay", 0) * worked

    day, found = min(book), None
    while day <= max(book):
        if day not in book:
            gap += 1
            day += DAY
            continue
        if start is None or (tolerance is not None and gap > tolerance):
            start, put_off, passed = day, 0, 0
            total, weighted, worked = Fraction(0), 0, 0
        elif continuous:
            for back in range(gap, 0, -1):
                passed += 1
                if found is None and fulfilled(day - back * DAY):
                    found = day - back * DAY
        else:
            put_off += gap
        gap = 0
        passed, worked = passed + 1, worked + 1
        income = book[day] or 0
        weighted += income
        total += Fraction(income, monthrange(day.year, day.month)[1])
        if found is None and fulfilled(day):
            found = day
        if found:
            return found
        day += DAY
    return None


def reference(spells: Sequence[Spell], rule: dict[str, Any], as_of: date, birth: date | None) -> list[date]:
    book = day_book(spells, rule, as_of, birth)
    posts = {post for post, _ in book.values()} if rule.get("employer") == "same" else {None}
    year = rule.get("calendar_year")
    years = [None] if not year else range(2020, 2030) if year is True else [year]
    marks = []
    for one in years:
        days = {day: pay for day, pay in book.items() if one is None or day.year == one}
        per_post = [
            walk({day: pay for day, (post, pay) in days.items() if only is None or post == only}, rule)
            for only in posts
        ]
        marks.append(min((mark for mark in per_post if mark), default=None))
    return [mark for mark in marks if mark]


def marks(results: list[StabilityResult]) -> list[date]:
    return [result.stable_on for result in results if result.stable_on]


@settings(max_examples=250, deadline=None)
@given(histories(), rules(), as_ofs, births)
def test_agrees_with_walking_day_by_day(
    spells: list[Spell], given_rule: dict[str, Any], as_of: date, birth: date | None
) -> None:
    results = evaluate(spells, StabilityRule.from_dict(given_rule), as_of=as_of, birth_date=birth)
    assert marks(results) == reference(spells, given_rule, as_of, birth)
    assert all(result.stable for result in results) or len(results) == 1


@settings(max_examples=100, deadline=None)
@given(histories(), rules(calendar=False), as_ofs, st.integers(1, 200))
def test_once_stable_stays_stable(
    spells: list[Spell], given_rule: dict[str, Any], as_of: date, later: int
) -> None:
    rule = StabilityRule.from_dict(given_rule)
    before = marks(evaluate(spells, rule, as_of=as_of))
    after = marks(evaluate(spells, rule, as_of=as_of + later * DAY))
    if before:
        # Another employer's run, or a gap that came to be tolerated, may turn out to have been full earlier.
        assert after and after[0] <= before[0]


@settings(max_examples=100, deadline=None)
@given(histories(), rules(), as_ofs, st.integers(0, 300))
def test_splitting_a_spell_changes_nothing(
    spells: list[Spell], given_rule: dict[str, Any], as_of: date, after: int
) -> None:
    rule = StabilityRule.from_dict(given_rule)
    for place, whole in enumerate(spells):
        known_to = whole.ended_on or whole.observed_until or whole.started_on
        length = (known_to - whole.started_on).days + 1
        if whole.precision is Precision.MONTH or length < 2:
            continue
        cut = whole.started_on + (1 + after % (length - 1)) * DAY
        parts = [replace(whole, ended_on=cut - DAY, observed_until=None), replace(whole, started_on=cut)]
        split = evaluate([*spells[:place], *parts, *spells[place + 1 :]], rule, as_of=as_of)
        assert marks(split) == marks(evaluate(spells, rule, as_of=as_of))


@settings(max_examples=100, deadline=None)
@given(histories(), rules(), as_ofs, st.randoms(use_true_random=False), births)
def test_order_and_work_that_does_not_count_are_irrelevant(
    spells: list[Spell], given_rule: dict[str, Any], as_of: date, random: Any, birth: date | None
) -> None:
    given_rule = {**given_rule, "kinds": ["market", "workshop"]}
    rule = StabilityRule.from_dict(given_rule)
    plain = evaluate(spells, rule, as_of=as_of, birth_date=birth)
    post = Spell(started_on=BEGIN, ended_on=BEGIN + 500 * DAY, kind=SpellKind.PUBLIC_POST, employer="甲厂")
    mixed = [*spells, post]
    random.shuffle(mixed)
    again = evaluate(mixed, rule, as_of=as_of, birth_date=birth)
    assert [replace(result, reason="") for result in again] == [
        replace(result, reason="") for result in plain
    ]


@settings(max_examples=100, deadline=None)
@given(histories(), rules(), as_ofs)
def test_possible_on_comes_true_for_who_stays(
    spells: list[Spell], given_rule: dict[str, Any], as_of: date
) -> None:
    rule = StabilityRule.from_dict(given_rule)
    result = evaluate(spells, rule, as_of=as_of)[0]
    if result.possible_on is None:
        return
    assert not result.stable
    begun = [spell for spell in spells if spell.first_day <= as_of]
    last = max((spell for spell in begun if not _refused(spell, given_rule)), key=lambda each: each.first_day)
    proof = Proof(EvidenceGrade.A, as_of - 4000 * DAY, as_of + 4000 * DAY)
    stays = replace(last, ended_on=None, observed_until=as_of + 3000 * DAY, evidence=(proof,))
    others = [replace(each, ended_on=min(each.ended_on, as_of)) if each.ended_on else each for each in begun]
    kept = [stays if each.first_day == last.first_day else each for each in others]
    on = result.possible_on
    assert on in marks(evaluate(kept, rule, as_of=max(on, as_of)))
    if on > as_of:
        assert not marks(evaluate(kept, rule, as_of=on - DAY))


def _refused(spell: Spell, given_rule: dict[str, Any]) -> bool:
    kinds = given_rule.get("kinds", list(SpellKind))
    return spell.kind not in kinds or not meets(spell, given_rule)


@settings(max_examples=100, deadline=None)
@given(rules(), st.dates(date(2024, 1, 1), date(2025, 12, 31)))
def test_latest_start_is_the_last_that_still_counts(given_rule: dict[str, Any], by: date) -> None:
    timed = {name: value for name, value in given_rule.items() if name in TIME_FIELDS}
    rule = StabilityRule.from_dict(timed)
    start = latest_start(rule, by)

    def fulfilled(first: date) -> bool:
        found = marks(evaluate([Spell(started_on=first, ended_on=by)], rule, as_of=by))
        return any(rule.calendar_year is not True or mark.year == by.year for mark in found)

    if start is None:
        year = rule.calendar_year if isinstance(rule.calendar_year, int) else 0
        assert rule.calendar_year and not fulfilled(date(max(by.year, year if year > 1 else 0), 1, 1))
    else:
        assert fulfilled(start) and not fulfilled(start + DAY)


TIME_FIELDS = ("id", "min_months", "min_days", "counting", "employer", "month_counting", "calendar_year")
