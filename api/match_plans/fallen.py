"""Who can't be placed by a plan any more since it was made, and why: nobody is sent twice, or sent who works already."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from api.match_plans.choosing import SPOKEN_FOR, on_a_list, spoken_for
from ledger.people import at_work
from models.application import Application
from models.bulk import among
from models.consent import Purpose, stopped
from models.match_plan import MatchPlan
from models.worker import Worker

WORDS = {
    "moved_away": "已移出本辖区",
    "merged": "档案已并入另一份，请看合并后的那一份",
    "restricted": "已撤回同意或申请删除，不能再安排",
    "unranked": "本人不要推荐排序，由工作人员直接推荐",
    "works": "已经有工作",
    "spoken_for": "已录用、已接受岗位，或在别的方案里已批准",
    "on_a_list": "已在另一个输送批次的名单上，要先从那份名单上去掉",
}
"""Why, by code, in the order in which it is told of somebody of whom several hold."""


def fallen(session: Session, plan: MatchPlan, where: Mapping[int, int | None], today: date) -> dict[int, str]:
    """By person the code of why not. `where` are people of the plan who are not approved in it, and the post for which it has
    each: who was hired meanwhile just there goes there."""
    ids = list(where)
    people = {
        number or 0: (merged, restricted)
        for number, merged, restricted in session.exec(
            select(Worker.id, Worker.merged_into, Worker.restricted).where(among(Worker.id, ids))
        )
    }
    working = session.exec(select(Worker.id).where(among(Worker.id, ids), at_work(today)))
    spoken = set(spoken_for(session, ids)) - _hired_just_there(session, where)
    listed = set(on_a_list(session, today, ids, but=plan.dispatch_id))
    found: dict[str, set[int]] = {
        "moved_away": set(ids) - people.keys(),
        "merged": {number for number, (merged, _) in people.items() if merged is not None},
        "restricted": {number for number, (_, restricted) in people.items() if restricted},
        "unranked": set(session.connection().scalars(stopped(Purpose.RANKING, today))) & people.keys(),
        "works": {number or 0 for number in working},
        "spoken_for": spoken,
        "on_a_list": listed,
    }
    return {number: code for code in reversed(WORDS) for number in found[code]}


def _hired_just_there(session: Session, where: Mapping[int, int | None]) -> set[int]:
    hired = session.exec(
        select(Application.worker_id, Application.vacancy_id).where(
            among(Application.worker_id, list(where)), col(Application.state).in_(SPOKEN_FOR)
        )
    ).all()
    return {worker for worker, vacancy in hired if where[worker] == vacancy}
