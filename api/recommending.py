"""推荐: the ranked lists of both sides, logged as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import insert
from sqlmodel import Session, col, select

from api.learned.serving import PRIOR_WORDS, what_serves
from api.match_plans.prices import prices_for
from ledger.gathering import courses_open_to
from matching.advice import Advice, OpenCourse, what_would_raise
from matching.eligibility import Exclusion, excluded_vacancies, excluded_workers
from matching.exploring import LOOKED_BEYOND, drawn
from matching.flags import Flag, flags
from matching.market import REFRESHED_WITHIN_DAYS, load_market
from matching.rankers import Ranker
from matching.ranking import Ranking as RankedList
from matching.ranking import rank_vacancies, rank_workers
from models.ranking import Ranking, RankingItem, RankingSide
from models.vacancy import Vacancy
from models.worker import Worker


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A list as it was shown, the row under which it was logged, the flags of each of its lines, what was ruled out
    where that was asked, what would raise the matches of a worker, by what it was ranked, in Chinese, the plan whose
    prices were taken off the scores, and whether the person does not want to be scored."""

    log: Ranking
    ranking: RankedList
    flags: tuple[tuple[Flag, ...], ...]
    excluded: tuple[tuple[int, Exclusion], ...] = ()
    advice: tuple[Advice, ...] = ()
    by: str = PRIOR_WORDS
    net_of: int | None = None
    switched_off: bool = False


def vacancies_for(
    session: Session,
    worker: Worker,
    *,
    account_id: int,
    as_of: date,
    limit: int,
    ranked: bool = True,
    with_excluded: bool = False,
    refreshed_within_days: int = REFRESHED_WITHIN_DAYS,
    explore: float = 0.0,
    net: bool = False,
    regions: Sequence[str] | None = None,
) -> Recommendation:
    """The best vacancies for a worker, best first; unranked, the eligible ones in the order they were entered.

    `explore` is the share of lists in which near ties stand in an order that was drawn (`matching.exploring`).
    `regions`: whose ranking model it is, where the session has no regions of its own.
    `net`: seats that the county's plan has for others are left to them, where there is such a plan (`api.match_plans.prices`).
    """
    market = load_market(
        session, as_of, worker_ids=[worker.identity], refreshed_within_days=refreshed_within_days
    )
    switched_off = bool(market.workers.unranked.any())
    ranked = ranked and not switched_off
    prices = prices_for(session, worker, as_of) if net and ranked else None
    serving = what_serves(session, regions)
    ranker = serving.ranker(prices.objective if prices else "surplus").fit(market)
    # Where seats are left to others the order is not that of the scores.
    explore = explore if ranked and prices is None else 0.0
    best = rank_vacancies(
        market, ranker, 0, _looked_at(limit, explore), ranked=ranked,
        price=prices.of(market.vacancies.id) if prices else None,
    )  # fmt: skip
    shown, chances = _explored(best, limit, explore)
    log = log_list(
        session, RankingSide.VACANCIES, ranker, ranked, as_of, account_id, prices.plan_id if prices else None
    )
    log_items(session, log, shown, {worker.identity: worker.region}, chances, worker_id=worker.identity)
    out = excluded_vacancies(market, 0) if with_excluded else []
    return Recommendation(
        log,
        shown,
        tuple(flags(market, 0, item.index, worker.sex or "") for item in shown.items),
        tuple((int(market.vacancies.id[found.index]), found) for found in out),
        tuple(what_would_raise(market, ranker, 0, courses=_courses(session, worker, as_of)))
        if ranked
        else (),
        by=serving.words,
        net_of=prices.plan_id if prices else None,
        switched_off=switched_off,
    )


def _courses(session: Session, worker: Worker, as_of: date) -> list[OpenCourse]:
    return [
        OpenCourse(row.skill, row.name, row.started_on) for row in courses_open_to(session, worker, as_of)
    ]


def workers_for(
    session: Session,
    vacancy: Vacancy,
    *,
    account_id: int,
    as_of: date,
    limit: int,
    ranked: bool = True,
    with_excluded: bool = False,
    refreshed_within_days: int = REFRESHED_WITHIN_DAYS,
    explore: float = 0.0,
) -> Recommendation:
    """The best workers without work, among those the session may see, for a vacancy that is on offer; else as `vacancies_for`."""
    market = load_market(session, as_of, without_work=True, refreshed_within_days=refreshed_within_days)
    at = np.flatnonzero(market.vacancies.id == vacancy.identity)
    serving = what_serves(session)
    if not len(at):
        log = log_list(session, RankingSide.WORKERS, serving.ranker(), ranked, as_of, account_id)
        return Recommendation(log, RankedList((), as_of, None, None, 0, 0), ())
    ranker = serving.ranker().fit(market)
    explore = explore if ranked else 0.0
    most = _looked_at(limit, explore)
    scored = ~market.workers.unranked if ranked else None
    best = rank_workers(market, ranker, int(at[0]), most, ranked=ranked, among=scored)
    shown, chances = _explored(best, limit, explore)
    if scored is not None and not scored.all():
        # Who does not want to be scored is not lost for it: they stand behind, in the order they were entered.
        others = rank_workers(market, ranker, int(at[0]), limit, ranked=False, among=~scored)
        shown, chances = _behind(shown, others), (*chances, *(None,) * len(others.items))
    log = log_list(session, RankingSide.WORKERS, ranker, ranked, as_of, account_id)
    ids = [item.id for item in shown.items]
    rows = session.exec(select(Worker.id, Worker.region, Worker.sex).where(col(Worker.id).in_(ids))).all()
    regions, sexes = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    log_items(session, log, shown, regions, chances, vacancy_id=vacancy.identity)
    excluded = excluded_workers(market, int(at[0])) if with_excluded else []
    return Recommendation(
        log,
        shown,
        tuple(flags(market, item.index, int(at[0]), sexes[item.id] or "") for item in shown.items),
        tuple((int(market.workers.id[found.index]), found) for found in excluded),
        by=serving.words,
    )


def _behind(scored: RankedList, others: RankedList) -> RankedList:
    first = len(scored.items)
    items = scored.items + tuple(replace(item, rank=first + item.rank) for item in others.items)
    return replace(
        scored,
        items=items,
        eligible=scored.eligible + others.eligible,
        considered=scored.considered + others.considered,
    )


def _looked_at(limit: int, explore: float) -> int:
    return limit + LOOKED_BEYOND if explore else limit


def _explored(shown: RankedList, limit: int, share: float) -> tuple[RankedList, tuple[float | None, ...]]:
    """The list as it is shown, and the chance of each line to stand where it stands; None where nothing was drawn."""
    if not share:
        return shown, (None,) * len(shown.items)
    items, chances = drawn(shown.items, limit, share, np.random.default_rng())
    return replace(shown, items=items), chances


def log_list(
    session: Session,
    side: RankingSide,
    ranker: Ranker,
    ranked: bool,
    as_of: date,
    account_id: int,
    net_of: int | None = None,
) -> Ranking:
    """The row of a list that is shown; `net_of` is the plan whose prices were taken off."""
    # Whose prices were taken off is part of what made the order.
    less = "" if net_of is None else f"-match_plan_{net_of}"

    log = Ranking(
        account_id=account_id,
        side=side,
        ranker=ranker.name if ranked else "unranked",
        ranker_version=ranker.version + less if ranked else "",
        as_of=as_of,
        ranked=ranked,
    )
    session.add(log)
    session.flush()
    return log


def log_items(
    session: Session,
    log: Ranking,
    shown: RankedList,
    regions: dict[int | None, str],
    chances: tuple[float | None, ...],
    *,
    worker_id: int | None = None,
    vacancy_id: int | None = None,
) -> None:
    """The lines of a list that is shown, of one person or of one post."""
    rows = [
        {
            "ranking_id": log.id,
            "position": item.rank,
            "worker_id": worker_id or item.id,
            "vacancy_id": vacancy_id or item.id,
            "region": regions[worker_id or item.id],
            "propensity": chance,
            "score": item.score,
            "p_hire": item.p_hire,
            "p_stay_90": item.p_stay_90,
            "p_stay_180": item.p_stay_180,
            "reasons": [
                {"code": reason.code, "sentence": reason.sentence, "contribution": reason.contribution}
                for reason in item.reasons
            ],
        }
        for item, chance in zip(shown.items, chances, strict=True)
    ]
    if rows:
        session.execute(insert(RankingItem), rows)
