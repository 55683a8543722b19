"""Why somebody is proposed for a post, as it is kept with the line."""

from collections.abc import Callable
from typing import Any

import numpy as np

from matching.columns import Market, Pairs
from matching.explanation import chosen
from matching.rankers import PriorRanker
from matching.regions import IntArray

_AT_ONCE = 100
Reasons = list[dict[str, Any]]


def explained(
    market: Market,
    ranker: PriorRanker,
    workers: IntArray,
    vacancies: IntArray,
    tell: Callable[[int, int, str], None] = lambda *_: None,
) -> list[Reasons]:
    """The reasons of each pair of the market's rows; `ranker` is fitted."""
    told: list[Reasons] = []
    for begin in range(0, len(workers), _AT_ONCE):
        tell(begin, len(workers), "说明理由")
        some = slice(begin, begin + _AT_ONCE)
        pairs = Pairs(market, workers[some], vacancies[some])
        told += [
            [
                {"code": each.code, "sentence": each.sentence, "contribution": round(each.contribution, 6)}
                for each in chosen(causes)
            ]
            for causes in ranker.contributions(pairs)
        ]
    return told


def rows_of(ids: IntArray, wanted: IntArray) -> IntArray:
    """The row of each wanted number among ascending `ids`; -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1)
