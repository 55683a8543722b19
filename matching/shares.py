"""What each cause has to do with a score: its Shapley value, so that the shares add up to the whole.

A cause comes in when its features become known, in some order; its share is what the score changes by then, averaged over
orders. All orders are too many, so some are taken and each of them backwards too; whatever the orders, the shares of one add
up to the score less that of a pair of which nothing is known.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching import features
from matching.columns import BoolArray, FloatArray

ORDERS = 8
"""Orders taken, each of them backwards too."""
_AT_ONCE = 16_000
"""Rows that are scored together."""

_COLUMNS = [
    [at for at, feature in enumerate(features.FEATURES) if feature.cause == cause]
    for cause in features.CAUSES
]


def shares(
    score: Callable[[FloatArray, FloatArray], FloatArray],
    raw: FloatArray,
    known: FloatArray,
    average: FloatArray,
    orders: NDArray[np.int64] | None = None,
) -> FloatArray:
    """Shares in `score`, shape (pairs, causes).

    Parameters
    ----------
    score
        Of pairs, by their features with nan and with averages in the place of nan, both (rows, features).
    raw, known, average
        (pairs, features): what is told, the same completed, and what takes the place of what is not told.
    orders
        (orders, causes): in which order causes come in.
    """
    orders = drawn() if orders is None else orders
    pairs, many = len(raw), len(orders)
    causes = len(_COLUMNS)
    # Which features are in, before the first and after each cause of each order: (orders, causes + 1, features).
    inside = np.zeros((many, causes + 1, raw.shape[1]), np.bool_)
    for at, order in enumerate(orders.tolist()):
        for step, cause in enumerate(order, 1):
            inside[at, step] = inside[at, step - 1]
            inside[at, step, _COLUMNS[cause]] = True
    masks, back = np.unique(inside.reshape(-1, raw.shape[1]), axis=0, return_inverse=True)
    values = np.concatenate(
        [
            _valued(score, part, raw, known, average)
            for part in np.array_split(masks, max(1, len(masks) * pairs // _AT_ONCE))
        ]
    )
    steps = np.diff(values[back.reshape(-1)].reshape(many, causes + 1, pairs), axis=1)
    sums = np.zeros((causes, pairs))
    for at in range(many):
        sums[orders[at]] += steps[at]
    return sums.T / many


def _valued(
    score: Callable[[FloatArray, FloatArray], FloatArray],
    masks: BoolArray,
    raw: FloatArray,
    known: FloatArray,
    average: FloatArray,
) -> FloatArray:
    """The score of every pair with only the features of each mask told, shape (masks, pairs)."""
    told = np.where(masks[:, None, :], raw[None], np.nan).reshape(-1, raw.shape[1])
    whole = np.where(masks[:, None, :], known[None], average[None]).reshape(-1, raw.shape[1])
    return score(told, whole).reshape(len(masks), len(raw))


def drawn(many: int = ORDERS) -> NDArray[np.int64]:
    """So many orders of all causes, and each of them backwards; always the same ones."""
    dice = np.random.default_rng(0)
    forth = np.array([dice.permutation(len(_COLUMNS)) for _ in range(many)])
    return np.concatenate([forth, forth[:, ::-1]])
