"""Each feature on cases worked out by hand; nan is unknown."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching import features, places, regions, skills
from matching import told as told_of
from matching.columns import Firms, Pairs, Then, Townspeople
from matching.eligibility import ages
from matching.features import FEATURES, NAMES

ZHENBA, XIXIANG, HANZHONG = 610728000000, 610724000000, 610700000000
NANTONG, TONGZHOU, DONGGUAN = 320600000000, 320612000000, 441900000000
UNKNOWN = np.nan

CASES = [
    ("pay_over_floor", {"pay_floor": 3000.0}, {"pay_min": 3500.0, "pay_max": 5000.0}, 1000),
    ("pay_over_floor", {"pay_floor": 3000.0}, {"pay_min": 3000.0, "pay_max": 20000.0}, 1000),
    ("pay_over_floor", {"pay_floor": 3000.0}, {"pay_min": 3500.0}, 500),
    ("pay_over_floor", {"pay_floor": 3000.0}, {"pay_max": 2500.0}, -500),
    ("pay_over_floor", {}, {"pay_min": 3500.0}, UNKNOWN),
    ("pay_over_usual", {}, {"pay_min": 3500.0}, UNKNOWN),
    ("distance_km", {"lon": 107.9, "lat": 32.5}, {"lon": 107.9, "lat": 33.5}, 111.19),
    ("distance_km", {"lon": 107.9, "lat": 32.5}, {}, UNKNOWN),
    ("way_home_yuan", {"lon": 107.9, "lat": 32.5, "region": ZHENBA}, {"lon": 107.9, "lat": 33.5, "region": XIXIANG}, 64.48),
    ("way_home_yuan", {"lon": 107.9, "lat": 32.5, "region": ZHENBA}, {"lon": 107.9, "lat": 33.5, "region": NANTONG}, 84.48),
    ("way_home_yuan", {"lon": 107.9, "lat": 32.5}, {"lon": 107.9, "lat": 33.5}, 74.48),
    ("way_home_yuan", {"region": ZHENBA}, {"region": NANTONG}, UNKNOWN),
    ("same_county", {"region": ZHENBA + 101000}, {"region": ZHENBA}, 1),
    ("same_county", {"region": ZHENBA}, {"region": XIXIANG}, 0),
    ("same_county", {"region": ZHENBA}, {"region": HANZHONG}, UNKNOWN),
    ("same_county", {"region": ZHENBA}, {"region": NANTONG}, 0),
    ("same_county", {"region": ZHENBA}, {"region": DONGGUAN}, 0),
    ("same_county", {"region": ZHENBA}, {}, UNKNOWN),
    ("same_province", {"region": ZHENBA}, {"region": 610000000000}, 1),
    ("same_province", {"region": ZHENBA}, {"region": NANTONG}, 0),
    ("same_province", {}, {"region": NANTONG}, UNKNOWN),
    ("paired", {"region": ZHENBA + 101000}, {"region": TONGZHOU}, 1),
    ("paired", {"region": ZHENBA}, {"region": 320682000000}, 0),
    ("paired", {"region": ZHENBA}, {"region": DONGGUAN}, 0),
    ("paired", {"region": XIXIANG}, {"region": TONGZHOU}, 0),
    ("paired", {"region": ZHENBA}, {}, UNKNOWN),
    ("near_unasked", {"region": ZHENBA}, {"region": ZHENBA}, 1),
    ("near_unasked", {"region": ZHENBA}, {"region": XIXIANG}, 0.5),
    ("near_unasked", {"region": ZHENBA}, {"region": TONGZHOU}, 0),
    ("near_unasked", {}, {"region": ZHENBA}, UNKNOWN),
    *(
        ("near_unasked", {"region": ZHENBA, **said}, {"region": ZHENBA}, UNKNOWN)
        for said in (
            {"wants": "out"}, {"pay_floor": 3000.0}, {"needs_lodging": 0.0}, {"available_from": "2021-10-01"},
            {"accepted_regions": ((1, 2),)}, {"wanted_occupations": ("4",)}, {"companion": -2},
        )
    ),
    ("paired_unasked", {"region": ZHENBA}, {"region": TONGZHOU}, 1),
    ("paired_unasked", {"region": ZHENBA}, {"region": DONGGUAN}, 0),
    ("paired_unasked", {"region": ZHENBA}, {"region": ZHENBA}, UNKNOWN),
    ("paired_unasked", {"region": ZHENBA, "wants": "out"}, {"region": TONGZHOU}, UNKNOWN),
    ("wish", {"region": ZHENBA, "wants": "near_home"}, {"region": ZHENBA}, 1),
    ("wish", {"region": ZHENBA, "wants": "near_home"}, {"region": XIXIANG}, 0.5),
    ("wish", {"region": ZHENBA, "wants": "near_home"}, {"region": TONGZHOU}, 0),
    ("wish", {"region": ZHENBA, "wants": "out"}, {"region": TONGZHOU}, 1),
    ("wish", {"region": ZHENBA, "wants": "out"}, {"region": ZHENBA}, 0),
    ("wish", {"region": ZHENBA}, {"region": ZHENBA}, UNKNOWN),
    ("wish", {"wants": "out"}, {"region": ZHENBA}, UNKNOWN),
    ("lodging", {"needs_lodging": 1.0}, {"lodging": 1.0}, 1),
    ("lodging", {"needs_lodging": 1.0}, {"lodging": 0.0}, 0),
    ("lodging", {}, {"lodging": 1.0}, 0.75),
    ("lodging", {}, {"lodging": 0.0}, 0.25),
    ("lodging", {"needs_lodging": 0.0}, {"lodging": 1.0}, UNKNOWN),
    ("lodging", {"needs_lodging": 1.0}, {}, UNKNOWN),
    ("no_bed", {"needs_lodging": 1.0}, {"lodging": 0.0}, 1),
    ("no_bed", {"needs_lodging": 1.0}, {"lodging": 1.0}, 0),
    ("no_bed", {"needs_lodging": 1.0}, {}, UNKNOWN),
    ("no_bed", {"needs_lodging": 0.0}, {"lodging": 0.0}, 0),
    ("no_bed", {"needs_lodging": 0.0}, {}, 0),
    ("no_bed", {}, {"lodging": 0.0}, 0.5),
    ("no_bed", {"region": ZHENBA, "needs_lodging": 1.0}, {"region": ZHENBA, "lodging": 0.0}, 0),
    ("no_bed", {"region": ZHENBA, "needs_lodging": 1.0}, {"region": TONGZHOU, "lodging": 0.0}, 1),
    ("meals", {}, {"meals": 0.0}, 0),
    ("social_insurance", {}, {"social_insurance": 1.0}, 1),
    ("hours_per_week", {}, {"hours_per_week": 48.0}, 48),
    ("night_shifts", {}, {"shift": "day"}, 0),
    ("night_shifts", {}, {"shift": "three"}, 2),
    ("night_shifts", {}, {}, UNKNOWN),
    ("required_skills", {"skills": {"平车": 1}}, {"required_skills": frozenset({"平车"})}, 1),
    ("required_skills", {"skills": {"平车工": 1}}, {"required_skills": frozenset({"车工（缝纫）"})}, 1),
    ("required_skills", {"skills": {"氩弧焊": 1}}, {"required_skills": frozenset({"电焊工"})}, 0.4),
    ("preferred_skills", {"skills": {"平车": 1}}, {"preferred_skills": frozenset({"平车", "电工"})}, 0.5),
    ("preferred_skills", {"skills": {"平车": 1}}, {"preferred_skills": frozenset({"电工"})}, 0),
    ("preferred_skills", {}, {"preferred_skills": frozenset({"电工"})}, UNKNOWN),
    ("preferred_skills", {"skills": {"平车": 1}}, {}, UNKNOWN),
    ("same_occupation", {"last_occupation": "62001"}, {"occupation": "62001"}, 1),
    ("same_occupation", {"last_occupation": "62001"}, {"occupation": "62003"}, 0.6),
    ("same_occupation", {"last_occupation": "620"}, {"occupation": "620"}, 0.6),
    ("same_occupation", {"last_occupation": "62001"}, {"occupation": "65101"}, 0.3),
    ("same_occupation", {"last_occupation": "62001"}, {"occupation": "40602"}, 0),
    ("same_occupation", {"last_occupation": "62001"}, {}, UNKNOWN),
    ("wanted_occupation", {"wanted_occupations": ("4", "620")}, {"occupation": "62001"}, 1),
    ("wanted_occupation", {"wanted_occupations": ("4",)}, {"occupation": "62001"}, 0),
    ("wanted_occupation", {"wanted_occupations": ("4", "62003")}, {"occupation": "62001"}, 0.6),
    ("wanted_occupation", {"wanted_occupations": ("62003",)}, {"occupation": "65101"}, 0.3),
    ("wanted_occupation", {}, {"occupation": "62001"}, UNKNOWN),
    ("experience_months", {"experience_months": 30.0}, {}, 30),
    ("education_margin", {"education": 4}, {"min_education": 2}, 2),
    ("education_margin", {"education": 4}, {}, UNKNOWN),
    ("education_margin", {}, {"min_education": 2}, UNKNOWN),
    ("townspeople", {"region": ZHENBA + 101000}, {"employer": 7}, 3),
    ("townspeople", {"region": XIXIANG}, {"employer": 7}, 0),
    ("townspeople", {"region": HANZHONG}, {"employer": 7}, 0),
    ("townspeople", {}, {"employer": 7}, UNKNOWN),
    ("days_posted", {}, {"posted_on": "2021-09-01"}, 19),
    ("days_posted", {}, {"posted_on": "2021-09-21"}, 0),
    ("days_posted", {}, {}, UNKNOWN),
    ("seats_left", {}, {"seats": 5, "taken": 2}, 3),
    ("seats_left", {}, {}, UNKNOWN),
    ("speaks_mandarin", {"region": ZHENBA, "speaks_mandarin": 0.0}, {"region": TONGZHOU}, 0),
    ("speaks_mandarin", {"region": ZHENBA, "speaks_mandarin": 0.0}, {"region": XIXIANG}, UNKNOWN),
    ("firm_leaving", {}, {"employer": 7}, 0.7),
    ("firm_leaving", {}, {"employer": 8}, 0),
    ("firm_hiring", {}, {"employer": 9}, 0.4),
    ("firm_hiring", {}, {}, 0),
    ("origin_leaving", {"region": ZHENBA + 101000}, {"employer": 7}, 0.2),
    ("origin_leaving", {"region": XIXIANG}, {"employer": 7}, -0.3),
    ("origin_leaving", {"region": XIXIANG}, {"employer": 9}, 0),
    ("origin_leaving", {}, {"employer": 7}, UNKNOWN),
    ("firm_offering", {}, {"employer": 9}, 0.3),
    ("firm_offering", {}, {}, 0),
    ("firm_answering", {}, {"employer": 7}, 0.5),
    ("firm_answering", {}, {"employer": 8}, 0),
    ("firm_promptness", {}, {"employer": 9}, -0.6),
    ("firm_promptness", {}, {}, 0),
    ("companion_there", {"companion": 0}, {"region": NANTONG}, 1),
    ("companion_there", {"companion": 0, "companion_county": 320612}, {"region": TONGZHOU}, 1),
    ("companion_there", {"companion": -2, "companion_county": 320612}, {"region": DONGGUAN}, UNKNOWN),
    ("companion_there", {"companion": 0, "companion_county": 320612}, {"region": ZHENBA}, 0),
    ("companion_there", {"companion": -2}, {"region": TONGZHOU}, UNKNOWN),
    ("companion_there", {}, {"region": TONGZHOU}, UNKNOWN),
    ("before_festival", {}, {}, 0),
    ("after_festival", {}, {}, 0),
    ("companion_seat", {"companion": -2}, {"seats": 2}, 1),
    ("companion_seat", {"companion": 0}, {"seats": 2, "taken": 1}, 0),
    ("companion_seat", {}, {"seats": 2}, UNKNOWN),
    ("companion_seat", {"companion": -2}, {}, UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize(("name", "worker", "vacancy", "expected"), CASES)
def test_feature(one, name, worker, vacancy, expected):
    here = Townspeople.of({(7, 610728): 3, (7, 610724): 2, (8, 610728): 9})
    firms = Firms(
        np.array([7, 9]), np.array([0.7, -0.7]), np.array([-0.4, 0.4]), np.array([-0.3, 0.3]),
        np.array([0.5, 0.1]), np.array([0.3, -0.6]),
        np.array([7, 7]), np.array([610724, 610728]), np.array([-0.3, 0.2]),
    )  # fmt: skip
    market = one(worker, vacancy, pairings=((ZHENBA, TONGZHOU),), townspeople=here, firms=firms)
    (values,) = features.matrix(Pairs.of_worker(market, 0, np.array([0])))
    assert values[NAMES.index(name)] == pytest.approx(expected, nan_ok=True, abs=0.01)


def test_every_feature_has_a_case_and_is_declared_whole():
    assert {name for name, *_ in CASES} == set(NAMES)
    for feature in FEATURES:
        assert feature.direction in (-1, 0, 1)
        assert feature.scope in features.SCOPES
        assert feature.feeds <= {"p_hire", "stay", "surplus"}
        assert feature.feeds
        assert feature.label
        assert feature.unit


def test_of_a_pair_of_which_nothing_is_known_only_the_day_is_measured(one):
    (values,) = features.matrix(Pairs.of_worker(one(), 0, np.array([0])))
    assert [name for name, value in zip(NAMES, values, strict=True) if not np.isnan(value)] == [
        each.name for each in FEATURES if each.scope == "day"
    ]


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [("2025-01-29", 1, 1), ("2024-12-30", 0.5, 0), ("2025-02-28", 0, 0.5), ("2025-06-01", 0, 0), ("1999-06-01", UNKNOWN, UNKNOWN)],
)  # fmt: skip
def test_the_season_is_told_by_the_spring_festival(one, day, before, after):
    (values,) = features.matrix(Pairs.of_worker(one(as_of=date.fromisoformat(day)), 0, np.array([0])))
    told = dict(zip(NAMES, values.tolist(), strict=True))
    assert (told["before_festival"], told["after_festival"]) == pytest.approx((before, after), nan_ok=True)


def test_the_schema_hash_changes_with_what_is_declared_and_with_nothing_else(monkeypatch):
    before = features.schema_hash()
    assert before == "e4971ff266ef"
    first, *rest = FEATURES
    for change in (
        {"name": "pay"}, {"unit": "yuan/day"}, {"scope": "worker"}, {"direction": -1}, {"feeds": frozenset({"stay"})},
    ):  # fmt: skip
        monkeypatch.setattr(features, "FEATURES", (replace(first, **change), *rest))
        assert features.schema_hash() != before
    monkeypatch.setattr(features, "FEATURES", (*rest, first))
    assert features.schema_hash() != before
    monkeypatch.setattr(features, "FEATURES", (replace(first, label="月薪"), *rest))
    assert features.schema_hash() == before
    for module, number, value in (
        (places, "YUAN_A_KM", 0.5),
        (skills, "NEAR", 0.5),
        (told_of, "FESTIVAL_DAYS", 30.0),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(module, number, value)
            assert features.schema_hash() != before, "what it is measured with"
        assert features.schema_hash() == before


def test_pairs_of_other_days_are_seen_as_they_were_then(one):
    firms = Firms(np.array([7]), np.array([0.7]), np.array([-0.4]))
    worker, vacancy = (
        {"region": ZHENBA, "birth_date": "2000-06-30"},
        {"employer": 7, "posted_on": "2021-09-01"},
    )
    market = one(worker, vacancy, townspeople=Townspeople.of({(7, 610728): 9}), firms=firms)
    days = np.array(["2021-09-05", "2022-07-01"], "datetime64[D]")
    then = Then(
        days,
        np.array([3, 4]),
        {"firm_leaving": np.array([0.1, 0.2]), "firm_hiring": np.array([np.nan, 0.3])}
        | {"origin_leaving": np.array([0.4, 0.5]), "companion_there": np.array([0.0, 1.0])},
    )
    pairs = Pairs(market, np.array([0, 0]), np.array([0, 0]), then=then)
    told = dict(zip(NAMES, features.matrix(pairs).T.tolist(), strict=True))
    assert told["days_posted"] == [4, 303]
    assert told["townspeople"] == [3, 4]
    assert told["firm_leaving"] == [0.1, 0.2]
    assert told["firm_hiring"][1] == 0.3
    assert told["origin_leaving"] == [0.4, 0.5]
    assert told["companion_there"] == [0, 1]
    assert np.isnan(told["firm_answering"]).all()
    assert np.isnan(told["firm_hiring"][0])
    assert ages(pairs).tolist() == [21, 22]
    assert pairs.take(np.array([1])).day.tolist() == days[1:].tolist()


def test_no_pairs_no_rows(market):
    assert features.matrix(Pairs.of_worker(market, 0, np.array([], np.int64))).shape == (0, len(FEATURES))


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("61", 610000000000, 619999999999),
        ("6107", 610700000000, 610799999999),
        ("610728", 610728000000, 610728999999),
        ("610728101", 610728101000, 610728101999),
        ("610728101203", 610728101203, 610728101203),
    ],
)
def test_a_division_spans_what_lies_in_it(code, first, last):
    assert regions.span(regions.padded(code)) == (first, last)
    assert regions.upper(np.array([first, 0])).tolist() == [last, 0]


def test_what_a_code_does_not_say_is_unknown():
    codes = np.array([610728101203, 610700000000, 610000000000, 0])
    assert regions.county(codes).tolist() == [610728, 0, 0, 0]
    assert regions.city(codes).tolist() == [6107, 6107, 0, 0]
    assert regions.province(codes).tolist() == [61, 61, 61, 0]
