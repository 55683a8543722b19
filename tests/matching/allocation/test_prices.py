"""Prices prove the plan, and say what a seat and a quota are worth: held to solving once more with one more."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from matching.allocation.desk import net_scores
from matching.allocation.flow import Net, best
from matching.allocation.plan import allocate
from matching.allocation.potentials import bounded, potentials
from matching.allocation.problem import Edges, Problem, Quota

from .whole_model import optimum, problems

few = settings(max_examples=25, deadline=None)


def net_of(problem, least):
    """The market as a net of two kinds."""
    return Net(
        workers=problem.workers,
        worker=problem.edges.worker,
        vacancy=problem.edges.vacancy,
        gain=np.rint(problem.edges.score * 3).astype(np.int64),
        seats=problem.seats,
        kind=np.arange(problem.workers) % 2,
        least=np.array([0, least]),
    )


@few
@given(problems())
@pytest.mark.parametrize("least", [0, 1, 2])
def test_the_prices_add_up_to_the_plan(least, problem):
    """Strong duality, in integers: what everybody is left with and the seats, less what the quota forces, is the whole gain."""
    net = net_of(problem, least)
    flow = best(net)
    if flow is None:
        return
    prices = potentials(net, flow)
    found = [prices.low] + ([prices.high] if bounded(np.r_[prices.high.seat, prices.high.kind]).all() else [])
    taken = np.bincount(net.vacancy[flow.edge[flow.edge >= 0]], minlength=len(net.seats))
    placed = np.bincount(net.kind[flow.edge >= 0], minlength=2)
    for fit in found:
        assert (fit.seat >= 0).all()
        assert (fit.kind >= 0).all()
        assert (fit.seat[taken < net.seats] == 0).all()
        assert (fit.kind[placed > net.least] == 0).all()
        offered = net.gain - fit.seat[net.vacancy] + fit.kind[net.kind[net.worker]]
        surplus = np.zeros(net.workers, np.int64)
        np.maximum.at(surplus, net.worker, offered)
        assert surplus.sum() + net.seats @ fit.seat - net.least @ fit.kind == flow.gain


def test_a_flow_that_is_not_the_best_has_no_prices():
    net = Net(
        workers=2,
        worker=np.array([0, 0, 1, 1]),
        vacancy=np.array([0, 1, 0, 1]),
        gain=np.array([5, 1, 1, 5]),
        seats=np.array([1, 1]),
        kind=np.zeros(2, np.int64),
        least=np.zeros(1, np.int64),
    )
    flow = best(net)
    assert flow.edge.tolist() == [0, 3]
    with pytest.raises(ValueError, match="negative cycle"):
        potentials(net, replace(flow, edge=np.array([1, 2])))


@few
@given(problems(people=7, posts=4))
def test_a_seat_is_worth_what_one_more_brings(problem):
    plan = allocate(problem)
    for vacancy in range(len(problem.seats)):
        more = problem.seats.copy()
        more[vacancy] += 1
        gained = optimum(replace(problem, seats=more)) - optimum(problem)
        assert plan.seat_worth[vacancy] == pytest.approx(gained, abs=1e-5)


@few
@given(problems(quotas=("people",), disjoint=True, people=7, posts=4))
def test_a_quota_costs_what_one_more_required_person_costs(problem):
    plan = allocate(problem)
    if plan.shortfalls:
        return
    for at, quota in enumerate(problem.quotas):
        quotas = list(problem.quotas)
        quotas[at] = replace(quota, people=quota.people + 1)
        more = optimum(replace(problem, quotas=tuple(quotas)))
        price = plan.quotas[at].price
        if more is None:
            assert np.isnan(price)
        else:
            assert price == pytest.approx(optimum(problem) - more, abs=1e-5)


@few
@given(problems(quotas=("people",), disjoint=True))
def test_everybody_placed_is_placed_at_their_best_net_score(problem):
    plan = allocate(problem)
    net = net_scores(problem.edges.score, problem.edges.vacancy, plan.price)
    for worker in np.flatnonzero(plan.vacancy >= 0).tolist():
        mine = problem.edges.worker == worker
        own = net[mine & (problem.edges.vacancy == plan.vacancy[worker])]
        assert own[0] == pytest.approx(net[mine].max(), abs=1e-5)
    if not problem.groups or not problem.quotas:
        assert (plan.surplus >= -1e-5).all()


def test_a_share_that_holds_people_back_is_no_price_of_a_seat():
    """Ten of the group, forty others, half must be of the group: thirty stay at home beside seats that nobody takes."""
    people, posts = 50, 4
    worker, vacancy = (each.ravel() for each in np.indices((people, posts)))
    score = 1.0 + 0.01 * np.random.default_rng(1).random(people * posts)
    problem = Problem(
        people,
        np.full(posts, 30),
        Edges(worker, vacancy, score),
        groups={"monitored": np.arange(people) < 10},
        quotas=(Quota("monitored", share=Fraction(1, 2)),),
    )
    plan = allocate(problem)
    assert (plan.vacancy >= 0).sum() == 20
    left = problem.seats > np.bincount(plan.vacancy[plan.vacancy >= 0], minlength=posts)
    assert left.all()
    assert plan.price == pytest.approx(np.zeros(posts), abs=1e-6)
