"""会后处理: what people wanted becomes applications, and the fair's figures are written down."""

from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.errors import Problem
from api.fairs.envelopes import from_text
from api.fairs.taking import Visitor, attribute, reopened
from api.jobs.running import JobFailed, Running, enqueue
from api.placing import put_forward, step
from ledger.gazetteer import Gazetteer
from ledger.identity.matching import find_people
from ledger.in_use import in_use
from models.application import OPEN_STATES, Application, ApplicationState
from models.booth import Booth
from models.fair import Fair
from models.id_number import InvalidIdNumber, read_id_number
from models.job import Job
from models.kiosk import FairInvitation, KioskCommand
from models.sealing import Keyring
from models.vacancy import Vacancy
from models.visit import NotCarriedOver, Visit, VisitIntent
from models.worker import Worker

SETTLE = "fair.settle"
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
    """The job: commands whose person is known by now are theirs, wishes become applications, the figures are counted."""
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
                .where(Visit.fair_id == fair_id, *_open())
                .distinct()
            )
        )
    applications = not_carried = 0
    for done, visit_id in enumerate(visits):
        job.progress(done, len(visits), f"已处理{done}人")
        with job.transaction() as (session, caller):
            carried, left = _carry_over(session, visit_id, today, caller.account_id)
        applications, not_carried = applications + carried, not_carried + left
    with job.transaction() as (session, _):
        _count(session, fair_id)
    return {
        "link": f"/fairs/{fair_id}/visits",
        "fair_id": fair_id,
        "applications": applications,
        "not_carried_over": not_carried,
        "waiting": still_waiting,
    }


def identify(session: Session, keyring: Keyring, fair_id: int) -> int:
    """Give the commands that wait to whoever they are of, as far as that is known by now; how many wait on."""
    waiting = session.exec(
        select(KioskCommand)
        .where(KioskCommand.fair_id == fair_id, col(KioskCommand.sealed).is_not(None))
        .order_by(col(KioskCommand.id))
        .with_for_update()
    ).all()
    left = 0
    for row in waiting:
        who = _known(session, keyring, row)
        if who is None:
            left += 1
        else:
            attribute(session, fair_id, who, [row.identity])
    return left


def _known(session: Session, keyring: Keyring, row: KioskCommand) -> Visitor | None:
    said = reopened(session, keyring, row)
    worker_id: int | None = None
    if said is not None and said.card is not None:
        worker_id = session.exec(
            select(FairInvitation.worker_id).where(
                FairInvitation.fair_id == row.fair_id, FairInvitation.code_hash == from_text(said.card)
            )
        ).first()
    elif said is not None and said.number is not None:
        ever_assigned = Gazetteer.national().ever_assigned
        try:
            number = read_id_number(said.number, ever_assigned=ever_assigned, demonstration=True).number
        except InvalidIdNumber:
            return None
        worker_id = find_people(session, keyring, [number]).get(number)
    worker = session.get(Worker, worker_id) if worker_id is not None else None
    if worker is not None and worker.merged_into is not None:
        worker = session.get(Worker, worker.merged_into)
    if worker is None or worker.restricted:
        return None
    return Visitor(worker.identity, worker.is_demo)


def _open() -> tuple[Any, ...]:
    return (
        col(VisitIntent.wanted),
        col(VisitIntent.application_id).is_(None),
        col(VisitIntent.not_carried_over).is_(None),
        in_use(Visit.worker_id),
    )


def _carry_over(session: Session, visit_id: int, today: date, account_id: int) -> tuple[int, int]:
    """The wishes of one visitor: how many are applications now, and how many can't be."""
    visit = session.exec(select(Visit).where(Visit.id == visit_id).with_for_update()).one()
    worker = session.get(Worker, visit.worker_id)
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
    came = session.exec(
        select(func.count()).select_from(Visit).where(Visit.fair_id == fair_id, in_use(Visit.worker_id))
    ).one()
    agreed = session.exec(
        select(func.count(func.distinct(col(VisitIntent.visit_id))))
        .join(Visit, col(Visit.id) == col(VisitIntent.visit_id))
        .where(Visit.fair_id == fair_id, col(VisitIntent.wanted), in_use(Visit.worker_id))
    ).one()
    booths = session.exec(
        select(func.count()).where(Booth.fair_id == fair_id, col(Booth.withdrawn_at).is_(None))
    ).one()
    fair.attended = max(came, fair.attended or 0)
    fair.agreed = min(max(agreed, fair.agreed or 0), fair.attended)
    if fair.employers is None and booths:
        fair.employers = booths
    session.add(fair)
    session.flush()
