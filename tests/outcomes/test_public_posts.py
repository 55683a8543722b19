"""The term clock and the checks of public posts, worked by hand at their edges."""

from datetime import date, timedelta

import pytest

from models.public_post import CadreRelation, Rung
from outcomes.ladder.clock import Exit, Extension, Stint, exits, latest_extension, placements, serving, terms
from outcomes.ladder.eligibility import Facts, Verdict, checks
from outcomes.ladder.local_rules import ruling
from outcomes.ladder.post_rules import PostRule, post_rule

RULE = post_rule("610728", date(2021, 9, 20))


def day(text: str) -> date:
    return date.fromisoformat(text)


def one(*stints: tuple[str, str | None], born="1980-05-05", sex="male", extensions=()):
    made = [Stint(day(first), last and day(last), key) for key, (first, last) in enumerate(stints, 1)]
    return terms(RULE, made, born=born and day(born), sex=sex, extensions=extensions)


@pytest.mark.parametrize(
    ("began", "until"),
    [
        ("2018-09-20", "2021-09-19"),  # the eve of the corresponding day
        ("2020-02-29", "2023-02-28"),  # there is no 29 February 2023: the month's last day
        ("2021-03-01", "2024-02-29"),  # the eve of 1 March in a leap year
        ("2021-01-01", "2023-12-31"),
    ],
)
def test_three_years_are_full_on_the_eve(began, until):
    [term] = one((began, None))
    assert (term.until, term.to_retirement) == (day(until), False)
    last = term.until
    assert exits(RULE, term, born=day("1980-05-05"), on=last) == (Exit.ENDING,)
    assert exits(RULE, term, born=day("1980-05-05"), on=last + timedelta(days=1)) == (Exit.OVERDUE,)


def test_notice_begins_ninety_days_before_and_is_overdue_the_day_after():
    [term] = one(("2018-09-20", None))
    for on, found in (
        ("2021-06-21", ()),  # 90 days before 19 September
        ("2021-06-22", (Exit.ENDING,)),
        ("2021-09-19", (Exit.ENDING,)),
        ("2021-09-20", (Exit.OVERDUE,)),
    ):
        assert exits(RULE, term, born=None, on=day(on)) == found, on


def test_contracts_a_month_apart_are_one_placement_and_a_longer_gap_makes_the_second():
    # 1 to 31 January are 31 days without work; one day more begins the clock anew.
    together = one(("2019-01-01", "2019-12-31"), ("2020-02-01", None))
    assert [(term.number, term.until) for term in together] == [(1, day("2021-12-31"))]
    apart = one(("2019-01-01", "2019-12-31"), ("2020-02-02", None))
    assert [(term.number, term.until) for term in apart] == [(1, day("2021-12-31")), (2, day("2023-02-01"))]
    assert apart[0].ended == day("2019-12-31")
    assert [serving(term, day("2020-06-01")) for term in apart] == [False, True]
    # What is told out of order is put in order, and nobody serves between two contracts.
    assert len(placements([Stint(day("2020-02-01")), Stint(day("2019-01-01"), day("2019-12-31"))], 31)) == 1
    assert not serving(together[0], day("2020-01-15"))


def test_a_third_placement_is_one_too_many():
    third = one(("2015-01-01", "2016-01-01"), ("2017-01-01", "2018-01-01"), ("2021-01-01", None))[-1]
    assert exits(RULE, third, born=None, on=day("2021-09-20")) == (Exit.TOO_MANY,)


@pytest.mark.parametrize(
    ("born", "sex", "until", "to_retirement"),
    [
        # Men born in September 1965: 60 in September 2025, nine months after the law: three months later, December.
        ("1965-09-10", "male", "2025-12-31", True),
        # Retirement in October 2026 is more than five years after September 2021: 60 in May 2026, five months later.
        ("1966-05-10", "male", "2024-09-19", False),
        # September 2026 itself is within five years: 60 in April 2026 and the 16th month begun: four months: August.
        ("1966-04-10", "male", "2026-08-31", True),
        # Retirement in 2023, before three years are over: the three years stand.
        ("1963-03-10", "male", "2024-09-19", False),
        # Past retirement on the first day: no longer than anybody else.
        ("1955-01-10", "male", "2024-09-19", False),
        # A woman whose post's class is unknown: the later age, 55, in March 2025 and so one month later.
        ("1970-03-10", "female", "2025-04-30", True),
        (None, "male", "2024-09-19", False),
    ],
)
def test_near_retirement_the_term_lasts_until_then(born, sex, until, to_retirement):
    [term] = one(("2021-09-20", None), born=born, sex=sex)
    assert (term.until, term.to_retirement) == (day(until), to_retirement)


def test_the_extension_given_last_counts_for_its_own_placement_and_never_shortens():
    stints = (("2017-01-01", "2018-12-31"), ("2019-03-01", None))
    given = [
        Extension(2, day("2023-06-30")),
        Extension(1, day("2030-01-01")),
        Extension(2, day("2022-12-31")),
    ]
    first, second = one(*stints, extensions=given)
    assert (first.until, second.until) == (day("2030-01-01"), day("2022-12-31"))
    assert second.regular == day("2022-02-28")
    [_, shorter] = one(*stints, extensions=[Extension(2, day("2021-01-01"))])
    assert shorter.until == day("2022-02-28")


@pytest.mark.parametrize(
    ("born", "last"),
    [
        ("1956-01-10", "2029-09-19"),  # of 65: five years after the term by the rule
        (None, "2029-09-19"),
        ("1970-05-05", "2031-10-31"),  # retires later than that
    ],
)
def test_a_term_is_extended_five_years_at_most_or_until_retirement(born, last):
    for extensions in ((), [Extension(1, day("2029-09-19"))]):
        [term] = one(("2021-09-20", None), born=born, extensions=extensions)
        assert latest_extension(term, born=born and day(born), sex="male") == day(last)


def test_seventy_is_told_from_the_birthday_on():
    [term] = one(("2020-01-01", None), born="1951-09-20")
    assert exits(RULE, term, born=day("1951-09-20"), on=day("2021-09-19")) == ()
    assert exits(RULE, term, born=day("1951-09-20"), on=day("2021-09-20")) == (Exit.OVER_AGE,)


def test_the_rule_of_the_smallest_place_counts_and_only_in_its_years():
    county = PostRule(
        **{name: getattr(RULE, name) for name in PostRule.__dataclass_fields__}
        | {"region": "610728", "from_on": day("2022-01-01"), "term_months": 24}
    )
    rules = (RULE, county)
    assert ruling(rules, "610728001", day("2022-01-01")) is county
    assert ruling(rules, "610728001", day("2021-12-31")) is RULE
    assert ruling(rules, "610723", day("2022-01-01")) is RULE
    assert ruling(rules, "610728", day("2010-01-01")) is RULE


ON = day("2021-09-20")


def verdicts(**changes):
    facts = {
        "on": ON,
        "home": "610728001",
        "place": "610728",
        "born": day("1980-05-05"),
        "cadre": CadreRelation.NONE,
        "offered": {Rung.MARKET: day("2021-05-01"), Rung.WORKSHOP: day("2020-09-20")},
    } | changes
    found = checks(RULE, Facts(**facts))
    assert all(check.to_do for check in found if check.verdict is not Verdict.PASSED)
    return {check.code: check.verdict for check in found if check.verdict is not Verdict.PASSED}


def test_who_fulfils_everything_may_be_placed():
    assert verdicts() == {}
    assert verdicts(home="4419", place="441900101") == {}


@pytest.mark.parametrize(
    ("changes", "code", "verdict"),
    [
        ({"place": "610723"}, "own_county", Verdict.FAILED),
        ({"born": day("2005-09-21")}, "age", Verdict.FAILED),  # 16 tomorrow
        ({"born": day("1951-09-20")}, "age", Verdict.LOOK),
        ({"born": None}, "age", Verdict.LOOK),
        ({"cadre": None}, "cadre", Verdict.FAILED),
        ({"cadre": CadreRelation.CADRE}, "cadre", Verdict.FAILED),
        ({"cadre": CadreRelation.FAMILY}, "cadre", Verdict.FAILED),
        ({"offered": {Rung.MARKET: day("2021-05-01")}}, "offered_workshop", Verdict.FAILED),
        (
            {"offered": {Rung.MARKET: day("2020-09-19"), Rung.WORKSHOP: ON}},  # a day too long ago
            "offered_market",
            Verdict.FAILED,
        ),
        (
            {"offered": {Rung.WORKSHOP: ON}, "waiting": frozenset({Rung.MARKET})},
            "offered_market",
            Verdict.FAILED,
        ),
    ],
)
def test_each_condition_alone(changes, code, verdict):
    assert verdicts(**changes) == {code: verdict}


def test_placements_are_counted_and_one_that_goes_on_is_none_of_its_own():
    two = one(("2015-01-01", "2017-12-31"), ("2018-06-01", "2021-05-31"))
    assert verdicts(terms=two) == {"placements": Verdict.FAILED}
    assert verdicts(terms=two[:1]) == {}
    going_on = one(("2015-01-01", "2017-12-31"), ("2019-01-01", "2021-08-31"))
    assert verdicts(terms=going_on) == {}
    # A term that was used up is not begun anew by a week at home.
    used_up = one(("2018-09-01", "2021-09-10"))
    assert verdicts(terms=used_up) == {"placements": Verdict.FAILED}
