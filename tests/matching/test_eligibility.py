"""Every rule on its own, at its edges, and all of them against a plain reference, pair by pair."""

import calendar
from dataclasses import fields
from datetime import date

import numpy as np
import pytest

from matching import regions
from matching.columns import Market, Pairs, Vacancies, Workers
from matching.eligibility import (
    RULES,
    ages,
    eligible,
    eligible_vacancies,
    eligible_workers,
    excluded_vacancies,
    excluded_workers,
)

CASES = [
    ("restricted", {"restricted": True}, {}, "限制使用"),
    ("legal_age", {"birth_date": "2005-09-21"}, {}, "本人15岁"),
    ("capability", {"labour_capability": "lost"}, {}, "丧失劳动力"),
    ("capability", {"labour_capability": "none"}, {}, "无劳动力"),
    ("wants_none", {"wants": "none"}, {}, "暂不就业"),
    ("no_seat", {}, {"seats": 3, "taken": 3}, "已经招满"),
    ("not_valid", {}, {"valid_until": "2021-09-19"}, "2021年9月19日已过有效期"),
    ("not_valid", {}, {"valid_from": "2021-09-21"}, "2021年9月21日才开始招"),
    ("available_from", {"available_from": "2021-11-01"}, {"valid_until": "2021-10-31"}, "2021年11月1日起"),
    ("age_limits", {"birth_date": "1975-09-20"}, {"max_age": 45.0}, "不超过45岁，本人46岁"),
    ("age_limits", {"birth_date": "2003-09-21"}, {"min_age": 18.0}, "满18岁，本人17岁"),
    ("age_limits", {"birth_date": "2003-09-21"}, {"min_age": 18.0, "max_age": 40.0}, "18至40岁，本人17岁"),
    ("education", {"education": 2}, {"min_education": 3}, "高中及以上，本人是初中"),
    (
        "required_skills",
        {"skills": {"烹饪": None}},
        {"required_skills": frozenset({"电工"})},
        "要求有电工技能",
    ),
    (
        "accepted_regions",
        {"accepted_regions": regions.spans(["3206"])},
        {"region": 441302000000},
        "愿意去的地方",
    ),
]


@pytest.mark.parametrize(("code", "worker", "vacancy", "says"), CASES)
def test_each_rule_rules_out_and_says_why(one, code, worker, vacancy, says):
    market = one(worker, vacancy)
    (found,) = excluded_vacancies(market, 0)
    assert (found.index, found.code) == (0, code)
    assert says in found.sentence
    assert not eligible_vacancies(market, 0)[0]
    assert [item.code for item in excluded_workers(market, 0)] == [code]


def test_every_rule_has_a_case():
    assert {code for code, *_ in CASES} == {rule.code for rule in RULES}


@pytest.mark.parametrize(
    ("worker", "vacancy"),
    [
        ({}, {}),
        ({"birth_date": "2005-09-20"}, {}),
        ({"birth_date": "1940-01-01"}, {}),
        ({"birth_date": "1975-09-21"}, {"max_age": 45.0}),
        ({"birth_date": "2003-09-20"}, {"min_age": 18.0}),
        ({"labour_capability": "weak"}, {}),
        ({}, {"seats": 3, "taken": 2}),
        ({}, {"valid_from": "2021-09-20", "valid_until": "2021-09-20"}),
        ({"available_from": "2021-10-31"}, {"valid_until": "2021-10-31"}),
        ({"education": 3}, {"min_education": 3}),
        ({}, {"min_education": 6, "min_age": 18.0, "max_age": 20.0, "required_skills": frozenset({"电工"})}),
        ({"education": 0, "birth_date": "1950-01-01", "skills": {"烹饪": 2}}, {}),
        ({"accepted_regions": regions.spans(["320612"])}, {"region": 320600000000}),
        ({"accepted_regions": regions.spans(["3206"])}, {"region": 320612101000}),
        ({"accepted_regions": regions.spans(["3206"])}, {}),
        ({}, {"region": 320600000000}),
    ],
)
def test_edges_and_unknowns_rule_nobody_out(one, worker, vacancy):
    assert eligible_vacancies(one(worker, vacancy), 0)[0]


@pytest.mark.parametrize(
    ("born", "as_of", "age"),
    [
        ("2000-02-29", date(2021, 2, 28), 20),
        ("2000-02-29", date(2021, 3, 1), 21),
        ("2000-12-31", date(2021, 12, 30), 20),
        ("2000-12-31", date(2021, 12, 31), 21),
    ],
)
def test_ages_are_completed_years(one, born, as_of, age):
    market = one({"birth_date": born}, as_of=as_of)
    assert ages(Pairs(market, np.array([0]), np.array([0])))[0] == age


def _reference(market: Market, worker: int, vacancy: int) -> bool:
    people, posts, today = market.workers, market.vacancies, market.as_of
    born, free = people.birth_date[worker].item(), people.available_from[worker].item()
    begins, ends = posts.valid_from[vacancy].item(), posts.valid_until[vacancy].item()
    if people.restricted[worker] or people.wants[worker] == "none":
        return False
    if people.labour_capability[worker] in ("lost", "none"):
        return False
    if born is not None:
        feast = min(born.day, calendar.monthrange(today.year, born.month)[1])
        age = today.year - born.year - ((today.month, today.day) < (born.month, feast))
        if age < 16 or age < posts.min_age[vacancy] or age > posts.max_age[vacancy]:
            return False
    if posts.seats[vacancy] >= 0 and posts.taken[vacancy] >= posts.seats[vacancy]:
        return False
    if (begins and begins > today) or (ends and ends < today) or (ends and free and free > ends):
        return False
    if people.education[worker] >= 0 and people.education[worker] < posts.min_education[vacancy]:
        return False
    has, required = set(people.skills[worker]), posts.required_skills[vacancy]
    if has and required - has:
        return False
    accepted, code = people.accepted_regions[worker], str(posts.region[vacancy]).rstrip("0")
    if not accepted or posts.region[vacancy] == 0:
        return True
    prefixes = [str(low).rstrip("0") for low, _ in accepted]
    return any(code.startswith(prefix) or prefix.startswith(code) for prefix in prefixes)


@pytest.mark.parametrize("seed", range(4))
def test_all_rules_agree_with_a_plain_reference(many, seed):
    market = many(40, 50, seed)
    expected = np.array([[_reference(market, w, v) for v in range(50)] for w in range(40)])
    assert 0 < expected.mean() < 0.5
    rows = np.array([eligible_vacancies(market, worker) for worker in range(40)])
    columns = np.array([eligible_workers(market, vacancy) for vacancy in range(50)])
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_array_equal(columns.T, expected)
    both = np.random.default_rng(seed).integers(0, 40, (2, 500))
    np.testing.assert_array_equal(eligible(Pairs(market, *both)), expected[tuple(both)])


def test_excluded_is_the_complement_of_eligible(market):
    for worker in range(20):
        out = {item.index for item in excluded_vacancies(market, worker)}
        assert out == set(np.flatnonzero(~eligible_vacancies(market, worker)).tolist())


def test_an_empty_market_is_no_error():
    market = Market(Workers.of([1]), Vacancies.of([]), date(2021, 9, 20))
    assert eligible_vacancies(market, 0).shape == (0,)
    assert excluded_vacancies(market, 0) == []


def test_what_is_monitored_is_no_column():
    names = {column.name for table in (Workers, Vacancies) for column in fields(table)}
    for word in ("sex", "gender", "ethnic", "disab", "hardship", "household", "marri"):
        assert not [name for name in names if word in name]


def test_columns_of_another_length_or_kind_are_refused():
    with pytest.raises(ValueError, match="region"):
        Workers.of([1, 2], region=[610000000000])
    with pytest.raises(TypeError, match="sex"):
        Workers.of([1], sex=["female"])
