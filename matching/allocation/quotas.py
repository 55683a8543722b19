"""Quotas, overlapping ones and shares too, exactly.

Workers who belong to the same groups are of one kind; kinds are disjoint, so for given least numbers of each kind and a given
most of placements the flow is exact (`flow.py`). What remains is which least numbers r (and, where a quota is a share of the
placements, which most N) to give: any r with Σ r over the kinds in a group ≥ its quota, a share p asking for p·N. The flow's
value is concave in (r, N), and its prices say how it falls: every solved flow gives a plane above it. So the best (r, N) under
all planes is asked for, the flow is solved there, its plane is added, until the planes say that nothing better is left
(Kelley's cutting planes; r that can't be reached gives a plane that says so, as in Benders' decomposition). The question
under the planes has at most 16 integers and goes to HiGHS through scipy. Everything is deterministic.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.allocation.flow import Flow, Net, best
from matching.allocation.potentials import Potentials, bounded, potentials
from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

ROUNDS = 60
"""Flows solved at most in one search; what is left then is reported as the gap."""
EDGES_IN_ALL = 16_000_000
FEWEST = 6
"""Of a large market only so many as have so many edges in all, and `FEWEST` at least; more where the quotas aren't met by then."""
CLOSE = 1e-7
"""The search ends when the planes leave no more than this part of the value."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What must hold of the counts: for each quota Σ counts of its kinds + `had` ≥ people, or ≥ share · (all + `had_all`)."""

    of_kind: BoolArray
    """kinds × quotas."""
    people: tuple[int | None, ...]
    share: tuple[Fraction | None, ...]
    had: IntArray
    """Pinned people of each quota's group."""
    had_all: int

    def asked(self, placed: int) -> IntArray:
        """The number each quota asks for where `placed` people are placed altogether."""
        return np.array(
            [
                people if people is not None else -int(-(share or Fraction(0)) * placed // 1)
                for people, share in zip(self.people, self.share, strict=True)
            ],
            np.int64,
        )

    @property
    def shares(self) -> bool:
        """Whether one of them is a share."""
        return any(share is not None for share in self.share)


@dataclass(frozen=True, slots=True)
class Settled:
    """The best flow found, the net it is a flow of, and what is known of it."""

    net: Net
    flow: Flow
    bound: float
    """No plan has a greater gain."""
    price: FloatArray
    """What one more person costs, for each quota, in the unit of the gains; inf where there is nobody more."""
    multiplier: FloatArray
    """Finite dual values of the quotas, in the unit of the gains."""
    missing: IntArray
    """How many people each quota is short of; the least in all."""
    flows: int


def kinds(masks: Sequence[BoolArray], workers: int) -> tuple[IntArray, BoolArray]:
    """The kind of each worker, and kinds × groups: which groups a kind belongs to."""
    code = np.zeros(workers, np.int64)
    for bit, mask in enumerate(masks):
        code |= mask.astype(np.int64) << bit
    codes, kind = np.unique(code, return_inverse=True)
    if not len(codes):
        codes = np.zeros(1, np.int64)
    return kind, (codes[:, None] >> np.arange(len(masks)) & 1).astype(np.bool_)


def settle(net_of: Callable[[IntArray, int | None], Net], needs: Needs, unit: float) -> Settled | None:
    """The plan of the greatest gain that meets the quotas, or misses them by the fewest people.

    `net_of(least, most)` is the net under these numbers; `unit` about one person's gain. None where a bus can't be filled.
    """
    none = np.zeros(len(needs.of_kind), np.int64)
    free = net_of(none, None)
    flow = best(free)
    if flow is None:
        return None
    if not needs.people:
        return Settled(free, flow, flow.gain, np.empty(0), np.empty(0), np.empty(0, np.int64), 1)
    return _Search(net_of, needs, unit, free, flow).run()


@dataclass(slots=True)
class _Search:
    net_of: Callable[[IntArray, int | None], Net]
    needs: Needs
    unit: float
    free: Net
    flow: Flow
    planes: list[tuple[float, FloatArray]] = field(default_factory=list)
    """(a, b): value / unit ≤ a + b · x."""
    walls: list[tuple[float, FloatArray]] = field(default_factory=list)
    """(a, b): b · x ≤ a, or x can't be reached."""

    def run(self) -> Settled | None:
        kinds, quotas = self.needs.of_kind.shape
        slack = np.zeros(quotas, np.int64)
        found: tuple[Net, Flow] | None = None
        bound, flows = float(self.flow.gain), 1
        start = self._counts(self.free, self.flow)
        if self._met(start) and not self._direct():
            return Settled(
                self.free, self.flow, bound, np.zeros(len(slack)), np.zeros(len(slack)), slack, flows
            )
        self.planes.append((self.flow.gain / self.unit, np.zeros(kinds + 1)))
        enough = max(FEWEST, EDGES_IN_ALL // max(1, len(self.free.worker)))
        while flows < ROUNDS and (found is None or flows < enough):
            asked = (
                self._plain(slack) if self._direct() else self._ask(slack, start if found is None else None)
            )
            if asked is None:
                slack = self._least_slack()
                found = None
                continue
            x, top = asked
            if found is not None:
                bound = min(bound, top * self.unit)
                if bound - found[1].gain <= max(CLOSE * bound, 1.0):
                    break
            net = self.net_of(x[:kinds], int(x[-1]) if self.needs.shares else None)
            flow = best(net)
            flows += 1
            if flow is None:
                lacking = best(net, shortage_only=True)
                flows += 1
                if lacking is None:
                    return None
                self._wall(net, lacking, x)
                continue
            if found is None or flow.gain > found[1].gain:
                found = net, flow
            self._plane(net, flow, x)
            if self._direct():
                bound = float(flow.gain)
                break
        if found is None:
            found = self.free, self.flow
            rows, at_least = self._rows(np.zeros(quotas, np.int64))
            slack = np.ceil(np.maximum(at_least - rows @ start, 0) - 1e-9).astype(np.int64)
        return Settled(*found, max(bound, found[1].gain), *self._prices(slack, *found), slack, flows)

    def _direct(self) -> bool:
        """Each quota is a number of one kind: the first question was the whole one."""
        return not self.needs.shares and bool((self.needs.of_kind.sum(axis=0) <= 1).all())

    def _plain(self, slack: IntArray) -> tuple[IntArray, float] | None:
        """Where each quota is a number of one kind there is only one x to ask about."""
        rows, at_least = self._rows(slack)
        x = np.zeros(rows.shape[1], np.int64)
        for row, wanted in zip(rows, np.rint(at_least).astype(np.int64).tolist(), strict=True):
            if wanted > 0 and not row.any():
                return None
            x = np.maximum(x, np.where(row > 0, wanted, 0))
        walled = any(float(b @ x) > a + 1e-9 for a, b in self.walls)
        return None if walled or (x > self._limits()).any() else (x, np.inf)

    def _met(self, counts: FloatArray) -> bool:
        rows, at_least = self._rows(np.zeros(len(self.needs.people), np.int64))
        return bool((rows @ counts >= at_least - 1e-9).all())

    def _counts(self, net: Net, flow: Flow) -> FloatArray:
        placed = np.bincount(net.kind[flow.edge >= 0], minlength=len(net.least)).astype(np.float64)
        counts: FloatArray = np.r_[placed, placed.sum()]
        return counts

    def _plane(self, net: Net, flow: Flow, x: IntArray) -> None:
        prices_of = potentials(net, flow)
        for prices in (prices_of.low, prices_of.high):
            slope = self._slope(prices)
            if slope is not None:
                slope = slope / self.unit
                self.planes.append((flow.gain / self.unit - float(slope @ x), slope))

    def _wall(self, net: Net, lacking: Flow, x: IntArray) -> None:
        slope = self._slope(potentials(net, lacking, elastic=True).low)
        if slope is not None:
            self.walls.append((float(-slope @ x) - float(lacking.short.sum()), -slope))

    def _slope(self, prices: Potentials) -> FloatArray | None:
        values = np.r_[-prices.kind, prices.most if self.needs.shares else 0]
        if not bounded(np.abs(values)).all():
            return None
        slope: FloatArray = values.astype(np.float64)
        return slope

    def _rows(self, slack: IntArray) -> tuple[FloatArray, FloatArray]:
        """The quotas as rows · x ≥ at_least."""
        rows, at_least = [], []
        for quota, (people, share) in enumerate(zip(self.needs.people, self.needs.share, strict=True)):
            part = float(share) if share is not None else 0.0
            rows.append(np.r_[self.needs.of_kind[:, quota].astype(np.float64), -part])
            wanted = people if people is not None else part * self.needs.had_all
            at_least.append(wanted - int(self.needs.had[quota]) - int(slack[quota]))
        return np.array(rows), np.array(at_least, np.float64)

    def _limits(self) -> FloatArray:
        """No more of a kind than there are with somewhere to go."""
        able = np.zeros(self.free.workers, np.bool_)
        able[self.free.worker] = True
        sizes = np.bincount(self.free.kind[able], minlength=len(self.free.least))
        limits: FloatArray = np.r_[sizes, able.sum()].astype(np.float64)
        return limits

    def _ask(self, slack: IntArray, near: FloatArray | None) -> tuple[IntArray, float] | None:
        """The best x under the planes (and their value), or the one nearest to `near`."""
        limits = self._limits()
        size = len(limits)
        extra = size if near is not None else 1
        rows, at_least = self._rows(slack)
        constraints = [LinearConstraint(_wide(rows, extra), at_least - 1e-9, np.inf)]
        if self.walls:
            constraints.append(
                LinearConstraint(
                    _wide(np.array([b for _, b in self.walls]), extra),
                    -np.inf,
                    np.array([a for a, _ in self.walls]) + 1e-9,
                )
            )
        if near is not None:
            eye = np.eye(size)
            constraints += [
                LinearConstraint(np.hstack([eye, -eye]), -np.inf, near),
                LinearConstraint(np.hstack([eye, eye]), near, np.inf),
            ]
            cost = np.r_[np.zeros(size), np.ones(size)]
            if not self.needs.shares:
                cost[-1] = 0.0
        else:
            slopes = np.array([b for _, b in self.planes])
            tops = np.array([a for a, _ in self.planes])
            constraints.append(LinearConstraint(np.hstack([slopes, -np.ones((len(tops), 1))]), -tops, np.inf))
            cost = np.r_[np.zeros(size), -1.0]
        upper = np.r_[limits, np.full(extra, np.inf)]
        lower = np.r_[np.zeros(size), np.full(extra, 0.0 if near is not None else -np.inf)]
        answer = milp(
            cost,
            integrality=np.r_[np.ones(size), np.zeros(extra)],
            bounds=Bounds(lower, upper),
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
        if answer.x is None:
            return None
        top = -float(answer.mip_dual_bound) if near is None else np.inf
        return np.rint(answer.x[:size]).astype(np.int64), top

    def _least_slack(self) -> IntArray:
        """How many people the quotas must be short of, in all the fewest, as far as the walls tell."""
        limits = self._limits()
        size, quotas = len(limits), len(self.needs.people)
        rows, at_least = self._rows(np.zeros(quotas, np.int64))
        constraints = [LinearConstraint(np.hstack([rows, np.eye(quotas)]), at_least - 1e-9, np.inf)]
        if self.walls:
            constraints.append(
                LinearConstraint(
                    _wide(np.array([b for _, b in self.walls]), quotas),
                    -np.inf,
                    np.array([a for a, _ in self.walls]) + 1e-9,
                )
            )
        # Of equal totals the most placements: a share is not met by placing nobody.
        cost = np.r_[np.zeros(size - 1), -1e-6 / (1.0 + limits[-1]), np.ones(quotas)]
        answer = milp(
            cost,
            integrality=np.ones(size + quotas),
            bounds=Bounds(0.0, np.r_[limits, np.full(quotas, np.inf)]),
            constraints=constraints,
            options={"mip_rel_gap": 0.0},
        )
        if answer.x is None:
            raise ValueError("quotas: what is missing can't be told")
        missing: IntArray = np.rint(answer.x[size:]).astype(np.int64)
        return missing

    def _of_kinds(self, slack: IntArray, net: Net, flow: Flow) -> tuple[FloatArray, FloatArray]:
        """Price and multiplier where each quota is a number of one kind: both from the flow, exact."""
        prices = potentials(net, flow)
        held = bounded(prices.high.kind)
        price, multiplier = np.zeros(len(slack)), np.zeros(len(slack))
        _, at_least = self._rows(slack)
        for quota, wanted in enumerate(np.rint(at_least).astype(np.int64).tolist()):
            of_kind = np.flatnonzero(self.needs.of_kind[:, quota])
            if not len(of_kind):
                price[quota] = np.inf
            # A quota below another one of the same group costs nothing: the other asks for these people already.
            elif wanted >= int(net.least[of_kind[0]]):
                kind = of_kind[0]
                price[quota] = float(prices.high.kind[kind]) if held[kind] else np.inf
                multiplier[quota] = prices.kind[kind]
        return price, multiplier

    def _prices(self, slack: IntArray, net: Net, flow: Flow) -> tuple[FloatArray, FloatArray]:
        """Price and multiplier of each quota; the slope of the planes where quotas overlap or are shares."""
        if self._direct():
            return self._of_kinds(slack, net, flow)
        rows, at_least = self._rows(slack)
        slopes = np.array([b for _, b in self.planes])
        tops = np.array([a for a, _ in self.planes])
        upper = [np.hstack([-slopes, np.ones((len(tops), 1))]), _wide(-rows, 1)]
        limits = [tops, -at_least]
        if self.walls:
            upper.append(_wide(np.array([b for _, b in self.walls]), 1))
            limits.append(np.array([a for a, _ in self.walls]))
        answer = linprog(
            np.r_[np.zeros(rows.shape[1]), -1.0],
            A_ub=np.vstack(upper),
            b_ub=np.concatenate(limits),
            bounds=[*((0.0, limit) for limit in self._limits()), (None, None)],
        )
        if not answer.success:
            return np.zeros(len(slack)), np.zeros(len(slack))
        marginals = -answer.ineqlin.marginals[len(tops) : len(tops) + len(slack)]
        price: FloatArray = np.maximum(marginals, 0.0) * self.unit
        return price, price


def _wide(rows: FloatArray, extra: int) -> FloatArray:
    """The rows with `extra` columns of zeros behind."""
    return np.hstack([rows, np.zeros((len(rows), extra))])
