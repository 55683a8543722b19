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


@dataclass(frozen=True, slots=True)
class Best:
    """The vacancy of each worker, -1 for none; `value` is its worth, `bound` what no plan exceeds."""

    vacancy: IntArray
    value: float
    bound: float


def best(truth: Truth, edge: Edges) -> Best:
    """The plan of the highest expected number of stable placements.

    Raises
    ------
    RuntimeError
        when the solver finds none.
    """
    if not len(edge.worker):
        return Best(np.full(len(truth), -1), 0.0, 0.0)
    once, together = _once(truth, edge), _together(truth, edge)
    most = np.concatenate([np.ones(len(truth)), truth.seats]).astype(np.float64)
    relaxed = linprog(
        -edge.stable,
        A_ub=once,
        b_ub=most,
        A_eq=together,
        b_eq=np.zeros(together.shape[0]),
        bounds=(0, 1),
        method="highs-ds",
    )
    if relaxed.x is None:
        raise RuntimeError(relaxed.message)
    bound, share = -float(relaxed.fun), relaxed.x
    if (np.abs(share - np.round(share)) > _WHOLE).any():
        share = _whole(edge, once, together, most, share, relaxed)
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


def _whole(
    edge: Edges,
    once: sparse.csr_array,
    together: sparse.csr_array,
    most: FloatArray,
    share: FloatArray,
    relaxed: object,
) -> FloatArray:
    """Whole numbers near the relaxed optimum: first over the edges that cost little by the relaxed prices."""
    cost = -edge.stable - once.T @ relaxed.ineqlin.marginals - together.T @ relaxed.eqlin.marginals  # type: ignore[attr-defined]
    for within in (0.02, np.inf):
        kept: BoolArray = (cost <= within) | (share > _WHOLE)
        columns = np.flatnonzero(kept)
        solved = milp(
            -edge.stable[columns], integrality=np.ones(len(columns)), bounds=Bounds(0, 1),
            constraints=[LinearConstraint(once[:, columns], -np.inf, most), LinearConstraint(together[:, columns], 0, 0)],
            options={"time_limit": _SECONDS, "mip_rel_gap": _GAP},
        )  # fmt: skip
        if solved.x is not None:
            found = np.zeros(len(edge.worker))
            found[columns] = solved.x
            return found
    raise RuntimeError(solved.message)
