"""Quotas that can't be met: which, alone or only together, and the nearest number that can."""

from dataclasses import dataclass, replace

import numpy as np

from matching.allocation import words
from matching.allocation.case import Case
from matching.allocation.flow import best
from matching.allocation.problem import Quota
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A quota that is not met. `code` is `quota_alone` (impossible even by itself) or `quota_together` (with the others)."""

    code: str
    quota: Quota
    asked: int
    reached: int
    """People of the group in the nearest plan."""
    most: int
    """The most people of the group that any plan can place, seats and people's decisions considered."""
    sentence: str


def shortfalls(case: Case, vacancy: IntArray) -> tuple[Shortfall, ...]:
    """What the plan is short of."""
    gone = vacancy >= 0
    asked = case.needs.asked(int(gone.sum()))
    found = []
    for at, quota in enumerate(case.problem.quotas):
        reached = int((case.problem.groups[quota.group] & gone).sum())
        if reached >= asked[at]:
            continue
        most = _most(case, quota, int(case.needs.had[at]))
        alone = most < asked[at]
        others = [other for other in case.problem.quotas if other != quota]
        sentence = (
            words.impossible_alone(quota, most)
            if alone
            else words.impossible_together(quota, reached, most, others)
        )
        code = "quota_alone" if alone else "quota_together"
        found.append(Shortfall(code, quota, int(asked[at]), reached, most, sentence))
    return tuple(found)


def _most(case: Case, quota: Quota, had: int) -> int:
    """The most people of a group that can be placed: the flow with nobody else and a gain of one each."""
    usable = (case.parties.of_worker[case.edges.worker] < 0) | (case.choices.choice_of_edge >= 0)
    rows = np.flatnonzero(usable & case.problem.groups[quota.group][case.edges.worker])
    net = case.net(rows, np.zeros(len(case.needs.of_kind), np.int64), None)
    flow = best(replace(net, gain=np.ones_like(net.gain)))
    return had + (flow.gain if flow is not None else 0)
