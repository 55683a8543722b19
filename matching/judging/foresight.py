"""Pairs of a past month as a ranker of its first day would have seen them, each on its own day."""

from dataclasses import replace

import numpy as np

from matching import regions
from matching.columns import DateArray, Market, Pairs, Then
from matching.learning.ranker import LearnedRanker
from matching.rankers import Ranker
from matching.regions import IntArray


def pairs_on(ranker: Ranker, market: Market, workers: IntArray, posts: IntArray, days: DateArray) -> Pairs:
    """With the townspeople of the market's day, and of employers what the ranker has learned."""
    firms = ranker.learned.firms if isinstance(ranker, LearnedRanker) else market.firms
    employer = market.vacancies.employer[posts]
    people = market.townspeople.look_up(employer, regions.county(market.workers.region[workers]))
    then = Then(days, people, firms.look_up("leaving", employer), firms.look_up("hiring", employer))
    return Pairs(market, workers, posts, then=then)


def past_market(market: Market) -> Market:
    """Without the day from which people are free, which a folder tells of its own day and not of earlier ones."""
    people = market.workers
    never = np.full(len(people), "NaT", "datetime64[D]")
    return replace(market, workers=replace(people, available_from=never))
