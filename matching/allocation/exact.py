"""The places of the parties as one integer model, for HiGHS through scipy: asked where the search by prices leaves a gap or a
quota unmet and the market is small enough to wait for it."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, vstack

from matching.allocation.case import TOP, Case
from matching.columns import BoolArray
from matching.regions import IntArray

EDGES = 80_000
"""Larger markets are left to the search by prices."""
NODES = 200
"""Nodes of the branching at most: a limit of time would make the answer depend on the machine."""


def choose(
    case: Case, usable: BoolArray, load: IntArray | None, close: float
) -> tuple[IntArray, float] | None:
    """The choice of each party (-1 home), and the greatest gain that any plan can have (inf where quotas lack people).

    Edges may be taken in part, the choices not: the flow makes whole people of them afterwards. None where nothing is found.
    """
    rows = np.flatnonzero(usable)
    if len(rows) > EDGES:
        return None
    options, needs = case.choices, case.needs
    worker, vacancy, of_choice = (
        case.edges.worker[rows],
        case.edges.vacancy[rows],
        options.choice_of_edge[rows],
    )
    edges, choices, quotas = len(rows), len(options), len(needs.people)
    width = edges + choices + quotas
    held: list[tuple[coo_array, np.ndarray, np.ndarray]] = []

    def hold(row: IntArray, column: IntArray, value: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        held.append((coo_array((value, (row, column)), shape=(len(low), width)), low, high))

    ones, each = np.ones(edges), np.arange(edges)
    posts, people = len(case.seats), case.problem.workers
    hold(vacancy, each, ones, np.zeros(posts), case.seats.astype(np.float64))
    alone = np.flatnonzero(of_choice < 0)
    hold(worker[alone], alone, ones[alone], np.zeros(people), np.ones(people))
    # A member goes where the party's choice says, or not at all.
    member = np.flatnonzero(of_choice >= 0)
    key, at = np.unique(of_choice[member] * np.int64(people) + worker[member], return_inverse=True)
    both = np.arange(len(key))
    hold(
        np.r_[at, both],
        np.r_[member, edges + key // people],
        np.r_[ones[member], -np.ones(len(key))],
        np.zeros(len(key)),
        np.zeros(len(key)),
    )
    count = len(case.parties)
    hold(options.party, edges + np.arange(choices), np.ones(choices), np.zeros(count), np.ones(count))
    for quota in range(quotas):
        share = float(needs.share[quota] or 0)
        wanted = needs.people[quota] if needs.people[quota] is not None else share * needs.had_all
        value = np.r_[needs.of_kind[case.kind[worker], quota] - share, 1.0]
        hold(
            np.zeros(edges + 1, np.int64),
            np.r_[each, edges + choices + quota],
            value,
            np.array([float(wanted or 0) - int(needs.had[quota]) - 1e-9]),
            np.array([np.inf]),
        )
    if load is not None and case.problem.buses is not None:
        bus = case.problem.buses.of_vacancy[vacancy]
        on = np.flatnonzero(bus >= 0)
        hold(bus[on], on, ones[on], load.astype(np.float64), np.full(len(load), np.inf))
    # Whoever must follow a pinned companion counts more than all scores, and so does a person that a quota lacks.
    must = case.decided[options.party]
    dear = people + 1.0
    answer = milp(
        np.r_[-case.gain[rows] / TOP, np.where(must, -dear, 0.0), np.full(quotas, dear)],
        integrality=np.r_[np.zeros(edges), np.ones(choices), np.zeros(quotas)],
        bounds=Bounds(0, np.r_[np.ones(edges + choices), np.full(quotas, np.inf)]),
        constraints=[
            LinearConstraint(
                vstack([matrix for matrix, _, _ in held]).tocsr(),
                np.concatenate([low for _, low, _ in held]),
                np.concatenate([high for _, _, high in held]),
            )
        ],
        options={"mip_rel_gap": close, "node_limit": NODES},
    )
    if answer.x is None:
        return None
    chosen = np.full(count, -1, np.int64)
    going = np.flatnonzero(answer.x[edges : edges + choices] > 0.5)
    chosen[options.party[going]] = going
    lacking = answer.x[edges + choices :].sum() > 1e-6 or must.any()
    return chosen, np.inf if lacking else -float(answer.mip_dual_bound) * TOP
