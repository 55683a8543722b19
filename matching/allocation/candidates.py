"""Of all pairs that may be, the ones that a plan needs: everybody's best, and enough for quotas and companions."""

import numpy as np

from matching.allocation.parties import Parties
from matching.allocation.problem import Edges
from matching.columns import BoolArray
from matching.regions import IntArray

EACH = 20
"""The best pairs of each worker that are kept."""
IN_GROUPS = 3 * EACH
"""Of workers whom a quota asks for: they may have to go where they are not at their best."""
IN_PLACES = 3
"""Of companions, in every place where all of a party have somewhere to go: it may have to be any of them."""


def thinned(
    edges: Edges,
    *,
    place: IntArray | None = None,
    found: Parties | None = None,
    in_groups: BoolArray | None = None,
    each: int = EACH,
) -> Edges:
    """The edges to plan over, sorted by worker, then vacancy.

    Parameters
    ----------
    place, found
        place of each vacancy and the parties, where there are companions.
    in_groups
        workers whom a quota asks for.
    """
    edges = edges.take(np.lexsort((edges.vacancy, -edges.score, edges.worker)))
    keep = _rank(edges.worker) < each
    if in_groups is not None:
        keep |= in_groups[edges.worker] & (_rank(edges.worker) < max(IN_GROUPS, each))
    if found is not None and place is not None and len(found):
        keep |= _common(edges, place, found)
    kept = edges.take(keep)
    return kept.take(np.lexsort((kept.vacancy, kept.worker)))


def _rank(*columns: IntArray) -> IntArray:
    """The position of each row in its stretch of equal rows, from 0."""
    changed = np.zeros(len(columns[0]), np.bool_)
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    changed[:1] = True
    starts = np.flatnonzero(changed)
    rank: IntArray = np.arange(len(changed)) - starts[np.cumsum(changed) - 1]
    return rank


def _common(edges: Edges, place: IntArray, found: Parties) -> BoolArray:
    """The best of each member in every place that all members of the party share."""
    party = found.of_worker[edges.worker]
    rows = np.flatnonzero(party >= 0)
    where = place[edges.vacancy[rows]]
    order = np.lexsort((-edges.score[rows], edges.worker[rows], where, party[rows]))
    rows, where = rows[order], where[order]
    who, group = edges.worker[rows], party[rows]
    rank = _rank(group, where, who)
    names, at = np.unique(np.stack([group, where], axis=1), axis=0, return_inverse=True)
    members = np.bincount(at.ravel()[rank == 0], minlength=len(names))
    everybody = members == found.size[names[:, 0]]
    keep = np.zeros(len(edges), np.bool_)
    keep[rows[(rank < IN_PLACES) & everybody[at.ravel()]]] = True
    return keep
