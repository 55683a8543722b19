"""Who goes together, and what is told where that can't be."""

from dataclasses import replace

import numpy as np
import pytest

from matching.allocation.plan import allocate, resettle
from matching.allocation.problem import Edges, Problem


def market(companion, **more):
    """Four workers, two places with two posts of two seats; everybody may go anywhere, worker 1 much better to the second place."""
    scores = np.array(
        [[9.0, 1.0, 1.0, 1.0], [1.0, 1.0, 9.0, 1.0], [5.0, 4.0, 3.0, 2.0], [2.0, 3.0, 4.0, 5.0]]
    )
    worker, vacancy = np.nonzero(scores)
    edges = Edges(worker, vacancy, scores[worker, vacancy])
    return Problem(
        4, np.full(4, 2), edges, place=np.array([0, 0, 1, 1]), companion=np.array(companion), **more
    )


def places(plan):
    return [None if vacancy < 0 else int(vacancy) // 2 for vacancy in plan.vacancy.tolist()]


def test_alone_everybody_goes_to_the_best():
    assert places(allocate(market([-1, -1, -1, -1]))) == [0, 1, 0, 1]


@pytest.mark.parametrize(
    "companion", [[1, 2, 0, -1], [1, 2, -1, -1], [-1, 0, 1, -1], [1, 0, 1, -1], [2, 2, -1, -1]]
)
def test_circles_and_chains_are_one_party(companion):
    plan = allocate(market(companion))
    assert plan.party.tolist() == [0, 0, 0, -1]
    assert places(plan)[:3] == [0, 0, 0]
    assert plan.total == pytest.approx(9 + 1 + 5 + 5)


def test_who_agrees_may_go_apart():
    plan = allocate(market([1, 0, -1, -1], apart_ok=np.array([True, True, False, False])))
    assert plan.party.tolist() == [-1] * 4
    one_only = allocate(market([1, 0, -1, -1], apart_ok=np.array([True, False, False, False])))
    assert one_only.party.tolist() == [0, 0, -1, -1]


def test_a_companion_who_is_not_open_or_does_not_exist_is_told_and_the_other_goes_alone():
    plan = allocate(market([-2, 99, 2, -1]))
    assert places(plan) == [0, 1, 0, 1]
    (note,) = plan.notes
    assert (note.code, note.rows.tolist()) == ("companion_not_open", [0, 1, 2])


def test_no_common_place_means_neither():
    problem = market([1, 0, -1, -1])
    apart = (problem.edges.worker == 0) & (problem.edges.vacancy > 1)
    apart |= (problem.edges.worker == 1) & (problem.edges.vacancy < 2)
    plan = allocate(replace(problem, edges=problem.edges.take(~apart)))
    assert places(plan) == [None, None, 0, 1]
    assert [(note.code, note.rows.tolist()) for note in plan.notes] == [("companion_without_post", [0, 1])]


def test_the_other_follows_a_pin_and_stays_with_one_who_is_kept_out():
    problem = market([1, 0, -1, -1])
    _, plan = resettle(problem, pinned=np.array([[0, 3]]))
    assert places(plan)[:2] == [1, 1]
    _, plan = resettle(problem, kept_out=np.array([0]))
    assert places(plan)[:2] == [None, None]
    assert [(note.code, note.rows.tolist()) for note in plan.notes] == [("companion_kept_out", [1])]
    _, plan = resettle(problem, pinned=np.array([[0, 0]]), closed=np.array([1]))
    full = replace(problem, seats=np.array([1, 0, 2, 2]))
    _, plan = resettle(full, pinned=np.array([[0, 0]]))
    assert places(plan)[:2] == [0, None]
    assert [(note.code, note.rows.tolist()) for note in plan.notes] == [("companion_by_hand", [1])]


def county(each):
    """600 people with so many edges each, 80 couples; and who of them is the one and who the other."""
    dice = np.random.default_rng(3)
    people, posts = 600, 120
    vacancy = np.array([dice.choice(posts, each, replace=False) for _ in range(people)]).ravel()
    edges = Edges(np.repeat(np.arange(people), each), vacancy, np.exp(dice.normal(size=people * each)))
    companion = np.full(people, -1)
    who = dice.permutation(people)[:160]
    companion[who[::2]] = who[1::2]
    seats, place = dice.integers(1, 9, posts), dice.integers(0, 8, posts)
    return Problem(people, seats, edges, place=place, companion=companion), who[::2], who[1::2]


def require_whole(problem, plan, one, two):
    placed = plan.vacancy >= 0
    assert (placed[one] == placed[two]).all()
    both = placed[one]
    assert (problem.place[plan.vacancy[one[both]]] == problem.place[plan.vacancy[two[both]]]).all()
    assert both.sum() > 20


def test_a_county_with_many_parties_is_close_to_the_bound():
    problem, one, two = county(12)
    plan = allocate(problem)
    require_whole(problem, plan, one, two)
    assert plan.gap <= 5e-4
    assert allocate(replace(problem, companion=None)).total >= plan.bound - 1e-6


def test_in_a_large_market_the_search_begins_at_the_prices_that_are_known():
    problem, one, two = county(24)
    apart = allocate(replace(problem, companion=None))
    plan = allocate(problem)
    begun = allocate(replace(problem, near=apart.price))
    misled = allocate(replace(problem, near=apart.price.max() - apart.price))
    for each in (plan, begun, misled):
        require_whole(problem, each, one, two)
        # Wherever the search began, what it says of the best plan holds.
        assert max(plan.total, begun.total, misled.total) <= each.bound + 1e-6
    assert max(plan.gap, begun.gap) <= 5e-4


def test_who_follows_a_pin_goes_before_another_party():
    """One seat is left beside the pinned companion; the other two, who gain more by it, can't have it."""
    edges = Edges(np.array([1, 2, 3, 3]), np.array([0, 0, 0, 1]), np.array([1.0, 9.0, 9.0, 9.0]))
    problem = Problem(
        4,
        np.array([2, 1]),
        edges,
        place=np.array([0, 0]),
        companion=np.array([1, 0, 3, 2]),
        pinned=np.array([0, -1, -1, -1]),
    )
    plan = allocate(problem)
    assert plan.vacancy.tolist() == [0, 0, -1, -1]
    assert plan.total == pytest.approx(1.0)
    # The prices of what is left carry no promise to the party.
    assert plan.price.max() <= 9.0
