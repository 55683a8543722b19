"""岗位卡: what suits each of the invited best, ranked by what ranks everywhere, told in words and sealed under their codes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.fairs.board import waiting_at
from api.fairs.codes import CARD, SECRET, sealed_card
from api.fairs.inviting import in_force
from api.fairs.posts import FairPost, offered_at, read_aloud, told_post
from api.jobs.running import JobFailed, Running
from api.learned.serving import Serving, what_serves
from api.match_plans.prices import Prices, prices_for
from api.places import Places
from api.recommending import log_items, log_list
from ledger.history import person_keys
from ledger.in_use import in_use
from ledger.surnames import addressed
from matching.booth_queues import CHOSEN, Load, offered
from matching.columns import Market
from matching.flags import flags
from matching.market import load_market
from matching.rankers import PriorRanker
from matching.ranking import Ranking, rank_vacancies
from models.base import now
from models.fair import Fair
from models.kiosk import FairInvitation
from models.ranking import RankingSide
from models.sealing import seal, unseal
from models.spell import EmploymentSpell
from models.worker import Worker

POSTS = len(CHOSEN)
LEAST_TOLD = 3
"""Of fewer people from home at an employer nothing is said: everybody in the township would know who is meant."""

_AT_ONCE = 50
_LOOKED_AT = 24
_ASK = "去展位以前，请先问一问工作人员"


def make_cards(job: Running) -> dict[str, Any]:
    """The job: everybody's card anew. One that is run again makes them all once more, and nobody's twice."""
    fair_id, today = int(job.argument["fair_id"]), job.settings.today()
    job.progress(0, 0, "读取人员和岗位", now=True)
    with job.transaction() as (session, _):
        fair = session.get(Fair, fair_id)
        if fair is None:
            raise JobFailed("招聘会不存在，或已不在您的管辖范围内。")
        stand = _Stand.of(session, job, fair)
        invited = [row.identity for row in in_force(session, fair_id)]
    made = 0
    for begin in range(0, len(invited), _AT_ONCE):
        job.progress(made, len(invited), f"已做{made}张", now=True)
        with job.transaction() as (session, caller):
            rows = session.exec(
                select(FairInvitation)
                .where(
                    col(FairInvitation.id).in_(invited[begin : begin + _AT_ONCE]),
                    col(FairInvitation.revoked_at).is_(None),
                    in_use(FairInvitation.worker_id),
                )
                .order_by(col(FairInvitation.id))
                .with_for_update()
            ).all()
            made += _write(session, job, stand, rows, today, caller.account_id)
    return {"link": f"/fairs/{fair_id}", "fair_id": fair_id, "cards": made}


@dataclass(slots=True)
class _Stand:
    """A fair as it stands: the posts on offer, the queues that they have and will have, and who of each township works where."""

    posts: dict[int, FairPost]
    told: dict[int, dict[str, Any]]
    load: Load
    booth_at: dict[int, int]
    from_home: Counter[tuple[int, str]]

    @classmethod
    def of(cls, session: Session, job: Running, fair: Fair) -> "_Stand":
        posts = offered_at(session, fair, job.settings)
        places = Places()
        booths = list(dict.fromkeys(post.booth.identity for post in posts))
        booth_at = {booth: at for at, booth in enumerate(booths)}
        seats = np.zeros(len(booths))
        for post in posts:
            seats[booth_at[post.booth.identity]] += post.seats_left
        waiting = waiting_at(session, fair.identity)
        queued = np.array([float(waiting.get(booth, 0)) for booth in booths])
        employers = {post.booth.employer_id for post in posts}
        return cls(
            {post.vacancy.identity: post for post in posts},
            {post.vacancy.identity: told_post(session, places, post) for post in posts},
            Load(queued, seats),
            booth_at,
            _from_home(session, employers, job.settings.today()),
        )


def _from_home(session: Session, employers: set[int], as_of: date) -> Counter[tuple[int, str]]:
    """People of each township at work at these employers."""
    township = func.left(col(EmploymentSpell.origin_region), 9)
    rows = session.exec(
        select(
            EmploymentSpell.employer_id, township, func.count(func.distinct(col(EmploymentSpell.worker_id)))
        )
        .where(
            col(EmploymentSpell.employer_id).in_(employers),
            col(EmploymentSpell.superseded_at).is_(None),
            EmploymentSpell.started_on <= as_of,
            col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= as_of),
            in_use(EmploymentSpell.worker_id),
        )
        .group_by(col(EmploymentSpell.employer_id), township)
    )
    return Counter({(int(employer or 0), str(home)): int(people) for employer, home, people in rows})


def _write(
    session: Session,
    job: Running,
    stand: _Stand,
    rows: Sequence[FairInvitation],
    today: date,
    account_id: int,
) -> int:
    keys = person_keys(session, job.keyring, [row.worker_id for row in rows])
    market, serving = _market(session, job, [row.worker_id for row in rows], today), what_serves(session)
    fair = replace(market, vacancies=market.vacancies.take(np.isin(market.vacancies.id, list(stand.posts))))
    fitted: dict[str, PriorRanker] = {}
    made = 0
    for row in rows:
        worker = session.get(Worker, row.worker_id)
        at = np.flatnonzero(market.workers.id == row.worker_id)
        if worker is None or row.worker_id not in keys or not len(at):
            continue
        prices = prices_for(session, worker, today)
        best, found = _best(market, fair, serving, fitted, stand, int(at[0]), prices)
        log = log_list(
            session, RankingSide.VACANCIES, best, found.ranker is not None, today, account_id,
            prices.plan_id if prices and found.ranker else None,
        )  # fmt: skip
        log_items(
            session, log, found, {worker.identity: worker.region}, (None,) * len(found.items),
            worker_id=worker.identity,
        )  # fmt: skip
        card = _card(stand, fair, worker, int(at[0]), found)
        secret = unseal(keys[row.worker_id], row.secret_sealed, SECRET)
        row.card_sealed = seal(keys[row.worker_id], sealed_card(secret, card), CARD)
        row.card_made_at = now()
        session.add(row)
        made += 1
    session.flush()
    return made


def _market(session: Session, job: Running, people: Sequence[int], today: date) -> Market:
    # All posts, so that what is usual is learned of the whole market; what is offered is the fair's alone.
    return load_market(
        session, today, worker_ids=people, refreshed_within_days=job.settings.vacancy_refresh_days
    )


def _best(
    market: Market,
    fair: Market,
    serving: Serving,
    fitted: dict[str, PriorRanker],
    stand: _Stand,
    worker: int,
    prices: Prices | None,
) -> tuple[PriorRanker, Ranking]:
    """What ranks, and the fair's posts that are offered to somebody, queues considered."""
    ranked = not bool(market.workers.unranked[worker])
    prices = prices if ranked else None
    objective = prices.objective if prices else "surplus"
    if objective not in fitted:
        fitted[objective] = serving.ranker(objective).fit(market)
    ranker = fitted[objective]
    price = prices.of(fair.vacancies.id) if prices else None
    found = rank_vacancies(fair, ranker, worker, _LOOKED_AT, ranked=ranked, price=price)
    best, chosen = found.items, found.items[:POSTS]
    if ranked and best:
        scores = np.array([item.score or 0.0 for item in best])
        less = np.zeros(len(best)) if price is None else np.nan_to_num(price[[item.index for item in best]])
        booths = [stand.booth_at[stand.posts[item.id].booth.identity] for item in best]
        chosen = tuple(best[row] for row in offered(scores, scores - less, booths, stand.load, POSTS))
    items = tuple(replace(item, rank=at + 1) for at, item in enumerate(chosen))
    return ranker, replace(found, items=items)


def _card(stand: _Stand, fair: Market, worker: Worker, at: int, found: Ranking) -> dict[str, Any]:
    """What the person is shown, where others may look over the shoulder: of the name the surname, and nothing of age,
    health or hardship."""
    posts = []
    for item in found.items:
        post = stand.posts[item.id]
        home = stand.from_home[post.booth.employer_id, worker.region[:9]]
        reasons = [reason for reason in item.reasons if reason.code != "townspeople"]
        posts.append(
            stand.told[item.id]
            | {
                "from_home": f"您那个乡镇有{home}人在这里上班"
                if home >= LEAST_TOLD and len(worker.region) >= 9
                else "",
                "why": [_to_you(reason.sentence) for reason in reasons if not reason.caution],
                "mind": [_to_you(reason.sentence) for reason in reasons if reason.caution]
                + ([_ASK] if _to_ask(fair, at, item.index, worker) else []),
            }
        )
    greeting = addressed(worker.name, worker.sex)
    texts = {greeting}
    for told in posts:
        for value in told.values():
            texts |= {value} if isinstance(value, str) else set(value) if isinstance(value, list) else set()
    return {
        "v": 1,
        "greeting": greeting,
        "ranked": found.ranker is not None,
        "posts": posts,
        "ruby": read_aloud(sorted(texts)),
    }


def _to_you(sentence: str) -> str:
    """As it is said to the person instead of about them."""
    return sentence.replace("本人", "您")


def _to_ask(fair: Market, at: int, post: int, worker: Worker) -> bool:
    """Whether a human has to look first; why is nobody else's to read."""
    found = flags(fair, at, post, worker.sex or "")
    return any(flag.code in ("minor_hazard", "weak_labour") for flag in found)
