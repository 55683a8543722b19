"""Trees asked quickly: held to what scikit-learn's own walk answers."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from matching.compiled.trees import ask, ask_itself, trees_of


def grown(leaves: int, *, unknown: float = 0.2, rows: int = 1_500) -> tuple[Any, Any]:
    dice = np.random.default_rng(leaves)
    columns = np.column_stack(
        [
            dice.normal(size=rows),
            dice.integers(0, 4, rows),
            dice.random(rows),
            np.ones(rows),
            dice.normal(size=rows),
        ]
    )
    columns[dice.random(columns.shape) < unknown] = np.nan
    odds = np.nan_to_num(columns[:, 0]) + (columns[:, 1] == 2) - np.isnan(columns[:, 2])
    y = dice.random(rows) < 1 / (1 + np.exp(-odds))
    trees = HistGradientBoostingClassifier(
        max_iter=10, max_leaf_nodes=leaves, min_samples_leaf=15, early_stopping=False, random_state=0
    )
    return trees.fit(columns, y), columns


@pytest.mark.parametrize("leaves", [2, 15, 16, 31, 64])
def test_the_same_answers_as_the_walk_of_scikit_learn(leaves: int) -> None:
    trees, columns = grown(leaves)
    read = trees_of(trees)
    assert ask(read, columns)[:, 0] == pytest.approx(trees.decision_function(columns), abs=1e-12)
    # Values that are thresholds themselves, beyond all of them, and unknown where nothing was unknown.
    edge = [
        node["num_threshold"] for each in trees._predictors for node in each[0].nodes if not node["is_leaf"]
    ]
    odd = np.random.default_rng(0).choice([*edge, -np.inf, np.inf, np.nan, 1e300], (500, columns.shape[1]))
    assert ask(read, odd)[:, 0] == pytest.approx(trees.decision_function(odd), abs=1e-12)
    known, all_known = grown(leaves, unknown=0.0)
    all_known[:100, :2] = np.nan
    assert ask(trees_of(known), all_known)[:, 0] == pytest.approx(
        known.decision_function(all_known), abs=1e-12
    )


def test_what_rows_have_in_common_is_asked_once() -> None:
    trees, columns = grown(15)
    common, last = np.array([[0.3, np.nan], [0.9, 1.0]]), [columns[:, 4], -columns[:, 4]]
    answers = ask(trees_of(trees), columns[:, :2], common, last)
    for question in (0, 1):
        whole = np.column_stack(
            [columns[:, :2], np.tile(common[question], (len(columns), 1)), last[question]]
        )
        assert answers[:, question] == pytest.approx(trees.decision_function(whole), abs=1e-12)
    assert answers == pytest.approx(ask_itself(trees, columns[:, :2], common, last), abs=1e-12)


def test_no_rows_and_too_many_leaves() -> None:
    trees, columns = grown(15)
    assert ask(trees_of(trees), columns[:0]).shape == (0, 1)
    with pytest.raises(ValueError, match="leaves"):
        trees_of(grown(90, rows=4_000)[0])


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    features=st.integers(1, 8),
    rows=st.integers(40, 600),
    leaves=st.integers(2, 64),
    rounds=st.integers(1, 25),
    rate=st.sampled_from([0.01, 0.07, 0.5]),
    least=st.integers(1, 60),
    unknown=st.sampled_from([0.0, 0.3, 1.0]),
    weighed=st.booleans(),
    directed=st.booleans(),
)
def test_whatever_is_trained_answers_as_scikit_learn_does(
    seed: int, features: int, rows: int, leaves: int, rounds: int, rate: float, least: int, unknown: float, weighed: bool,
    directed: bool,
) -> None:  # fmt: skip
    dice = np.random.default_rng(seed)
    kinds = (
        lambda: dice.normal(size=rows),
        lambda: dice.integers(0, 3, rows).astype(float),
        lambda: np.full(rows, 2.0),
        lambda: dice.choice([-1e300, 0.0, 1e-300, 1e300], rows),
        lambda: np.exp(dice.normal(0, 20, rows)),
    )
    columns = np.column_stack([kinds[int(dice.integers(len(kinds)))]() for _ in range(features)])
    columns[dice.random(columns.shape) < unknown * dice.random(features)] = np.nan
    y = dice.random(rows) < np.where(np.nan_to_num(columns[:, 0]) > 0, 0.8, 0.3)
    y[:2] = (True, False)
    trees = HistGradientBoostingClassifier(
        max_iter=rounds, learning_rate=rate, max_leaf_nodes=leaves, min_samples_leaf=least, early_stopping=False, random_state=seed,
        monotonic_cst=dice.integers(-1, 2, features).tolist() if directed else None,
    ).fit(columns, y, sample_weight=dice.random(rows) + 0.01 if weighed else None)  # fmt: skip
    edges = [
        node["num_threshold"] for each in trees._predictors for node in each[0].nodes if not node["is_leaf"]
    ]
    odd = dice.choice([*edges, -np.inf, np.inf, np.nan, 0.0, -1.0], (200, features))
    for asked in (columns, odd):
        answers = ask(trees_of(trees), asked)[:, 0]
        assert answers == pytest.approx(trees.decision_function(asked), abs=1e-6)


def test_what_cannot_be_read_says_so() -> None:
    dice = np.random.default_rng(0)
    columns = dice.normal(size=(300, 2))
    three = HistGradientBoostingClassifier(max_iter=3).fit(columns, dice.integers(0, 3, 300))
    with pytest.raises(ValueError, match="classes"):
        trees_of(three)
    kinds = np.column_stack([dice.integers(0, 4, 300), columns[:, 0]])
    by_kind = HistGradientBoostingClassifier(max_iter=3, categorical_features=[0]).fit(kinds, kinds[:, 0] > 1)
    with pytest.raises(ValueError, match="categories"):
        trees_of(by_kind)
    # Rows of the table are numbered in 16 bits.
    wide = HistGradientBoostingClassifier(max_iter=1, min_samples_leaf=2).fit(columns, columns[:, 0] > 0)
    nodes = wide._predictors[0][0].nodes
    wide._predictors = [[SimpleNamespace(nodes=nodes.copy())] for _ in range(33_000)]
    for each in wide._predictors:
        each[0].nodes["num_threshold"] = dice.normal(size=len(nodes))
    with pytest.raises(ValueError, match="thresholds"):
        trees_of(wide)
