"""Before somebody is moved by hand: whom that would displace, and where everybody would stand after settling anew."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session, select

from api.doubts.shown import masked_name
from api.errors import not_found
from api.match_plans.counting import outcome
from api.match_plans.deciding import about
from api.match_plans.fallen import WORDS as FALLEN
from api.match_plans.settling import require_draft
from api.match_plans.shown import vacancies_of, workers_of
from api.match_plans.solving import decisions_in_force, solve
from api.presenting import Presenter
from api.schemas.match_plan import DecisionTold, MoveForeseen, MovePublic
from ledger.in_use import in_use
from models.match_plan import DecisionKind, MatchPlan, MatchPlanDecision, MatchPlanPerson


def foresee_move(
    session: Session, present: Presenter, plan: MatchPlan, worker_id: int, vacancy_id: int, today: date
) -> MoveForeseen:
    """What moving this person there would bring; nothing is changed.

    Raises
    ------
    Problem
        409 or 422 where it cannot be decided so.
    """
    require_draft(plan)
    line = select(MatchPlanPerson.id).where(
        MatchPlanPerson.plan_id == plan.identity,
        MatchPlanPerson.worker_id == worker_id,
        in_use(MatchPlanPerson.worker_id),
    )
    if session.exec(line).first() is None:
        raise not_found("方案里的这个人")
    told = DecisionTold(kind=DecisionKind.MOVE, worker_id=worker_id, vacancy_id=vacancy_id)
    decision = MatchPlanDecision(plan_id=plan.identity, account_id=0, **about(session, plan, told, today))
    decided = decisions_in_force(session, plan)
    decided = replace(decided, people=decided.people | {worker_id: decision})
    solved = solve(session, plan, decided, today)
    rows = {int(solved.kept.workers[row]): row for row in solved.moved()}
    after = {worker: solved.post_of(row) for worker, row in rows.items()}
    goes = after.pop(worker_id, solved.where[worker_id][1])
    before = {worker: solved.where[worker][1] for worker in after}
    posts = vacancies_of(
        session, present, [each for each in {vacancy_id, *after.values(), *before.values()} if each]
    )
    people = workers_of(session, present, list(after))
    moved = [
        MovePublic(
            worker_id=worker,
            name=masked_name(people[worker].name) if worker in people else None,
            displaced=before[worker] == vacancy_id,
            before=posts.get(before[worker] or 0),
            after=posts.get(post or 0),
            why=FALLEN.get(solved.gone.get(worker, "")),
        )
        for worker, post in after.items()
    ]
    return MoveForeseen(
        vacancy=posts[vacancy_id],
        carried_out=goes == vacancy_id,
        stable_before=plan.sums["plan"]["stable"],
        stable=outcome(solved.kept, solved.made.vacancy).sums["stable"],
        moved=sorted(moved, key=lambda each: (not each.displaced, each.after is not None, each.worker_id)),
    )
