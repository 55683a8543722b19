"""What every ranker keeps, whatever it ranks by."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from matching.columns import Market, Pairs, Vacancies, Workers
from matching.eligibility import eligible_vacancies, eligible_workers
from matching.rankers import RANKERS, PriorRanker, RandomRanker
from matching.ranking import rank_vacancies, rank_workers

VARIANTS = [
    *(kind() for kind in RANKERS),
    PriorRanker(objective="stable", stable_days=90),
    RandomRanker(random_state=7),
]


@pytest.fixture(params=VARIANTS, ids=lambda ranker: repr(ranker))
def ranker(request, market):
    return clone(request.param).fit(market)


def test_it_is_a_scikit_learn_estimator(ranker):
    parameters = ranker.get_params()
    twin = clone(ranker)
    assert twin is not ranker
    assert twin.get_params() == parameters
    assert not [name for name in vars(twin) if name.endswith("_")]
    assert twin.set_params(**parameters) is twin
    assert isinstance(ranker.name, str)
    assert ranker.label
    assert ranker.version


def test_it_must_be_fitted_first(ranker, market):
    with pytest.raises(NotFittedError):
        clone(ranker).score_vacancies(market, 0, np.arange(3))


def test_fit_changes_no_parameter_and_returns_itself(ranker, market):
    before = ranker.get_params()
    assert ranker.fit(market) is ranker
    assert ranker.get_params() == before


def test_the_same_seed_gives_the_same_scores(ranker, market):
    again = clone(ranker).fit(market)
    candidates = np.arange(len(market.vacancies))
    for worker in range(5):
        np.testing.assert_array_equal(
            ranker.score_vacancies(market, worker, candidates),
            again.score_vacancies(market, worker, candidates),
        )


def test_scores_go_with_their_candidates(ranker, market):
    """In another order, or in other company, a candidate keeps its score."""
    dice = np.random.default_rng(1)
    for row in range(5):
        for score, size in (
            (ranker.score_vacancies, len(market.vacancies)),
            (ranker.score_workers, len(market.workers)),
        ):
            shuffled = dice.permutation(size)
            whole = score(market, row, np.arange(size))
            np.testing.assert_array_equal(score(market, row, shuffled), whole[shuffled])
            np.testing.assert_allclose(score(market, row, shuffled[:3]), whole[shuffled[:3]], rtol=1e-12)


def test_both_sides_give_a_pair_the_same_score(ranker, market):
    for worker, vacancy in ((0, 0), (3, 7), (11, 20)):
        (seen_by_worker,) = ranker.score_vacancies(market, worker, np.array([vacancy]))
        (seen_by_vacancy,) = ranker.score_workers(market, vacancy, np.array([worker]))
        assert seen_by_worker == seen_by_vacancy


def test_scores_are_finite_whatever_is_unknown(ranker, market):
    everything = Pairs(
        market, *(grid.ravel() for grid in np.mgrid[0 : len(market.workers), 0 : len(market.vacancies)])
    )
    scores = ranker.score(everything)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    expected = ranker.outlook(everything)
    if expected is not None:
        assert ((expected.p_hire > 0) & (expected.p_hire < 1)).all()
        assert ((expected.stay(180) > 0) & (expected.stay(180) < 1)).all()


def test_a_worker_of_whom_nothing_is_known_is_ranked(ranker, market):
    stranger = replace(market, workers=Workers.of([99]))
    listed = rank_vacancies(stranger, ranker, 0, limit=5)
    assert len(listed.items) == 5
    assert all(np.isfinite(item.score) for item in listed.items)
    assert all("nan" not in reason.sentence for item in listed.items for reason in item.reasons)


def test_no_candidates_no_scores(ranker, market):
    nobody = np.array([], np.int64)
    assert ranker.score_vacancies(market, 0, nobody).shape == (0,)
    assert ranker.score_workers(market, 0, nobody).shape == (0,)
    empty = Market(market.workers, Vacancies.of([]), market.as_of)
    assert rank_vacancies(empty, clone(ranker).fit(empty), 0).items == ()


def test_explanations_are_true_to_the_pair_alone(ranker, market):
    for worker in range(10):
        listed = rank_vacancies(market, ranker, worker, limit=4)
        for item in listed.items:
            alone = ranker.explain(market, worker, item.index)
            assert {reason.code for reason in item.reasons} <= {reason.code for reason in alone}
            assert len(item.reasons) <= 4
            for reason in alone:
                assert np.isfinite(reason.contribution)
                assert reason.sentence
                assert "nan" not in reason.sentence


def test_only_the_eligible_are_ranked_best_first(ranker, market):
    for worker in range(len(market.workers)):
        listed = rank_vacancies(market, ranker, worker, limit=1000)
        allowed = np.flatnonzero(eligible_vacancies(market, worker))
        assert sorted(item.index for item in listed.items) == allowed.tolist()
        _is_in_order(listed.items)
    for vacancy in range(20):
        listed = rank_workers(market, ranker, vacancy, limit=1000)
        allowed = np.flatnonzero(eligible_workers(market, vacancy))
        assert sorted(item.index for item in listed.items) == allowed.tolist()
        assert not any(market.workers.restricted[item.index] for item in listed.items)
        _is_in_order(listed.items)


def _is_in_order(items):
    assert [item.rank for item in items] == list(range(1, len(items) + 1))
    keys = [(-item.score, item.id) for item in items]
    assert keys == sorted(keys)
