"""Quotas of people who go only with others that the quota doesn't count."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from matching.allocation.plan import allocate, resettle
from matching.allocation.problem import Edges, Problem, Quota
from tests.matching.allocation.whole_model import met, optimum


def market(people, posts, seats, seed, *, outside):
    """Everybody may go everywhere; every tenth is watched, each with a companion who is not, or couples of others (`outside`)."""
    dice = np.random.default_rng(seed)
    score = 1 / (1 + np.exp(-dice.normal(size=posts) * 0.3 - dice.normal(size=(people, posts)) * 0.5))
    worker, vacancy = np.nonzero(score)
    row, first = np.arange(people), 2 if outside else 0
    companion = np.where(row % 10 == first, row + 1, np.where(row % 10 == first + 1, row - 1, -1))
    return Problem(
        people,
        np.full(posts, seats // posts),
        Edges(worker, vacancy, score[worker, vacancy]),
        place=np.arange(posts) % 3,
        groups={"monitored": row % 10 == 0},
        quotas=(Quota("monitored", share=Fraction(1, 5)),),
        companion=companion,
    )


def whole(problem, plan):
    """Whether everybody goes to one place with their companion, or both stay."""
    with_one = problem.companion >= 0
    place = np.where(plan.vacancy >= 0, problem.place[plan.vacancy], -1)
    return (place[with_one] == place[problem.companion[with_one]]).all()


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_small_market_is_at_the_optimum(seed, outside):
    problem = market(40, 6, 12, seed, outside=outside)
    plan = allocate(problem)
    assert plan.total == pytest.approx(optimum(problem), rel=2e-4)
    assert plan.total < allocate(replace(problem, quotas=())).total - 1e-6
    assert met(problem, plan.vacancy)
    assert whole(problem, plan)


@pytest.mark.parametrize("outside", [False, True])
def test_a_share_does_not_empty_a_market_whose_people_bring_others_along(outside):
    problem = market(600, 30, 180, 5, outside=outside)
    plan = allocate(problem)
    assert plan.gap <= 1e-3
    assert plan.bound < allocate(replace(problem, quotas=())).bound
    assert (plan.vacancy >= 0).sum() == 180
    assert met(problem, plan.vacancy)
    assert whole(problem, plan)
    # Pairs that can only serve worse than others change next to nothing.
    best = np.argsort(-problem.edges.score.reshape(600, 30), axis=1)[:, :15]
    kept = (np.arange(600)[:, None] * 30 + best).ravel()
    fewer = allocate(replace(problem, edges=problem.edges.take(np.sort(kept))))
    assert plan.total >= fewer.total * (1 - 1e-3)


def test_a_share_that_only_half_of_each_couple_can_meet_leaves_everybody_at_home():
    problem = market(100, 5, 30, 1, outside=False)
    alone = problem.groups["monitored"] & (problem.companion < 0)
    assert not alone.any()
    plan = allocate(replace(problem, quotas=(Quota("monitored", share=Fraction(3, 5)),)))
    assert (plan.vacancy < 0).all()


def test_a_move_by_hand_leaves_companions_where_they_stood_as_long_as_that_is_as_good():
    """600 people, 18,000 pairs: too many for the model of the whole, so what stays is a gap, and it is told."""
    problem = market(600, 30, 180, 5, outside=True)
    plan = allocate(problem)
    moved = int(np.flatnonzero(plan.vacancy >= 0)[0])
    pin = np.array([[moved, (plan.vacancy[moved] + 1) % 30]])
    changed, again = resettle(problem, pinned=pin, before=plan.vacancy)
    anew = resettle(problem, pinned=pin)[1]
    assert again.vacancy[moved] == pin[0, 1]
    assert again.total >= anew.bound * (1 - 1e-3)
    assert again.gap <= 1e-3
    assert met(changed, again.vacancy)
    assert whole(changed, again)
    assert (again.vacancy != plan.vacancy).sum() <= (anew.vacancy != plan.vacancy).sum()


def test_who_follows_a_pin_does_so_though_both_stood_elsewhere_before():
    problem = market(600, 30, 180, 5, outside=True)
    plan = allocate(problem)
    one = int(np.flatnonzero((plan.vacancy >= 0) & (problem.companion >= 0))[0])
    other = int(problem.companion[one])
    post = int(np.flatnonzero(problem.place != problem.place[plan.vacancy[one]])[0])
    changed, again = resettle(problem, pinned=np.array([[one, post]]), before=plan.vacancy)
    assert again.vacancy[one] == post
    assert problem.place[again.vacancy[other]] == problem.place[post]
    assert again.vacancy[other] >= 0
    assert whole(changed, again)
