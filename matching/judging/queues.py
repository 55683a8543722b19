"""Plans without a plan: people come one after the other, and each takes a post that has a seat left."""

import numpy as np

from matching.columns import FloatArray
from matching.regions import IntArray


def in_turn(
    people: int, worker: IntArray, post: IntArray, liking: FloatArray, seats: IntArray, order: IntArray
) -> IntArray:
    """The pair that each person takes, -1 none.

    Parameters
    ----------
    worker, post, liking : pairs that may be, by ascending worker; each takes the pair liked most, the first of equals.
    seats : of each post; order : people by their coming.
    """
    left = seats.copy()
    taken = np.full(people, -1)
    begins = np.searchsorted(worker, np.arange(people + 1))
    for one in order.tolist():
        begin, end = begins[one], begins[one + 1]
        if begin == end:
            continue
        mine = post[begin:end]
        value = np.where(left[mine] > 0, liking[begin:end], -np.inf)
        best = int(value.argmax())
        if value[best] > -np.inf:
            taken[one] = begin + best
            left[mine[best]] -= 1
    return taken


def by_chance(
    people: int, worker: IntArray, post: IntArray, seats: IntArray, *, draws: int, seed: int
) -> FloatArray:
    """In which share of the draws each pair is taken, where people come in any order and take any pair that may be."""
    dice = np.random.default_rng(seed)
    share = np.zeros(len(worker))
    for _ in range(draws):
        taken = in_turn(people, worker, post, dice.random(len(worker)), seats, dice.permutation(people))
        share[taken[taken >= 0]] += 1 / draws
    return share
