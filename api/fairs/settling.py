"""会后处理: what people wanted becomes applications, what they want no more is taken back, and the figures are written down."""

from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from api.errors import Problem
from api.fairs.coming import came, kept, people_of
from api.fairs.waiting import identify
from api.jobs.running import JobFailed, Running, enqueue
from api.placing import put_forward, step
from ledger.applications import RefusalReason
from ledger.in_use import in_use
from models.application import OPEN_STATES, Application, ApplicationState, Side
from models.booth import Booth
from models.fair import Fair
from models.job import Job
from models.vacancy import Vacancy
from models.visit import NotCarriedOver, Visit, VisitIntent
from models.worker import Worker

SETTLE = "fair.settle"
UNANSWERED = (ApplicationState.PROPOSED, ApplicationState.APPLIED)
"""States of an application of which nobody has said yet what came of the talk at the booth."""

_WHY = {
    "consent-withdrawn": NotCarriedOver.REFUSED,
    "too-young": NotCarriedOver.NOT_PLACEABLE,
    "restricted": NotCarriedOver.NOT_PLACEABLE,
    "not-published": NotCarriedOver.CLOSED,
    "vacancy-expired": NotCarriedOver.CLOSED,
}


def ask_to_settle(session: Session, account_id: int, fair: Fair) -> Job:
    """Have the job done. Asked again, it goes on with what came in since."""
    return enqueue(session, account_id, SETTLE, {"fair_id": fair.identity})


def settle_fair(job: Running) -> dict[str, Any]:
    """The job: commands whose person is known by now are theirs, wishes become applications, those that somebody took back
    since are withdrawn, the figures are counted."""
    fair_id, today = int(job.argument["fair_id"]), job.settings.today()
    job.progress(0, 0, "核对身份", now=True)
    with job.transaction() as (session, _):
        if session.get(Fair, fair_id) is None:
            raise JobFailed("招聘会不存在，或已不在您的管辖范围内。")
        still_waiting = identify(session, job.keyring, fair_id)
        visits = list(
            session.exec(
                select(VisitIntent.visit_id)
                .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
                .where(Visit.fair_id == fair_id, or_(and_(*_open()), and_(*_taken_back())))
                .distinct()
            )
        )
    applications = not_carried = withdrawn = 0
    for done, visit_id in enumerate(visits):
        job.progress(done, len(visits), f"已处理{done}人")
        with job.transaction() as (session, caller):
            carried, left = _carry_over(session, visit_id, today, caller.account_id)
            withdrawn += _take_back(session, visit_id, today, caller.account_id)
        applications, not_carried = applications + carried, not_carried + left
    with job.transaction() as (session, _):
        _count(session, fair_id)
    return {
        "link": f"/fairs/{fair_id}/visits",
        "fair_id": fair_id,
        "applications": applications,
        "not_carried_over": not_carried,
        "withdrawn": withdrawn,
        "waiting": still_waiting,
    }


def open_wishes(session: Session, fair_id: int) -> int:
    """How many wishes wait for being settled."""
    asked = (
        select(func.count())
        .select_from(VisitIntent)
        .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
        .where(Visit.fair_id == fair_id, *_open())
    )
    return session.exec(asked).one()


def _open() -> tuple[Any, ...]:
    return (
        col(VisitIntent.wanted),
        col(VisitIntent.application_id).is_(None),
        col(VisitIntent.not_carried_over).is_(None),
        in_use(Visit.worker_id),
    )


def _taken_back() -> tuple[Any, ...]:
    """Wishes that became applications and are none any more; what an employer has decided on is left to people."""
    made, other = aliased(Application), aliased(VisitIntent)
    unanswered = exists().where(
        col(made.id) == col(VisitIntent.application_id), col(made.state).in_(UNANSWERED)
    )
    wanted = exists().where(col(other.application_id) == col(VisitIntent.application_id), col(other.wanted))
    return (~col(VisitIntent.wanted), unanswered, ~wanted, in_use(Visit.worker_id))


def _carry_over(session: Session, visit_id: int, today: date, account_id: int) -> tuple[int, int]:
    """The wishes of one visitor: how many are applications now, and how many can't be."""
    visit = session.exec(select(Visit).where(Visit.id == visit_id).with_for_update()).one()
    worker = kept(session, visit.worker_id)
    rows = session.exec(
        select(VisitIntent)
        .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
        .where(VisitIntent.visit_id == visit_id, *_open())
        .order_by(col(VisitIntent.said_at), col(VisitIntent.id))
        .with_for_update(of=VisitIntent)
    ).all()
    carried = left = 0
    for row in rows:
        vacancy = session.get(Vacancy, row.vacancy_id)
        if worker is None or vacancy is None:
            row.not_carried_over = NotCarriedOver.CLOSED
        else:
            _apply(session, row, worker, vacancy, today, account_id)
        session.add(row)
        carried, left = carried + (row.application_id is not None), left + (row.application_id is None)
    session.flush()
    return carried, left


def _take_back(session: Session, visit_id: int, today: date, account_id: int) -> int:
    """The person wants it no more, and said so after the fair was settled: the application is withdrawn. How many."""
    rows = session.exec(
        select(Application)
        .join(VisitIntent, col(VisitIntent.application_id) == col(Application.id))
        .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
        .where(VisitIntent.visit_id == visit_id, *_taken_back())
    ).all()
    for row in rows:
        step(
            session, row, ApplicationState.WITHDRAWN, on=today, account_id=account_id,
            reason=RefusalReason.OTHER.value, side=Side.WORKER,
        )  # fmt: skip
    return len(rows)


def _apply(
    session: Session, row: VisitIntent, worker: Worker, vacancy: Vacancy, today: date, account_id: int
) -> None:
    """The person applies: for a post for which the bureau had put her forward, that very application goes on."""
    application = session.exec(
        select(Application).where(
            Application.worker_id == worker.identity,
            Application.vacancy_id == vacancy.identity,
            col(Application.state).in_(OPEN_STATES),
        )
    ).first()
    try:
        with session.begin_nested():
            if application is None:
                application = put_forward(session, worker, vacancy, today=today, account_id=account_id)
            if application.state is ApplicationState.PROPOSED:
                step(session, application, ApplicationState.APPLIED, on=today, account_id=account_id)
    except Problem as problem:
        why = _WHY.get(problem.body.type.removeprefix("/problems/"))
        if why is None:
            raise
        row.not_carried_over = why
        return
    row.application_id = application.identity


def _count(session: Session, fair_id: int) -> None:
    """What the fair came to, as its row tells it: what a target of fairs counts. Numbers that somebody typed higher stay."""
    fair = session.exec(
        select(Fair).where(Fair.id == fair_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    arrived = people_of(session, *came(fair_id))
    wants = exists().where(col(VisitIntent.visit_id) == col(Visit.id), col(VisitIntent.wanted))
    agreed = people_of(session, *came(fair_id), wants)
    booths = session.exec(
        select(func.count()).where(Booth.fair_id == fair_id, col(Booth.withdrawn_at).is_(None))
    ).one()
    fair.attended = max(arrived, fair.attended or 0)
    fair.agreed = min(max(agreed, fair.agreed or 0), fair.attended)
    if fair.employers is None and booths:
        fair.employers = booths
    session.add(fair)
    session.flush()
