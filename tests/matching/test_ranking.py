"""Lists: their order, their limits, and the list that is not ranked."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching.columns import Market, Pairs, Vacancies, Workers
from matching.eligibility import eligible_vacancies, eligible_workers
from matching.rankers import PriorRanker, RandomRanker
from matching.ranking import rank_vacancies, rank_workers


class NeverAsked(PriorRanker):
    """Fails when anything is computed by it."""

    def score_pairs(self, pairs):
        raise AssertionError("a score was computed")

    outlook = contributions = score_pairs


def test_an_unranked_list_computes_nothing(market):
    ranker = NeverAsked().fit(market)
    for listed, allowed, ids in (
        (
            rank_vacancies(market, ranker, 10, 5, ranked=False),
            eligible_vacancies(market, 10),
            market.vacancies.id,
        ),
        (rank_workers(market, ranker, 1, 5, ranked=False), eligible_workers(market, 1), market.workers.id),
    ):
        assert [item.id for item in listed.items] == sorted(ids[allowed].tolist())[:5]
        assert len(listed.items) > 1
        assert listed.ranker is listed.version is None
        for item in listed.items:
            assert item.score is item.p_hire is item.p_stay_90 is item.p_stay_180 is None
            assert item.reasons == ()


def test_equal_scores_go_by_id(one):
    posts = Vacancies.of([5, 3, 9, 1])
    market = replace(one(), vacancies=posts)
    listed = rank_vacancies(market, PriorRanker().fit(market), 0)
    assert [item.id for item in listed.items] == [1, 3, 5, 9]
    assert len({item.score for item in listed.items}) == 1


def test_the_order_of_the_rows_does_not_matter(market):
    ranker = PriorRanker().fit(market)
    turned = np.arange(len(market.vacancies))[::-1]
    posts = market.vacancies
    columns = {
        name: getattr(posts, name)[turned]
        if isinstance(getattr(posts, name), np.ndarray)
        else [getattr(posts, name)[at] for at in turned]
        for name in posts.__slots__
        if name != "id"
    }
    mirrored = replace(market, vacancies=Vacancies.of(posts.id[turned], **columns))
    for worker in range(10):
        here, there = (rank_vacancies(each, ranker, worker).items for each in (market, mirrored))
        assert [(item.id, item.score, item.reasons) for item in here] == [
            (item.id, item.score, item.reasons) for item in there
        ]


def test_a_list_tells_what_made_it(market):
    ranker = PriorRanker().fit(market)
    listed = rank_vacancies(market, ranker, 10, limit=2)
    assert (listed.ranker, listed.version, listed.as_of) == ("prior", ranker.version, market.as_of)
    assert len(listed.items) == 2 <= listed.eligible == eligible_vacancies(market, 10).sum()
    assert listed.considered == len(market.vacancies)
    for item in listed.items:
        assert 1 > item.p_stay_90 > item.p_stay_180 > 0
        assert 0 < item.p_hire < 1
        assert type(item.score) is type(item.p_hire) is float
        assert type(item.id) is type(item.index) is int


def test_who_only_orders_foresees_nothing(market):
    (best,) = rank_vacancies(market, RandomRanker().fit(market), 10, limit=1).items
    assert best.score is not None
    assert best.p_hire is best.p_stay_90 is None


@pytest.mark.parametrize("limit", [0, 1, 10_000])
def test_limits(market, limit):
    listed = rank_workers(market, PriorRanker().fit(market), 1, limit=limit)
    assert len(listed.items) == min(limit, listed.eligible)


HOME, PAIRED, ELSEWHERE = 612328000000, 320612000000, 441900000000


def _titles(worker, posts):
    market = Market(
        Workers.of([1], **{name: [value] for name, value in worker.items()}),
        posts,
        date(2021, 9, 20),
        pairings=((HOME, PAIRED),),
    )
    return [posts.title[item.index] for item in rank_vacancies(market, PriorRanker().fit(market), 0).items]


def _posts(**columns):
    return Vacancies.of(list(range(1, len(columns["title"]) + 1)), **columns)


@pytest.mark.parametrize("floor", [np.nan, 3000.0])
def test_pay_alone_puts_no_post_first_whose_required_skill_was_never_asked_about(floor):
    posts = _posts(
        title=["welder", "packer", "sorter"],
        pay_min=[9000.0, 4000.0, 3800.0],
        required_skills=[frozenset({"焊工"}), frozenset(), frozenset()],
    )
    assert _titles({"pay_floor": floor}, posts)[-1] == "welder"
    assert _titles({"pay_floor": floor, "skills": {"焊工": 3}}, posts)[0] == "welder"


def test_who_has_listed_another_skill_sees_the_same_first_posts_as_who_has_listed_none():
    """The one post the list rules out is the one that came last."""
    posts = _posts(
        title=["welder", "packer", "sorter"],
        pay_min=[9000.0, 4000.0, 3800.0],
        required_skills=[frozenset({"焊工"}), frozenset(), frozenset()],
    )
    assert _titles({}, posts)[:2] == _titles({"skills": {"普工": None}}, posts)


def test_of_somebody_not_asked_yet_home_and_the_paired_place_come_before_better_pay():
    posts = _posts(
        title=["elsewhere", "paired", "home"],
        region=[ELSEWHERE, PAIRED, HOME],
        pay_min=[7000.0, 5000.0, 4500.0],
    )
    assert _titles({"region": HOME}, posts)[-1] == "elsewhere"
    assert _titles({"region": HOME, "wants": "out", "pay_floor": 4500.0}, posts)[0] != "home"


@pytest.mark.parametrize("floor", [np.nan, 3000.0])
def test_commission_that_few_earn_lifts_no_post(floor):
    posts = _posts(title=["sales", "packer"], pay_min=[3000.0, 4100.0], pay_max=[30000.0, 5000.0])
    assert _titles({"pay_floor": floor}, posts) == ["packer", "sales"]


def test_more_pay_than_enough_weighs_no_more(market):
    posts = _posts(title=["enough", "far more"], pay_min=[4500.0, 12000.0])
    known = replace(market, vacancies=posts, workers=Workers.of([1], pay_floor=[3000.0]))
    enough, more = PriorRanker().fit(known).outlook(Pairs.of_worker(known, 0, np.arange(2))).surplus
    assert enough == more


def test_only_those_who_come_into_question_are_ranked(market):
    ranker = PriorRanker().fit(market)
    among = np.arange(len(market.workers)) % 2 == 0
    listed = rank_workers(market, ranker, 1, 100, among=among)
    everybody = rank_workers(market, ranker, 1, 100)
    assert [item.index for item in listed.items] == [
        item.index for item in everybody.items if item.index % 2 == 0
    ]
    assert 0 < listed.eligible < everybody.eligible and listed.considered == 30


def test_some_posts_are_the_same_posts(market):
    rows = np.array([7, 2, 2])
    some = market.vacancies.take(rows)
    assert len(some) == 3 and np.array_equal(some.id, market.vacancies.id[rows])
    assert some.required_skills == tuple(market.vacancies.required_skills[row] for row in rows)
    mask = market.vacancies.pay_min > 4000
    assert np.array_equal(market.vacancies.take(mask).pay_min, market.vacancies.pay_min[mask])
