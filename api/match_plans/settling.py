"""A draft settled anew after somebody decided something by hand: who stands elsewhere, and what it comes to now."""

from datetime import date

import numpy as np
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, select

from api.errors import conflict
from api.match_plans.comparing import seats_then
from api.match_plans.counting import outcome, sums_of
from api.match_plans.explaining import Reasons, explained, rows_of
from api.match_plans.held import not_held, notes_of, why_fallen
from api.match_plans.making import line_values
from api.match_plans.solving import Solved, decisions_in_force, rows_in, solve
from api.match_plans.unplaced import NO_POST, reasons_unplaced, unplaced_sums
from api.ranker import in_force
from matching.allocation.kept import Kept
from matching.allocation.plan import Allocation
from matching.allocation.unplaced import unplaced
from matching.market import load_market
from matching.nothing_fits import NothingFits, nothing_fits
from models.bulk import update_rows
from models.match_plan import (
    LineState,
    MatchPlan,
    MatchPlanPerson,
    MatchPlanPost,
    PlanState,
)

ANY_AGE = 36_500
"""Days: the plan's posts were on offer when it was made, however long a notice then counted."""


def hold_draft(session: Session, plan: MatchPlan) -> None:
    """Lock the plan until the end of the transaction; only a draft is changed.

    Raises
    ------
    Problem
        409 for a plan that is no draft.
    """
    session.refresh(plan, with_for_update=True)
    require_draft(plan)


def require_draft(plan: MatchPlan) -> None:
    """Refuse to change another.

    Raises
    ------
    Problem
        409 for a plan that is no draft.
    """
    if plan.state is not PlanState.DRAFT:
        raise conflict(
            "plan-not-draft",
            f"方案是“{plan.state.label}”",
            "只有草案可以调整和批准。请刷新后查看，需要时另编一个方案。",
        )


def settle(session: Session, plan: MatchPlan, today: date) -> int:
    """Assign everybody anew around what is decided and approved, with the seats that are free now; who can't be placed any
    more falls out, and is told why. The plan is locked.

    Returns how many people stand elsewhere than before.
    """
    solved = solve(session, plan, decisions_in_force(session, plan), today)
    kept, made, where, gone = solved.kept, solved.made, solved.where, solved.gone
    found = outcome(kept, made.vacancy)
    moved = solved.moved()
    reasons = _reasons(session, plan, kept, [row for row in moved if made.vacancy[row] >= 0], made)
    before = _told_before(session, plan)
    why = _why_unplaced(session, plan, solved, before)
    reasons |= why
    # Who stays without a post may do so for another reason by now.
    rewritten = {*moved, *(row for row in why if why[row] != before.get(int(kept.workers[row])))}
    update_rows(
        session.connection(),
        "match_plan_person",
        ("id",),
        [
            {
                "id": where[int(kept.workers[row])][0],
                **line_values(kept, made, row, int(found.edge[row])),
                "reasons": reasons.get(row, []),
                "state": (LineState.PROPOSED if made.vacancy[row] >= 0 else LineState.UNPLACED).value,
            }
            for row in sorted(rewritten)
        ],
    )
    for post in session.exec(select(MatchPlanPost).where(MatchPlanPost.plan_id == plan.identity)):
        row = int(np.searchsorted(kept.vacancies, post.vacancy_id))
        post.seats, post.filled = int(solved.seats[row]), int(found.filled[row])
        post.stable, post.price = float(found.stable[row]), float(made.price[row])
        post.seat_worth = float(made.seat_worth[row])
        session.add(post)
    whole = [each["whole"] for each in plan.sums["quotas"]]
    seats = {
        "seats": int(solved.seats.sum()),
        "seats_then": seats_then(kept.problem.seats, solved.seats),
    }
    plan.sums = plan.sums | seats | sums_of(solved.problem, made, found, whole)
    plan.sums["notes"] += notes_of(_not_held(solved), gone.values())
    plan.sums["unplaced"] = unplaced_sums(why.values())
    # Who was moved may leave every sum as it was: what was read before is out of date all the same.
    flag_modified(plan, "sums")
    session.add(plan)
    session.flush()
    session.expire_all()
    return len(moved)


def _why_unplaced(
    session: Session, plan: MatchPlan, solved: Solved, before: dict[int, Reasons]
) -> dict[int, Reasons]:
    """By row why somebody has no post. Of whom none comes into question that stays so, and what was told with it."""
    workers, gone = solved.kept.workers, solved.gone
    why = {
        row: each
        for row, each in unplaced(solved.problem, solved.made).items()
        if int(workers[row]) in solved.still_open
    }
    none = [row for row, each in why.items() if each.code == NO_POST]
    stays = {
        row: told
        for row in none
        if (told := before.get(int(workers[row]), [])) and told[0]["code"].startswith(NO_POST)
    }
    nothing = _nothing_fits(session, plan, solved.kept, [row for row in none if row not in stays])
    return (
        reasons_unplaced(session, plan.objective, solved.kept, why, nothing)
        | stays
        | {
            row: [why_fallen(code)]
            for row, code in zip(rows_in(workers, gone).tolist(), gone.values(), strict=True)
        }
    )


def _nothing_fits(session: Session, plan: MatchPlan, kept: Kept, rows: list[int]) -> dict[int, NothingFits]:
    if not rows:
        return {}
    people = kept.workers[rows]
    market = load_market(session, plan.as_of, worker_ids=people.tolist(), refreshed_within_days=ANY_AGE)
    who, which = rows_of(market.workers.id, people), rows_of(market.vacancies.id, kept.vacancies)
    there = np.flatnonzero(who >= 0)
    found = nothing_fits(market, who[there], which[which >= 0])
    return {rows[at]: each for at, each in zip(there.tolist(), found, strict=False)}


def _told_before(session: Session, plan: MatchPlan) -> dict[int, Reasons]:
    """What is told of whoever stands without a post."""
    rows = session.exec(
        select(MatchPlanPerson.worker_id, MatchPlanPerson.reasons).where(
            MatchPlanPerson.plan_id == plan.identity, MatchPlanPerson.state == LineState.UNPLACED
        )
    )
    return {worker: list(reasons) for worker, reasons in rows}


def _not_held(solved: Solved) -> list[str | None]:
    found = []
    decided = solved.decided
    for worker, row in zip(
        decided.people, rows_in(solved.kept.workers, decided.people).tolist(), strict=True
    ):
        vacancy, state = solved.post_of(row), solved.where[worker][2]
        found.append(
            not_held(decided.people[worker], vacancy, state, decided.posts, fallen=solved.gone.get(worker))
        )
    return found


def _reasons(
    session: Session, plan: MatchPlan, kept: Kept, rows: list[int], made: Allocation
) -> dict[int, Reasons]:
    """The reasons of new proposals, as of the plan's day; none where another ranker serves by now than made the plan."""
    ranker = in_force(session, plan.objective.value)
    if not rows or ranker.version != plan.ranker_version:
        return {}
    people, posts = kept.workers[rows], kept.vacancies[made.vacancy[rows]]
    market = load_market(session, plan.as_of, worker_ids=people.tolist(), refreshed_within_days=ANY_AGE)
    ranker.fit(market)
    who, which = rows_of(market.workers.id, people), rows_of(market.vacancies.id, posts)
    told = np.flatnonzero((who >= 0) & (which >= 0))
    found = explained(market, ranker, who[told], which[told])
    return {rows[at]: reasons for at, reasons in zip(told.tolist(), found, strict=True)}
