"""Pairs of a plan: held to the rules, the features, the scores of the pairs themselves, and the best plan over all of them."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from matching import choosing, edges
from matching.allocation.parties import Parties
from matching.allocation.plan import allocate
from matching.allocation.problem import Edges, Problem, Quota
from matching.choosing import Chosen, choose
from matching.columns import Market, Pairs, Vacancies, Workers
from matching.common_places import shared_pairs
from matching.edges import Every, Guessed
from matching.eligibility import eligible
from matching.rankers import PriorRanker


def everything(market: Market) -> Pairs:
    workers, vacancies = np.divmod(
        np.arange(len(market.workers) * len(market.vacancies)), len(market.vacancies)
    )
    return Pairs(market, workers, vacancies)


def every_edge(market: Market, score: Any) -> Edges:
    """All that may be, each pair looked at by itself."""
    pairs = everything(market)
    pairs = pairs.take(np.flatnonzero(eligible(pairs)))
    return Edges(pairs.workers, pairs.vacancies, score(pairs))


def told(edges: Edges) -> list[tuple[int, int, float]]:
    return list(zip(edges.worker.tolist(), edges.vacancy.tolist(), edges.score.tolist(), strict=True))


def both(market: Market, ranker: PriorRanker) -> tuple[Every, Guessed]:
    people, posts = np.arange(len(market.workers)), np.arange(len(market.vacancies))
    return Every(market, people, posts, ranker), Guessed(market, people, posts, ranker, seed=0)


@pytest.mark.parametrize("block", [2_000_000, 90])
def test_pairs_that_may_be_are_scored_and_the_others_not(
    market: Market, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(edges, "_BLOCK_PAIRS", block)
    monkeypatch.setattr(edges, "_SCORED_AT_ONCE", 37)
    ranker = PriorRanker().fit(market)
    expected = np.full((len(market.workers), len(market.vacancies)), -np.inf)
    all_of_them = every_edge(market, ranker.score)
    expected[all_of_them.worker, all_of_them.vacancy] = all_of_them.score
    for pairs in both(market, ranker):
        rows = np.arange(len(market.workers))[::3]
        assert np.allclose(pairs.full(rows), expected[rows])
        guessed = np.concatenate([pairs.block(some) for some in pairs.blocks(rows)])
        assert np.array_equal(np.isfinite(guessed), np.isfinite(expected[rows]))


@pytest.mark.parametrize("objective", ["surplus", "stable"])
def test_guesses_order_the_posts_of_a_person_nearly_as_scores_do(many: Any, objective: str) -> None:
    market = many(300, 400, 5)
    exact, guessed = both(market, PriorRanker(objective).fit(market))
    rows = np.arange(300)
    scores, guesses = exact.full(rows), guessed.block(rows)
    some = np.flatnonzero(np.isfinite(scores).any(axis=1))
    taken = scores[some, guesses[some].argmax(axis=1)]
    assert (taken / scores[some].max(axis=1)).mean() > 0.95


def plan_over(chosen: Chosen, seats: Any) -> Any:
    return allocate(Problem(len(chosen.pairs), seats, chosen.edges))


@pytest.mark.parametrize("each", [20, 3])
def test_all_pairs_scored_the_chosen_ones_hold_the_best_plan_and_its_prices(
    many: Any, monkeypatch: pytest.MonkeyPatch, each: int
) -> None:
    monkeypatch.setattr(choosing, "EACH", each)
    market = many(200, 60, 3)
    ranker = PriorRanker().fit(market)
    seats = np.random.default_rng(1).integers(0, 4, 60)
    exact = Every(market, np.arange(200), np.arange(60), ranker)
    chosen = choose(exact, seats)
    whole = every_edge(market, ranker.score)
    assert len(chosen.edges) < len(whole)
    made, best = plan_over(chosen, seats), allocate(Problem(200, seats, whole))
    assert made.total == pytest.approx(best.total, rel=1e-6)
    assert chosen.missed(made.price, made.bound) < 1e-5 * best.total
    few = Chosen(exact, Edges(*(column[:0] for column in (whole.worker, whole.vacancy, whole.score))), seats)
    assert few.missed(best.price, 0.0) + float(best.price @ seats) >= best.total * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_missed_holds_with_a_quota(many: Any, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(choosing, "EACH", 3)
    market = many(150, 60, seed)
    watched = np.arange(150) < 100

    class Unlikely(PriorRanker):
        """Of whom is watched less is expected."""

        def terms(self) -> None:
            return None

        def parts(self, pairs: Pairs) -> Any:
            return super().parts(pairs) + np.where(watched[pairs.workers], np.log(0.3), 0.0)[:, None] * [1, 0]

        def score_pairs(self, pairs: Pairs) -> Any:
            return self.score_of(*self.parts(pairs).T)

    ranker = Unlikely().fit(market)
    chosen = choose(Every(market, np.arange(150), np.arange(60), ranker), np.ones(60, np.int64))
    asked: dict[str, Any] = {"groups": {"monitored": watched}, "quotas": (Quota("monitored", 30),)}
    made, best = (
        allocate(Problem(150, np.ones(60, np.int64), edges, **asked))
        for edges in (chosen.edges, every_edge(market, ranker.score))
    )
    assert not made.shortfalls
    assert made.bound + chosen.missed(made.price, made.bound) >= best.total * (1 - 1e-9)


def test_guessed_pairs_hold_nearly_the_best_plan_and_say_what_they_miss(
    many: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "_LOOKED_AT", 40)
    market = many(400, 300, 7)
    asked: list[int] = []

    class Counting(PriorRanker):
        def terms(self) -> None:
            return None

        def parts(self, pairs: Pairs) -> Any:
            asked.append(len(pairs))
            assert eligible(pairs).all()
            return super().parts(pairs)

    ranker = PriorRanker().fit(market)
    seats = np.random.default_rng(2).integers(0, 2, 300)
    chosen = choose(both(market, ranker)[1], seats)
    plain = choose(both(market, Counting().fit(market))[1], seats)
    assert 0 < sum(asked) < 400 * 300 / 2
    assert np.array_equal(plain.edges.worker, chosen.edges.worker)
    assert np.array_equal(plain.edges.vacancy, chosen.edges.vacancy)
    assert plain.edges.score == pytest.approx(chosen.edges.score)
    made, best = plan_over(chosen, seats), allocate(Problem(400, seats, every_edge(market, ranker.score)))
    assert made.total > 0.99 * best.total
    for most in (400, 300):
        assert made.bound + chosen.missed(made.price, made.bound, most=most) >= best.total * (1 - 1e-9)
    assert told(choose(both(market, ranker)[1], seats).edges) == told(chosen.edges)


def test_companions_have_pairs_in_places_that_they_share(many: Any) -> None:
    market = many(60, 80, 4)
    exact = both(market, PriorRanker().fit(market))[0]
    place = np.arange(80) % 4
    parties = Parties(
        np.r_[np.arange(60) // 2][:60] * np.where(np.arange(60) < 20, 1, 0)
        + np.where(np.arange(60) < 20, 0, -1),
        np.full(10, 2),
    )
    found = shared_pairs(exact, np.zeros(80), place, parties)
    scores = exact.full(np.arange(60))
    assert set(found.worker.tolist()) <= set(range(20))
    assert np.array_equal(found.score, scores[found.worker, found.vacancy])
    for party in range(10):
        can = [set(place[np.isfinite(scores[worker])].tolist()) for worker in (2 * party, 2 * party + 1)]
        has = [
            set(place[found.vacancy[found.worker == worker]].tolist())
            for worker in (2 * party, 2 * party + 1)
        ]
        assert has[0] == has[1] == can[0] & can[1]


def test_nobody_nothing_and_none_eligible(monkeypatch: pytest.MonkeyPatch) -> None:
    people, posts = Workers.of([1, 2], restricted=[True, True]), Vacancies.of([1, 2, 3])
    market = Market(people, posts, date(2026, 1, 1))
    ranker = PriorRanker().fit(market)
    none = np.zeros(0, np.int64)
    for workers, vacancies in ((none, np.arange(3)), (np.arange(2), none), (np.arange(2), np.arange(3))):
        for pairs in (
            Every(market, workers, vacancies, ranker),
            Guessed(market, workers, vacancies, ranker, seed=0),
        ):
            chosen = choose(pairs, np.ones(len(vacancies), np.int64))
            assert len(chosen.edges) == 0
            assert chosen.missed(np.zeros(len(vacancies)), 0.0) == 0
