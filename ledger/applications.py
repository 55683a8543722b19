"""An application's way: which step may follow which, and the record of every step."""

from datetime import date

from sqlmodel import Session, col, select

from models.age import LEGAL_WORKING_AGE, birthday
from models.application import OPEN_STATES, Application, ApplicationEvent, ApplicationState
from models.coded import Coded
from models.worker import Worker

_NEXT: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.PROPOSED: frozenset(
        {
            ApplicationState.APPLIED,
            ApplicationState.SHORTLISTED,
            ApplicationState.OFFERED,
            ApplicationState.STARTED,
            ApplicationState.REFUSED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.APPLIED: frozenset(
        {
            ApplicationState.SHORTLISTED,
            ApplicationState.OFFERED,
            ApplicationState.STARTED,
            ApplicationState.REFUSED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.SHORTLISTED: frozenset(
        {
            ApplicationState.OFFERED,
            ApplicationState.STARTED,
            ApplicationState.REFUSED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.OFFERED: frozenset(
        {
            ApplicationState.ACCEPTED,
            ApplicationState.STARTED,
            ApplicationState.REFUSED,
            ApplicationState.WITHDRAWN,
        }
    ),
    ApplicationState.ACCEPTED: frozenset(
        {ApplicationState.STARTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}
    ),
}
"""The steps that people take. Expiry, obsolescence and the pool are the service's own."""


def next_states(state: ApplicationState) -> frozenset[ApplicationState]:
    """The states to which somebody may move an application that is in `state`."""
    return _NEXT.get(state, frozenset())


class RefusalReason(Coded):
    """拒绝原因, of both sides."""

    PAY = "pay", "工资低"
    TOO_FAR = "too_far", "太远"
    FAMILY = "family", "家里离不开"
    NO_LODGING = "no_lodging", "不包住"
    SHIFT = "shift", "班次不合适"
    SKILLS = "skills", "技能不够"
    HEALTH = "health", "健康原因"
    EMPLOYED = "employed", "已就业"
    UNREACHABLE = "unreachable", "联系不上"
    LEGAL = "legal", "年龄健康不符法定条件"
    NO_SHOW = "no_show", "未到场"
    FILLED = "filled", "已招满"
    DUPLICATE = "duplicate", "重复推荐"
    MISTAKEN = "mistaken", "登记有误"
    OTHER = "other", "其他"


class WrongStep(Exception):
    """The application is not in a state from which this step can be taken."""

    def __init__(self, now: ApplicationState, wanted: ApplicationState) -> None:
        super().__init__(f"{now} -> {wanted}")
        self.now = now
        self.wanted = wanted


class TooYoung(Exception):
    """The person has not reached the legal working age."""


class Restricted(Exception):
    """The person has withdrawn consent or asked for deletion: stored, and used for nothing else."""


def require_placeable(worker: Worker, on: date) -> None:
    """What the law forbids nobody can decide otherwise; every other rule only advises the human who places.

    Raises
    ------
    TooYoung, Restricted
        when the person may not be put forward, or begin, on that day.
    """
    if worker.restricted:
        raise Restricted
    if worker.birth_date is not None and on < birthday(worker.birth_date, LEGAL_WORKING_AGE):
        raise TooYoung


def propose(
    session: Session, worker_id: int, vacancy_id: int, *, on: date, account_id: int | None
) -> Application:
    """Put a worker forward for a vacancy."""
    application = Application(worker_id=worker_id, vacancy_id=vacancy_id, applied_on=on)
    session.add(application)
    session.flush()
    session.refresh(application)
    _log(session, application, None, account_id, None)
    return application


def move(
    session: Session,
    application: Application,
    to: ApplicationState,
    *,
    on: date,
    account_id: int | None,
    reason: str | None = None,
) -> Application:
    """Take a step, by itself or not at all: the row is locked and its state read again.

    Raises
    ------
    WrongStep
        when that step can't follow the state the application is in.
    """
    session.refresh(application, with_for_update=True)
    if to not in next_states(application.state):
        raise WrongStep(application.state, to)
    return _moved(session, application, to, on=on, account_id=account_id, reason=reason)


def take_back(
    session: Session, started: Application, *, on: date, account_id: int | None, reason: str
) -> Application:
    """The start that an application is said to have led to never was: it is withdrawn, with the reason."""
    session.refresh(started, with_for_update=True)
    return _moved(session, started, ApplicationState.WITHDRAWN, on=on, account_id=account_id, reason=reason)


def _moved(
    session: Session,
    application: Application,
    to: ApplicationState,
    *,
    on: date,
    account_id: int | None,
    reason: str | None,
) -> Application:
    before = application.state
    application.state = to
    application.decided_on = on
    application.reason = reason
    session.add(application)
    session.flush()
    session.refresh(application)
    _log(session, application, before, account_id, reason)
    return application


def close_others(
    session: Session, started: Application, *, on: date, account_id: int | None
) -> list[Application]:
    """Starting one post makes the person's other open applications obsolete, in the same transaction."""
    others = session.exec(
        select(Application)
        .where(
            Application.worker_id == started.worker_id,
            Application.id != started.id,
            col(Application.state).in_(OPEN_STATES),
        )
        .with_for_update()
    ).all()
    for other in others:
        before = other.state
        other.state = ApplicationState.OBSOLETE
        other.decided_on = on
        session.add(other)
        session.flush()
        _log(session, other, before, account_id, None)
    return list(others)


def _log(
    session: Session,
    application: Application,
    before: ApplicationState | None,
    account_id: int | None,
    reason: str | None,
) -> None:
    session.add(
        ApplicationEvent(
            application_id=application.identity,
            from_state=before,
            to_state=application.state,
            account_id=account_id,
            reason=reason,
        )
    )
    session.flush()
