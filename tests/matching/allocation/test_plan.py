"""The plan is the best one, and keeps every rule: held to one integer model, and to trying everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from matching.allocation.plan import allocate, resettle
from matching.allocation.problem import Edges, Problem

from .whole_model import enumerated, joined, met, optimum, problems

few = settings(max_examples=30, deadline=None)


def keeps_the_rules(problem, plan):
    where, gone = plan.vacancy, plan.vacancy >= 0
    assert (np.bincount(where[gone], minlength=len(problem.seats)) <= problem.seats).all()
    pairs = set(zip(problem.edges.worker.tolist(), problem.edges.vacancy.tolist(), strict=True))
    assert all((int(worker), int(where[worker])) in pairs for worker in np.flatnonzero(gone))
    if problem.pinned is not None:
        held = problem.pinned >= 0
        assert (where[held] == problem.pinned[held]).all()
        assert not gone[problem.kept_out].any()
        assert not problem.closed[where[gone]].any()
    for group in joined(problem):
        assert len({problem.place[where[worker]] if gone[worker] else None for worker in group}) == 1
    if problem.buses is not None:
        aboard = np.bincount(problem.buses.of_vacancy[where[gone]] + 1, minlength=3)[1:]
        assert ((aboard == 0) | (aboard >= problem.buses.least)).all()


def is_the_best(problem):
    """And where nothing is possible: short of the fewest people."""
    plan, best = allocate(problem), optimum(problem)
    if best is None:
        asked = [max(0, result.asked - result.reached) for result in plan.quotas]
        assert sum(asked) == round(np.ceil(optimum(problem, slack=True) - 1e-6))
        assert len(plan.shortfalls) == sum(lacking > 0 for lacking in asked)
        return plan
    keeps_the_rules(problem, plan)
    assert plan.shortfalls == ()
    assert met(problem, plan.vacancy)
    assert plan.total == pytest.approx(best, abs=1e-5)
    assert plan.bound >= best - 1e-5
    assert plan.gap <= 1e-5
    return plan


@few
@given(problems(people=4, posts=3))
def test_without_quotas_nothing_tried_is_better(problem):
    assert is_the_best(problem).total == pytest.approx(enumerated(problem))


@few
@given(problems(people=4, posts=3, quotas=("people", "share")))
def test_with_quotas_nothing_tried_is_better(problem):
    best = enumerated(problem)
    plan = is_the_best(problem)
    assert (best is None) == bool(plan.shortfalls)
    if best is not None:
        assert plan.total == pytest.approx(best, abs=1e-5)


@few
@given(problems(quotas=("people",), disjoint=True))
def test_disjoint_quotas(problem):
    is_the_best(problem)


@few
@given(problems(quotas=("people", "share"), decisions=True))
def test_overlapping_quotas_and_decisions(problem):
    is_the_best(problem)


@few
@given(problems(companions=True))
def test_companions_are_whole_and_well_placed(problem):
    plan, best = allocate(problem), optimum(problem)
    keeps_the_rules(problem, plan)
    assert plan.total <= best + 1e-5
    assert plan.bound >= best - 1e-5
    assert plan.gap <= 1e-3 or plan.total == pytest.approx(best)


@few
@given(problems(companions=True, quotas=("people", "share")))
def test_companions_and_quotas(problem):
    plan, best = allocate(problem), optimum(problem)
    if any(short.quota.share and short.most == 0 for short in plan.shortfalls):
        # Nobody of the group has a place to go to with the companions: the others are placed all the same.
        keeps_the_rules(problem, plan)
    elif plan.shortfalls:
        assert best is None
    else:
        keeps_the_rules(problem, plan)
        assert met(problem, plan.vacancy)
        assert plan.total <= best + 1e-5 <= plan.bound + 2e-5


@few
@given(problems(buses=True))
def test_a_bus_goes_with_its_least_or_not_at_all(problem):
    plan, best = allocate(problem), optimum(problem)
    keeps_the_rules(problem, plan)
    assert plan.total <= best + 1e-5 <= plan.bound + 2e-5


def test_the_rows_may_come_in_any_order_and_the_plan_is_the_same_twice():
    problem = market(200, 40)
    turned = np.random.default_rng(1).permutation(len(problem.edges))
    one, two = allocate(problem), allocate(problem)
    other = allocate(replace(problem, edges=problem.edges.take(turned)))
    for found in (two, other):
        assert (found.vacancy == one.vacancy).all()
        assert (found.price == one.price).all()


def test_nobody_and_nothing():
    empty = Edges(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    assert allocate(Problem(0, np.empty(0, np.int64), empty)).total == 0
    assert allocate(Problem(3, np.array([1]), empty)).vacancy.tolist() == [-1, -1, -1]


@pytest.mark.parametrize(
    ("worker", "vacancy", "score"),
    [
        ([0], [0], [-1.0]),
        ([0], [0], [np.nan]),
        ([2], [0], [1.0]),
        ([0], [1], [1.0]),
        ([0, 0], [0, 0], [1.0, 2.0]),
    ],
)
def test_what_is_no_problem_is_refused(worker, vacancy, score):
    with pytest.raises(ValueError, match=r"edges|score"):
        Problem(2, np.array([1]), Edges(np.array(worker), np.array(vacancy), np.array(score)))


def test_a_decision_is_carried_out_and_the_rest_is_settled_anew():
    problem = market(200, 40)
    before = allocate(problem)
    worker = int(np.flatnonzero(before.vacancy >= 0)[0])
    other = int((before.vacancy[worker] + 1) % 40)
    held = int(np.flatnonzero(before.vacancy >= 0)[1])
    changed, after = resettle(
        problem,
        pinned=np.array([[worker, other]]),
        kept_out=np.array([held]),
        closed=np.array([(other + 1) % 40]),
    )
    assert after.vacancy[worker] == other
    assert after.vacancy[held] == -1
    assert not (after.vacancy == (other + 1) % 40).any()
    assert [note.code for note in after.notes] == ["pin_not_among_candidates"]
    back, again = resettle(changed, pinned=np.array([[worker, -1]]))
    assert (back.pinned == -1).all()
    assert again.total > after.total


def test_decisions_that_contradict_each_other_are_told():
    problem = market(20, 3)
    _, plan = resettle(
        replace(problem, seats=np.array([1, 1, 1])),
        pinned=np.array([[0, 0], [1, 0], [2, 1], [3, 2]]),
        kept_out=np.array([3]),
        closed=np.array([1]),
    )
    assert plan.vacancy[:4].tolist() == [0, -1, -1, -1]
    told = {note.code: note.rows.tolist() for note in plan.notes}
    assert told["pin_without_seat"] == [1]
    assert told["pin_closed"] == [2]
    assert told["pin_kept_out"] == [3]
    assert all(note.sentence for note in plan.notes)


def market(people, posts, each=3):
    dice = np.random.default_rng(0)
    vacancy = np.array([dice.choice(posts, each, replace=False) for _ in range(people)]).ravel()
    edges = Edges(np.repeat(np.arange(people), each), vacancy, dice.random(people * each))
    return Problem(people, dice.integers(1, 6, posts), edges)
