"""The prices behind a flow: dual values found as shortest distances in its residual graph.

OR-tools gives no duals. A flow is the best one exactly if prices exist that fit it, and what fits is a list of differences:
whoever sits at v would not gain by v' (price v ≤ price v' + gain v - gain v'), nobody at home would gain by going, a seat left
free costs nothing. The greatest prices that fit are distances from the free end, the lowest are distances to it. Both are
integers, so they fit exactly. Source: Ahuja, Magnanti, Orlin, Network Flows (1993), §9.
"""

from dataclasses import dataclass

import numpy as np

from matching.allocation.flow import Flow, Net
from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

UNBOUNDED = 2**60
"""No distance: nothing holds this price from above."""


@dataclass(frozen=True, slots=True)
class Potentials:
    """Prices that fit, in the unit of the gains: what a seat costs whoever takes it, what one more required person of a kind
    costs, and what one more placement above `most` would bring."""

    seat: IntArray
    kind: IntArray
    most: int


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the greatest prices that fit. The greatest are what the plan loses with a seat less, or with one more person
    of a kind required (`UNBOUNDED` and about: there is nobody more); `worth` is what one more seat would bring."""

    low: Potentials
    high: Potentials
    worth: IntArray

    @property
    def seat(self) -> FloatArray:
        """One price a vacancy, in the middle, which fits too."""
        return _middle(self.low.seat, self.high.seat)

    @property
    def most(self) -> float:
        """What placing anybody costs, whatever the post, where a share of the placements holds others back; as `seat` is taken."""
        low, high = self.low.most, self.high.most
        return (low + high) / 2 if bounded(self.high.seat).all() else float(low)

    @property
    def kind(self) -> FloatArray:
        """One price a kind, in the middle."""
        return _middle(self.low.kind, self.high.kind)


def bounded(prices: IntArray) -> BoolArray:
    """Which of the greatest prices are held by anything."""
    held: BoolArray = prices < UNBOUNDED // 2
    return held


def _middle(low: IntArray, high: IntArray) -> FloatArray:
    # Prices fit together: where one is not held from above, the lowest are taken throughout.
    middle: FloatArray = (low + high) / 2 if bounded(high).all() else low.astype(np.float64)
    return middle


@dataclass(frozen=True, slots=True)
class _Graph:
    """Differences: value[head] ≤ value[tail] + length. Nodes: vacancies, kinds, buses, the limit `most`, the free end."""

    tail: IntArray
    head: IntArray
    length: IntArray
    nodes: int


def potentials(net: Net, flow: Flow, *, elastic: bool = False) -> Range:
    """The prices behind a best flow; with `elastic` behind one of the fewest lacking people, where only shortages count."""
    graph = _graph(net, flow, elastic)
    posts, kinds, free = len(net.seats), len(net.least), graph.nodes - 1
    high = _distances(graph.tail, graph.head, graph.length, graph.nodes, free)
    low = -_distances(graph.head, graph.tail, graph.length, graph.nodes, free)
    worth = low[:posts].copy()
    ends = _ends(net)
    if net.most is not None or net.load is not None:
        for end in np.unique(ends).tolist():
            found = _distances(graph.head, graph.tail, graph.length, graph.nodes, end)
            worth[ends == end] = -found[:posts][ends == end]

    def named(values: IntArray) -> Potentials:
        return Potentials(values[:posts], values[posts : posts + kinds], int(values[-2]))

    return Range(named(low), named(high), worth)


def _ends(net: Net) -> IntArray:
    """The node behind each vacancy: its bus, or the limit."""
    posts, kinds = len(net.seats), len(net.least)
    buses = 0 if net.load is None else len(net.load)
    limit = posts + kinds + buses
    if net.bus is None:
        return np.full(posts, limit)
    ends: IntArray = np.where(net.bus >= 0, posts + kinds + net.bus, limit)
    return ends


def _graph(net: Net, flow: Flow, elastic: bool) -> _Graph:
    posts, kinds = len(net.seats), len(net.least)
    buses = 0 if net.load is None else len(net.load)
    limit, free = posts + kinds + buses, posts + kinds + buses + 1
    gain = np.zeros_like(net.gain) if elastic else net.gain
    home = posts + net.kind
    at = flow.edge
    gone = np.flatnonzero(at >= 0)
    own = at[gone]
    here = np.full(net.workers, -1, np.int64)
    here[gone] = net.vacancy[own]
    own_gain = np.zeros(net.workers, np.int64)
    own_gain[gone] = gain[own]
    went = at[net.worker] >= 0
    other = went & (here[net.worker] != net.vacancy)
    stayed = ~went
    parts = [
        (net.vacancy[other], here[net.worker[other]], own_gain[net.worker[other]] - gain[other]),
        (home[gone], here[gone], own_gain[gone]),
        (net.vacancy[stayed], home[net.worker[stayed]], -gain[stayed]),
    ]

    def between(tail: IntArray | int, head: IntArray | int, length: IntArray | int = 0) -> None:
        tails, heads, lengths = np.broadcast_arrays(tail, head, length)
        parts.append((np.ravel(tails), np.ravel(heads), np.ravel(lengths).astype(np.int64)))

    taken = np.bincount(here[gone], minlength=posts)
    ends, post = _ends(net), np.arange(posts)
    between(post, ends)
    between(ends[taken < net.seats], post[taken < net.seats])
    kind = posts + np.arange(kinds)
    placed = np.bincount(net.kind[gone], minlength=kinds)
    between(kind, free)
    between(free, kind[placed > net.least])
    if elastic:
        between(free, kind, 1)
        between(kind[flow.short > 0], free, -1)
    for bus in range(buses):
        between(limit, posts + kinds + bus)
        if net.load is not None and net.bus is not None:
            aboard = int(taken[net.bus == bus].sum())
            if aboard > net.load[bus] or net.load[bus] == 0:
                between(posts + kinds + bus, limit)
    between(limit, free)
    if net.most is None or len(gone) < net.most:
        between(free, limit)
    tail, head, length = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _shortest(_Graph(tail, head, length, free + 1))


def _shortest(graph: _Graph) -> _Graph:
    """Of several differences between the same two only the tightest."""
    key = graph.tail * graph.nodes + graph.head
    order = np.argsort(key, kind="stable")
    key, length = key[order], graph.length[order]
    start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    pairs = key[start]
    return _Graph(pairs // graph.nodes, pairs % graph.nodes, np.minimum.reduceat(length, start), graph.nodes)


def _distances(tail: IntArray, head: IntArray, length: IntArray, nodes: int, source: int) -> IntArray:
    """Shortest distances from `source` by Bellman and Ford, only over what changed in the round before."""
    order = np.argsort(tail, kind="stable")
    head, length = head[order], length[order]
    starts = np.searchsorted(tail[order], np.arange(nodes + 1))
    distance = np.full(nodes, UNBOUNDED, np.int64)
    distance[source] = 0
    changed = np.array([source])
    for _ in range(nodes + 1):
        if not len(changed):
            return distance
        size = starts[changed + 1] - starts[changed]
        total = int(size.sum())
        rows = np.arange(total) + np.repeat(starts[changed] - (np.cumsum(size) - size), size)
        reached = np.repeat(distance[changed], size) + length[rows]
        before = distance.copy()
        np.minimum.at(distance, head[rows], reached)
        changed = np.flatnonzero(distance < before)
    raise ValueError("the flow is not the best one: its residual graph has a negative cycle")
