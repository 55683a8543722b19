"""An application's way: which step may follow which, and the record of every step."""

from datetime import date

from sqlmodel import Session, col, select

from models.age import LEGAL_WORKING_AGE, birthday
from models.application import OPEN_STATES, Application, ApplicationEvent, ApplicationState, Side
from models.coded import Coded
from models.vacancy import Vacancy
from models.worker import Worker

_State = ApplicationState
_ENDS = frozenset({_State.REFUSED, _State.WITHDRAWN, _State.POOL})
_NEXT: dict[ApplicationState, frozenset[ApplicationState]] = {
    _State.PROPOSED: _ENDS | {_State.APPLIED, _State.SHORTLISTED, _State.OFFERED, _State.STARTED},
    _State.APPLIED: _ENDS | {_State.SHORTLISTED, _State.OFFERED, _State.STARTED},
    _State.SHORTLISTED: _ENDS | {_State.OFFERED, _State.STARTED},
    _State.OFFERED: _ENDS | {_State.ACCEPTED, _State.STARTED},
    _State.ACCEPTED: _ENDS | {_State.STARTED},
    _State.REFUSED: frozenset({_State.POOL}),
    _State.EXPIRED: frozenset({_State.POOL}),
    _State.POOL: frozenset({_State.WITHDRAWN}),
}
"""The steps that people take. Expiry and obsolescence are the service's own; a person in the pool comes back by a new
application (`leave_pool`)."""

ANSWERS = frozenset({_State.SHORTLISTED, _State.OFFERED, _State.STARTED})
"""States by which the employer has said that it wants the person, or is looking at them."""


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
    UNANSWERED = "unanswered", "到期没有答复"
    REPROPOSED = "reproposed", "已改推其他岗位"
    NOT_ASKED = "not_asked", "没有问到"
    LEFT_WORK = "left_work", "离岗后再推荐"
    CONSENT = "consent", "本人不再同意"


_Why = RefusalReason
REFUSALS: dict[Side, tuple[RefusalReason, ...]] = {
    Side.WORKER: (
        _Why.PAY,
        _Why.TOO_FAR,
        _Why.FAMILY,
        _Why.NO_LODGING,
        _Why.SHIFT,
        _Why.SKILLS,
        _Why.HEALTH,
        _Why.EMPLOYED,
        _Why.UNREACHABLE,
        _Why.OTHER,
    ),
    Side.EMPLOYER: (
        _Why.LEGAL,
        _Why.SKILLS,
        _Why.NO_SHOW,
        _Why.FILLED,
        _Why.DUPLICATE,
        _Why.OTHER,
    ),
}
"""What each side may say no for."""

LEAVING = (*REFUSALS[Side.WORKER], _Why.LEGAL, _Why.NOT_ASKED)
"""What somebody may have left for. Only a list that did not say leaves it open: who ends work by hand says so."""

OF_THE_SERVICE = frozenset({_Why.UNANSWERED, _Why.REPROPOSED, _Why.LEFT_WORK, _Why.CONSENT})
"""Reasons that nobody chooses: the service writes them with what it does."""


class WrongSide(Exception):
    """The reason is not one that this side has."""


def side_of(reason: RefusalReason, told: Side | None = None) -> Side | None:
    """Who says no for `reason`: the one told, else the only one who can; None where it may be either.

    Raises
    ------
    WrongSide
        when the side told has no such reason.
    """
    able = [side for side, reasons in REFUSALS.items() if reason in reasons]
    if told is not None:
        if told not in able and reason is not RefusalReason.MISTAKEN:
            raise WrongSide
        return told
    return able[0] if len(able) == 1 else None


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
    session: Session,
    worker_id: int,
    vacancy_id: int,
    *,
    on: date,
    account_id: int | None,
    because: RefusalReason | None = None,
) -> Application:
    """Put a worker forward for a vacancy; `because` of what, where nobody asked for it."""
    application = Application(worker_id=worker_id, vacancy_id=vacancy_id, applied_on=on)
    session.add(application)
    session.flush()
    session.refresh(application)
    _log(session, application, None, account_id, because.value if because else None)
    return application


def move(
    session: Session,
    application: Application,
    to: ApplicationState,
    *,
    on: date,
    account_id: int | None,
    reason: str | None = None,
    side: Side | None = None,
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
    return _moved(session, application, to, on=on, account_id=account_id, reason=reason, side=side)


def leave_pool(session: Session, worker_id: int, *, on: date, account_id: int | None) -> list[Application]:
    """Somebody who is put forward again is in the pool no more."""
    pooled = session.exec(
        select(Application)
        .where(Application.worker_id == worker_id, Application.state == ApplicationState.POOL)
        .with_for_update()
    ).all()
    reason = RefusalReason.REPROPOSED.value
    return [
        _moved(session, each, ApplicationState.WITHDRAWN, on=on, account_id=account_id, reason=reason)
        for each in pooled
    ]


def withdraw_all(
    session: Session,
    worker_id: int,
    *,
    on: date,
    account_id: int | None,
    employer_id: int | None = None,
) -> list[Application]:
    """Somebody agrees no more: what is under way ends, at all employers or at the one that is named."""
    query = (
        select(Application)
        .where(
            Application.worker_id == worker_id,
            col(Application.state).in_((*OPEN_STATES, ApplicationState.POOL)),
        )
        .with_for_update()
    )
    if employer_id is not None:
        posts = select(Vacancy.id).where(Vacancy.employer_id == employer_id)
        query = query.where(col(Application.vacancy_id).in_(posts))
    reason = RefusalReason.CONSENT.value
    return [
        _moved(session, each, ApplicationState.WITHDRAWN, on=on, account_id=account_id, reason=reason)
        for each in session.exec(query).all()
    ]


def withdraw_offers(
    session: Session, worker_id: int, *, since: date, on: date, account_id: int | None
) -> None:
    """Somebody did not leave after all: the posts that she was offered because of it, and nobody has answered for,
    are withdrawn."""
    offered = session.exec(
        select(Application)
        .join(ApplicationEvent, col(ApplicationEvent.application_id) == col(Application.id))
        .where(
            Application.worker_id == worker_id,
            Application.state == ApplicationState.PROPOSED,
            Application.applied_on >= since,
            col(ApplicationEvent.from_state).is_(None),
            ApplicationEvent.reason == RefusalReason.LEFT_WORK.value,
        )
        .with_for_update(of=Application)
    ).all()
    for each in offered:
        _moved(
            session, each, ApplicationState.WITHDRAWN,
            on=on, account_id=account_id, reason=RefusalReason.MISTAKEN.value,
        )  # fmt: skip


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
    side: Side | None = None,
) -> Application:
    before = application.state
    application.state = to
    application.decided_on = on
    application.reason = reason
    application.side = side
    if application.answered_on is None and (to in ANSWERS or side is Side.EMPLOYER):
        application.answered_on = on
    session.add(application)
    session.flush()
    session.refresh(application)
    _log(session, application, before, account_id, reason)
    return application


def close_others(
    session: Session, started: Application, *, on: date, account_id: int | None
) -> list[Application]:
    """Starting one post makes the person's other ways obsolete, those in the pool too, in the same transaction."""
    others = session.exec(
        select(Application)
        .where(
            Application.worker_id == started.worker_id,
            Application.id != started.id,
            col(Application.state).in_((*OPEN_STATES, ApplicationState.POOL)),
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
            side=application.side if application.state is ApplicationState.REFUSED else None,
        )
    )
    session.flush()
