"""Pairs of a past month as a ranker of its first day would have seen them, each on its own day."""

from dataclasses import replace

import numpy as np

from matching.columns import DateArray, Market, Pairs, Then
from matching.features import FEATURES
from matching.learning.ranker import LearnedRanker
from matching.offers import same_occupation
from matching.rankers import Ranker
from matching.regions import IntArray
from matching.told import companion_there, townspeople

_TOLD = [each for each in FEATURES if each.scope in ("firm", "firm_origin") and each.name != "townspeople"]


def pairs_on(ranker: Ranker, market: Market, workers: IntArray, posts: IntArray, days: DateArray) -> Pairs:
    """With the townspeople, companions and trades of the market's day, and of employers what the ranker has learned.

    Where the companion did not work yet nobody knew on that day whether both would go.
    """
    if isinstance(ranker, LearnedRanker):
        market = replace(market, firms=ranker.learned.firms)
    now = Pairs(market, workers, posts)
    told = {each.name: each.value(now) for each in _TOLD}
    there = companion_there(now)
    told["companion_there"] = np.where(now.of_workers("companion_county") > 0, there, np.nan)
    told["same_occupation"] = same_occupation(now)
    return Pairs(market, workers, posts, then=Then(days, townspeople(now), told))


def past_market(market: Market) -> Market:
    """Without the day from which people are free, which a folder tells of its own day and not of earlier ones."""
    people = market.workers
    never = np.full(len(people), "NaT", "datetime64[D]")
    return replace(market, workers=replace(people, available_from=never))
