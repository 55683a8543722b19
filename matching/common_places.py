"""Pairs for people who go together: in the places that are best for all of a party, some for each of them."""

from collections import deque

import numpy as np

from matching.abreast import abreast
from matching.allocation.parties import Parties
from matching.allocation.problem import Edges
from matching.columns import FloatArray
from matching.edges import Scored
from matching.regions import IntArray

PLACES = 8
"""Places of each party, the best by their members' best there, less the price of the seats."""
IN_PLACE = 3
"""Pairs of each member in each of them: a seat may be wanted by two of the party."""


def shared_pairs(pairs: Scored, price: FloatArray, place: IntArray, parties: Parties) -> Edges:
    """The pairs, in rows of the plan; `place` is that of each vacancy."""
    names, at = np.unique(place, return_inverse=True)
    members = np.flatnonzero(parties.of_worker >= 0)
    members = members[np.argsort(parties.of_worker[members], kind="stable")]
    columns = np.full((len(members), len(names), IN_PLACE), -1, np.int32)
    best = np.full((len(members), len(names)), -np.inf)
    there = [np.flatnonzero(at == number) for number in range(len(names))]

    def looked(at: IntArray) -> None:
        net = pairs.block(members[at]) - price
        block = slice(int(at[0]), int(at[-1]) + 1)
        for number, posts in enumerate(there):
            here = net[:, posts]
            kept_here = min(IN_PLACE, len(posts))
            top = np.argpartition(here, len(posts) - kept_here, axis=1)[:, -kept_here:]
            values = np.take_along_axis(here, top, axis=1)
            columns[block, number, :kept_here] = np.where(values > -np.inf, posts[top], -1)
            best[block, number] = values.max(axis=1)

    deque(abreast(looked, pairs.blocks(np.arange(len(members)))), maxlen=0)
    party = parties.of_worker[members]
    together = np.add.reduceat(best, np.flatnonzero(np.diff(party, prepend=-1)), axis=0)
    most = min(PLACES, len(names))
    chosen = np.argpartition(together, len(names) - most, axis=1)[:, -most:]
    kept = np.zeros(together.shape, np.bool_)
    np.put_along_axis(kept, chosen, np.take_along_axis(together, chosen, axis=1) > -np.inf, axis=1)
    member, which, nth = np.nonzero((columns >= 0) & kept[party][:, :, None])
    row, column = members[member], columns[member, which, nth].astype(np.int64)
    return Edges(row, column, pairs.score(row, column))
