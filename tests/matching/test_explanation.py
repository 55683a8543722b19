"""Reasons are true: they go when their cause goes, and weigh what the score loses by it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching import features
from matching.advice import OpenCourse, what_would_raise
from matching.columns import Firms, Market, Townspeople, Vacancies, Workers
from matching.explanation import MOST_REASONS, SENTENCES, Contribution, chosen
from matching.rankers import NearestRanker, NewestRanker, PriorRanker
from matching.ranking import rank_vacancies
from matching.regions import spans

AS_OF = date(2021, 9, 20)
PAIRINGS = ((612328000000, 320612000000),)
AWAY = (
    {
        "region": 612328101000, "lon": 107.9, "lat": 32.5, "pay_floor": 3500.0, "needs_lodging": 1.0, "wants": "out",
        "last_occupation": "62001", "skills": {"平车": 2}, "experience_months": 60.0, "speaks_mandarin": 1.0,
        "wanted_occupations": ("62001",), "education": 3, "companion": 0,
    },
    {
        "employer": 7, "region": 320612000000, "lon": 121.1, "lat": 32.1, "pay_min": 6000.0, "occupation": "62001",
        "seats": 40, "preferred_skills": frozenset({"平车"}), "lodging": 1.0, "meals": 1.0, "social_insurance": 1.0,
        "hours_per_week": 40.0, "shift": "day", "posted_on": "2021-09-18", "min_education": 1, "pay_max": 6000.0,
    },
)  # fmt: skip
AT_HOME = (
    {**AWAY[0], "wants": "near_home"},
    {**AWAY[1], "region": 612328000000, "lon": 107.9, "lat": 32.6},
)
POOR = (
    {**AWAY[0], "wants": "near_home", "pay_floor": 7000.0, "speaks_mandarin": 0.0, "experience_months": 0.0, "lat": 20.0},
    {
        **AWAY[1], "pay_min": 3000.0, "pay_max": 3000.0, "occupation": "10100", "seats": 1, "preferred_skills": frozenset({"电工"}),
        "lodging": 0.0, "meals": 0.0, "social_insurance": 0.0, "hours_per_week": 78.0, "shift": "three",
        "posted_on": "2021-06-20",
    },
)  # fmt: skip
BASES = {"away": AWAY, "at_home": AT_HOME, "poor": POOR}

MADE_UNKNOWN = {
    "pay": ("vacancy", {"pay_min": np.nan, "pay_max": np.nan}),
    "distance": ("worker", {"region": 0, "lon": np.nan, "lat": np.nan}),
    "paired": ("market", {"pairings": ()}),
    "wish": ("worker", {"wants": ""}),
    "lodging": ("vacancy", {"lodging": np.nan}),
    "meals": ("vacancy", {"meals": np.nan}),
    "social_insurance": ("vacancy", {"social_insurance": np.nan}),
    "hours": ("vacancy", {"hours_per_week": np.nan}),
    "shift": ("vacancy", {"shift": ""}),
    "skills": ("worker", {"skills": {}}),
    "occupation": ("worker", {"last_occupation": ""}),
    "wanted": ("worker", {"wanted_occupations": ()}),
    "experience": ("worker", {"experience_months": np.nan}),
    "education": ("worker", {"education": -1}),
    "townspeople": ("market", {"townspeople": Townspeople.of({})}),
    "firm_leaving": ("market", {"firms": Firms(np.array([7]), np.array([np.nan]), np.array([0.2]))}),
    "firm_hiring": ("market", {"firms": Firms(np.array([7]), np.array([-0.2]), np.array([np.nan]))}),
    "firm_answering": ("market", {"firms": Firms(np.array([7]), np.array([-0.2]), np.array([0.2]))}),
    "season": ("market", {"as_of": date(1999, 6, 1)}),
    "freshness": ("vacancy", {"posted_on": "NaT"}),
    "seats": ("vacancy", {"seats": -1}),
    "language": ("worker", {"speaks_mandarin": np.nan}),
    "companion": ("worker", {"companion": -1}),
}


@pytest.fixture(params=BASES)
def base(request):
    return BASES[request.param]


def build(one, base, changed=(None, {})):
    side, values = changed
    worker, vacancy = (
        {**base[0], **(values if side == "worker" else {})},
        {**base[1], **(values if side == "vacancy" else {})},
    )
    rest = {
        "pairings": PAIRINGS,
        "townspeople": Townspeople.of({(7, 612328): 6}),
        "firms": Firms(np.array([7]), np.array([-0.2]), np.array([0.2])),
        **(values if side == "market" else {}),
    }
    return one(worker, vacancy, **rest)


@pytest.fixture
def ranker(one):
    """Knows a market in which posts usually pay 4500."""
    posts = Vacancies.of([1, 2, 3], pay_min=[4000.0, 4500.0, 5000.0])
    return PriorRanker().fit(replace(one(), vacancies=posts))


def test_every_cause_has_sentences_and_is_told_somewhere(one, ranker):
    assert set(SENTENCES) == set(features.CAUSES) == set(MADE_UNKNOWN)
    told = {item.code: item for base in BASES.values() for item in ranker.explain(build(one, base), 0, 0)}
    # Of these the prior makes nothing; what is learned may.
    assert set(told) == set(features.CAUSES) - {"firm_answering", "season"}


def test_a_reason_goes_when_its_cause_goes(one, ranker, base):
    for reason in ranker.explain(build(one, base), 0, 0):
        without = ranker.explain(build(one, base, MADE_UNKNOWN[reason.code]), 0, 0)
        assert reason.code not in {item.code for item in without}


def test_so_it_is_throughout_a_market(market):
    """The same with the cause unknown of everybody, for every reason of every list."""
    ranker = PriorRanker().fit(market)
    told: dict[str, list[tuple[int, int]]] = {}
    for worker in range(len(market.workers)):
        for item in rank_vacancies(market, ranker, worker, limit=3).items:
            for reason in item.reasons:
                told.setdefault(reason.code, []).append((worker, item.index))
    assert len(told) > 12
    for code, pairs in told.items():
        side, values = MADE_UNKNOWN[code]
        if side == "market":
            changed = replace(market, **values)
        else:
            rows = market.workers if side == "worker" else market.vacancies
            blank = type(rows).of(rows.id, **{name: [value] * len(rows) for name, value in values.items()})
            unknown = {name: getattr(blank, name) for name in values}
            changed = replace(
                market, **{"workers" if side == "worker" else "vacancies": replace(rows, **unknown)}
            )
        for worker, vacancy in pairs:
            assert code not in {reason.code for reason in ranker.explain(changed, worker, vacancy)}


def test_the_sentences_of_a_good_pair(one, ranker):
    said = {item.code: item.sentence for item in ranker.explain(build(one, AWAY), 0, 0)}
    assert said["pay"] == "工资比本人要求的高2500元"
    assert said["townspeople"] == "同县有6人在这里上班"
    assert said["lodging"] == "包住，本人正需要"
    assert said["skills"] == "有平车技能，岗位正需要"
    assert said["distance"] == "离家约1241公里"
    assert {item.sentence for item in ranker.explain(build(one, AT_HOME), 0, 0)} >= {
        "在本县上班",
        "符合本人就近就业的意愿",
    }


def test_what_speaks_against_is_a_caution(one, ranker):
    told = ranker.explain(build(one, POOR), 0, 0)
    said = {item.code: item.sentence for item in told if item.caution}
    assert said["pay"] == "工资3000元，比本人要求的少4000元"
    assert said["lodging"] == "不包住，本人需要住宿"
    assert said["shift"] == "三班倒"
    assert said["wish"] == "本人想就近就业，这个岗位在外地"
    assert said["skills"] == "岗位希望有电工技能，本人登记的技能里没有"


def test_pay_is_told_against_the_floor_only_where_there_is_a_floor(one, ranker):
    unknown_floor = build(one, AWAY, ("worker", {"pay_floor": np.nan}))
    said = {item.code: item.sentence for item in ranker.explain(unknown_floor, 0, 0)}
    assert said["pay"] == "工资比一般岗位高约1500元"


def test_pay_below_the_floor_is_never_passed_over(one, ranker):
    """Yet above what posts usually pay it speaks for the pair, and says both."""
    between = build(
        one, (AWAY[0], {**AWAY[1], "pay_min": 5000.0, "pay_max": 5000.0}), ("worker", {"pay_floor": 5200.0})
    )
    assert {item.code: item.sentence for item in ranker.explain(between, 0, 0)}[
        "pay"
    ] == "工资比一般岗位高约500元，但工资比本人要求的少200元"


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ("2021-09-20", "今天刚发布或更新"),
        ("2021-09-13", "7天前刚发布或更新"),
        ("2021-09-12", None),
        ("2021-07-22", None),
        ("2021-07-21", "岗位61天没有更新，请先问单位还招不招"),
    ],
)
def test_the_age_of_a_notice_is_told_only_where_it_says_something(one, ranker, posted, said):
    told = ranker.explain(one({}, {"posted_on": posted}), 0, 0)
    assert [item.sentence for item in told if item.code == "freshness"] == ([said] if said else [])


def test_a_companion_is_not_promised_the_last_seat(one, ranker):
    told = {item.code: item.sentence for item in ranker.explain(build(one, POOR), 0, 0)}
    assert told["companion"] == "只剩1个名额，不能和同伴同去"


@pytest.mark.parametrize("people", range(7))
def test_fewer_than_three_townspeople_are_never_counted(one, ranker, people):
    market = build(
        one, AWAY, ("market", {"townspeople": Townspeople.of({(7, 612328): people, (8, 612328): 50})})
    )
    told = [item for item in ranker.explain(market, 0, 0) if item.code == "townspeople"]
    assert [item.sentence for item in told] == ([f"同县有{people}人在这里上班"] if people >= 3 else [])
    nobody = build(one, AWAY, ("market", {"townspeople": Townspeople.of({(8, 612328): 50})}))
    pair = np.array([0])
    same = ranker.score_vacancies(market, 0, pair) == ranker.score_vacancies(nobody, 0, pair)
    assert bool(same[0]) == (people < 3)


def test_at_most_four_with_room_for_one_caution():
    reasons = [Contribution(f"r{at}", "好", 0.1 * at) for at in range(1, 7)]
    cautions = [Contribution(f"c{at}", "要留意", -0.1 * at) for at in range(1, 7)]

    def codes(told):
        return [item.code for item in chosen(told)]

    assert codes(reasons + cautions) == ["r6", "r5", "r4", "c6"]
    assert codes(reasons) == ["r6", "r5", "r4", "r3"]
    assert codes(cautions) == ["c6", "c5", "c4", "c3"]
    assert codes(reasons[:1] + cautions) == ["r1", "c6", "c5", "c4"]
    assert codes([]) == []


def test_lists_show_no_more_than_four_reasons_all_from_the_explanation(market):
    ranker = PriorRanker().fit(market)
    for worker in range(len(market.workers)):
        for item in rank_vacancies(market, ranker, worker).items:
            assert len(item.reasons) <= MOST_REASONS
            assert set(item.reasons) <= set(ranker.explain(market, worker, item.index))


def test_simple_orders_name_their_one_cause(one):
    market = build(one, AT_HOME)
    assert [item.code for item in NewestRanker().fit(market).explain(market, 0, 0)] == ["freshness"]
    assert [item.code for item in NearestRanker().fit(market).explain(market, 0, 0)] == ["distance"]


def _town(**worker):
    """One worker and five posts: open, in Huizhou, for an electrician, without a bed, for an electrician in Huizhou."""
    worker = {
        "skills": {"平车": 2},
        "needs_lodging": 1.0,
        "accepted_regions": spans(["3206"]),
        "pay_floor": 3000.0,
        **worker,
    }
    posts = Vacancies.of(
        [1, 2, 3, 4, 5],
        title=["缝纫工", "普工", "电工", "机修工", "外地电工"],
        region=[320612000000, 441302000000, 320612000000, 320612000000, 441302000000],
        pay_min=[3200.0, 5000.0, 6000.0, 7000.0, 9000.0],
        lodging=[1.0, 1.0, 1.0, 0.0, 1.0],
        required_skills=[frozenset(), frozenset(), frozenset({"电工"}), frozenset(), frozenset({"电工"})],
    )
    people = Workers.of([1], **{name: [value] for name, value in worker.items()})
    return Market(people, posts, AS_OF, places={441300000000: "惠州"})


def test_advice_names_what_would_open_more():
    market = _town()
    advice = {item.code: item for item in what_would_raise(market, PriorRanker().fit(market), 0)}
    assert advice["skill"].sentence == "掌握电工技能并登记，可以多选1个岗位"
    assert advice["region"].sentence == "如果也愿意去「惠州」，可以多选1个岗位"
    assert advice["lodging"].sentence == "如果单位能解决住宿，「机修工」会是更好的选择"


def test_advice_is_the_score_after_following_it():
    market = _town()
    ranker = PriorRanker().fit(market)
    advice = {item.code: item.best for item in what_would_raise(market, ranker, 0)}
    for code, changed in (
        ("skill", _town(skills={"平车": 2, "电工": None})),
        ("region", _town(accepted_regions=spans(["3206", "4413"]))),
    ):
        followed = {item.id: item.score for item in rank_vacancies(changed, ranker, 0).items}
        assert advice[code] == pytest.approx(followed[3 if code == "skill" else 2])


def test_no_advice_where_nothing_stands_in_the_way():
    market = _town(skills={}, accepted_regions=(), needs_lodging=0.0)
    assert what_would_raise(market, PriorRanker().fit(market), 0) == []


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (date(2021, 10, 8), "；「电工培训班」10月8日开班，可以报名"),
        (date(2022, 1, 4), "；「电工培训班」2022年1月4日开班，可以报名"),
        (date(2021, 9, 1), "；「电工培训班」9月1日已开班，请问还收不收人"),
    ],
)
def test_a_course_that_teaches_what_is_lacking_is_named_with_its_day(begins, said):
    market = _town()
    courses = [
        OpenCourse("焊工", "焊工培训班", date(2021, 9, 25)),
        OpenCourse("电工", "电工培训班", begins),
        OpenCourse("电工", "电工二班", date(2022, 3, 1)),
    ]
    ranker = PriorRanker().fit(market)
    with_course, without = (
        {item.code: item for item in what_would_raise(market, ranker, 0, courses=some)}
        for some in (courses, ())
    )
    assert with_course["skill"].sentence == without["skill"].sentence + said
    assert with_course["skill"].best == without["skill"].best
    assert with_course["region"] == without["region"]
