"""What is learned of employers beside how many they hire: whose people leave, how often and how soon they answer, what fades."""

from dataclasses import replace

import numpy as np
import pytest

from matching.learning.history import Outcome
from matching.learning.splitting import HALF_LIVES, MOST_TO_CHOOSE, chosen, drawn, freshness
from matching.learning.training import learn

from .town import DAY, town

TODAY = np.datetime64(DAY, "D")
HERE, THERE = 610728, 610724


@pytest.fixture(scope="module")
def big():
    return town(6_000, seed=11)


def test_how_employers_answer(big):
    """A third of the employers answer one application in five, and a quarter of them late."""
    made = big.history.applications
    firm = big.market.vacancies.employer[made.vacancy]
    dice = np.random.default_rng(3)
    silent = (firm % 3 == 0) & (dice.random(len(firm)) < 0.8) & (made.outcome == Outcome.REFUSED_BY_EMPLOYER)
    late = firm % 4 == 0
    told = replace(
        made,
        outcome=np.where(silent, Outcome.NO_ANSWER, made.outcome).astype(np.int8),
        decided=made.applied + np.where(silent, 59, np.where(late, 20, 3)),
    )
    firms = learn(big.market, replace(big.history, applications=told), TODAY).firms
    assert firms.answering[firms.id % 3 == 0].max() < 0 < firms.answering[firms.id % 3 != 0].min()
    assert firms.promptness[firms.id % 4 == 0].max() < -0.5 < 0 < firms.promptness[firms.id % 4 != 0].min()


def test_a_yes_that_was_not_taken_tells_of_the_employer_as_one_that_was(big):
    """Employers of even numbers say yes to everybody; who is not hired there has refused."""
    made = big.history.applications
    firm = big.market.vacancies.employer[made.vacancy]
    kind = (firm % 2 == 0) & (made.outcome == Outcome.REFUSED_BY_EMPLOYER)
    told = replace(made, outcome=np.where(kind, Outcome.REFUSED_BY_WORKER, made.outcome).astype(np.int8))
    learned = learn(big.market, replace(big.history, applications=told), TODAY)
    firms = learned.firms
    assert firms.offering[firms.id % 2 == 0].min() > 0 > firms.offering[firms.id % 2 == 1].mean()
    # As many start there as ever.
    before = learn(big.market, big.history, TODAY).firms
    assert np.allclose(firms.hiring, before.hiring)


def test_where_nobody_writes_answers_down_nothing_is_said_of_them(big):
    made = big.history.applications
    never = np.full(len(made), np.datetime64("NaT", "D"))
    silent = replace(made, outcome=np.zeros(len(made), np.int8), decided=never)
    firms = learn(big.market, replace(big.history, applications=silent), TODAY).firms
    assert np.isnan(firms.look_up("answering", firms.id)).all()
    assert np.isnan(firms.look_up("promptness", firms.id)).all()
    assert np.isnan(firms.look_up("offering", firms.id)).all()


def test_the_people_of_a_county_are_told_apart_at_an_employer_and_little_is_made_of_little(big):
    """At one employer the people of the other county all leave in their first month."""
    workers, stretches = big.market.workers, big.history.stretches
    employer = int(np.bincount(stretches.employer).argmax())
    other = np.arange(len(workers)) % 2 == 1
    market = replace(
        big.market, workers=replace(workers, region=np.where(other, THERE, HERE).astype(np.int64) * 10**6)
    )
    leaves = other[stretches.worker] & (stretches.employer == employer) & (stretches.started + 25 <= TODAY)
    assert leaves.sum() > 10
    ended = np.where(leaves, stretches.started + 20, stretches.ended)
    told = replace(big.history, stretches=replace(stretches, ended=ended))
    firms = learn(market, told, TODAY).firms
    there = firms.of_origin(np.array([employer] * 2), np.array([HERE, THERE]))
    assert there[0] < -0.1 < 0.3 < there[1]
    others = firms.origin_leaving[firms.origin_employer != employer]
    assert np.abs(others).mean() < 0.25
    assert firms.of_origin(np.array([employer, 999]), np.array([110101, HERE])).tolist() == [0, 0]


def test_an_old_past_is_let_go_only_where_that_foretells_better_by_more_than_chance():
    dice = np.random.default_rng(0)
    same = dice.random(4_000)
    weight = np.ones(4_000)
    assert chosen([same, same + dice.normal(0, 0.3, 4_000), same], weight) == 0
    assert chosen([same, same - 0.1 + dice.normal(0, 0.3, 4_000), same + 0.1], weight) == 1
    assert chosen([same, same - 0.1, same - 0.2], weight) == 2


def test_what_counts_for_half_and_what_is_drawn():
    half = HALF_LIVES[-1]
    assert freshness(np.array([-5, 0, half, 2 * half]), half).tolist() == [1, 1, 0.5, 0.25]
    assert (freshness(np.array([0.0, 9e3]), HALF_LIVES[0]) == 1).all()
    rows = np.arange(MOST_TO_CHOOSE + 10) * 2
    some = drawn(rows, 4)
    assert len(some) == MOST_TO_CHOOSE
    assert (np.diff(some) > 0).all()
    assert np.array_equal(some, drawn(rows, 4))
    assert np.array_equal(drawn(rows[:9], 4), rows[:9])
