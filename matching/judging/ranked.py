"""How far up a list stands what was wanted: NDCG, 1 where it stands first."""

from collections.abc import Mapping

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

TOP = 10


def ndcg(
    scores: FloatArray, relevant: BoolArray, lists: IntArray, top: int = TOP
) -> tuple[IntArray, FloatArray]:
    """The lists (numbers of `lists`, ascending) that hold anything relevant, and NDCG@top of each.

    Equal scores share their places: the value is the mean over all orders of them (McSherry and Najork, ECIR 2008).
    """
    order = np.lexsort((-scores, lists))
    of, score, hit = lists[order], scores[order], relevant[order]
    begins, many, shared = shared_discounts(of, score, top)
    one = np.repeat(np.arange(len(begins)), many)
    gained = np.bincount(one, shared * hit, len(begins))
    wanted = np.bincount(one, hit, len(begins)).astype(np.int64)
    best = np.concatenate(([0.0], np.cumsum(1.0 / np.log2(np.arange(top) + 2.0))))[np.minimum(wanted, top)]
    held = wanted > 0
    return of[begins][held], gained[held] / best[held]


def shared_discounts(
    of: IntArray, score: FloatArray, top: int = TOP
) -> tuple[IntArray, IntArray, FloatArray]:
    """Where each list begins, its length, and of each row what its place is worth, 1 / log2(1 + place) of the first `top`.

    Rows are in the order of their lists, the highest score first; equal scores share the worth of their places.
    """
    begins = np.flatnonzero(np.diff(of, prepend=of[0] - 1)) if len(of) else np.zeros(0, np.int64)
    many = np.diff(begins, append=len(of))
    place = np.arange(len(of)) - np.repeat(begins, many)
    discount = np.where(place < top, 1.0 / np.log2(place + 2.0), 0.0)
    new = np.ones(len(of), np.bool_)
    new[1:] = (of[1:] != of[:-1]) | (score[1:] != score[:-1])
    tie = np.cumsum(new) - 1
    shared = (np.bincount(tie, discount) / np.maximum(np.bincount(tie), 1))[tie] if len(of) else discount
    return begins, many, shared


def exposure(people: int, person: IntArray, post: IntArray, score: FloatArray) -> Mapping[str, FloatArray]:
    """What the posts' lists give to each person: `shown`, by the places of the score (equal scores share theirs), and
    `shown_by_chance`, by an order of chance among the same pairs. One pair a row; both of length `people`."""
    order = np.lexsort((-score, post))
    who, of, worth = person[order], post[order], score[order]
    begins, many, shared = shared_discounts(of, worth)
    whole = np.add.reduceat(shared, begins) if len(begins) else np.zeros(0)
    even = np.repeat(whole / np.maximum(many, 1), many)
    return {
        "shown": np.bincount(who, shared, people).astype(np.float64),
        "shown_by_chance": np.bincount(who, even, people).astype(np.float64),
    }
