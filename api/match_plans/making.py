"""编制方案: the job that ranks, assigns and explains, and writes a draft."""

from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlmodel import Session, select

from api.jobs.running import JobFailed, Running
from api.match_plans.choosing import Chosen, choose, require_some
from api.match_plans.counting import buses_of, outcome, quotas_of, sums_of, whole_costs
from api.match_plans.explaining import explained
from api.match_plans.unplaced import reasons_unplaced, unplaced_sums
from api.ranker import in_force
from api.schemas.match_plan import MatchPlanChoice
from matching.allocation.kept import Kept, pack
from matching.allocation.plan import Allocation, allocate
from matching.allocation.problem import Problem
from matching.allocation.unplaced import unplaced
from matching.choosing import joined
from matching.columns import Market, Pairs
from matching.nothing_fits import nothing_fits
from matching.planning import first_come, problem_of
from matching.rankers import PriorRanker
from matching.regions import IntArray
from models.base import now
from models.bulk import among, insert_rows
from models.consent import Purpose, stopped
from models.match_plan import LineState, MatchPlan, MatchPlanKept, PlanState
from models.worker import Worker

_AT_ONCE = 20_000
GONE = "方案已作废，没有继续编制。"


def make_plan(job: Running) -> dict[str, Any]:
    """The job. Nothing is written before its end, so that one that is run again begins anew."""
    number = int(job.argument["match_plan_id"])
    job.progress(0, 0, "读取人员和岗位", now=True)
    with job.transaction() as (session, _):
        plan = _wanted(session, number)
        if plan.state is not PlanState.MAKING:
            return {"link": f"/match-plans/{number}", "match_plan_id": number}
        choice = MatchPlanChoice.model_validate(plan.asked)
        chosen = choose(session, choice, plan.region, plan.as_of, job.settings.vacancy_refresh_days)
        require_some(chosen)
        ranker = in_force(session, plan.objective.value)
        asked, quotas, seed = plan.asked, quotas_of(plan.asked), plan.seed
    market = chosen.market
    ranker.fit(market)

    def tell(done: int, total: int, words: str) -> None:
        job.progress(done, total, words, now=True)

    planned = problem_of(
        market, ranker, chosen.workers, chosen.vacancies, chosen.groups, quotas, seed=seed, tell=tell
    )
    # Whoever comes first may take what no plan would: those pairs are looked at too.
    queue = first_come(planned, tell)
    problem = planned.problem
    problem = replace(problem, edges=joined(problem.edges, queue, len(problem.seats)))
    first = np.full(problem.workers, -1, np.int64)
    first[queue.worker] = queue.vacancy
    if not choice.together:
        # Everybody alone: whom somebody wants to go with plays no part.
        problem = replace(problem, companion=np.full(problem.workers, -1, np.int64))
    kept = _kept(job, market, ranker, chosen, problem)
    problem = replace(problem, buses=buses_of(asked, problem))
    job.progress(0, 0, "安排", now=True)
    made = allocate(problem)
    job.progress(0, 0, "计算每条要求的代价", now=True)
    whole = whole_costs(problem, made)
    placed = np.flatnonzero(made.vacancy >= 0)
    reasons = explained(
        market, ranker, chosen.workers[placed], chosen.vacancies[made.vacancy[placed]], job.progress
    )
    job.progress(0, 0, "保存草案", now=True)
    why = unplaced(problem, made)
    none = [row for row, each in why.items() if each.code == "no_post"]
    fits = nothing_fits(market, chosen.workers[none], chosen.vacancies)
    with job.transaction() as (session, _):
        plan = _wanted(session, number)
        session.refresh(plan, with_for_update=True)
        if plan.state is not PlanState.MAKING:
            raise JobFailed(GONE)
        without = reasons_unplaced(session, plan.objective, kept, why, dict(zip(none, fits, strict=True)))
        told = dict(zip(placed.tolist(), reasons, strict=True)) | without
        _write(session, plan, kept, made, first, told)
        found, before = outcome(kept, made.vacancy), outcome(kept, first)
        plan.sums = {
            "people": len(kept.workers),
            "posts": len(kept.vacancies),
            "seats": int(problem.seats.sum()),
            "first_come": before.sums,
            "unplaced": unplaced_sums(without.values()),
        } | sums_of(problem, made, found, whole)
        # Who has refused to be ranked while it was being made is not ranked.
        refused = session.connection().scalars(stopped(Purpose.RANKING, job.settings.today()))
        for worker_id in set(refused) & set(kept.workers.tolist()):
            session.connection().execute(text("SELECT forget_scores(:id)"), {"id": worker_id})
        plan.ranker, plan.ranker_version = ranker.name, ranker.version
        plan.state = PlanState.DRAFT
        session.add(plan)
    return {"link": f"/match-plans/{number}", "match_plan_id": number, "placed": found.sums["placed"]}


def _wanted(session: Session, number: int) -> MatchPlan:
    plan = session.get(MatchPlan, number)
    if plan is None:
        raise JobFailed("方案不存在，或已不在您的管辖范围内。")
    return plan


def _kept(job: Running, market: Market, ranker: PriorRanker, chosen: Chosen, problem: Problem) -> Kept:
    """The plan's numbers."""
    edges = problem.edges
    chances = np.empty((3, len(edges)))
    for begin in range(0, len(edges), _AT_ONCE):
        job.progress(begin, len(edges), "估计谁留得住")
        some = slice(begin, begin + _AT_ONCE)
        pairs = Pairs(market, chosen.workers[edges.worker[some]], chosen.vacancies[edges.vacancy[some]])
        expected = ranker.outlook(pairs)
        chances[:, some] = expected.p_hire, expected.stay(90), expected.stay(180)
    return Kept(market.workers.id[chosen.workers], market.vacancies.id[chosen.vacancies], problem, *chances)


def _write(
    session: Session,
    plan: MatchPlan,
    kept: Kept,
    made: Allocation,
    first: IntArray,
    reasons: dict[int, list[dict[str, Any]]],
) -> None:
    connection, at = session.connection(), now()
    found, before = outcome(kept, made.vacancy), outcome(kept, first)
    session.add(MatchPlanKept(plan_id=plan.identity, content=pack(kept)))
    session.flush()
    insert_rows(
        connection,
        "match_plan_post",
        [
            {
                "plan_id": plan.identity,
                "vacancy_id": number,
                "seats": int(kept.problem.seats[row]),
                "filled": int(found.filled[row]),
                "stable": float(found.stable[row]),
                "first_come": int(before.filled[row]),
                "first_come_stable": float(before.stable[row]),
                "price": float(made.price[row]),
                "seat_worth": float(made.seat_worth[row]),
            }
            for row, number in enumerate(kept.vacancies.tolist())
        ],
    )
    registered = _regions(session, kept.workers.tolist())
    insert_rows(
        connection,
        "match_plan_person",
        [
            {
                "created_at": at,
                "plan_id": plan.identity,
                "worker_id": number,
                "region": registered[number],
                **line_values(kept, made, row, int(found.edge[row])),
                "reasons": reasons.get(row, []),
                "state": (LineState.PROPOSED if made.vacancy[row] >= 0 else LineState.UNPLACED).value,
                "together": None if made.party[row] < 0 else int(made.party[row]),
            }
            for row, number in enumerate(kept.workers.tolist())
        ],
    )


def _regions(session: Session, worker_ids: list[int]) -> dict[int | None, str]:
    return dict(session.exec(select(Worker.id, Worker.region).where(among(Worker.id, worker_ids))).all())


def line_values(kept: Kept, made: Allocation, row: int, edge: int) -> dict[str, Any]:
    """Where a person goes and what is expected of it, as columns."""
    gone = made.vacancy[row] >= 0
    known = gone and edge >= 0
    return {
        "vacancy_id": int(kept.vacancies[made.vacancy[row]]) if gone else None,
        "p_hire": round(float(kept.p_hire[edge]), 6) if known else None,
        "p_stay_90": round(float(kept.stay_90[edge]), 6) if known else None,
        "p_stay_180": round(float(kept.stay_180[edge]), 6) if known else None,
        "score": round(float(made.score[row]), 9) if known else None,
    }
