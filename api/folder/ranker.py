"""Which ranker orders a folder's market: the one place where that is decided."""

from dataclasses import replace
from datetime import date

from api.folder.market import FolderMarket
from matching.rankers import PriorRanker, Ranker


def ranker_for(folder: FolderMarket, as_of: date, seed: int) -> Ranker:  # noqa: ARG001  # the prior draws nothing
    """The documented prior, fitted on the vacancies on offer: what was offered before or later says nothing of today's pay."""
    market = folder.market(as_of)
    return PriorRanker().fit(replace(market, vacancies=market.vacancies.take(folder.on_offer(as_of))))
