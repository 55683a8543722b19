"""A bus goes with its least load or not at all: which go is decided bus by bus, what is then best is exact.

Whether to fill a bus or to leave it is a yes or no that no flow can find. Buses that the best plan leaves below their least are
taken one after the other, the fullest first; for each both ways are solved without the companions, and the better one stays.
The bound is that of the plan without the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching import regions
from matching.allocation.case import Case
from matching.allocation.problem import Buses
from matching.allocation.quotas import Settled
from matching.allocation.together import arrange
from matching.columns import BoolArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Driven:
    """A plan with its buses; `filled` are the ones that some are sent to for the sake of their least."""

    plan: Settled
    filled: IntArray


@dataclass(frozen=True, slots=True)
class Bus:
    """What became of a bus: its least, how many posts it leads to, how many go by it, and whether some were sent there to fill it."""

    least: int
    posts: int
    aboard: int
    filled: bool


def buses_to(place: IntArray, asked: Sequence[tuple[str, int]]) -> Buses | None:
    """Buses to these destinations (a code of a county or of what it lies in, and the least people), for the posts of a problem.

    Parameters
    ----------
    place : as `Problem.place`, `regions.in_common` of each post. Of two destinations the narrower has the post.
    """
    if not asked:
        return None
    codes = regions.padded_county(place)
    of = np.full(len(place), -1, np.int64)
    for at in sorted(range(len(asked)), key=lambda at: len(asked[at][0])):
        first, last = regions.span(regions.padded(asked[at][0]))
        of[(codes >= first) & (codes <= last)] = at
    return Buses(of, np.array([least for _, least in asked], np.int64))


def aboard(buses: Buses, vacancy: IntArray) -> IntArray:
    """How many go by each bus, where everybody goes to `vacancy` (rows, -1 nowhere)."""
    return np.bincount(buses.of_vacancy[vacancy[vacancy >= 0]] + 1, minlength=len(buses.least) + 1)[1:]


def told(buses: Buses | None, driven: Driven, vacancy: IntArray) -> tuple[Bus, ...]:
    """What became of each."""
    if buses is None:
        return ()
    posts = np.bincount(buses.of_vacancy + 1, minlength=len(buses.least) + 1)[1:]
    each = zip(buses.least.tolist(), posts.tolist(), aboard(buses, vacancy).tolist(), strict=True)
    return tuple(Bus(*numbers, filled=bool((driven.filled == at).any())) for at, numbers in enumerate(each))


def drive(case: Case) -> Driven:
    """The best plan found; without buses simply that of `arrange`."""
    buses = case.problem.buses
    plan = arrange(case)
    if plan is None:
        raise ValueError("a plan without buses can always be made")
    if buses is None or not len(buses.least):
        return Driven(plan, np.empty(0, np.int64))
    bound = plan.bound
    pinned = aboard(buses, case.pinned)
    least = np.maximum(buses.least - pinned, 0)
    load = np.zeros_like(least)
    left = np.zeros(len(least), np.bool_)
    while True:
        loads = _loads(case, plan)
        below = np.flatnonzero((loads + pinned > 0) & (loads < least) & ~left & (load == 0))
        if not len(below):
            break
        bus = int(below[np.lexsort((below, -(loads[below] / least[below])))][0])
        filled, closed = load.copy(), left.copy()
        filled[bus], closed[bus] = least[bus], True
        full, empty = _quickly(case, filled, left), _quickly(case, load, closed)
        # Somebody is pinned to this bus: it goes if it can be filled at all.
        if full is not None and (empty is None or pinned[bus] > 0 or _rank(full) > _rank(empty)):
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
    return Driven(replace(plan, bound=bound), np.flatnonzero(load))


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
    return aboard(buses, plan.net.vacancy[plan.flow.edge[plan.flow.edge >= 0]])
