"""Which ranker orders a folder's market: the one place where that is decided."""

from dataclasses import replace
from datetime import date

import numpy as np

from api.folder.market import FolderMarket
from matching.judging.known import as_known, market_known
from matching.learning.ranker import LearnedRanker
from matching.learning.training import learn
from matching.rankers import PriorRanker


def ranker_for(folder: FolderMarket, as_of: date, seed: int, objective: str = "surplus") -> PriorRanker:
    """What was learned from the folder's past as it was known on that day; the documented prior where nothing was.

    Usual pay is that of the vacancies on offer: what was offered before or later says nothing of today's.
    """
    market, day = folder.market(as_of), np.datetime64(as_of, "D")
    learned = learn(market_known(market, day), as_known(folder.history, day), day, seed=seed)
    ranker = LearnedRanker(learned, objective) if learned.stays or learned.answers else PriorRanker(objective)
    return ranker.fit(replace(market, vacancies=market.vacancies.take(folder.on_offer(as_of))))
