"""The line that is drawn to a given answer."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from matching.learning.anchored import AnchoredLogistic


@pytest.fixture
def data():
    dice = np.random.default_rng(4)
    columns = np.column_stack([dice.normal(size=(4_000, 3)), np.ones(4_000)])
    anchor = -0.4 + 0.5 * columns[:, 0]
    truth = anchor + columns @ np.array([0.6, -0.8, 0.0, 0.3])
    return columns, anchor, (dice.random(4_000) < 1 / (1 + np.exp(-truth))).astype(float)


def test_without_data_it_is_its_anchor(data):
    columns, anchor, _ = data
    fitted = AnchoredLogistic().fit(columns[:0], np.empty(0), anchor=anchor[:0])
    assert fitted.log_odds(columns, anchor) == pytest.approx(anchor)


def test_with_much_it_is_the_datas(data):
    columns, anchor, y = data
    fitted = AnchoredLogistic(1.0).fit(columns, y, anchor=anchor)
    assert fitted.coef_ == pytest.approx([0.6, -0.8, 0.0, 0.3], abs=0.12)


def test_a_firm_anchor_holds(data):
    columns, anchor, y = data
    held = AnchoredLogistic(np.array([1e7, 1e7, 1e7, 1e7])).fit(columns, y, anchor=anchor)
    assert np.abs(held.coef_).max() < 1e-3


def test_without_an_anchor_it_is_scikit_learns(data):
    columns, anchor, y = data
    weight = np.random.default_rng(2).random(len(y))
    ours = AnchoredLogistic(2.0).fit(columns, y, anchor=np.zeros_like(anchor), sample_weight=weight)
    theirs = LogisticRegression(C=0.5, fit_intercept=False, tol=1e-8).fit(columns, y, sample_weight=weight)
    assert ours.coef_ == pytest.approx(theirs.coef_[0], abs=1e-3)


def test_part_of_a_row_counts_as_that_part(data):
    columns, anchor, y = data
    twice = AnchoredLogistic().fit(
        np.r_[columns, columns], np.r_[y, y], anchor=np.r_[anchor, anchor], sample_weight=np.full(8_000, 0.5)
    )
    once = AnchoredLogistic().fit(columns, y, anchor=anchor)
    assert twice.coef_ == pytest.approx(once.coef_, abs=1e-4)


def test_it_is_fitted_first(data):
    columns, anchor, _ = data
    with pytest.raises(NotFittedError):
        AnchoredLogistic().log_odds(columns, anchor)
