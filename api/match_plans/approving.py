"""批准: people of a draft are put forward and listed for leaving, each as far as there is a seat and nothing forbids it.

A seat itself is taken when somebody begins, by the database alone (`take_seat`). Here nobody is promised one that is not
there: whoever approves for a post waits for the others that do, and counts what is free and promised after that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from api.audit import record
from api.errors import Problem
from api.jobs.running import JobFailed, Running
from api.match_plans.choosing import promised_seats
from api.match_plans.explaining import rows_of
from api.match_plans.fallen import WORDS as FALLEN
from api.match_plans.fallen import fallen
from api.match_plans.recounting import count_again
from api.match_plans.together import parties_of, with_companions
from api.placing import put_forward
from ledger.gathering import add_to_batch
from matching.columns import Market, Pairs
from matching.eligibility import RULES
from matching.market import load_market
from models.application import OPEN_STATES, Application
from models.base import now
from models.bulk import among
from models.dispatch import Dispatch
from models.match_plan import (
    DecisionKind,
    LineState,
    MatchPlan,
    MatchPlanDecision,
    MatchPlanPerson,
    MatchPlanPost,
    PlanState,
)
from models.vacancy import Vacancy
from models.worker import Worker

AT_ONCE = 50
_APART = "同行的人没有名额或不再符合条件，要一起走的人都没有批准"
Refused = dict[int, tuple[LineState, str]]
_WAIT_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('seats of ' || CAST(:id AS text), 0))")


@dataclass
class Approved:
    """What became of some people: approved, without a seat, not eligible any more."""

    approved: list[int] = field(default_factory=list)
    no_seat: list[int] = field(default_factory=list)
    ineligible: list[int] = field(default_factory=list)


def approve(
    session: Session,
    plan: MatchPlan,
    lines: Sequence[MatchPlanPerson],
    *,
    today: date,
    refresh_days: int,
    account_id: int,
) -> Approved:
    """Put these people forward and on the plan's list; each party stands for itself. The plan is locked by the caller, who
    gives parties whole."""
    found = Approved()
    waiting = [line for line in lines if line.state is LineState.PROPOSED and line.vacancy_id is not None]
    posts = sorted({line.vacancy_id for line in waiting if line.vacancy_id is not None})
    for number in posts:
        # In one order, so that nobody waits for each other.
        session.connection().execute(_WAIT_TURN, {"id": number})
    # Nor is anybody approved in two plans at once: each person waits for the other approval to tell.
    people = sorted(line.worker_id for line in waiting)
    turn = select(Worker.id).where(among(Worker.id, people)).order_by(col(Worker.id))
    session.exec(turn.with_for_update(key_share=True)).all()
    free = _free(session, posts)
    why_not = _why_not(session, plan, waiting, today, refresh_days)
    listed: dict[int, int] = {}
    for party in parties_of(waiting):
        refused = _refused(party, why_not, free) or _put_forward(session, party, today, account_id)
        for line in party:
            line.decided_by, line.decided_at = account_id, now()
            if refused:
                state, why = refused.get(line.worker_id, (LineState.NO_SEAT, _APART))
                _mark(line, state, why)
                (found.ineligible if state is LineState.INELIGIBLE else found.no_seat).append(line.worker_id)
            else:
                vacancy = line.vacancy_id or 0
                line.state = LineState.APPROVED
                free[vacancy] -= 1
                listed[line.worker_id] = vacancy
                found.approved.append(line.worker_id)
            session.add(line)
    session.flush()
    if listed:
        add_to_batch(session, _batch(session, plan), today=today, planned=listed)
    told = {
        "approved": len(found.approved),
        "no_seat": len(found.no_seat),
        "ineligible": len(found.ineligible),
    }
    record(session, "approve", "match_plan", plan.id, region=plan.region, change=told)
    return found


def close_if_done(session: Session, plan: MatchPlan) -> None:
    """After approvals: what the plan comes to is counted again; one of which nobody waits is approved, another is a draft."""
    count_again(session, plan)
    left = session.exec(
        select(MatchPlanPerson.id)
        .where(MatchPlanPerson.plan_id == plan.identity, MatchPlanPerson.state == LineState.PROPOSED)
        .limit(1)
    ).first()
    plan.state = PlanState.APPROVED if left is None else PlanState.DRAFT
    flag_modified(plan, "sums")
    session.add(plan)
    session.flush()


def approve_plan(job: Running) -> dict[str, Any]:
    """The job: everybody who waits, some parties at a time, each some wholly or not at all."""
    number, sums = int(job.argument["match_plan_id"]), Approved()
    total = 0
    try:
        while True:
            with job.transaction() as (session, caller):
                plan = session.get(MatchPlan, number, with_for_update=True)
                if plan is None:
                    raise JobFailed("方案不存在，或已不在您的管辖范围内。")
                if plan.state is not PlanState.APPROVING:
                    break
                waiting = select(MatchPlanPerson).where(
                    MatchPlanPerson.plan_id == number, MatchPlanPerson.state == LineState.PROPOSED
                )
                lines = session.exec(waiting.order_by(col(MatchPlanPerson.id)).limit(AT_ONCE)).all()
                if not lines:
                    close_if_done(session, plan)
                    break
                some = approve(
                    session, plan, with_companions(session, plan, lines), today=job.settings.today(),
                    refresh_days=job.settings.vacancy_refresh_days, account_id=caller.account_id,
                )  # fmt: skip
            for name in ("approved", "no_seat", "ineligible"):
                getattr(sums, name).extend(getattr(some, name))
            done = len(sums.approved) + len(sums.no_seat) + len(sums.ineligible)
            total = max(total, done, int(job.argument["people"]))
            job.progress(done, total, f"已批准{len(sums.approved)}人")
    except Exception:
        # Who is left stays a draft that can be changed and approved. A process that dies leaves the job to the next one.
        with job.aside() as session:
            plan = session.get(MatchPlan, number, with_for_update=True)
            if plan is not None and plan.state is PlanState.APPROVING:
                close_if_done(session, plan)
        raise
    return {
        "link": f"/match-plans/{number}",
        "match_plan_id": number,
        "approved": len(sums.approved),
        "no_seat": len(sums.no_seat),
        "ineligible": len(sums.ineligible),
    }


def _free(session: Session, posts: Sequence[int]) -> dict[int, int]:
    promised = promised_seats(session, posts)
    rows = session.exec(
        select(Vacancy.id, Vacancy.seats, Vacancy.seats_taken).where(among(Vacancy.id, posts))
    ).all()
    free = {number or 0: (seats or 1) - taken - promised.get(number or 0, 0) for number, seats, taken in rows}
    return {number: free.get(number, 0) for number in posts}


def _why_not(
    session: Session, plan: MatchPlan, lines: Sequence[MatchPlanPerson], today: date, refresh_days: int
) -> dict[int, str]:
    """By person what has come between since the plan was made. Where somebody decided by hand, the rules only advise."""
    ids = [line.worker_id for line in lines]
    by_hand = set(
        session.exec(
            select(MatchPlanDecision.worker_id).where(
                MatchPlanDecision.plan_id == plan.identity,
                col(MatchPlanDecision.undone_at).is_(None),
                col(MatchPlanDecision.kind).in_((DecisionKind.PIN, DecisionKind.MOVE)),
            )
        )
    )
    codes = fallen(session, plan, {line.worker_id: line.vacancy_id for line in lines}, today)
    found = {number: FALLEN[code] for number, code in codes.items()}
    market = load_market(session, today, worker_ids=ids, refreshed_within_days=refresh_days)
    checked = {
        line.worker_id: line.vacancy_id or 0
        for line in lines
        if line.worker_id not in found and line.worker_id not in by_hand
    }
    return _by_rule(market, checked) | found


def _by_rule(market: Market, checked: Mapping[int, int]) -> dict[int, str]:
    """The first rule that rules a person out for the post; seats are looked at elsewhere."""
    people, posts = np.array(list(checked), np.int64), np.array(list(checked.values()), np.int64)
    who, which = rows_of(market.workers.id, people), rows_of(market.vacancies.id, posts)
    # A post that is not offered any more is told by who puts people forward.
    there = np.flatnonzero((who >= 0) & (which >= 0))
    pairs = Pairs(market, who[there], which[there])
    found: dict[int, str] = {}
    for rule in RULES:
        if rule.code == "no_seat":
            continue
        for at in np.flatnonzero(rule.rules_out(pairs)).tolist():
            words = rule.sentence(market, int(pairs.workers[at]), int(pairs.vacancies[at]))
            found.setdefault(int(people[there[at]]), words)
    return found


def _refused(
    party: Sequence[MatchPlanPerson], why_not: Mapping[int, str], free: Mapping[int, int]
) -> Refused:
    """Of a party who can't go, before anything is tried."""
    refused: Refused = {}
    left = {line.vacancy_id or 0: free[line.vacancy_id or 0] for line in party}
    for line in party:
        if line.worker_id in why_not:
            refused[line.worker_id] = LineState.INELIGIBLE, why_not[line.worker_id]
            continue
        left[line.vacancy_id or 0] -= 1
        if left[line.vacancy_id or 0] < 0:
            refused[line.worker_id] = LineState.NO_SEAT, "这个岗位没有空余名额了"
    return refused


def _put_forward(session: Session, party: Sequence[MatchPlanPerson], today: date, account_id: int) -> Refused:
    """Put all of a party forward, or none of it, and who was refused."""
    made: dict[int, int] = {}
    worker = 0
    try:
        with session.begin_nested():
            for line in party:
                worker = line.worker_id
                made[line.identity] = _application(session, line, today, account_id).identity
    except Problem as problem:
        beyond = problem.body.type in (
            "/problems/too-young",
            "/problems/restricted",
            "/problems/consent-withdrawn",
        )
        return {worker: (LineState.INELIGIBLE if beyond else LineState.NO_SEAT, problem.body.title)}
    for line in party:
        line.application_id = made[line.identity]
    return {}


def _application(session: Session, line: MatchPlanPerson, today: date, account_id: int) -> Application:
    """The open one of this person and post, or a new one."""
    standing = session.exec(
        select(Application).where(
            Application.worker_id == line.worker_id,
            Application.vacancy_id == line.vacancy_id,
            col(Application.state).in_(OPEN_STATES),
        )
    ).first()
    if standing is not None:
        return standing
    worker, vacancy = session.get_one(Worker, line.worker_id), session.get_one(Vacancy, line.vacancy_id)
    return put_forward(session, worker, vacancy, today=today, account_id=account_id)


def _mark(line: MatchPlanPerson, state: LineState, why: str) -> None:
    line.state = state
    line.reasons = [{"code": state.value, "sentence": why, "contribution": -1.0}]


def _batch(session: Session, plan: MatchPlan) -> Dispatch:
    """The plan's 输送批次, made with the first who is approved; it goes somewhere where all posts are in one county."""
    batch = session.get(Dispatch, plan.dispatch_id) if plan.dispatch_id is not None else None
    if batch is not None:
        return batch
    places = {
        region[:6]
        for region in session.exec(
            select(Vacancy.region)
            .join(MatchPlanPost, col(MatchPlanPost.vacancy_id) == col(Vacancy.id))
            .where(MatchPlanPost.plan_id == plan.identity, MatchPlanPost.filled > 0)
        )
        if region is not None
    }
    place = places.pop() if len(places) == 1 else ""
    batch = Dispatch(
        region=plan.region,
        name=plan.name,
        departs_on=plan.departs_on,
        destination=place if len(place) == len("610728") else None,
    )
    session.add(batch)
    session.flush()
    plan.dispatch_id = batch.identity
    session.add(plan)
    session.flush()
    return batch
