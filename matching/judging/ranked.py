"""How far up a list stands what was wanted: NDCG, 1 where it stands first."""

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
    begins = np.flatnonzero(np.diff(of, prepend=of[0] - 1)) if len(of) else np.zeros(0, np.int64)
    many = np.diff(begins, append=len(of))
    place = np.arange(len(of)) - np.repeat(begins, many)
    discount = np.where(place < top, 1.0 / np.log2(place + 2.0), 0.0)
    new = np.ones(len(of), np.bool_)
    new[1:] = (of[1:] != of[:-1]) | (score[1:] != score[:-1])
    tie = np.cumsum(new) - 1
    shared = (np.bincount(tie, discount) / np.maximum(np.bincount(tie), 1))[tie] if len(of) else discount
    one = np.repeat(np.arange(len(begins)), many)
    gained = np.bincount(one, shared * hit, len(begins))
    wanted = np.bincount(one, hit, len(begins)).astype(np.int64)
    best = np.concatenate(([0.0], np.cumsum(1.0 / np.log2(np.arange(top) + 2.0))))[np.minimum(wanted, top)]
    held = wanted > 0
    return of[begins][held], gained[held] / best[held]
