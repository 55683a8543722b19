"""The k best edges of many workers: held to the rules, the features and the scores of the pairs themselves."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from matching import classes, edges
from matching.classes import READS, Alike, Table
from matching.columns import Market, Pairs, Vacancies, Workers
from matching.edges import Edges, best_edges
from matching.eligibility import RULES, eligible
from matching.features import FEATURES
from matching.rankers import NearestRanker, PriorRanker, RandomRanker

VALUES: dict[str, Any] = {rule.code: rule.rules_out for rule in RULES}
MEETING: dict[str, Any] = {feature.name: feature.value for feature in FEATURES if feature.name in READS}


def everything(market: Market) -> Pairs:
    workers, vacancies = np.divmod(
        np.arange(len(market.workers) * len(market.vacancies)), len(market.vacancies)
    )
    return Pairs(market, workers, vacancies)


def grid(market: Market, values: Any) -> Any:
    return values.reshape(len(market.workers), len(market.vacancies))


@pytest.mark.parametrize("kept", [30_000_000, 0])
@pytest.mark.parametrize(("name", "value"), [*VALUES.items(), *MEETING.items()])
def test_a_table_by_classes_is_what_the_code_says_of_each_pair(
    market: Market, monkeypatch: pytest.MonkeyPatch, name: str, value: Any, kept: int
) -> None:
    monkeypatch.setattr(classes, "_MOST_KEPT", kept)
    monkeypatch.setattr(classes, "_BLOCK", 50)
    vacancies = np.arange(len(market.vacancies))[::-2]
    table = Table(Alike(market), vacancies, READS[name], value, np.float64)
    expected = grid(market, value(everything(market)).astype(float))[:, vacancies]
    for workers in (np.array([7, 3, 7]), np.arange(len(market.workers))):
        assert np.array_equal(table.block(workers), expected[workers], equal_nan=True)


def test_every_rule_is_declared_and_other_features_do_not_meet(market: Market) -> None:
    assert READS.keys() >= VALUES.keys()
    for feature in FEATURES:
        if feature.name not in READS:
            values = grid(market, feature.value(everything(market)))
            across = np.array_equal(values, np.tile(values[:1], (len(values), 1)), equal_nan=True)
            down = np.array_equal(values, np.tile(values[:, :1], (1, values.shape[1])), equal_nan=True)
            assert across or down, feature.name


def piece_by_piece(
    market: Market, score: Any, workers: Any, vacancies: Any, k: int
) -> list[tuple[int, int, float]]:
    found = []
    for worker in workers.tolist():
        pairs = Pairs.of_worker(market, worker, vacancies)
        pairs = pairs.take(np.flatnonzero(eligible(pairs)))
        lines = zip((-score(pairs)).tolist(), pairs.vacancies.tolist(), strict=True)
        found += [(worker, vacancy, -value) for value, vacancy in sorted(lines)[:k]]
    return found


def told(found: Edges) -> list[tuple[int, int, float]]:
    return list(zip(found.worker.tolist(), found.vacancy.tolist(), found.score.tolist(), strict=True))


@pytest.mark.parametrize(
    "ranker", [PriorRanker(), NearestRanker(), RandomRanker(3)], ids=lambda one: one.name
)
@pytest.mark.parametrize("block", [2_000_000, 90])
def test_few_pairs_are_all_scored(
    market: Market, monkeypatch: pytest.MonkeyPatch, ranker: Any, block: int
) -> None:
    monkeypatch.setattr(edges, "_BLOCK_PAIRS", block)
    monkeypatch.setattr(edges, "_SCORED_AT_ONCE", 37)
    score = ranker.fit(market).score
    workers, vacancies = np.arange(len(market.workers))[::3], np.arange(len(market.vacancies))[::2]
    found = told(best_edges(market, workers, vacancies, score, 4))
    expected = piece_by_piece(market, score, workers, vacancies, 4)
    assert [line[:2] for line in found] == [line[:2] for line in expected] and len(found) > 20
    assert np.allclose([line[2] for line in found], [line[2] for line in expected])


@pytest.mark.parametrize(
    "ranker", [PriorRanker(), PriorRanker("stable"), NearestRanker()], ids=lambda one: one.version
)
def test_the_linear_stage_loses_hardly_anything(
    many: Any, monkeypatch: pytest.MonkeyPatch, ranker: Any
) -> None:
    market = many(300, 600, 5)
    score = ranker.fit(market).score
    workers, vacancies = np.arange(300), np.arange(600)
    exact = best_edges(market, workers, vacancies, score, 5)
    monkeypatch.setattr(edges, "EXACT_PAIRS", 0)
    asked: list[int] = []

    def counted(pairs: Pairs) -> Any:
        asked.append(len(pairs))
        assert eligible(pairs).all()
        return score(pairs)

    monkeypatch.setattr(edges, "_SAMPLE_WORKERS", 60)
    found = best_edges(market, workers, vacancies, counted, 5, candidates=20)
    assert sum(asked) > 0
    # Equal scores are as good as one another.
    last = {worker: value for worker, _, value in told(exact)}
    hits = [value >= last[worker] - 1e-9 for worker, _, value in told(found)]
    assert np.mean(hits) > 0.95
    assert np.isclose(found.score, score(Pairs(market, found.worker, found.vacancy))).all()
    assert (
        np.bincount(found.worker, minlength=300).tolist() == np.bincount(exact.worker, minlength=300).tolist()
    )
    assert (np.diff(found.score)[np.diff(found.worker) == 0] <= 0).all()
    again = best_edges(market, workers, vacancies, score, 5, candidates=20)
    assert told(again) == told(found)


def test_as_many_candidates_as_vacancies_are_all_of_them(many: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    market = many(40, 50, 2)
    score = PriorRanker().fit(market).score
    exact = best_edges(market, np.arange(40), np.arange(50), score, 5)
    monkeypatch.setattr(edges, "EXACT_PAIRS", 0)
    assert told(best_edges(market, np.arange(40), np.arange(50), score, 5, candidates=50)) == told(exact)


def test_nobody_nothing_and_none_eligible() -> None:
    people, posts = Workers.of([1, 2], restricted=[True, True]), Vacancies.of([1, 2, 3])
    market = Market(people, posts, date(2026, 1, 1))
    score = PriorRanker().fit(market).score
    none = np.zeros(0, np.int64)
    for workers, vacancies in ((none, np.arange(3)), (np.arange(2), none), (np.arange(2), np.arange(3))):
        assert len(best_edges(market, workers, vacancies, score)) == 0


def test_none_eligible_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    people, posts = Workers.of(np.arange(5), restricted=[True] * 5), Vacancies.of(np.arange(300))
    market = Market(people, posts, date(2026, 1, 1))
    monkeypatch.setattr(edges, "EXACT_PAIRS", 0)
    score = PriorRanker().fit(market).score
    assert len(best_edges(market, np.arange(5), np.arange(300), score)) == 0
