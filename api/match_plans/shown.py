"""Plans as they are answered."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import func
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.match_plans.comparing import not_comparable
from api.match_plans.counting import quotas_of
from api.match_plans.explaining import rows_of
from api.match_plans.fallen import WORDS as FALLEN
from api.match_plans.held import not_held
from api.match_plans.held import told as held_words
from api.match_plans.solving import decisions_in_force, seats_held
from api.match_plans.unplaced import nobody
from api.match_plans.words import quota_words, seat_words
from api.presenting import Presenter
from api.schemas.job import public_job
from api.schemas.match_plan import (
    BusPublic,
    DecisionPublic,
    LinePublic,
    MatchPlanChoice,
    MatchPlanPublic,
    MatchPlanSummary,
    NotePublic,
    OptionPublic,
    OutcomePublic,
    PostPublic,
    QuotaGroup,
    QuotaPublic,
)
from api.schemas.placement import Reason
from api.schemas.post import VacancySummary
from api.schemas.worker import WorkerSummary
from ledger.in_use import in_use
from matching.allocation import words
from matching.allocation.buses import Bus
from matching.allocation.kept import unpack
from matching.allocation.problem import Quota
from models.bulk import among
from models.consent import Purpose, stopped
from models.job import Job
from models.match_plan import (
    LineState,
    MatchPlan,
    MatchPlanDecision,
    MatchPlanKept,
    MatchPlanPerson,
    MatchPlanPost,
    Objective,
)
from models.vacancy import Vacancy
from models.worker import Worker


def summaries(session: Session, present: Presenter, rows: Sequence[MatchPlan]) -> list[MatchPlanSummary]:
    """Plans in a list."""
    names = account_names(session, [row.account_id for row in rows])
    return [
        MatchPlanSummary(
            id=row.identity,
            version=row.version,
            region=present.known_place(row.region),
            name=row.name,
            by=names.get(row.account_id),
            created_at=row.created_at,
            departs_on=row.departs_on,
            objective=row.objective,
            state=row.state,
            people=row.sums.get("people"),
            seats=row.sums.get("seats"),
            placed=row.sums.get("plan", {}).get("placed"),
            stable=row.sums.get("plan", {}).get("stable"),
            is_demo=row.is_demo,
        )
        for row in rows
    ]


def plan_public(session: Session, present: Presenter, row: MatchPlan) -> MatchPlanPublic:
    """One plan."""
    [summary] = summaries(session, present, [row])
    sums = row.sums
    counted = (
        select(MatchPlanPerson.state, func.count())
        .where(MatchPlanPerson.plan_id == row.identity)
        .group_by(col(MatchPlanPerson.state))
    )
    lines = {LineState.read(state): count for state, count in session.exec(counted)}
    not_so = not_comparable(sums, lines)
    # A job is its account's own: others are told of the plan alone.
    job = session.get(Job, row.job_id, populate_existing=True) if row.job_id is not None else None
    return MatchPlanPublic(
        **summary.model_dump(),
        as_of=row.as_of,
        ranker=row.ranker,
        ranker_version=row.ranker_version,
        seed=row.seed,
        choice=MatchPlanChoice.model_validate(row.asked),
        posts=sums.get("posts"),
        plan=_outcome(sums.get("plan")),
        first_come=None if not_so else _outcome(sums.get("first_come")),
        not_comparable=not_so,
        total=sums.get("total"),
        bound=sums.get("bound"),
        gap=sums.get("gap"),
        quotas=_quotas(row),
        shortfalls=sums.get("shortfalls", []),
        left_empty=sums.get("left_empty", []),
        buses=_buses(present, row),
        notes=[NotePublic(**each) for each in sums.get("notes", [])],
        unplaced=[NotePublic(**each) for each in sums.get("unplaced", [])],
        nobody=nobody(sums),
        lines={state.value: lines.get(state, 0) for state in LineState},
        dispatch_id=row.dispatch_id,
        job=public_job(job) if job is not None else None,
    )


def posts_public(session: Session, present: Presenter, plan: MatchPlan) -> list[PostPublic]:
    """The posts of a plan, by employer."""
    posts = session.exec(select(MatchPlanPost).where(MatchPlanPost.plan_id == plan.identity)).all()
    of_id = vacancies_of(session, present, [post.vacancy_id for post in posts])
    closed = decisions_in_force(session, plan).posts
    found = [
        PostPublic(
            vacancy=of_id[post.vacancy_id],
            **post.model_dump(include={"seats", "filled", "stable", "first_come", "first_come_stable"}),
            free=post.seats - post.filled,
            price=post.price,
            seat_worth=post.seat_worth,
            worth=seat_words(plan.objective, post.seat_worth),
            closed_by=closed[post.vacancy_id].id if post.vacancy_id in closed else None,
        )
        for post in posts
        if post.vacancy_id in of_id
    ]
    return sorted(found, key=lambda each: (each.vacancy.employer or "", each.vacancy.title, each.vacancy.id))


def lines_public(
    session: Session, present: Presenter, plan: MatchPlan, rows: Sequence[MatchPlanPerson]
) -> list[LinePublic]:
    """People of a plan."""
    people = workers_of(session, present, [row.worker_id for row in rows])
    of_id = vacancies_of(session, present, [row.vacancy_id for row in rows if row.vacancy_id is not None])
    in_force = decisions_in_force(session, plan)
    decided = in_force.people
    prices = dict(
        session.exec(
            select(MatchPlanPost.vacancy_id, MatchPlanPost.price).where(
                MatchPlanPost.plan_id == plan.identity
            )
        ).all()
    )
    with_whom = _companions(session, plan, rows)
    return [
        LinePublic(
            worker_id=row.worker_id,
            worker=people.get(row.worker_id),
            vacancy=of_id.get(row.vacancy_id or 0),
            state=row.state,
            together=[name for _, name in with_whom.get(row.worker_id, [])],
            together_ids=[number for number, _ in with_whom.get(row.worker_id, [])],
            **row.model_dump(include={"p_hire", "p_stay_90", "p_stay_180", "score", "application_id"}),
            net=None if row.score is None else row.score - prices.get(row.vacancy_id or 0, 0.0),
            reasons=[Reason(**each) for each in row.reasons],
            decision=told.kind if (told := decided.get(row.worker_id)) else None,
            decision_id=told.id if told else None,
            not_held=_not_held(row, told, in_force.posts),
        )
        for row in rows
    ]


def options_public(
    session: Session, present: Presenter, plan: MatchPlan, line: MatchPlanPerson, today: date
) -> list[OptionPublic]:
    """Every post of the plan for one person that others by hand leave a seat at, what is best for all first."""
    kept = unpack(session.get_one(MatchPlanKept, plan.identity).content)
    row = int(rows_of(kept.workers, np.array([line.worker_id]))[0])
    mine = np.flatnonzero(kept.problem.edges.worker == row)
    # Nothing that a model thinks of somebody who does not want to be ranked is told.
    if line.worker_id in set(session.connection().scalars(stopped(Purpose.RANKING, today))):
        mine = mine[:0]
    edge_at = dict(zip(kept.vacancies[kept.problem.edges.vacancy[mine]].tolist(), mine.tolist(), strict=True))
    posts = session.exec(select(MatchPlanPost).where(MatchPlanPost.plan_id == plan.identity)).all()
    of_id = vacancies_of(session, present, [post.vacancy_id for post in posts])
    decided = decisions_in_force(session, plan)
    holders = seats_held(session, plan, decided, today)
    held = Counter(post for worker, post in holders.items() if worker != line.worker_id)
    found = []
    for post in posts:
        if post.vacancy_id in decided.posts or held[post.vacancy_id] >= post.seats:
            continue
        edge = edge_at.get(post.vacancy_id)
        score = None if edge is None else float(kept.problem.edges.score[edge])
        found.append(
            OptionPublic(
                vacancy=of_id[post.vacancy_id],
                seats=post.seats,
                free=post.seats - post.filled,
                eligible=edge is not None,
                p_hire=None if edge is None else float(kept.p_hire[edge]),
                p_stay_180=None if edge is None else float(kept.stay_180[edge]),
                score=score,
                net=None if score is None else score - post.price,
            )
        )
    return sorted(found, key=lambda each: (each.net is None, -(each.net or 0.0), each.vacancy.id))


def decisions_public(session: Session, rows: Sequence[MatchPlanDecision]) -> list[DecisionPublic]:
    """Decisions by hand, with who took them."""
    names = account_names(session, [who for row in rows for who in (row.account_id, row.undone_by)])
    return [
        DecisionPublic(
            id=row.identity,
            kind=row.kind,
            worker_id=row.worker_id,
            vacancy_id=row.vacancy_id,
            by=names.get(row.account_id),
            created_at=row.created_at,
            undone_by=names.get(row.undone_by or 0),
            undone_at=row.undone_at,
        )
        for row in rows
    ]


def workers_of(session: Session, present: Presenter, ids: Sequence[int]) -> dict[int, WorkerSummary]:
    """People by number; who is not the caller's to read is left out."""
    rows = session.exec(select(Worker).where(among(Worker.id, ids))).all()
    return {each.id: each for each in present.workers(list(rows))}


def vacancies_of(session: Session, present: Presenter, ids: Sequence[int]) -> dict[int, VacancySummary]:
    """Posts by number."""
    rows = session.exec(select(Vacancy).where(among(Vacancy.id, ids))).all()
    return {each.id: each for each in present.vacancies(list(rows))}


def _not_held(
    row: MatchPlanPerson, decision: MatchPlanDecision | None, closed: Collection[int]
) -> str | None:
    gone = next((each["code"] for each in row.reasons if each["code"] in FALLEN), None)
    code = not_held(decision, row.vacancy_id, row.state, closed, fallen=gone)
    return None if code is None else held_words(code)


def _companions(
    session: Session, plan: MatchPlan, rows: Sequence[MatchPlanPerson]
) -> dict[int, list[tuple[int, str]]]:
    """Numbers and names of the others of each person's party."""
    parties = {row.together for row in rows if row.together is not None}
    if not parties:
        return {}
    members = session.exec(
        select(MatchPlanPerson.together, Worker.id, Worker.name)
        .join(Worker, col(Worker.id) == col(MatchPlanPerson.worker_id))
        .where(
            MatchPlanPerson.plan_id == plan.identity,
            col(MatchPlanPerson.together).in_(parties),
            in_use(MatchPlanPerson.worker_id),
        )
        .order_by(col(Worker.id))
    ).all()
    return {
        row.worker_id: [
            (number or 0, name)
            for party, number, name in members
            if party == row.together and number != row.worker_id
        ]
        for row in rows
        if row.together is not None
    }


def _outcome(told: dict[str, Any] | None) -> OutcomePublic | None:
    return OutcomePublic(**told) if told else None


def _buses(present: Presenter, row: MatchPlan) -> list[BusPublic]:
    found = []
    for asked, sums in zip(row.asked.get("buses", ()), row.sums.get("buses", ()), strict=False):
        place, bus = present.known_place(asked["place"]), Bus(**sums)
        found.append(
            BusPublic(place=place, least=bus.least, aboard=bus.aboard, words=words.bus_words(place.name, bus))
        )
    return found


def _quotas(row: MatchPlan) -> list[QuotaPublic]:
    return [
        _quota(row.objective, quota, found)
        for quota, found in zip(quotas_of(row.asked), row.sums.get("quotas", []), strict=False)
    ]


def _quota(objective: Objective, quota: Quota, found: dict[str, Any]) -> QuotaPublic:
    met = found["reached"] >= found["asked"]
    # What is out of reach has no cost: nobody could pay it.
    costs = {name: found[name] if met else None for name in ("one_more", "whole")}
    most = None if met else found.get("most")
    return QuotaPublic(
        group=QuotaGroup.read(found["group"]),
        words=words.quota_words(quota),
        asked=found["asked"],
        reached=found["reached"],
        met=met,
        most=most,
        **costs,
        costs=quota_words(objective, met=met, most=most, **costs),
    )
