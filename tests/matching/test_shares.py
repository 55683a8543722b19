"""Shares in a score: they add up to it, and are what all orders of coming in would give."""

from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest

from matching import features, prior
from matching.columns import Pairs
from matching.learning.ranker import LearnedRanker
from matching.learning.training import learn
from matching.rankers import PriorRanker
from matching.shares import shares
from tests.matching.learning.town import DAY, town

CAUSES = {
    cause: [at for at, each in enumerate(features.FEATURES) if each.cause == cause]
    for cause in features.CAUSES
}


@pytest.fixture(scope="module")
def learned():
    """From a town of its own; the trees that are grown in it are trusted."""
    past = town(3_000, seed=1)
    found = learn(past.market, past.history, np.datetime64(DAY), seed=0)
    grown = [chance for chance in (found.hire, found.stay) if chance.trees is not None]
    assert grown
    for chance in grown:
        chance.trust = 0.5
    return found


@pytest.fixture(params=["surplus", "stable", "learned"])
def asked(request, market, learned):
    """The log score of a ranker over features, and the features of some pairs of a market."""
    ranker = LearnedRanker(learned) if request.param == "learned" else PriorRanker(request.param)
    ranker.fit(market)
    dice = np.random.default_rng(7)
    pairs = Pairs(
        market, dice.integers(0, len(market.workers), 12), dice.integers(0, len(market.vacancies), 12)
    )
    pairs = ranker.placed(pairs)
    raw, average = features.matrix(pairs), prior.averages(pairs)

    def score(some, whole):
        return ranker._log_score(ranker.expected(some, whole))

    return score, raw, prior.complete(raw, average), average


def test_they_add_up(asked):
    score, raw, known, average = asked
    whole = score(raw, known) - score(np.full_like(raw, np.nan), average)
    assert shares(score, raw, known, average).sum(axis=1) == pytest.approx(whole)


def test_what_is_unknown_has_no_share(asked):
    score, raw, known, average = asked
    told = shares(score, raw, known, average)
    for at, columns in enumerate(CAUSES.values()):
        silent = np.isnan(raw[:, columns]).all(axis=1) & (known[:, columns] == average[:, columns]).all(
            axis=1
        )
        assert told[silent, at] == pytest.approx(0)


def test_they_are_what_all_orders_would_give(asked):
    """Brute force over the six causes that weigh the most; the others are made unknown."""
    score, raw, known, average = asked
    heavy = np.argsort(-np.abs(shares(score, raw, known, average)).sum(axis=0))[:6].tolist()
    names = list(CAUSES)
    kept = [column for cause in heavy for column in CAUSES[names[cause]]]
    raw, whole = raw.copy(), average.copy()
    raw[:, [at for at in range(raw.shape[1]) if at not in kept]] = np.nan
    whole[:, kept] = known[:, kept]

    def value(inside):
        columns = [column for cause in inside for column in CAUSES[names[cause]]]
        some, full = np.full_like(raw, np.nan), average.copy()
        some[:, columns], full[:, columns] = raw[:, columns], whole[:, columns]
        return score(some, full)

    told = shares(score, raw, whole, average)
    others_last = [at for at in range(len(names)) if at not in heavy]
    every = np.array([[*order, *others_last] for order in permutations(heavy)])
    exactly = shares(score, raw, whole, average, every)
    for cause in heavy:
        others = [each for each in heavy if each != cause]
        exact = sum(
            factorial(size) * factorial(5 - size) / factorial(6) * (value([*chosen, cause]) - value(chosen))
            for size in range(6)
            for chosen in combinations(others, size)
        )
        assert exactly[:, cause] == pytest.approx(exact, abs=1e-9)
        assert told[:, cause] == pytest.approx(exact, abs=0.02)


def test_the_company_makes_no_difference(asked):
    score, raw, known, average = asked
    together = shares(score, raw, known, average)
    alone = [shares(score, raw[at : at + 1], known[at : at + 1], average[at : at + 1])[0] for at in range(3)]
    assert together[:3] == pytest.approx(np.array(alone))
