"""Companions: who must go to the same place or stay at home together.

A party is everybody who is joined by companions, chains and circles included. Where its place is fixed, a party is only a few
workers with fewer edges, so the flow serves it. What is searched is the place of each party (or home), by the prices of the
seats: see `together.py`.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from matching.allocation.problem import Edges, Problem
from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Parties:
    """`of_worker[w]` is the party of worker w, -1 alone; parties are numbered 0 … count-1, each of two people or more."""

    of_worker: IntArray
    size: IntArray

    def __len__(self) -> int:
        return len(self.size)


def parties(problem: Problem) -> Parties:
    """The parties; a companion who isn't open or doesn't exist is nobody, and one whom the worker agrees to leave too."""
    alone = np.full(problem.workers, -1, np.int64)
    if problem.companion is None:
        return Parties(alone, np.empty(0, np.int64))
    bound = (problem.companion >= 0) & (problem.companion < problem.workers)
    bound &= problem.companion != np.arange(problem.workers)
    if problem.apart_ok is not None:
        bound &= ~problem.apart_ok
    who = np.flatnonzero(bound)
    links = coo_array(
        (np.ones(len(who)), (who, problem.companion[who])), shape=(problem.workers, problem.workers)
    )
    if not len(who):
        return Parties(alone, np.empty(0, np.int64))
    _, label = connected_components(links, directed=False)
    sizes = np.bincount(label)
    several = np.flatnonzero(sizes > 1)
    number = np.full(len(sizes), -1, np.int64)
    number[several] = np.arange(len(several))
    return Parties(number[label], sizes[several])


def unknown_companions(problem: Problem) -> IntArray:
    """Workers whose companion is not open, doesn't exist or is themselves: they are treated as alone."""
    if problem.companion is None:
        return np.empty(0, np.int64)
    there = (problem.companion >= 0) & (problem.companion < problem.workers)
    there &= problem.companion != np.arange(problem.workers)
    return np.flatnonzero((problem.companion != -1) & ~there)


@dataclass(frozen=True, slots=True)
class Choices:
    """Every place where every member of a party has somewhere to go: `party[c]`, `place[c]`, sorted by party.

    `rows` are the edges of the choices, grouped by choice and member; `starts` where the next member begins, `member_of` whose choice it is.
    """

    party: IntArray
    place: IntArray
    rows: IntArray
    starts: IntArray
    member_of: IntArray
    choice_of_edge: IntArray
    """For every edge of the problem the choice it belongs to; -1: an edge of nobody's party, or of no full choice."""

    def __len__(self) -> int:
        return len(self.party)

    def best(self, worth: FloatArray, count: int, decided: BoolArray | None = None) -> IntArray:
        """The best choice of each party, -1 where none is worth more than staying at home (unless it is decided that they go)."""
        found = np.full(count, -1, np.int64)
        if not len(self):
            return found
        # Sorted by party: of the best the first.
        starts = np.flatnonzero(np.diff(self.party, prepend=-1))
        best = np.maximum.reduceat(worth, starts)
        first = np.flatnonzero(worth == np.repeat(best, np.diff(np.r_[starts, len(self)])))
        first = first[np.diff(self.party[first], prepend=-1) > 0]
        go = worth[first] > 0
        first = first[go if decided is None else go | decided[self.party[first]]]
        found[self.party[first]] = first
        return found

    def among(self, keep: BoolArray) -> "Choices":
        """The same choices over the edges that stay; of each member at each place one stays at least."""
        member = np.repeat(np.arange(len(self.starts)), np.diff(np.r_[self.starts, len(self.rows)]))
        stays = keep[self.rows]
        return replace(
            self,
            rows=(np.cumsum(keep) - 1)[self.rows[stays]],
            starts=np.flatnonzero(np.diff(member[stays], prepend=-1)),
            choice_of_edge=self.choice_of_edge[keep],
        )


def choices(edges: Edges, place: IntArray, found: Parties, fixed: IntArray, seats: IntArray) -> Choices:
    """The choices of each party among posts with seats; `fixed[p]` is the place that a pinned member has decided, -1 none.

    Members who are pinned are not among the edges: `found.size` counts the others.
    """
    party = found.of_worker[edges.worker]
    rows = np.flatnonzero((party >= 0) & (seats[edges.vacancy] > 0))
    where = place[edges.vacancy[rows]]
    allowed = (fixed[party[rows]] == -1) | (fixed[party[rows]] == where)
    rows, where = rows[allowed], where[allowed]
    order = np.lexsort((edges.worker[rows], where, party[rows]))
    rows, where = rows[order], where[order]
    who, group = edges.worker[rows], party[rows]
    new_choice = _changes(group, where)
    new_member = new_choice | _changes(group, who)
    choice = np.cumsum(new_choice) - 1
    members = np.bincount(choice[new_member]) if len(rows) else np.empty(0, np.int64)
    full = members == found.size[group[new_choice]]
    number = np.where(full, np.cumsum(full) - 1, -1)
    keep = full[choice] if len(rows) else np.empty(0, np.bool_)
    kept = rows[keep]
    kept_choice = number[choice[keep]]
    starts = np.flatnonzero(new_member[keep])
    of_edge = np.full(len(edges), -1, np.int64)
    of_edge[kept] = kept_choice
    return Choices(
        group[new_choice][full], where[new_choice][full], kept, starts, kept_choice[starts], of_edge
    )


def _changes(*columns: IntArray) -> BoolArray:
    changed = np.zeros(len(columns[0]), np.bool_)
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    changed[:1] = True
    return changed
