"""Lists: their order, their limits, and the list that is not ranked."""

from dataclasses import replace

import numpy as np
import pytest

from matching.columns import Vacancies
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
