"""A learned score by compiled code is the score, whatever of it is trusted."""

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from matching import features
from matching.columns import Pairs
from matching.edges import Every
from matching.learning import chance
from matching.learning.chance import Chance
from matching.learning.ranker import LearnedRanker
from matching.learning.rows import INTERVALS
from matching.learning.training import learn

from .town import DAY, town


@pytest.fixture(scope="module")
def past() -> Any:
    """A market and what was learned of it, with trees that answer differently everywhere."""
    made = town(8_000, seed=5)
    learned = learn(made.market, made.history, np.datetime64(DAY, "D"))
    dice = np.random.default_rng(2)
    workers, vacancies = (dice.integers(0, many, 6_000) for many in (4_000, len(made.market.vacancies)))
    raw = features.matrix(
        LearnedRanker(learned).fit(made.market).placed(Pairs(made.market, workers, vacancies))
    )
    stay, hire = (
        grown(one, raw, dice, wide) for one, wide in ((learned.stay, INTERVALS + 11), (learned.hire, 0))
    )
    return made.market, replace(learned, stay=stay, hire=hire)


def grown(one: Chance, raw: Any, dice: Any, wide: int) -> Chance:
    """The chance with trees that know all its features, the question's own and the line."""
    other = copy.copy(one)
    other.grown = one.used & ~np.isnan(raw).all(axis=0)
    own = np.column_stack([dice.integers(0, 2, (len(raw), wide)), dice.normal(0, 2, len(raw))])
    columns = np.column_stack([raw[:, other.grown], own])
    odds = np.nan_to_num((columns - np.nanmean(columns, axis=0)) / (np.nanstd(columns, axis=0) + 1e-9)).sum(
        axis=1
    )
    trees = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=15, early_stopping=False, random_state=0
    )
    other.trees = trees.fit(columns, dice.random(len(raw)) < 1 / (1 + np.exp(-odds / 2)))
    return trusting(other, 0.75)


def trusting(one: Chance, trust: float) -> Chance:
    other = copy.copy(one)
    other.trust, other._read = trust, None
    return other


@pytest.mark.parametrize("trust", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("days", [45, 180, 900])
def test_the_same_scores(past: Any, trust: float, days: int) -> None:
    market, learned = past
    learned = replace(learned, stay=trusting(learned.stay, trust), hire=trusting(learned.hire, trust))
    market = replace(market, as_of=market.as_of + timedelta(days=40))
    ranker = LearnedRanker(learned, stable_days=days).fit(market)
    workers, vacancies = np.arange(0, len(market.workers), 37), np.arange(len(market.vacancies))
    pairs = Every(market, workers, vacancies, ranker)
    assert pairs._scorer is not None
    dice = np.random.default_rng(1)
    rows, columns = dice.integers(0, len(workers), 3_000), dice.integers(0, len(vacancies), 3_000)
    expected = ranker.parts(Pairs(market, workers[rows], vacancies[columns]))
    assert pairs.parts(rows, columns) == pytest.approx(expected, abs=1e-9)


def test_trees_that_cannot_be_read_are_asked_themselves(past: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    market, learned = past
    pairs = Pairs(market, np.arange(50), np.arange(50) % len(market.vacancies))
    learned = replace(learned, stay=trusting(learned.stay, 1.0))
    expected = LearnedRanker(learned).fit(market).score(pairs)

    def unreadable(trees: Any) -> Any:
        raise ValueError("categories")

    monkeypatch.setattr(chance, "trees_of", unreadable)
    plain = LearnedRanker(replace(learned, stay=trusting(learned.stay, 1.0))).fit(market)
    every = Every(market, np.arange(50), np.arange(len(market.vacancies)), plain)
    assert every._scorer is None
    assert plain.score(pairs) == pytest.approx(expected, rel=1e-9)
    assert every.score(pairs.workers, pairs.vacancies) == pytest.approx(expected, rel=1e-9)
