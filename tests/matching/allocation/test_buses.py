"""Buses to places: which posts each leads to, what becomes of it, and what is told of who needed it."""

from dataclasses import replace

import numpy as np
import pytest

from matching.allocation.buses import Bus, buses_to
from matching.allocation.plan import allocate, resettle
from matching.allocation.problem import Edges, Problem
from matching.allocation.unplaced import unplaced
from matching.allocation.words import bus_words
from matching.regions import in_common

TONGZHOU, HAIMEN, NANTONG, HOME = 320612000000, 320614000000, 320600000000, 610728000000


def market(scores, seats, regions, buses, **more):
    """Everybody by everywhere, with buses to these codes."""
    scores = np.array(scores, float)
    worker, vacancy = np.nonzero(scores)
    place = in_common(np.array(regions))
    edges = Edges(worker, vacancy, scores[worker, vacancy])
    return Problem(len(scores), np.array(seats), edges, place=place, buses=buses_to(place, buses), **more)


def test_the_narrower_destination_has_the_post():
    place = in_common(np.array([TONGZHOU, HAIMEN, NANTONG, HOME, 320000000000]))
    buses = buses_to(place, [("32", 9), ("320612", 5), ("3206", 7)])
    # What is known no better than to the province is nowhere in common.
    assert buses.of_vacancy.tolist() == [1, 2, 2, -1, -1]
    assert buses.least.tolist() == [9, 5, 7]
    assert buses_to(place, []) is None


def test_a_bus_goes_full_enough_or_not_and_the_rest_is_planned_around_it():
    # Three want Tongzhou a little; at home there is one seat.
    scores = [[5, 6], [5, 6], [4, 5]]
    goes = allocate(market(scores, [3, 1], [TONGZHOU, HOME], [("320612", 2)]))
    assert goes.buses == (Bus(2, 1, 2, filled=False),)
    assert sorted(goes.vacancy.tolist()) == [0, 0, 1]
    stays = market(scores, [3, 1], [TONGZHOU, HOME], [("320612", 4)])
    plan = allocate(stays)
    assert plan.buses == (Bus(4, 1, 0, filled=False),)
    assert sorted(plan.vacancy.tolist()) == [-1, -1, 1]
    assert {why.code for why in unplaced(stays, plan).values()} == {"full"}
    away = market([[5], [5]], [2], [TONGZHOU], [("3206", 3)])
    assert {why.code for why in unplaced(away, allocate(away)).values()} == {"bus"}


def test_who_stayed_at_home_may_be_sent_so_that_a_bus_goes():
    scores = [[9, 0], [9, 0], [5, 6]]
    plan = allocate(market(scores, [3, 1], [TONGZHOU, HOME], [("320612", 3)]))
    assert plan.buses == (Bus(3, 1, 3, filled=True),)
    assert plan.total == pytest.approx(23)


def test_companions_who_need_a_bus_that_does_not_go_are_told_so():
    couple = market([[5], [5]], [2], [TONGZHOU], [("320612", 3)], companion=np.array([1, 0]))
    assert {why.code for why in unplaced(couple, allocate(couple)).values()} == {"bus"}
    free = replace(couple, buses=None)
    assert (allocate(free).vacancy == 0).all()


def test_somebody_put_there_by_hand_goes_and_the_bus_is_told_to_be_short():
    problem = market([[5], [5]], [2], [TONGZHOU], [("320612", 3)])
    _, plan = resettle(problem, pinned=np.array([[0, 0]]))
    assert plan.vacancy[0] == 0
    assert 0 < plan.buses[0].aboard < 3
    assert "还不够" in bus_words("南通市通州区", plan.buses[0])


@pytest.mark.parametrize(
    ("bus", "said"),
    [
        (Bus(30, 0, 0, filled=False), "那边没有可以安排的岗位"),
        (Bus(30, 4, 0, filled=False), "凑不够，这次不去"),
        (Bus(30, 4, 41, filled=False), "坐41人"),
        (Bus(30, 4, 30, filled=True), "为了坐够多安排了人到那边"),
    ],
)
def test_what_is_said_of_a_bus(bus, said):
    assert bus_words("南通市通州区", bus).startswith("去南通市通州区的包车（至少30人）")
    assert bus_words("南通市通州区", bus).endswith(said) or said in bus_words("南通市通州区", bus)
