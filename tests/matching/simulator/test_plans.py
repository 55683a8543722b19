"""What plans are worth, and that none is worth more than the best one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.simulator.judging import judge, value_of_plan, worth
from matching.simulator.oracle import best
from matching.simulator.places import IntArray
from matching.simulator.queue import by_chance, first_come
from matching.simulator.truth import Truth, edges, true_pairs
from matching.simulator.worlds import WORLDS

from .conftest import small
from .given import Given

HALF = [[0.5, 0.25], [0.4, 0.0], [0.3, 0.2]]


def test_each_row_is_worth_its_chance() -> None:
    found = value_of_plan(Given(HALF, [2, 1]), [("w1", "v1"), ("w2", "v1"), ("w3", "v2")])
    assert (found.placed, found.faults) == (3, {})
    assert found.stable == pytest.approx(0.5 + 0.4 + 0.2)
    assert found.high - found.stable == pytest.approx(1.959964 * (0.25 + 0.24 + 0.16) ** 0.5)


@pytest.mark.parametrize(
    ("rows", "stable", "fault"),
    [
        ([("w1", "v1"), ("w2", "v1"), ("w3", "v1")], 0.9, "no_seat"),
        ([("w1", "v1"), ("w1", "v2")], 0.5, "twice"),
        ([("w1", "v1"), ("w2", "v2")], 0.5, "ineligible"),
        ([("w1", "v1"), ("w9", "v1")], 0.5, "unknown_worker"),
        ([("w1", "v1"), ("w2", "v9")], 0.5, "unknown_vacancy"),
    ],
)
def test_a_row_that_may_not_be_counts_for_nothing(
    rows: list[tuple[str, str]], stable: float, fault: str
) -> None:
    found = value_of_plan(Given(HALF, [2, 1]), rows)
    assert found.stable == pytest.approx(stable)
    assert found.faults == {fault: 1}


def test_companions_in_two_counties_count_for_nothing_and_in_one_for_both() -> None:
    truth = Given([[0.5, 0.4, 0.3]] * 3, [1, 1, 1], companions=[1, 0, -1], county=[1, 2, 1])
    apart = value_of_plan(truth, [("w1", "v1"), ("w2", "v2"), ("w3", "v3")])
    assert (apart.stable, apart.faults) == (pytest.approx(0.3), {"companion": 2})
    alone = value_of_plan(truth, [("w1", "v1"), ("w3", "v3")])
    assert (alone.stable, alone.faults) == (pytest.approx(0.3), {"companion": 1})
    both = value_of_plan(truth, [("w1", "v1"), ("w2", "v3"), ("w3", "v2")])
    assert (both.stable, both.faults) == (pytest.approx(0.5 + 0.3 + 0.4), {})


def test_no_rows_are_worth_nothing() -> None:
    assert value_of_plan(Given(HALF, [2, 1]), []).stable == 0.0


def test_first_come_takes_the_liked_one_and_the_next_what_is_left() -> None:
    truth = Given(
        [[0.1, 0.9], [0.1, 0.9], [0.1, 0.9]],
        [1, 1],
        utility=[[200, 100], [300, 100], [50, -1]],
        available=[5, 3, 1],
    )
    # w3 first: v1; w2: v1 is gone, v2; w1: nothing is left.
    assert first_come(truth, edges(truth)).tolist() == [-1, 1, 0]
    truth = Given([[0.5, 0.5]], [1, 1], utility=[[-10, -20]])
    assert first_come(truth, edges(truth)).tolist() == [-1]


def test_first_come_takes_a_county_for_both() -> None:
    truth = Given(
        [[0.5] * 3] * 2,
        [1, 1, 1],
        companions=[1, 0],
        county=[1, 2, 2],
        utility=[[900, 300, 100], [900, 200, 100]],
    )
    # In the first county there is one seat; in the second 300 + 100 = 400 is more than 100 + 200.
    assert first_come(truth, edges(truth)).tolist() == [1, 2]


def exhaustive(truth: Given) -> float:
    """The best of all plans, each looked at."""
    choices = [range(-1, len(truth.seats))] * len(truth)
    found = 0.0
    for plan in product(*choices):
        rows = [(f"w{w + 1}", f"v{v + 1}") for w, v in enumerate(plan) if v >= 0]
        valued = value_of_plan(truth, rows)
        if not valued.faults:
            found = max(found, valued.stable)
    return found


def test_the_best_plan_forgoes_the_best_pair() -> None:
    truth = Given([[0.5, 0.45], [0.4, 0.0]], [1, 1])
    found = best(truth, edges(truth))
    assert found.vacancy.tolist() == [1, 0] and found.value == pytest.approx(0.85)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000))
def test_the_best_plan_is_the_best_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stable = np.where(rng.random((4, 3)) < 0.25, 0.0, rng.uniform(0.05, 0.9, (4, 3)))
    truth = Given(stable, [1, 2, 1], companions=[1, 0, -1, -1], county=[0, 0, 1])
    found = best(truth, edges(truth))
    assert found.value == pytest.approx(exhaustive(truth), abs=1e-5)
    assert found.bound >= found.value - 1e-9


def valid(truth: Truth, plan: IntArray) -> None:
    rows = [(truth.worker_ids[w], truth.vacancy_ids[v]) for w, v in enumerate(plan) if v >= 0]
    found = value_of_plan(truth, rows)
    assert found.faults == {} and found.placed == len(rows)
    assert found.stable == pytest.approx(worth(truth, plan).stable)
    assert (np.bincount(plan[plan >= 0], minlength=len(truth.seats)) <= truth.seats).all()


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("seed", [0, 1])
def test_no_plan_beats_the_best_one(world: str, seed: int) -> None:
    truth = Truth(small(world, seed))
    edge = edges(truth)
    found = best(truth, edge)
    valid(truth, found.vacancy)
    queue = first_come(truth, edge)
    valid(truth, queue)
    assert worth(truth, queue).stable <= found.value + 1e-6
    rng = np.random.default_rng(seed)
    for _ in range(5):
        drawn = by_chance(truth, edge, rng)
        valid(truth, drawn)
        assert worth(truth, drawn).stable <= found.value + 1e-6
    assert found.value == pytest.approx(worth(truth, found.vacancy).stable)
    assert found.value <= found.bound + 1e-6


def test_a_verdict_sets_the_plan_between_the_others() -> None:
    truth = Truth(small("companions"))
    edge = edges(truth)
    top, queue = best(truth, edge).vacancy, first_come(truth, edge)

    def rows(plan: IntArray) -> list[tuple[str, str]]:
        return [(truth.worker_ids[w], truth.vacancy_ids[v]) for w, v in enumerate(plan) if v >= 0]

    of_best = judge(truth, rows(top), draws=5)
    assert of_best.share_of_oracle == pytest.approx(1) and of_best.share_of_gain == pytest.approx(1)
    of_queue = judge(truth, rows(queue), draws=5)
    assert of_queue.share_of_gain == pytest.approx(0) and of_queue.share_of_oracle < 1
    mean, low, high = of_best.chance
    assert low <= mean <= high < of_best.oracle.stable
    assert judge(truth, [], draws=5).chance == of_best.chance


def test_pairs_are_the_same_alone_and_in_blocks() -> None:
    made = small("drift")
    truth = Truth(made)
    parts = [true.stable for _, true in truth.blocks(7)]
    w, v = np.indices((len(truth), len(truth.posts))).reshape(2, -1)
    alone = true_pairs("drift", 0, w, v, made.sizes)
    assert (np.concatenate(parts).ravel() == alone.stable).all()
    assert ((alone.stay_180 < alone.stay_90) & (alone.stay_90 < 1) & (alone.p_hire < 1)).all()
