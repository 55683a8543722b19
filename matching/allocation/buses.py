"""A bus goes with its least load or not at all: which go is decided bus by bus, what is then best is exact.

Whether to fill a bus or to leave it is a yes or no that no flow can find. Buses that the best plan leaves below their least are
taken one after the other, the fullest first; for each both ways are solved without the companions, and the better one stays.
The bound is that of the plan without the rule.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.allocation.case import Case
from matching.allocation.quotas import Settled
from matching.allocation.together import arrange
from matching.columns import BoolArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Driven:
    """A plan with its buses: the ones filled for their least, and the ones that don't go."""

    plan: Settled
    filled: IntArray
    left: IntArray


def drive(case: Case) -> Driven:
    """The best plan found; without buses simply that of `arrange`."""
    buses = case.problem.buses
    plan = arrange(case)
    none = np.empty(0, np.int64)
    if plan is None:
        raise ValueError("a plan without buses can always be made")
    if buses is None or not len(buses.least):
        return Driven(plan, none, none)
    bound = plan.bound
    pinned = case.pinned[case.pinned >= 0]
    aboard = np.bincount(buses.of_vacancy[pinned] + 1, minlength=len(buses.least) + 1)[1:]
    least = np.maximum(buses.least - aboard, 0)
    load = np.zeros_like(least)
    left = np.zeros(len(least), np.bool_)
    while True:
        loads = _loads(case, plan)
        below = np.flatnonzero((loads + aboard > 0) & (loads < least) & ~left & (load == 0))
        if not len(below):
            break
        bus = int(below[np.lexsort((below, -(loads[below] / least[below])))][0])
        filled, closed = load.copy(), left.copy()
        filled[bus], closed[bus] = least[bus], True
        full, empty = _quickly(case, filled, left), _quickly(case, load, closed)
        # Somebody is pinned to this bus: it goes if it can be filled at all.
        if full is not None and (empty is None or aboard[bus] > 0 or _rank(full) > _rank(empty)):
            load = filled
        else:
            left = closed
        again = arrange(case, load, _shut(case, left))
        if again is None:
            # The companions leave too few for a bus that was to be filled: it doesn't go.
            left |= load > 0
            load = np.where(left, 0, load)
            again = arrange(case, load, _shut(case, left))
        if again is None:
            raise ValueError("a plan without buses can always be made")
        plan = again
    return Driven(replace(plan, bound=bound), np.flatnonzero(load), np.flatnonzero(left))


def _quickly(case: Case, load: IntArray, left: BoolArray) -> Settled | None:
    alone_or_full = (case.parties.of_worker[case.edges.worker] < 0) | (case.choices.choice_of_edge >= 0)
    shut = _shut(case, left)
    return case.settle(alone_or_full & ~shut[case.edges.vacancy], load=load)


def _rank(plan: Settled) -> tuple[int, int]:
    return -int(plan.missing.sum()), plan.flow.gain


def _shut(case: Case, left: BoolArray) -> BoolArray:
    buses = case.problem.buses
    if buses is None:
        return np.zeros(len(case.seats), np.bool_)
    shut: BoolArray = (buses.of_vacancy >= 0) & left[buses.of_vacancy]
    return shut


def _loads(case: Case, plan: Settled) -> IntArray:
    buses = case.problem.buses
    if buses is None:
        return np.empty(0, np.int64)
    gone = plan.net.vacancy[plan.flow.edge[plan.flow.edge >= 0]]
    return np.bincount(buses.of_vacancy[gone] + 1, minlength=len(buses.least) + 1)[1:]
