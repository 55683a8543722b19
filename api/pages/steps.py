"""The steps that may follow for an application, as an account may take them."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from api.pages.desk import Desk
from api.pages.naming import vacancies_by_id
from api.presenting import Presenter
from api.rights import Action
from api.schemas.placement import ApplicationPublic
from api.schemas.post import VacancySummary
from api.schemas.worker import WorkerSummary
from ledger.applications import next_states
from models.application import ApplicationState
from models.coded import Coded
from models.worker import Worker


class Step(Coded):
    """A step that a clerk takes; its label is what the button says."""

    OFFER = "offer", "录用"
    ACCEPT = "accept", "接受"
    START = "start", "上岗"
    REFUSE = "refuse", "拒绝"
    WITHDRAW = "withdraw", "撤回"


RIGHTS = {
    Step.OFFER: Action.ANSWER,
    Step.ACCEPT: Action.PLACE,
    Step.START: Action.PLACE,
    Step.REFUSE: Action.ANSWER,
    Step.WITHDRAW: Action.PLACE,
}

_LEADS_TO = {
    Step.OFFER: ApplicationState.OFFERED,
    Step.ACCEPT: ApplicationState.ACCEPTED,
    Step.START: ApplicationState.STARTED,
    Step.REFUSE: ApplicationState.REFUSED,
    Step.WITHDRAW: ApplicationState.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class OpenApplication:
    """An application on its way, with both sides as far as they may be seen, and the steps that may follow."""

    item: ApplicationPublic
    post: VacancySummary | None
    worker: WorkerSummary | None
    steps: list[Step]


def open_applications(desk: Desk, items: list[ApplicationPublic]) -> list[OpenApplication]:
    """The applications with what may be done about each by this account."""
    posts = vacancies_by_id(desk.session, desk.present, [item.vacancy_id for item in items])
    workers = _workers_by_id(desk.session, desk.present, [item.worker_id for item in items])
    return [
        OpenApplication(item, posts.get(item.vacancy_id), workers.get(item.worker_id), _steps(desk, item))
        for item in items
    ]


def _workers_by_id(session: Session, present: Presenter, ids: list[int]) -> dict[int, WorkerSummary]:
    rows = session.exec(select(Worker).where(col(Worker.id).in_(ids))).all()
    return {summary.id: summary for summary in present.workers(list(rows))}


def _steps(desk: Desk, item: ApplicationPublic) -> list[Step]:
    following = next_states(item.state)
    return [step for step in Step if _LEADS_TO[step] in following and desk.may(RIGHTS[step])]
