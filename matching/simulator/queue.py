"""Plans of no foresight: first come, first served, and whatever is eligible by chance."""

from collections.abc import Sequence

import numpy as np

from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.truth import Edges, Truth


def first_come(truth: Truth, edge: Edges) -> IntArray:
    """The vacancy of each worker, -1 for none: by the day from which they are free and their id, each takes what they
    like best of what is eligible and still has a seat, and nothing that is worth less to them than staying.

    Two companions come when the first of them does and take the county in which the sum of both is highest.
    """
    order = np.lexsort((np.arange(len(truth)), truth.available))
    return _serve(truth, edge, order.tolist(), edge.utility)


def by_chance(truth: Truth, edge: Edges, rng: np.random.Generator) -> IntArray:
    """The same where workers come in any order and take any eligible vacancy with a seat, each as likely."""
    return _serve(truth, edge, rng.permutation(len(truth)).tolist(), rng.random(len(edge.worker)))


def _serve(truth: Truth, edge: Edges, order: Sequence[int], appeal: FloatArray) -> IntArray:
    left = truth.seats.copy()
    plan = np.full(len(truth), -1)
    done = np.zeros(len(truth), np.bool_)
    for worker in order:
        if done[worker]:
            continue
        other = int(truth.companion[worker])
        members = [worker] if other < 0 else [worker, other]
        done[members] = True
        likes = [_likes(truth, edge, appeal, left, member) for member in members]
        chosen = _alone(likes[0]) if other < 0 else _both(truth, likes[0], likes[1], left)
        if chosen is not None:
            plan[members] = chosen
            np.subtract.at(left, chosen, 1)
    return plan


def _likes(truth: Truth, edge: Edges, appeal: FloatArray, left: IntArray, worker: int) -> FloatArray:
    """How much a worker likes each vacancy; below 0 all that can't be had."""
    likes = np.full(len(truth.seats), -1.0)
    own = edge.of(worker)
    likes[edge.vacancy[own]] = appeal[own]
    likes[left <= 0] = -1.0
    return likes


def _alone(likes: FloatArray) -> list[int] | None:
    top = int(likes.argmax())
    return [top] if likes[top] >= 0 else None


def _both(truth: Truth, first: FloatArray, second: FloatArray, left: IntArray) -> list[int] | None:
    found: list[int] | None = None
    most = -1.0
    for county in np.unique(truth.county[(first >= 0)]).tolist():
        there = truth.county == county
        one, two = _tops(first, there), _tops(second, there)
        for a in one:
            for b in two:
                fits = a != b or left[a] > 1
                if fits and first[a] + second[b] > most:
                    found, most = [a, b], first[a] + second[b]
    return found


def _tops(likes: FloatArray, there: BoolArray) -> list[int]:
    """The two that are liked best: where both want a last seat, one takes the second."""
    rows = np.flatnonzero(there & (likes >= 0))
    return [int(row) for row in rows[np.argsort(-likes[rows], kind="stable")][:2]]
