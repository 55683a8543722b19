"""The plan as one integer model, written from the rules alone: what the allocation is held to on small markets."""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from matching.allocation.problem import Buses, Edges, Problem, Quota


def joined(problem):
    """Lists of two workers or more who go together, found by walking."""
    near = {worker: set() for worker in range(problem.workers)}
    if problem.companion is not None:
        for worker, other in enumerate(problem.companion.tolist()):
            agreed = problem.apart_ok is not None and problem.apart_ok[worker]
            if 0 <= other < problem.workers and other != worker and not agreed:
                near[worker].add(other)
                near[other].add(worker)
    seen, found = set(), []
    for worker in near:
        group, ahead = set(), [worker]
        while ahead:
            one = ahead.pop()
            if one not in group:
                group.add(one)
                ahead += near[one]
        if len(group) > 1 and worker not in seen:
            found.append(sorted(group))
        seen |= group
    return found


def optimum(problem, slack=False):
    """The greatest total of a plan, None where none keeps the rules; with `slack` the least number of people that quotas lack."""
    edges, size = problem.edges, len(problem.edges)
    groups = joined(problem)
    places = sorted(set(problem.place.tolist())) if problem.place is not None else []
    going = [(group, place) for group in groups for place in places]
    buses = problem.buses.least if problem.buses is not None else []
    width = size + len(going) + len(buses) + len(problem.quotas)
    if not width:
        return 0.0
    upper = np.r_[
        np.ones(size + len(going) + len(buses)), np.full(len(problem.quotas), np.inf if slack else 0.0)
    ]
    rows, low, high = [], [], []

    def hold(row, at_least, at_most):
        rows.append(row)
        low.append(at_least)
        high.append(at_most)

    def of(mask):
        return np.r_[mask.astype(float), np.zeros(width - size)]

    for vacancy, seats in enumerate(problem.seats.tolist()):
        open_to = problem.closed is None or not problem.closed[vacancy]
        hold(of(edges.vacancy == vacancy), 0, seats if open_to else 0)
    for worker in range(problem.workers):
        out = problem.kept_out is not None and problem.kept_out[worker]
        hold(of(edges.worker == worker), 0, 0 if out else 1)
        if problem.pinned is not None and problem.pinned[worker] >= 0:
            hold(of((edges.worker == worker) & (edges.vacancy == problem.pinned[worker])), 1, 1)
    for at, (group, place) in enumerate(going):
        for worker in group:
            row = of((edges.worker == worker) & (problem.place[edges.vacancy] == place))
            row[size + at] = -1
            hold(row, 0, 0)
    for at, least in enumerate(buses):
        row = of(problem.buses.of_vacancy[edges.vacancy] == at)
        below, above = row.copy(), row.copy()
        below[size + len(going) + at] = -least
        above[size + len(going) + at] = -problem.workers
        hold(below, 0, np.inf)
        hold(above, -np.inf, 0)
    for at, quota in enumerate(problem.quotas):
        row = of(problem.groups[quota.group][edges.worker]) - float(quota.share or 0) * of(np.ones(size))
        row[width - len(problem.quotas) + at] = 1
        hold(row, quota.people if quota.people is not None else -1e-9, np.inf)
    cost = np.r_[-edges.score, np.zeros(width - size)]
    if slack:
        cost = np.r_[np.zeros(width - len(problem.quotas)), np.ones(len(problem.quotas))]
    answer = milp(
        cost,
        integrality=np.ones(width),
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(np.array(rows), low, high),
        options={"mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return None
    return float(answer.fun) if slack else -float(answer.fun)


def enumerated(problem):
    """The greatest total by trying every plan; seats and quotas only."""
    ways = [[(-1, 0.0)] for _ in range(problem.workers)]
    for worker, vacancy, score in zip(
        problem.edges.worker.tolist(),
        problem.edges.vacancy.tolist(),
        problem.edges.score.tolist(),
        strict=True,
    ):
        ways[worker].append((vacancy, score))
    best = None
    for plan in itertools.product(*ways):
        where = np.array([vacancy for vacancy, _ in plan])
        taken = np.bincount(where[where >= 0], minlength=len(problem.seats))
        if (taken <= problem.seats).all() and met(problem, where):
            best = max(sum(score for _, score in plan), best if best is not None else -1.0)
    return best


def met(problem, where):
    """Whether a plan meets every quota."""
    gone = where >= 0
    counts = [(int((problem.groups[quota.group] & gone).sum()), quota) for quota in problem.quotas]
    return all(
        count >= (quota.people if quota.people is not None else quota.share * int(gone.sum()))
        for count, quota in counts
    )


@st.composite
def problems(
    draw, quotas=(), companions=False, buses=False, decisions=False, people=8, posts=5, disjoint=False
):
    """Small markets; `quotas` names kinds of quotas to draw: "people", "share"."""
    n, m = draw(st.integers(1, people)), draw(st.integers(1, posts))
    dice = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    there = dice.random((n, m)) < draw(st.sampled_from([0.4, 0.8, 1.0]))
    worker, vacancy = np.nonzero(there)
    score = dice.integers(0, 12, len(worker)) / draw(st.sampled_from([1.0, 3.0]))
    shuffled = dice.permutation(len(worker))
    more = {}
    if quotas:
        names = ("poverty_relieved", "monitored", "disabled")
        masks = dice.random((3, n)) < 0.4
        if disjoint:
            label = dice.integers(0, 4, n)
            masks = np.array([label == at for at in range(3)])
        elif len(worker):
            masks[~masks[:, worker].any(axis=1), worker[0]] = True
        more["groups"] = dict(zip(names, masks, strict=True))
        more["quotas"] = tuple(
            Quota(name, people=int(dice.integers(0, 4)))
            if draw(st.sampled_from(quotas)) == "people"
            else Quota(name, share=Fraction(int(dice.integers(0, 8)), 10))
            for name in names[: draw(st.integers(1, 3))]
        )
    if companions:
        more["companion"] = np.where(dice.random(n) < 0.5, dice.integers(-2, n + 1, n), -1)
        more["apart_ok"] = dice.random(n) < 0.1
        more["place"] = dice.integers(0, 2, m)
    if buses:
        more["buses"] = Buses(dice.integers(-1, 2, m), dice.integers(1, 4, 2))
    seats = dice.integers(0, 4, m)
    if decisions:
        left = seats.copy()
        pinned = np.full(n, -1)
        for edge in shuffled[: n // 3].tolist():
            if left[vacancy[edge]] and pinned[worker[edge]] < 0:
                pinned[worker[edge]] = vacancy[edge]
                left[vacancy[edge]] -= 1
        more["pinned"] = pinned
        more["kept_out"] = (dice.random(n) < 0.2) & (pinned < 0)
        more["closed"] = (dice.random(m) < 0.2) & ~np.isin(np.arange(m), pinned)
    problem = Problem(n, seats, Edges(worker[shuffled], vacancy[shuffled], score[shuffled]), **more)
    # A share of a group of whom nobody can be placed is another matter (test_impossible.py).
    asked = [
        quota if can_be_placed(problem, quota) else Quota(quota.group, people=0) for quota in problem.quotas
    ]
    return replace(problem, quotas=tuple(asked))


def can_be_placed(problem, quota):
    """Whether somebody of a share's group is pinned, or has a post with a seat that is open to them; companions aside."""
    if not quota.share:
        return True
    members, edges = problem.groups[quota.group], problem.edges
    left, usable = problem.seats.copy(), members[edges.worker]
    if problem.pinned is not None:
        if (members & (problem.pinned >= 0)).any():
            return True
        np.subtract.at(left, problem.pinned[problem.pinned >= 0], 1)
        usable &= ~problem.kept_out[edges.worker] & ~problem.closed[edges.vacancy]
    return bool((usable & (left[edges.vacancy] > 0)).any())
