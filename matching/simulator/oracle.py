"""The best plan there is, by somebody who knows the truth: a linear programme over the eligible pairs.

maximise    Σ stable · x
subject to  each worker at most once, each vacancy at most its seats,
            of companions as many in a county as of the other, county by county
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.truth import Edges, Truth

_WHOLE = 1e-6
_GAP = 1e-6
_SECONDS = 60.0
_WITHIN = 0.02
"""Stable placements by which an edge may fall short of the relaxed prices, at first."""


@dataclass(frozen=True, slots=True)
class Best:
    """The vacancy of each worker, -1 for none; `value` is its worth, `bound` what no plan exceeds."""

    vacancy: IntArray
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class _Limits:
    """once · x ≤ most, together · x = 0."""

    once: sparse.csr_array
    most: FloatArray
    together: sparse.csr_array


def best(truth: Truth, edge: Edges) -> Best:
    """The plan of the highest expected number of stable placements.

    Raises
    ------
    RuntimeError
        when the solver finds none.
    """
    if not len(edge.worker):
        return Best(np.full(len(truth), -1), 0.0, 0.0)
    limits = _Limits(_once(truth, edge), np.append(np.ones(len(truth)), truth.seats), _together(truth, edge))
    relaxed = linprog(
        -edge.stable,
        A_ub=limits.once,
        b_ub=limits.most,
        A_eq=limits.together,
        b_eq=np.zeros(limits.together.shape[0]),
        bounds=(0, 1),
        method="highs-ds",
    )
    if relaxed.x is None:
        raise RuntimeError(relaxed.message)
    bound, share = -float(relaxed.fun), relaxed.x
    if (np.abs(share - np.round(share)) > _WHOLE).any():
        prices = limits.once.T @ relaxed.ineqlin.marginals + limits.together.T @ relaxed.eqlin.marginals
        cost = np.where(share > _WHOLE, 0.0, -edge.stable - prices)
        share = _whole(edge.stable, limits, cost <= _WITHIN)
        short = bound - float(edge.stable @ share)
        if short > _WITHIN:
            # An edge that costs more than the bound exceeds this plan by is in no better plan.
            share = _whole(edge.stable, limits, cost <= short)
    taken = share > 0.5
    vacancy = np.full(len(truth), -1)
    vacancy[edge.worker[taken]] = edge.vacancy[taken]
    return Best(vacancy, float(edge.stable[taken].sum()), bound)


def _once(truth: Truth, edge: Edges) -> sparse.csr_array:
    n, workers = len(edge.worker), len(truth)
    rows = np.concatenate([edge.worker, workers + edge.vacancy])
    return sparse.csr_array(
        (np.ones(2 * n), (rows, np.tile(np.arange(n), 2))), shape=(workers + len(truth.seats), n)
    )


def _together(truth: Truth, edge: Edges) -> sparse.csr_array:
    """One row for each two companions and county: the first's edges there count 1, the second's -1."""
    other = truth.companion[edge.worker]
    held = np.flatnonzero(other >= 0)
    first = np.minimum(edge.worker, other)[held]
    keys, row = np.unique(first * 1000 + truth.county[edge.vacancy[held]], return_inverse=True)
    sign = np.where(edge.worker[held] == first, 1.0, -1.0)
    return sparse.csr_array((sign, (row, held)), shape=(len(keys), len(edge.worker)))


def _whole(stable: FloatArray, limits: _Limits, kept: BoolArray) -> FloatArray:
    """The best in whole numbers over the edges that are kept."""
    columns = np.flatnonzero(kept)
    solved = milp(
        -stable[columns],
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(limits.once[:, columns], -np.inf, limits.most),
            LinearConstraint(limits.together[:, columns], 0, 0),
        ],
        options={"time_limit": _SECONDS, "mip_rel_gap": _GAP},
    )
    if solved.x is None:
        raise RuntimeError(solved.message)
    share = np.zeros(len(stable))
    share[columns] = np.round(solved.x)
    return share
