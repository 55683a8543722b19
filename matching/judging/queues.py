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
    people: int,
    worker: IntArray,
    post: IntArray,
    worth: FloatArray,
    seats: IntArray,
    *,
    draws: int,
    seed: int,
) -> FloatArray:
    """What any order and any pair that may be bring each person, the mean over draws."""
    dice = np.random.default_rng(seed)
    mean = np.zeros(people)
    for _ in range(draws):
        taken = in_turn(people, worker, post, dice.random(len(worker)), seats, dice.permutation(people))
        mean += brought(taken, worth) / draws
    return mean


def brought(taken: IntArray, worth: FloatArray) -> FloatArray:
    """What each person's pair is worth, 0 without one."""
    return np.append(worth, 0.0)[taken]
