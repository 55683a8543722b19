"""上岗: one transaction takes a seat, starts the application, opens the spell and closes the person's other ways."""

from datetime import date

from sqlalchemy import text
from sqlmodel import Session, select

from api.audit import record
from api.errors import Problem, conflict, invalid, not_found
from api.outbox import enqueue
from ledger.applications import (
    Restricted,
    TooYoung,
    WrongStep,
    close_others,
    move,
    propose,
    require_placeable,
)
from models.application import Application, ApplicationState
from models.employer import Employer
from models.spell import EmploymentSpell
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker
from outcomes.begin import begin_spell


def put_forward(
    session: Session, worker: Worker, vacancy: Vacancy, *, today: date, account_id: int
) -> Application:
    """Propose a worker for a published vacancy."""
    if vacancy.state is not VacancyState.PUBLISHED:
        state = vacancy.state.label
        raise conflict(
            "not-published", "岗位没有发布", f"这个岗位是“{state}”，不能推荐。请选择已发布的岗位。"
        )
    if vacancy.valid_until is not None and vacancy.valid_until < today:
        raise conflict(
            "vacancy-expired", "岗位已过有效期", "请联系用人单位确认是否还招人，刷新有效期后再推荐。"
        )
    _placeable(worker, today)
    return propose(session, worker.identity, vacancy.identity, on=today, account_id=account_id)


def start(
    session: Session, application: Application, *, started_on: date, today: date, account_id: int
) -> EmploymentSpell:
    """Record that the person began work on `started_on`."""
    if started_on > today:
        raise invalid("started_on", "in_the_future", "上岗日期不能晚于今天，请在实际到岗后再登记")
    worker = session.get(Worker, application.worker_id)
    if worker is None:
        raise not_found("这名劳动力")
    _placeable(worker, started_on)
    vacancy = session.get(Vacancy, application.vacancy_id)
    employer = session.get(Employer, vacancy.employer_id) if vacancy and vacancy.employer_id else None
    if vacancy is None or employer is None:
        raise not_found("岗位")
    # The person first: two starts of one person would each hold an application that the other must close.
    session.exec(select(Worker.id).where(Worker.id == application.worker_id).with_for_update()).one()
    step(session, application, ApplicationState.STARTED, on=started_on, account_id=account_id)
    # The seat last: two that want the same one wait for each other on its row alone, and as briefly as can be.
    spell = begin_spell(
        session,
        application,
        vacancy,
        employer,
        started_on=started_on,
        observed_until=today,
        is_demo=vacancy.is_demo,
    )
    close_others(session, application, on=started_on, account_id=account_id)
    if not session.connection().scalar(text("SELECT take_seat(:vacancy)"), {"vacancy": vacancy.id}):
        raise conflict("no-seat-left", "岗位已招满", "这个岗位没有空余名额了，或已停止招聘。请选择其他岗位。")
    record(session, "take_seat", "vacancy", vacancy.id, region=vacancy.kept_by)
    enqueue(session, "application.started", {"application_id": application.id, "spell_id": spell.id})
    session.expire(vacancy)
    return spell


def _placeable(worker: Worker, on: date) -> None:
    try:
        require_placeable(worker, on)
    except TooYoung:
        raise conflict(
            "too-young", "未满16周岁不能就业", "法律禁止招用未满16周岁的未成年人，请核对出生日期。"
        ) from None
    except Restricted:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，不能推荐和上岗。"
        ) from None


def step(
    session: Session,
    application: Application,
    to: ApplicationState,
    *,
    on: date,
    account_id: int,
    reason: str | None = None,
) -> Application:
    """Take a step of an application, told as a problem where it can't be taken."""
    try:
        return move(session, application, to, on=on, account_id=account_id, reason=reason)
    except WrongStep as wrong:
        raise Problem(
            409,
            "wrong-step",
            f"当前状态是“{wrong.now.label}”",
            f"“{wrong.now.label}”的推荐不能改为“{wrong.wanted.label}”。请刷新后核对。",
        ) from wrong
