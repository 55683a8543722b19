"""The plan as a flow: workers to vacancies or home, at the greatest gain. Integers in, so what comes out is exact.

Solver: OR-tools' cost-scaling push-relabel. A worker is a source of one; an arc to each vacancy that may be, an arc home; seats
are capacities into the sink. A quota over disjoint kinds of workers needs no lower bound: at least r of a kind placed is at
most (size - r) of it at home.
"""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Net:
    """What the flow sees of a problem; every worker is of one kind."""

    workers: int
    worker: IntArray
    vacancy: IntArray
    gain: IntArray
    """Integers, one an edge; they may be negative."""
    seats: IntArray
    kind: IntArray
    least: IntArray
    """Least placed people of each kind."""
    most: int | None = None
    """Most placed people altogether."""
    bus: IntArray | None = None
    """Bus of each vacancy; -1 none."""
    load: IntArray | None = None
    """Least people on each bus."""


@dataclass(frozen=True, slots=True)
class Flow:
    """`edge[w]` is the edge that worker w takes, -1 for home; `gain` is the total; `short[k]` how many of kind k are lacking."""

    edge: IntArray
    gain: int
    short: IntArray


def best(net: Net, *, shortage_only: bool = False) -> Flow | None:
    """The flow of the greatest gain, or None where the least numbers can't be reached.

    With `shortage_only` the gains count nothing: found is how few people must be lacking in all kinds together (None then
    only where a bus can't be filled).
    """
    people, posts = net.workers, len(net.seats)
    sizes = np.bincount(net.kind, minlength=len(net.least))
    room = sizes - net.least
    if not shortage_only and (room < 0).any():
        return None
    post = people + np.arange(posts)
    arcs: list[tuple[IntArray, ...]] = []
    count = people + posts

    def node() -> int:
        nonlocal count
        count += 1
        return count - 1

    def arc(tail: IntArray, head: IntArray | int, capacity: IntArray | int, cost: IntArray | int) -> None:
        arcs.append(
            (
                tail,
                *(
                    np.broadcast_to(np.asarray(value, np.int64), tail.shape)
                    for value in (head, capacity, cost)
                ),
            )
        )

    sink = node()
    arc(net.worker, people + net.vacancy, 1, 0 if shortage_only else -net.gain)
    supply = {sink: -people}
    # Home: one sink for all where no kind has a least number, a node of its own for each kind otherwise.
    if net.least.any():
        homes = np.array([node() for _ in sizes])
        arc(np.arange(people), homes[net.kind], 1, 0)
        arc(homes, sink, np.maximum(room, 0), 0)
        if shortage_only:
            arc(homes, sink, np.minimum(net.least, sizes), 1)
    else:
        arc(np.arange(people), sink, 1, 0)
    end = sink
    if net.most is not None:
        end = node()
        arc(np.array([end]), sink, max(net.most, 0), 0)
    ends = np.full(posts, end)
    if net.bus is not None and net.load is not None and len(net.load):
        buses = np.array([node() for _ in net.load])
        ends = np.where(net.bus >= 0, buses[net.bus], end)
        # The least load ends at the bus itself, so it must come; those people still count for `most`.
        for bus, load in zip(buses.tolist(), net.load.tolist(), strict=True):
            supply[bus] = -load
        supply[end] = supply.get(end, 0) + (int(net.load.sum()) if end != sink else 0)
        supply[sink] += int(net.load.sum()) if end == sink else 0
        arc(buses, end, np.full(len(buses), people), 0)
    arc(post, ends, net.seats, 0)
    return _solved(net, arcs, supply, count, sizes)


def _solved(
    net: Net,
    arcs: list[tuple[IntArray, ...]],
    supply: dict[int, int],
    count: int,
    sizes: IntArray,
) -> Flow | None:
    if not net.workers:
        return Flow(np.empty(0, np.int64), 0, np.maximum(net.least - sizes, 0))
    solver = SimpleMinCostFlow()
    tail, head, capacity, cost = (np.concatenate(column) for column in zip(*arcs, strict=True))
    ids = solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    supplies = np.zeros(count, np.int64)
    supplies[: net.workers] = 1
    for node, value in supply.items():
        supplies[node] = value
    solver.set_nodes_supplies(np.arange(count), supplies)
    status = solver.solve()
    if status == SimpleMinCostFlow.INFEASIBLE:
        return None
    if status != SimpleMinCostFlow.OPTIMAL:
        raise ValueError(f"the flow can't be solved: {status}")
    taken = np.flatnonzero(solver.flows(ids[: len(net.worker)]))
    edge = np.full(net.workers, -1, np.int64)
    edge[net.worker[taken]] = taken
    placed = np.bincount(net.kind[edge >= 0], minlength=len(net.least))
    return Flow(edge, int(net.gain[taken].sum()), np.maximum(net.least - placed, 0))
