"""Why somebody has no post, held against plans of which one can see why."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from matching.allocation.plan import allocate, resettle
from matching.allocation.problem import Edges, Problem, Quota
from matching.allocation.unplaced import unplaced
from matching.allocation.words import NOTES, UNPLACED, one_unplaced


def market(scores, seats, **more):
    """Everybody by everywhere; a score of 0 is no pair."""
    scores = np.array(scores, float)
    worker, vacancy = np.nonzero(scores)
    edges = Edges(worker, vacancy, scores[worker, vacancy])
    return Problem(len(scores), np.array(seats), edges, **more)


def codes(problem, plan=None):
    return {row: why.code for row, why in unplaced(problem, plan or allocate(problem)).items()}


def test_a_full_post_went_to_who_is_worth_more_there_and_the_price_lies_between():
    problem = market([[9], [5], [4], [0]], [1])
    plan = allocate(problem)
    found = unplaced(problem, plan)
    assert {row: why.code for row, why in found.items()} == {1: "full", 2: "full", 3: "no_post"}
    assert (found[1].nearest, found[1].score) == (0, 5)
    assert 5 <= found[1].price <= 9


def test_of_several_posts_that_one_is_told_that_was_least_out_of_reach():
    problem = market([[9, 1], [1, 6], [4, 5]], [1, 1])
    [why] = unplaced(problem, allocate(problem)).values()
    assert (why.nearest, why.score) == (1, 5)


def test_a_seat_that_was_promised_to_others():
    problem = market([[3], [5]], [1], groups={"m": np.array([True, False])}, quotas=(Quota("m", people=1),))
    assert codes(problem) == {1: "quota"}
    assert codes(replace(problem, quotas=())) == {0: "full"}


def test_a_share_that_holds_people_back_while_seats_are_left():
    problem = market(
        [[5], [4], [3]],
        [3],
        groups={"m": np.array([True, False, False])},
        quotas=(Quota("m", share=Fraction(1, 2)),),
    )
    assert codes(problem) == {2: "share"}


def test_companions_take_seats_and_are_left_without():
    # Together 1 + 6 is more than the 4 of the one alone and nobody beside.
    couple = market([[1, 0], [0, 6], [4, 0]], [1, 1], place=np.array([0, 0]), companion=np.array([1, 0, -1]))
    assert codes(couple) == {2: "party"}
    better = market([[1, 0], [0, 6], [8, 0]], [1, 1], place=couple.place, companion=couple.companion)
    assert codes(better) == {0: "together", 1: "together"}
    apart = replace(couple, place=np.array([0, 1]))
    assert codes(apart) == {0: "companion_without_post", 1: "companion_without_post"}


def test_what_people_decided():
    problem = market([[9, 0], [5, 0], [0, 2]], [1, 1])
    changed, plan = resettle(problem, pinned=np.array([[1, 0]]))
    assert codes(changed, plan) == {0: "by_hand"}
    changed, plan = resettle(problem, kept_out=np.array([0, 2]))
    assert codes(changed, plan) == {0: "kept_out", 2: "kept_out"}
    changed, plan = resettle(problem, closed=np.array([0]))
    assert codes(changed, plan) == {0: "no_seats", 1: "no_seats"}


def test_it_agrees_with_solving_again_in_drawn_markets():
    dice = np.random.default_rng(5)
    for _ in range(40):
        scores = dice.integers(0, 9, (12, 4)) * dice.integers(0, 2, (12, 4))
        problem = market(scores, dice.integers(0, 3, 4))
        plan = allocate(problem)
        for row, why in unplaced(problem, plan).items():
            own = np.flatnonzero(scores[row])
            assert (why.code == "no_post") == (len(own) == 0)
            if len(own):
                assert (why.code == "no_seats") == (not problem.seats[own].any())
            if why.code == "full":
                # With a seat more there and with more worth than the price the person would go.
                more = problem.seats.copy()
                more[why.nearest] += 1
                worth = problem.edges.score.copy()
                worth[(problem.edges.worker == row) & (problem.edges.vacancy == why.nearest)] = why.price + 1
                better = replace(
                    problem, edges=Edges(problem.edges.worker, problem.edges.vacancy, worth), seats=more
                )
                assert allocate(better).vacancy[row] >= 0


@pytest.mark.parametrize("code", [*UNPLACED, *(code for code in NOTES if code.startswith("companion_"))])
def test_every_reason_has_a_sentence(code):
    told = one_unplaced(code, "某厂平车工", True, 0.31, 0.42)
    assert told == one_unplaced(code, None, True, 0.31, 0.42) or "要到42%才排得上，本人31%" in told
    yuan = one_unplaced("full", "某厂平车工", False, 600.2, 600.4)
    assert yuan.endswith("要到600元才排得上，本人600元，差一点")
