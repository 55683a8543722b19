"""比一比: a few posts for one person, or a few people for one post, side by side, as a list would tell of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from sqlmodel import Session

from api.learned.serving import what_serves
from api.recommending import log_items, log_list
from matching.beside import Beside, side_by_side
from matching.columns import Pairs
from matching.flags import flags
from matching.market import load_market
from matching.ranking import Ranking
from models.ranking import RankingSide
from models.worker import Worker


@dataclass(frozen=True, slots=True)
class Compared:
    """What is told of one pair; `flags` are the sentences of what a human has to settle first."""

    beside: Beside
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """By the number of the side that is compared; a post that is not on offer any more is not among them. `switched_off`
    says that nobody of them wants to be scored, `log` under what it was written down."""

    of: dict[int, Compared]
    by: str
    switched_off: bool
    log: UUID


def posts_beside(
    session: Session,
    worker: Worker,
    vacancies: Sequence[int],
    *,
    account_id: int,
    as_of: date,
    refreshed_within_days: int,
) -> Comparison:
    """These posts for one person."""
    return _compared(
        session, RankingSide.VACANCIES, [worker], vacancies, account_id, as_of, refreshed_within_days
    )


def people_beside(
    session: Session,
    workers: Sequence[Worker],
    vacancy: int,
    *,
    account_id: int,
    as_of: date,
    refreshed_within_days: int,
) -> Comparison:
    """These people for one post."""
    return _compared(
        session, RankingSide.WORKERS, workers, [vacancy], account_id, as_of, refreshed_within_days
    )


def _compared(
    session: Session,
    side: RankingSide,
    workers: Sequence[Worker],
    vacancies: Sequence[int],
    account_id: int,
    as_of: date,
    refreshed_within_days: int,
) -> Comparison:
    people = {row.identity: row for row in workers}
    market = load_market(session, as_of, worker_ids=list(people), refreshed_within_days=refreshed_within_days)
    at_worker = {int(number): at for at, number in enumerate(market.workers.id)}
    at_post = {int(number): at for at, number in enumerate(market.vacancies.id) if int(number) in vacancies}
    wanted = [
        (worker, post) for worker in people for post in vacancies if worker in at_worker and post in at_post
    ]
    pairs = Pairs(
        market,
        np.array([at_worker[worker] for worker, _ in wanted], np.int64),
        np.array([at_post[post] for _, post in wanted], np.int64),
    )
    listed = np.array(
        [post if side is RankingSide.VACANCIES else worker for worker, post in wanted], np.int64
    )
    serving = what_serves(session)
    ranker = serving.ranker().fit(market)
    found = side_by_side(ranker, pairs, listed)
    switched_off = bool(len(pairs)) and bool(pairs.of_workers("unranked").all())
    log = log_list(session, side, ranker, not switched_off, as_of, account_id)
    # What is ruled out is shown as that, not as a line of a list.
    items = tuple(each.line for each in found if not each.out)
    shown = Ranking(items, as_of, ranker.name, ranker.version, len(items), len(found))
    regions: dict[int | None, str] = {number: row.region for number, row in people.items()}
    one = (
        {"worker_id": workers[0].identity} if side is RankingSide.VACANCIES else {"vacancy_id": vacancies[0]}
    )
    log_items(session, log, shown, regions, (None,) * len(items), **one)
    told = {
        int(number): Compared(
            each,
            tuple(
                flag.sentence
                for flag in flags(market, at_worker[worker], at_post[post], people[worker].sex or "")
            ),
        )
        for number, each, (worker, post) in zip(listed.tolist(), found, wanted, strict=True)
    }
    return Comparison(told, serving.words, switched_off, log.id)
