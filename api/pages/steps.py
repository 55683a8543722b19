"""The steps that may follow for an application, as an account may take them."""

from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import Session, col, select

from api.offering import Standing, standings_of
from api.pages.desk import Desk
from api.pages.naming import vacancies_by_id
from api.presenting import Presenter
from api.rights import Action
from api.schemas.placement import ApplicationPublic
from api.schemas.post import VacancySummary
from api.schemas.worker import WorkerSummary
from ledger.applications import REFUSALS, RefusalReason, next_states
from models.application import OPEN_STATES, ApplicationState, Side
from models.coded import Coded
from models.worker import Worker


class Step(Coded):
    """A step that a clerk takes; its label is what the button says."""

    SHORTLIST = "shortlist", "入围"
    OFFER = "offer", "录用"
    ACCEPT = "accept", "接受"
    START = "start", "上岗"
    REFUSE = "refuse", "拒绝"
    WITHDRAW = "withdraw", "撤回"
    POOL = "pool", "转入人才储备"


RIGHTS = {
    Step.SHORTLIST: Action.ANSWER,
    Step.OFFER: Action.ANSWER,
    Step.ACCEPT: Action.PLACE,
    Step.START: Action.PLACE,
    Step.REFUSE: Action.ANSWER,
    Step.WITHDRAW: Action.PLACE,
    Step.POOL: Action.PLACE,
}

_LEADS_TO = {
    Step.SHORTLIST: ApplicationState.SHORTLISTED,
    Step.OFFER: ApplicationState.OFFERED,
    Step.ACCEPT: ApplicationState.ACCEPTED,
    Step.START: ApplicationState.STARTED,
    Step.REFUSE: ApplicationState.REFUSED,
    Step.WITHDRAW: ApplicationState.WITHDRAWN,
    Step.POOL: ApplicationState.POOL,
}
WITHDRAWALS = (
    RefusalReason.MISTAKEN,
    RefusalReason.DUPLICATE,
    RefusalReason.EMPLOYED,
    RefusalReason.FAMILY,
    RefusalReason.HEALTH,
    RefusalReason.UNREACHABLE,
    RefusalReason.OTHER,
)
"""Why a bureau takes a proposal back."""


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """An application on its way, with both sides as far as they may be seen, and the steps that may follow."""

    item: ApplicationPublic
    post: VacancySummary | None
    worker: WorkerSummary | None
    steps: list[Step]
    refusals: ClassVar[dict[Side, tuple[RefusalReason, ...]]] = REFUSALS
    withdrawals: ClassVar[tuple[RefusalReason, ...]] = WITHDRAWALS


def open_applications(desk: Desk, items: list[ApplicationPublic]) -> list[OpenApplication]:
    """The applications with what may be done about each by this account."""
    numbers = [item.vacancy_id for item in items]
    posts = vacancies_by_id(desk.session, desk.present, numbers)
    standing = standings_of(desk.session, desk.today, numbers, desk.present.refresh_days)
    workers = _workers_by_id(desk.session, desk.present, [item.worker_id for item in items])
    return [
        OpenApplication(
            item,
            posts.get(item.vacancy_id),
            workers.get(item.worker_id),
            _steps(desk, item, standing.get(item.vacancy_id)),
        )
        for item in items
    ]


def _workers_by_id(session: Session, present: Presenter, ids: list[int]) -> dict[int, WorkerSummary]:
    rows = session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()
    return {summary.id: summary for summary in present.workers(list(rows))}


def _steps(desk: Desk, item: ApplicationPublic, standing: Standing | None) -> list[Step]:
    following = next_states(item.state)
    offered = standing is Standing.ON_OFFER and item.state in OPEN_STATES
    return [
        step
        for step in Step
        if _LEADS_TO[step] in following and desk.may(RIGHTS[step]) and not (step is Step.POOL and offered)
    ]
