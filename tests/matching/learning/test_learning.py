"""What is learned: nothing from nothing, the truth from much, and never from what came later."""

from dataclasses import replace

import numpy as np
import pytest

from matching.columns import Pairs
from matching.learning.ranker import LearnedRanker
from matching.learning.training import learn
from matching.rankers import PriorRanker

from .town import DAY, Town, town

TODAY = np.datetime64(DAY, "D")


@pytest.fixture(scope="module")
def big() -> Town:
    return town(8_000, seed=5)


@pytest.fixture(scope="module")
def learned(big):
    return learn(big.market, big.history, TODAY)


@pytest.fixture(scope="module")
def asked(big):
    dice = np.random.default_rng(3)
    return dice.integers(0, len(big.market.workers), 4_000), dice.integers(
        0, len(big.market.vacancies), 4_000
    )


def outlook(made, market, asked):
    return made.fit(market).outlook(Pairs(market, *asked))


def likeness(one, other):
    return float(np.corrcoef(one, other)[0, 1])


def test_without_a_past_it_is_the_prior(big, asked):
    none = replace(
        big.history,
        stretches=big.history.stretches.take(slice(0, 0)),
        applications=big.history.applications.take(slice(0, 0)),
    )
    nothing = learn(big.market, none, TODAY)
    pairs = Pairs(big.market, *asked)
    for objective in ("surplus", "stable"):
        ours = LearnedRanker(nothing, objective).fit(big.market).score(pairs)
        assert ours == pytest.approx(PriorRanker(objective).fit(big.market).score(pairs))
    assert (nothing.stays, nothing.answers) == (0, 0)


def test_much_teaches_the_truth(big, learned, asked):
    hire, stay = big.truth(*asked)
    prior, ours = (outlook(made, big.market, asked) for made in (PriorRanker(), LearnedRanker(learned)))
    assert likeness(ours.p_hire, hire) > 0.88 > likeness(prior.p_hire, hire)
    assert likeness(ours.stay(180), stay) > 0.88 > likeness(prior.stay(180), stay)
    assert ours.p_hire.mean() == pytest.approx(hire.mean(), abs=0.06)
    assert ours.stay(180).mean() == pytest.approx(stay.mean(), abs=0.04)


def test_employers_are_known_by_their_past(big, learned):
    row = learned.firms.id - 1
    assert likeness(learned.firms.leaving, big.firm_leaving[row]) > 0.8
    assert likeness(learned.firms.hiring, big.firm_hiring[row]) > 0.8


def test_a_little_moves_the_prior_a_little(asked):
    small = town(400, seed=8)
    taught = learn(small.market, small.history, TODAY)
    assert taught.stay.trees is None
    asked = tuple(each % limit for each, limit in zip(asked, (len(small.market.workers), 200), strict=True))
    _, stay = small.truth(*asked)
    prior, ours = (
        outlook(made, small.market, asked).stay(180) for made in (PriorRanker(), LearnedRanker(taught))
    )
    assert likeness(ours, stay) > likeness(prior, stay)
    assert likeness(ours, prior) > 0.3


def test_what_came_later_teaches_nothing(big):
    then = TODAY - 200
    known = learn(big.market, big.history, then)
    stretches, made = big.history.stretches, big.history.applications
    later = replace(
        big.history,
        stretches=replace(stretches, ended=np.where(stretches.ended > then, then + 1, stretches.ended)).take(
            stretches.started <= then
        ),
        applications=replace(
            made, outcome=np.where(made.decided > then, 2, made.outcome).astype(np.int8)
        ).take(made.applied <= then),
    )
    assert learn(big.market, later, then).version == known.version


def test_the_same_seed_learns_the_same(big, learned):
    again = learn(big.market, big.history, TODAY)
    assert again.version == learned.version
    assert np.array_equal(again.firms.leaving, learned.firms.leaving)


def test_staying_only_ever_falls(big, learned, asked):
    expected = outlook(LearnedRanker(learned), big.market, asked)
    curve = np.array([expected.stay(days) for days in (1, 29, 30, 31, 90, 91, 180, 365, 730, 800, 1_500)])
    assert (curve > 0).all()
    assert (curve < 1).all()
    assert (np.diff(curve, axis=0) < 0).all()


def test_hire_and_stay_are_all_of_the_stable_score(big, learned, asked):
    made = LearnedRanker(learned, "stable").fit(big.market)
    expected = made.outlook(Pairs(big.market, *asked))
    assert made.score(Pairs(big.market, *asked)) == pytest.approx(expected.p_hire * expected.stay(180))


def test_applications_that_are_all_too_young_teach_nothing(big):
    made = big.history.applications
    young = replace(big.history, applications=replace(made, applied=np.full(len(made), TODAY - 10)))
    found = learn(big.market, young, TODAY)
    assert found.answers == 0
    assert found.hire.line is None
    assert found.stays > 0
