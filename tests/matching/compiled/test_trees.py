"""Trees asked quickly: held to what scikit-learn's own walk answers."""

from typing import Any

import numpy as np
import pytest
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
