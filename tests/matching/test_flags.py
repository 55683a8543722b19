"""What is left to a human, and that none of it, sex least of all, reaches a score."""

import inspect
from datetime import date

import pytest

from matching import rankers, ranking
from matching.eligibility import eligible_vacancies
from matching.flags import flags
from matching.market import load_market
from matching.rankers import RANKERS
from models.retirement import MEN, WOMEN, WOMEN_IN_OFFICE, retirement_month, track_of

ASKED = {"pay_floor": 3000.0}


def codes(market, sex=""):
    return [flag.code for flag in flags(market, 0, 0, sex)]


def test_a_minor_is_left_to_a_human(one):
    assert codes(one({"birth_date": "2004-01-01", **ASKED})) == ["minor_hazard"]
    assert codes(one({"birth_date": "2003-09-20", **ASKED})) == []
    assert codes(one(ASKED)) == []


def test_somebody_weak_is_asked_about_how_heavy_the_work_is(one):
    (flag,) = flags(one({"labour_capability": "weak", **ASKED}), 0, 0)
    assert flag.sentence == "本人是弱劳动力或半劳动力，请确认岗位强度"
    assert codes(one({"labour_capability": "ordinary", **ASKED})) == []


def test_a_required_skill_of_which_nothing_is_known_is_asked_about(one):
    post = {"required_skills": frozenset({"焊工"})}
    (flag,) = flags(one(ASKED, post), 0, 0)
    assert flag.sentence == "岗位要求有焊工技能，本人还没有登记技能，请先问清"
    assert codes(one({"skills": {"焊工": 2}, **ASKED}, post)) == []
    assert codes(one(ASKED)) == []


def test_somebody_not_asked_yet_is_to_be_asked(one):
    (flag,) = flags(one(), 0, 0)
    assert flag.sentence == "还没有登记就业意愿，请先问本人"
    assert codes(one({"wants": "out"})) == []


@pytest.mark.parametrize(
    ("born", "track", "month"),
    [
        ("1964-12-31", MEN, "2024-12"),
        ("1965-01-01", MEN, "2025-02"),
        ("1965-05-10", MEN, "2025-07"),
        ("1976-08-31", MEN, "2039-07"),
        ("1976-09-01", MEN, "2039-09"),
        ("1990-03-05", MEN, "2053-03"),
        ("1969-12-15", WOMEN_IN_OFFICE, "2024-12"),
        ("1970-01-15", WOMEN_IN_OFFICE, "2025-02"),
        ("1981-09-15", WOMEN_IN_OFFICE, "2039-09"),
        ("1974-12-15", WOMEN, "2024-12"),
        ("1975-03-15", WOMEN, "2025-05"),
        ("1984-11-15", WOMEN, "2039-11"),
        ("1971-09-20", WOMEN, "2021-09"),
    ],
)
def test_the_age_of_retirement_rises_by_the_table_of_the_decision(born, track, month):
    assert retirement_month(date.fromisoformat(born), track) == date.fromisoformat(f"{month}-01")


def test_the_track_is_that_of_sex_and_post_and_the_later_one_where_unknown():
    assert track_of("female", "62001") == WOMEN
    assert track_of("female", "20801") == track_of("female", "") == WOMEN_IN_OFFICE
    assert track_of("male", "62001") == track_of("", "62001") == MEN


def test_past_retirement_is_told_and_rules_nobody_out(one):
    market = one({"birth_date": "1971-08-20", **ASKED}, {"occupation": "62001"})
    assert codes(market, "female") == ["past_retirement"]
    assert codes(market, "male") == codes(market) == []
    assert eligible_vacancies(market, 0)[0]
    assert "可以就业" in flags(market, 0, 0, "female")[0].sentence
    assert codes(one(ASKED), "female") == []


def test_sex_cannot_reach_a_score():
    """Nothing that ranks takes it, and no column of the market carries it."""
    ranks = [load_market, ranking.rank_vacancies, ranking.rank_workers]
    for kind in RANKERS:
        ranks += [kind.__init__, kind.fit, kind.score, kind.score_pairs, kind.outlook, kind.contributions]
    for function in ranks:
        assert not [name for name in inspect.signature(function).parameters if "sex" in name]
    for module in (rankers, ranking):
        assert "flags" not in vars(module)


def test_flags_of_any_pair_are_whole_sentences(market):
    for worker in range(20):
        for vacancy in range(20):
            for flag in flags(market, worker, vacancy, "female"):
                assert "nan" not in flag.sentence
                assert not flag.sentence.endswith("，")
