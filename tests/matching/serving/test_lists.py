"""Lists that an index makes: held to those that are made by looking at every pair."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matching.columns import Market
from matching.eligibility import eligible_vacancies, eligible_workers
from matching.learning.ranker import LearnedRanker
from matching.rankers import PriorRanker
from matching.ranking import Ranking, rank_vacancies, rank_workers
from matching.serving import listing
from matching.serving.index import Index
from matching.serving.known import Known
from tests.matching.learning.test_compiled import past, trusting  # noqa: F401  # a fixture


class Unreadable(PriorRanker):
    """One whose score only it can tell."""

    def terms(self) -> None:
        return None


def twice(market: Market) -> Market:
    """Every vacancy once more, with an id before its own: ties throughout."""
    posts = market.vacancies
    both = posts.take(np.tile(np.arange(len(posts)), 2))
    ids = np.r_[posts.id + len(posts), posts.id]
    return replace(market, vacancies=replace(both, id=ids))


def same(one: Ranking, other: Ranking) -> None:
    assert [(item.rank, item.index, item.id) for item in one.items] == [
        (item.rank, item.index, item.id) for item in other.items
    ]
    for mine, theirs in zip(one.items, other.items, strict=True):
        assert mine.score == pytest.approx(theirs.score, rel=1e-12)
        assert mine.p_hire == pytest.approx(theirs.p_hire, rel=1e-12)
        assert [each.code for each in mine.reasons] == [each.code for each in theirs.reasons]
    assert (one.eligible, one.considered, one.version) == (other.eligible, other.considered, other.version)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in (1, 2))])
@pytest.mark.parametrize("ranker", [PriorRanker(), PriorRanker("stable", stable_days=91), Unreadable()])
def test_every_pair_scored_a_list_is_the_list(many: Any, seed: int, ranker: PriorRanker) -> None:
    market = many(40, 70, seed)
    market = twice(market) if seed else market
    known = Known(market, ranker.fit(market))
    posts, people = Index(known), Index(known, people_listed=True)
    dice = np.random.default_rng(seed)
    price = np.where(
        dice.random(len(market.vacancies)) < 0.3, np.nan, dice.integers(0, 3, len(market.vacancies)) * 20.0
    )
    among = dice.random(len(market.workers)) < 0.7
    for worker in range(40):
        for costs in (None, price, price * np.nan):
            same(
                listing.rank_vacancies(posts, worker, 7, exact=True, price=costs),
                rank_vacancies(market, ranker, worker, 7, price=costs),
            )  # fmt: skip
    for vacancy in range(0, len(market.vacancies), 5):
        for chosen in (None, among, ~among):
            same(
                listing.rank_workers(people, vacancy, 9, exact=True, among=chosen),
                rank_workers(market, ranker, vacancy, 9, among=chosen),
            )  # fmt: skip


@pytest.mark.parametrize("trust", [pytest.param(0.0, marks=pytest.mark.deep), 0.5, 1.0])
def test_a_learned_score_with_trees(past: Any, trust: float) -> None:  # noqa: F811
    market, learned = past
    learned = replace(learned, stay=trusting(learned.stay, trust), hire=trusting(learned.hire, trust))
    ranker = LearnedRanker(learned).fit(market)
    known = Known(market, ranker)
    posts, people = Index(known), Index(known, people_listed=True)
    for worker in range(0, 400, 40):
        same(
            listing.rank_vacancies(posts, worker, exact=True),
            rank_vacancies(market, ranker, worker),
        )  # fmt: skip
    same(listing.rank_workers(people, 3, exact=True), rank_workers(market, ranker, 3))
    assert found_of(posts, np.arange(0, 4_000, 20), 10) >= 0.995
    # Trees grown on thrown dice and trusted wholly are the worst that a guess can be fitted to: 0.97 was found.
    assert found_of(people, np.arange(0, 200, 10), 50) >= (0.98 if trust < 1 else 0.95)


def found_of(index: Index, asking: Any, limit: int) -> float:
    """Which part of the best, every pair scored, stands on the lists; what is on them may be, and its scores are the scores."""
    quick, whole = index.best(asking, limit), index.best(asking, limit, exact=True)
    found = wanted = 0
    for at, one in enumerate(asking.tolist()):
        rows, best = quick.rows[at], whole.rows[at]
        some = rows[rows >= 0]
        assert len(some) == (best >= 0).sum() == len(set(some.tolist()))
        assert set(some.tolist()) <= set(index.eligible(one).tolist())
        own = index.known.score(*index.sides.pairs(np.full(len(some), one), some))
        assert quick.scores[at, : len(some)] == pytest.approx(own, rel=1e-9)
        assert (np.diff(quick.scores[at, : len(some)]) <= 0).all()
        # As good is as right: equals are found in whatever company.
        least = whole.scores[at, len(some) - 1] if len(some) else 0.0
        found += int((quick.scores[at, : len(some)] >= least * (1 - 1e-9)).sum())
        wanted += len(some)
    return found / max(wanted, 1)


def test_what_may_be_is_what_the_rules_say(many: Any) -> None:
    market = many(60, 300, 9)
    known = Known(market, PriorRanker().fit(market))
    posts, people = Index(known), Index(known, people_listed=True)
    for worker in range(60):
        assert posts.eligible(worker).tolist() == np.flatnonzero(eligible_vacancies(market, worker)).tolist()
    for vacancy in range(300):
        assert people.eligible(vacancy).tolist() == np.flatnonzero(eligible_workers(market, vacancy)).tolist()


def test_prior_lists_are_exact_without_looking_at_every_pair(many: Any) -> None:
    market = many(300, 3_000, 4)
    known = Known(market, PriorRanker().fit(market))
    posts, people = Index(known), Index(known, people_listed=True)
    assert found_of(posts, np.arange(0, 300, 3), 10) >= 0.999
    assert found_of(people, np.arange(0, 3_000, 60), 50) >= 0.999
    looked = posts.best(np.arange(300), 10).looked
    assert 0 < looked.mean() < 80


def test_many_who_ask_get_what_each_gets_alone(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    market = many(120, 400, 6)
    index = Index(Known(market, PriorRanker().fit(market)))
    monkeypatch.setattr("matching.serving.index._AT_ONCE", 17)
    together = index.best(np.arange(120), 10)
    for worker in range(0, 120, 7):
        alone = index.best([worker], 10)
        assert alone.rows[0].tolist() == together.rows[worker].tolist()


def test_a_post_that_is_filled_stands_on_no_list_until_it_is_open_again(many: Any) -> None:
    market = many(50, 200, 2)
    index = Index(Known(market, PriorRanker().fit(market)))
    before = index.best(np.arange(50), 10)
    gone = np.unique(before.rows[:, :2][before.rows[:, :2] >= 0])[::2]
    index.close(gone)
    after = index.best(np.arange(50), 10)
    assert not np.isin(after.rows, gone).any()
    for worker in range(50):
        assert not np.isin(index.eligible(worker), gone).any()
        stayed = [row for row in before.rows[worker].tolist() if row >= 0 and row not in gone]
        assert after.rows[worker].tolist()[: len(stayed)] == stayed
    index.close(gone, live=True)
    assert np.array_equal(index.best(np.arange(50), 10).rows, before.rows)


def test_nothing_to_list_and_nobody_to_ask(many: Any) -> None:
    market = many(20, 30, 1)
    nobody = replace(market, workers=replace(market.workers, restricted=np.ones(20, np.bool_)))
    full = replace(
        market, vacancies=replace(market.vacancies, seats=np.ones(30, np.int32), taken=np.ones(30, np.int32))
    )
    for empty in (nobody, full):
        known = Known(empty, PriorRanker().fit(empty))
        for index, asking in ((Index(known), 20), (Index(known, people_listed=True), 30)):
            assert (index.best(np.arange(asking), 5).rows == -1).all()
            assert all(not len(index.eligible(one)) for one in range(asking))
            assert not listing._finalists(index, 0, 5, True, None, None).size
