"""The place of each party, searched by prices, with an upper bound that holds whatever the search finds.

At given prices of seats each party's best place is the sum of its members' best there: that is exact and cheap. Prices come
from the flow; each round lets the parties choose, gives the flow only the edges of their choice, puts parties that the flow
tears apart where they can stay whole, and takes the flow's new prices. The prices that bring down the bound (`dual.py`)
guide the next choice. In a large market all this looks only at each worker's best edges at the prices without parties; the
choices found are then solved over all edges, and the bound is one over all.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.allocation.case import TOP, Case
from matching.allocation.dual import ENOUGH, Dual
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
SEARCHED = 8
"""Edges of a worker (of a member at each place of its party) that the search looks at; what it finds is solved over all."""
RAISED = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64)
"""By what part the prices of the quotas are raised, one after the other, while too few parties choose to go."""
FIRST = 1e-4
"""By what part the bound is first tried to be brought down, before anything is found to compare with."""
AS_BEFORE = 3e-4
"""The parties stay where they stood before, where that leaves a gap of no more than this part."""
FAIR, STALLED = 5e-4, 0.7
"""It also ends when two rounds have left more than `STALLED` of a gap below `FAIR`."""
SMALL = 8_000
"""Edges up to which a gap that is left is closed by the whole model."""
TOGETHER = 20 * TOP
"""What it counts to place a member of a party that has chosen: far more than any score, so the flow tears it apart only for
want of seats."""


def arrange(case: Case, load: IntArray | None = None, shut: BoolArray | None = None) -> Settled | None:
    """The best plan found that keeps every party whole. None where a bus can't be filled."""
    alone = case.parties.of_worker[case.edges.worker] < 0
    usable = alone | (case.choices.choice_of_edge >= 0)
    if shut is not None:
        usable &= ~shut[case.edges.vacancy]
    if not len(case.choices):
        return case.settle(usable, load=load)
    search = _searched(case, usable, load)
    return None if search is None else search.run()


def _searched(case: Case, usable: BoolArray, load: IntArray | None) -> "_Search | None":
    """The search, with the plan that it begins at: that without parties, in a large market only near its prices without quotas."""
    if len(case.edges) > SMALL:
        price = _near(case, usable, load)
        if price is None:
            return None
        few = case.narrowed(usable, case.gain - price[case.edges.vacancy], SEARCHED)
        relaxed = few.settle(np.ones(len(few.edges), np.bool_), load=load)
        # Who is lacking there may be found elsewhere.
        if relaxed is not None and not relaxed.missing.any():
            return _Search(case, usable, load, replace(relaxed, bound=np.inf), few)
    whole = case.settle(usable, load=load)
    return None if whole is None else _Search(case, usable, load, whole, case)


def _near(case: Case, usable: BoolArray, load: IntArray | None) -> FloatArray | None:
    """Prices of the seats to begin at: those that are known, or else of the plan without parties and quotas."""
    if case.problem.near is not None:
        return case.problem.near * case.scale
    net = case.net(usable, np.zeros(len(case.needs.of_kind), np.int64), None, load=load)
    flow = best(net)
    return None if flow is None else potentials(net, flow).seat.astype(np.float64)


@dataclass(slots=True)
class _Search:
    case: Case
    usable: BoolArray
    load: IntArray | None
    relaxed: Settled
    few: Case

    def run(self) -> Settled | None:
        case, relaxed = self.case, self.relaxed
        dual = Dual(case, self.usable, relaxed.missing)
        at = np.r_[potentials(relaxed.net, relaxed.flow).seat, relaxed.multiplier]
        bound = min(relaxed.bound, dual.value(at))
        search, near = self, dual
        if self.few is not case:
            search = replace(self, case=self.few, usable=np.ones(len(self.few.edges), np.bool_))
            near = Dual(self.few, search.usable, relaxed.missing)
        found, chosen, at = search.by_prices(near, bound, at)
        if found is not None and search is not self:
            found = self._whole(chosen)
        made = self._closed(found, min(bound, dual.value(at)))
        # With companions one more person of a group may need others' seats too: the bound's price says what that costs.
        held = np.isfinite(relaxed.price)
        return None if made is None else replace(made, price=np.where(held, at[dual.posts :], relaxed.price))

    def by_prices(
        self, dual: Dual, bound: float, at: FloatArray
    ) -> tuple[Settled | None, IntArray, FloatArray]:
        """The best plan found, who chose what in it, and the prices of the least bound."""
        found: Settled | None = None
        made = np.full(len(self.case.parties), -1, np.int64)
        tried: set[bytes] = set()
        stood = self._stood()
        if stood is not None:
            found, made = self._whole(stood, settle=False), stood
        floor = (1 - FIRST) * bound if found is None else self._gain(found)
        low, at = dual.lowered(dual.shifted(at), floor, STEPS)
        bound = min(bound, low)
        if found is not None and bound - self._gain(found) <= AS_BEFORE * bound:
            return found, np.where(self._going(found.flow) > 0, made, -1), at
        gaps: list[float] = []
        for _ in range(ROUNDS):
            chosen = dual.choice(at)
            new = chosen.tobytes() not in tried
            if new:
                tried.add(chosen.tobytes())
                chosen, whole = self._reached(dual, at)
                if whole is None:
                    break
                if found is None or self._rank(whole) > self._rank(found):
                    found, made = whole, chosen
                there = np.r_[potentials(whole.net, whole.flow).seat, whole.multiplier]
                at = min((at, there), key=dual.value)
            if found is None:
                break
            low, at = dual.lowered(dual.shifted(at), self._gain(found), STEPS)
            nothing_more = not new and low > bound * (1 - ENOUGH / 10)
            bound = min(bound, low)
            gaps.append((bound - self._gain(found)) / max(bound, 1.0))
            stalled = len(gaps) > 2 and gaps[-1] > STALLED * gaps[-3] and gaps[-1] < FAIR
            if gaps[-1] <= ENOUGH or nothing_more or stalled:
                break
        if found is not None:
            made = np.where(self._going(found.flow) > 0, made, -1)
        return found, made, at

    def _stood(self) -> IntArray | None:
        """The choices by which the parties stand where they stood before; None where nobody says so."""
        before, places, options = self.case.problem.before, self.case.problem.place, self.case.choices
        if before is None or places is None:
            return None
        party = self.case.parties.of_worker
        there = np.flatnonzero((before >= 0) & (party >= 0))
        place = np.full(len(self.case.parties), -1, np.int64)
        place[party[there]] = places[before[there]]
        has, at = np.zeros(len(place), np.bool_), options.party
        has[party[there]] = True
        # Who follows a pinned companion has one place only.
        rows = np.flatnonzero((has[at] & (options.place == place[at])) | self.case.decided[at])
        stood = np.full(len(place), -1, np.int64)
        stood[at[rows]] = rows
        return stood

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

    def _reached(self, dual: Dual, at: FloatArray) -> tuple[IntArray, Settled | None]:
        """The choices at these prices and the plan with them. Where the quotas then lack people, what they pay is raised until
        parties enough have chosen to go: a share would rather be met by fewer placements."""
        chosen = dual.choice(at)
        for part in RAISED if at[dual.posts :].any() else ():
            raised = dual.choice(np.r_[at[: dual.posts], (1 + part) * at[dual.posts :]])
            plan = self._whole(raised, settle=False)
            if plan is not None:
                return raised, plan
        return chosen, self._whole(chosen)

    def _whole(self, chosen: IntArray, *, settle: bool = True) -> Settled | None:
        """The plan with these choices; a party that the flow can't keep whole stays at home. With `settle` off only one that
        meets the quotas by the numbers of the plan without parties."""
        case = self.case
        chosen = chosen.copy()
        least, most = self.relaxed.net.least, self.relaxed.net.most
        bonus = bonus_of(case)
        for _ in range(50):
            rows = np.flatnonzero(self.usable & self._allowed(chosen))
            net = case.net(rows, least, most, bonus=bonus, load=self.load)
            flow = best(net)
            if flow is not None and self._enough(flow):
                settled: Settled | None = replace(self.relaxed, net=net, flow=flow)
            else:
                settled = case.settle(rows, bonus=bonus, load=self.load) if settle else None
            if settled is None:
                return None
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
        gone = self._going(flow)
        return np.flatnonzero((gone > 0) & (gone < self.case.parties.size))

    def _going(self, flow: Flow) -> IntArray:
        party = self.case.parties.of_worker
        return np.bincount(party[(flow.edge >= 0) & (party >= 0)], minlength=len(self.case.parties))


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
