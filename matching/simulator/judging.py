"""A plan judged by the truth, beside the best one, first come first served, and chance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.simulator.oracle import best
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.queue import by_chance, first_come
from matching.simulator.truth import Edges, Truth, edges

FAULTS = ("unknown_worker", "unknown_vacancy", "twice", "ineligible", "no_seat", "companion")
_WIDE = 1.959964


@dataclass(frozen=True, slots=True)
class Worth:
    """What a plan is worth: the expected number of stable placements (p_hire · S(180) each), and what goes with it.

    `low` and `high` hold the number that comes about with 95 %, if the plan is carried out once.
    """

    placed: int
    stable: float
    stable_90: float
    hired: float
    utility: float
    """Yuan a month, the mean of those placed."""
    low: float
    high: float
    faults: dict[str, int] = field(default_factory=dict)
    """Rows that count for nothing, by what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A plan beside the others; `chance` is the mean, and 2.5 and 97.5 %, over draws of random eligible plans."""

    plan: Worth
    oracle: Worth
    bound: float
    first_come: Worth
    chance: tuple[float, float, float]

    @property
    def share_of_oracle(self) -> float:
        """1 at the best plan."""
        return self.plan.stable / self.oracle.stable if self.oracle.stable else 1.0

    @property
    def share_of_gain(self) -> float | None:
        """0 at first come first served, 1 at the best plan; None where these are the same."""
        gain = self.oracle.stable - self.first_come.stable
        return (self.plan.stable - self.first_come.stable) / gain if gain > 1e-9 else None


def value_of_plan(truth: Truth, rows: Sequence[tuple[str, str]]) -> Worth:
    """What a plan of (worker_id, vacancy_id) is worth.

    A row counts only if it may: an open worker's first row, a vacancy on offer, an eligible pair, a seat that no earlier
    row has taken, and the companion, if there is one among the open, in the same county.
    """
    faults: Counter[str] = Counter()
    worker_of = {name: at for at, name in enumerate(truth.worker_ids)}
    vacancy_of = {name: at for at, name in enumerate(truth.vacancy_ids)}
    plan = np.full(len(truth), -1)
    left, seen = truth.seats.copy(), set[int]()
    known = [(worker_of.get(worker, -1), vacancy_of.get(vacancy, -1)) for worker, vacancy in rows]
    fits = truth.pairs(*np.array([*known, (0, 0)], np.int64).T).eligible
    for (worker, vacancy), may in zip(known, fits.tolist(), strict=False):
        fault = _fault(worker, vacancy, may, seen, left)
        if fault:
            faults[fault] += 1
        else:
            plan[worker] = vacancy
            left[vacancy] -= 1
        seen.add(worker)
    apart = _apart(truth, plan)
    faults["companion"] += int(apart.sum())
    plan[apart] = -1
    return worth(truth, plan, {name: faults[name] for name in FAULTS if faults[name]})


def _fault(worker: int, vacancy: int, may: bool, seen: set[int], left: IntArray) -> str:
    if worker < 0:
        return "unknown_worker"
    if vacancy < 0:
        return "unknown_vacancy"
    if worker in seen:
        return "twice"
    if not may:
        return "ineligible"
    return "" if left[vacancy] > 0 else "no_seat"


def _apart(truth: Truth, plan: IntArray) -> BoolArray:
    county = np.where(plan >= 0, truth.county[plan], -1)
    other = truth.companion
    apart: BoolArray = (plan >= 0) & (other >= 0) & (county != county[other])
    return apart


def worth(truth: Truth, plan: IntArray, faults: dict[str, int] | None = None) -> Worth:
    """What a valid plan is worth: the vacancy of each open worker, -1 for none."""
    placed = np.flatnonzero(plan >= 0)
    true = truth.pairs(placed, plan[placed])
    stable = true.stable
    spread = _WIDE * float(np.sqrt((stable * (1 - stable)).sum()))
    return Worth(
        placed=len(placed), stable=float(stable.sum()), stable_90=float((true.p_hire * true.stay_90).sum()),
        hired=float(true.p_hire.sum()), utility=float(true.utility.mean()) if len(placed) else 0.0,
        low=max(0.0, float(stable.sum()) - spread), high=float(stable.sum()) + spread, faults=faults or {},
    )  # fmt: skip


def judge(truth: Truth, rows: Sequence[tuple[str, str]], *, draws: int = 50, seed: int = 0) -> Verdict:
    """A plan of (worker_id, vacancy_id) beside the others."""
    edge = edges(truth)
    found = best(truth, edge)
    return Verdict(
        plan=value_of_plan(truth, rows),
        oracle=worth(truth, found.vacancy),
        bound=found.bound,
        first_come=worth(truth, first_come(truth, edge)),
        chance=_chance(truth, edge, draws, seed),
    )


def _chance(truth: Truth, edge: Edges, draws: int, seed: int) -> tuple[float, float, float]:
    rng = np.random.default_rng([seed, 7])
    values: FloatArray = np.array([worth(truth, by_chance(truth, edge, rng)).stable for _ in range(draws)])
    low, high = np.percentile(values, (2.5, 97.5)).tolist()
    return float(values.mean()), low, high
