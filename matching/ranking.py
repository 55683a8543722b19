"""A ranked list: eligibility first, then scores, then the reasons of those that are shown."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matching import for_employers
from matching.allocation.desk import net_scores
from matching.columns import BoolArray, FloatArray, Market, Pairs, Vacancies, Workers
from matching.eligibility import eligible_vacancies, eligible_workers
from matching.explanation import Contribution, chosen
from matching.rankers import Ranker
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of a list. What a ranker does not say is None; a list that is not ranked has no scores at all."""

    rank: int
    index: int
    id: int
    score: float | None
    p_hire: float | None
    p_stay_90: float | None
    p_stay_180: float | None
    reasons: tuple[Contribution, ...]
    for_employer: tuple[str, ...] = ()
    """What the post's employer may be told of it (`matching.for_employers`)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A list and what made it. `eligible` of `considered` passed every rule; `ranker` is None for an unranked list."""

    items: tuple[Ranked, ...]
    as_of: date
    ranker: str | None
    version: str | None
    eligible: int
    considered: int


def rank_vacancies(
    market: Market,
    ranker: Ranker,
    worker: int,
    limit: int = 10,
    *,
    ranked: bool = True,
    price: FloatArray | None = None,
) -> Ranking:
    """The best vacancies for the worker at index `worker`; with `ranked=False` the eligible ones by id, no score computed.

    With `price`, one value a vacancy in the unit of the scores, from a plan of those who are expected, its posts change places among themselves
    by the score less the price; a post with nan, of which the plan says nothing, stands where its score puts it.
    """
    candidates = np.flatnonzero(eligible_vacancies(market, worker))
    pairs = Pairs.of_worker(market, worker, candidates)
    return _rank(ranker, pairs, candidates, market.vacancies, limit, ranked, price)


def rank_workers(
    market: Market,
    ranker: Ranker,
    vacancy: int,
    limit: int = 50,
    *,
    ranked: bool = True,
    among: BoolArray | None = None,
) -> Ranking:
    """The best workers for the vacancy at index `vacancy`; with `ranked=False` the eligible ones by id, no score computed.

    `among` is who comes into question at all, one value a worker; None for everybody.
    """
    allowed = eligible_workers(market, vacancy)
    candidates = np.flatnonzero(allowed if among is None else allowed & among)
    pairs = Pairs.of_vacancy(market, vacancy, candidates)
    ranking = _rank(ranker, pairs, candidates, market.workers, limit, ranked)
    return ranking if among is None else replace(ranking, considered=int(among.sum()))


def _rank(
    ranker: Ranker,
    pairs: Pairs,
    candidates: IntArray,
    side: Workers | Vacancies,
    limit: int,
    ranked: bool,
    price: FloatArray | None = None,
) -> Ranking:
    ids = side.id[candidates]
    scores = ranker.score(pairs) if ranked else np.zeros(len(pairs))
    order = np.lexsort((ids, -scores))
    if price is not None and ranked:
        net = net_scores(scores, candidates, price)
        places = np.flatnonzero(~np.isnan(net[order]))
        planned = order[places]
        order[places] = planned[np.lexsort((ids[planned], -net[planned]))]
    order = order[:limit]
    shown = pairs.take(order)
    expected = ranker.outlook(shown) if ranked and len(shown) else None
    reasons = ranker.contributions(shown) if ranked else [[] for _ in order]
    stay_90, stay_180 = (expected.stay(90), expected.stay(180)) if expected else (None, None)
    items = tuple(
        Ranked(
            rank=at + 1,
            index=int(candidates[row]),
            id=int(ids[row]),
            score=float(scores[row]) if ranked else None,
            p_hire=float(expected.p_hire[at]) if expected else None,
            p_stay_90=float(stay_90[at]) if stay_90 is not None else None,
            p_stay_180=float(stay_180[at]) if stay_180 is not None else None,
            reasons=tuple(chosen(reasons[at])),
            for_employer=for_employers.sentences(reasons[at]),
        )
        for at, row in enumerate(order.tolist())
    )
    return Ranking(
        items=items,
        as_of=pairs.market.as_of,
        ranker=ranker.name if ranked else None,
        version=ranker.version if ranked else None,
        eligible=len(candidates),
        considered=len(side),
    )
