"""The place of each party, searched by prices, with an upper bound that holds whatever the search finds.

At given prices of seats each party's best place is the sum of its members' best there: that is exact and cheap. Prices come
from the flow; each round lets the parties choose, gives the flow only the edges of their choice, puts parties that the flow
tears apart where they can stay whole, and takes the flow's new prices. The bound is Lagrange's: for any prices, what everybody
is worth at their best, each party as one, plus the prices of all seats, is no less than any plan. Steps along the subgradient,
cleared of what runs against the step before, bring it down (Camerini, Fratta, Maffioli 1975; Polyak's length); the prices found
guide the next choice.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.allocation.case import TOP, Case
from matching.allocation.exact import choose
from matching.allocation.flow import Flow, Net, best
from matching.allocation.potentials import potentials
from matching.allocation.quotas import Settled
from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

STEPS = 90
"""Steps of the subgradient for the bound."""
ROUNDS = 12
"""Rounds of choosing, two flows each."""
ENOUGH = 1e-4
"""The search ends when the gap is no more than this part."""
PATIENCE = 10
"""Steps without a better bound before they are made shorter."""
SMALL = 8_000
"""Edges up to which a gap that is left is closed by the whole model."""
NEVER = -1e18
"""The gain of an edge that can't be used."""
TOGETHER = 20 * TOP
"""What it counts to place a member of a party that has chosen: far more than any score, so the flow tears it apart only for
want of seats."""


def arrange(case: Case, load: IntArray | None = None, shut: BoolArray | None = None) -> Settled | None:
    """The best plan found that keeps every party whole. None where a bus can't be filled."""
    alone = case.parties.of_worker[case.edges.worker] < 0
    usable = alone | (case.choices.choice_of_edge >= 0)
    if shut is not None:
        usable &= ~shut[case.edges.vacancy]
    relaxed = case.settle(usable, load=load)
    if relaxed is None or not len(case.choices):
        return relaxed
    return _Search(case, usable, load, relaxed).run()


@dataclass(slots=True)
class _Search:
    case: Case
    usable: BoolArray
    load: IntArray | None
    relaxed: Settled

    def run(self) -> Settled | None:
        case, relaxed = self.case, self.relaxed
        dual = _Dual(case, self.usable, relaxed.multiplier, relaxed.missing)
        price = potentials(relaxed.net, relaxed.flow).seat
        bound = min(relaxed.bound, dual.value(price))
        found: Settled | None = None
        tried: set[bytes] = set()
        for _ in range(ROUNDS):
            chosen = dual.choice(price)
            new = chosen.tobytes() not in tried
            if new:
                tried.add(chosen.tobytes())
                whole = self._whole(chosen)
                if whole is None:
                    break
                if found is None or self._rank(whole) > self._rank(found):
                    found = whole
                price = min((price, potentials(whole.net, whole.flow).seat), key=dual.value)
            if found is None:
                break
            low, price = dual.lowered(price, self._gain(found), STEPS)
            nothing_more = not new and low > bound * (1 - ENOUGH / 10)
            bound = min(bound, low)
            if bound - self._gain(found) <= ENOUGH * bound or nothing_more:
                break
        return self._closed(found, bound)

    def _closed(self, found: Settled | None, bound: float) -> Settled | None:
        """What the whole model adds where quotas lack people, or where a gap is left in a small market."""
        lacking = found is None or found.missing.sum() > self.relaxed.missing.sum()
        gap = 1.0 if found is None or bound <= 0 else (bound - self._gain(found)) / bound
        if lacking or (gap > ENOUGH and len(self.case.edges) <= SMALL):
            answer = choose(self.case, self.usable, self.load, ENOUGH / 2)
            whole = None if answer is None else self._whole(answer[0])
            if answer is not None and whole is not None:
                bound = min(bound, answer[1])
                if found is None or self._rank(whole) > self._rank(found):
                    found = whole
        return None if found is None else replace(found, bound=max(bound, self._gain(found)))

    def _rank(self, plan: Settled) -> tuple[int, int, float]:
        """Quotas first, then those who must follow a pinned companion, then the gain."""
        party = self.case.parties.of_worker
        follow = (party >= 0) & (plan.flow.edge >= 0)
        following = int(self.case.decided[party[follow]].sum())
        return -int(plan.missing.sum()), following, self._gain(plan)

    def _gain(self, settled: Settled) -> float:
        return float(true_gain(self.case, settled))

    def _whole(self, chosen: IntArray) -> Settled | None:
        """The plan with these choices; a party that the flow can't keep whole stays at home."""
        case = self.case
        chosen = chosen.copy()
        least, most = self.relaxed.net.least, self.relaxed.net.most
        bonus = bonus_of(case)
        for _ in range(50):
            rows = np.flatnonzero(self.usable & self._allowed(chosen))
            net = case.net(rows, least, most, bonus=bonus, load=self.load)
            flow = best(net)
            if flow is None or not self._enough(flow):
                settled = case.settle(rows, bonus=bonus, load=self.load)
                if settled is None:
                    return None
            else:
                settled = replace(self.relaxed, net=net, flow=flow)
            torn = self._torn(settled.flow)
            if not len(torn):
                return settled
            chosen[torn] = -1
        return None

    def _enough(self, flow: Flow) -> bool:
        """Whether the quotas are met as far as they were without companions."""
        needs, gone = self.case.needs, flow.edge >= 0
        counts = needs.of_kind[self.case.kind[gone]].sum(axis=0) + needs.had
        asked = needs.asked(int(gone.sum()) + needs.had_all)
        return bool((counts + self.relaxed.missing >= asked).all())

    def _allowed(self, chosen: IntArray) -> BoolArray:
        party = self.case.parties.of_worker[self.case.edges.worker]
        allowed: BoolArray = (party < 0) | (
            (self.case.choices.choice_of_edge >= 0) & (self.case.choices.choice_of_edge == chosen[party])
        )
        return allowed

    def _torn(self, flow: Flow) -> IntArray:
        """Parties of whom some go and some don't."""
        party = self.case.parties.of_worker
        gone = np.bincount(party[(flow.edge >= 0) & (party >= 0)], minlength=len(self.case.parties))
        return np.flatnonzero((gone > 0) & (gone < self.case.parties.size))


def bonus_of(case: Case) -> IntArray:
    """What the flow is promised for each worker who is in a party; ten times as much for one who follows a pinned companion."""
    party = case.parties.of_worker
    if not len(case.choices):
        return np.zeros(len(party), np.int64)
    follows = (party >= 0) & case.decided[party]
    bonus: IntArray = np.where(party >= 0, np.where(follows, 10 * TOGETHER, TOGETHER), 0)
    return bonus


def true_gain(case: Case, settled: Settled) -> int:
    """The gain without the bonus for staying together."""
    gone = np.flatnonzero(settled.flow.edge >= 0)
    return int(settled.net.gain[settled.flow.edge[gone]].sum() - bonus_of(case)[gone].sum())


def without_parties(case: Case, settled: Settled) -> tuple[Net, Flow]:
    """What is left of a plan when the parties sit where it puts them: a best flow of everybody else, whose prices no bonus swells."""
    net, flow = settled.net, settled.flow
    if not len(case.choices):
        return net, flow
    member = case.parties.of_worker >= 0
    seated = np.flatnonzero(member & (flow.edge >= 0))
    there = net.vacancy[flow.edge[seated]]
    rows = np.flatnonzero(~member[net.worker])
    number = np.full(len(net.worker) + 1, -1, np.int64)
    number[rows] = np.arange(len(rows))
    load = net.load
    if load is not None and net.bus is not None:
        load = np.maximum(load - np.bincount(net.bus[there] + 1, minlength=len(load) + 1)[1:], 0)
    rest = replace(
        net,
        worker=net.worker[rows],
        vacancy=net.vacancy[rows],
        gain=net.gain[rows],
        seats=net.seats - np.bincount(there, minlength=len(net.seats)),
        least=np.maximum(net.least - np.bincount(net.kind[seated], minlength=len(net.least)), 0),
        most=None if net.most is None else net.most - len(seated),
        load=load,
    )
    # Members at home stay out of the count of their kind: none of their edges is left.
    edge = number[np.where(member, -1, flow.edge)]
    return rest, replace(flow, edge=edge)


class _Dual:
    """Lagrange's bound over the prices of seats, at fixed multipliers of the quotas."""

    def __init__(self, case: Case, usable: BoolArray, multiplier: FloatArray, slack: IntArray) -> None:
        self.case = case
        bonus = np.zeros(case.problem.workers)
        self.constant = 0.0
        needs = case.needs
        for quota, value in enumerate(multiplier.tolist()):
            share, people = needs.share[quota], needs.people[quota]
            part = float(share) if share is not None else 0.0
            bonus += value * (needs.of_kind[case.kind, quota] - part)
            wanted = people if people is not None else part * needs.had_all
            self.constant -= value * (wanted - float(needs.had[quota]) - float(slack[quota]))
        self.gain = np.where(usable, case.gain + bonus[case.edges.worker], NEVER)
        alone = np.flatnonzero(usable & (case.parties.of_worker[case.edges.worker] < 0))
        self.who, self.vacancy, self.mine = (
            case.edges.worker[alone],
            case.edges.vacancy[alone],
            self.gain[alone],
        )
        self.starts = np.flatnonzero(np.diff(self.who, prepend=-1))
        self.edges_each = np.diff(np.r_[self.starts, len(alone)])
        options = case.choices
        self.options_gain, self.options_vacancy = self.gain[options.rows], case.edges.vacancy[options.rows]
        self.options_each = np.diff(np.r_[options.starts, len(options.rows)])

    def choice(self, price: FloatArray) -> IntArray:
        """Each party's best choice at these prices."""
        worth = self.case.choices.worth(self.gain - price[self.case.edges.vacancy])
        return self.case.choices.best(worth, len(self.case.parties), self.case.decided)

    def value(self, price: FloatArray) -> float:
        """The bound at these prices (those below zero count as zero)."""
        return self._at(np.maximum(price, 0.0))[0]

    def lowered(self, price: FloatArray, floor: float, steps: int) -> tuple[float, FloatArray]:
        """The least bound on the way of so many steps, and its prices; `floor` is what the bound may come down to."""
        price = np.maximum(price, 0.0)
        least, there = np.inf, price
        length, stuck = 1.0, 0
        way = np.zeros(len(price))
        for _ in range(steps):
            value, slope = self._at(price)
            if value < least:
                least, there, stuck = value, price, 0
            else:
                stuck += 1
                if stuck == PATIENCE:
                    length, stuck = 0.6 * length, 0
            # A seat that nobody wants at price 0 says nothing; counted in, it would make every step tiny.
            slope = np.where((price <= 0) & (slope > 0), 0.0, slope)
            against = float(way @ slope)
            way = slope - against / float(way @ way) * way if against < 0 else slope
            norm = float(way @ way)
            if norm == 0 or least - floor <= ENOUGH / 2 * least:
                break
            price = np.maximum(price - length * max(value - floor, 1.0) / norm * way, 0.0)
        return least, there

    def _at(self, price: FloatArray) -> tuple[float, FloatArray]:
        """The bound and its slope: free seats less those that everybody would take."""
        case, options = self.case, self.case.choices
        value = float(case.seats @ price) + self.constant
        demand = np.zeros(len(price))
        if len(self.mine):
            net = self.mine - price[self.vacancy]
            best = np.maximum.reduceat(net, self.starts)
            value += float(best[best > 0].sum())
            rows = _first_at(net, best, self.edges_each)
            demand += np.bincount(self.vacancy[rows[best > 0]], minlength=len(price))
        net = self.options_gain - price[self.options_vacancy]
        best = np.maximum.reduceat(net, options.starts)
        worth = np.bincount(options.member_of, best, minlength=len(options)).astype(np.float64)
        chosen = options.best(worth, len(case.parties))
        chosen = chosen[chosen >= 0]
        value += float(worth[chosen].sum())
        going = np.zeros(len(options), np.bool_)
        going[chosen] = True
        rows = _first_at(net, best, self.options_each)[going[options.member_of]]
        demand += np.bincount(self.options_vacancy[rows], minlength=len(price))
        return value, case.seats - demand


def _first_at(values: FloatArray, best: FloatArray, each: IntArray) -> IntArray:
    """Of each stretch (`each` values long) the first position of its best."""
    at = np.flatnonzero(values == np.repeat(best, each))
    stretch = np.repeat(np.arange(len(each)), each)[at]
    first: IntArray = at[np.diff(stretch, prepend=-1) > 0]
    return first
