"""What somebody says of a purpose is written down, and followed at once."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session, col, select

from ledger.applications import withdraw_all
from ledger.consents.standing import Standing, consents_of, own_no, standing
from ledger.gathering import take_off
from models.age import age_on, birthday
from models.application import Application
from models.consent import THEMSELVES, Consent, ConsentMeans, Purpose, Speaker
from models.dispatch import Dispatch, DispatchMember
from models.vacancy import Vacancy
from models.worker import PersonKey, Worker

UNDER_CARE = 14
"""Younger, only a parent or guardian agrees or refuses (个人信息保护法 art. 31)."""


class GuardianNeeded(Exception):
    """Somebody else spoke for a child."""


OWN_WORD = frozenset({Purpose.SENSITIVE, Purpose.CHECK_IN})
"""Sensitive information, where somebody is among it: agreed to by the person, in so many words."""


class PersonNeeded(Exception):
    """This is for the person to say: what is in `OWN_WORD`, and what they have refused themselves."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said."""

    purpose: Purpose
    given: bool
    speaker: Speaker
    means: ConsentMeans
    told_on: date
    employer_id: int | None = None
    until: date | None = None
    form_number: str = ""


def is_child(worker: Worker, day: date) -> bool:
    """Whether a guardian speaks for this person; who has no known birth date is taken to be grown up."""
    return worker.birth_date is not None and age_on(worker.birth_date, day) < UNDER_CARE


def children_unspoken_for(session: Session, day: date) -> frozenset[int]:
    """Children of the session's regions of whom no guardian has agreed that their data is used: their numbers are shown in
    full nowhere. Few: the ledger is of those who work."""
    children = session.exec(
        select(Worker.id).where(col(Worker.birth_date) > birthday(day, -UNDER_CARE), ~col(Worker.restricted))
    ).all()
    said = consents_of(session, [number for number in children if number is not None])
    return frozenset(
        number
        for number in children
        if number is not None
        and standing(said.get(number, []), Purpose.SERVICE, day)[0] is not Standing.IN_FORCE
    )


def guardian_agrees(session: Session, worker: Worker, day: date) -> bool:
    """Whether a guardian has agreed that a child's data is used."""
    rows = consents_of(session, [worker.identity]).get(worker.identity, [])
    return standing(rows, Purpose.SERVICE, day)[0] is Standing.IN_FORCE


def keep(session: Session, worker: Worker, said: Said, *, today: date, account_id: int) -> Consent:
    """Write it down, and let what follows be so in the same transaction.

    Raises
    ------
    GuardianNeeded, PersonNeeded
        when it was for somebody else to say.
    """
    if is_child(worker, said.told_on) and said.speaker is not Speaker.GUARDIAN:
        raise GuardianNeeded
    # One after the other: of two words at once the second sees what the first has changed.
    session.refresh(worker, with_for_update=True)
    before = consents_of(session, [worker.identity]).get(worker.identity, [])
    if said.given and said.speaker not in THEMSELVES and (said.purpose in OWN_WORD or _own_no(before, said)):
        raise PersonNeeded
    row = Consent(
        worker_id=worker.identity,
        purpose=said.purpose,
        employer_id=said.employer_id,
        given=said.given,
        told_on=said.told_on,
        until=said.until,
        speaker=said.speaker,
        means=said.means,
        form_number=said.form_number,
        account_id=account_id,
        is_demo=worker.is_demo,
    )
    session.add(row)
    session.flush()
    now = consents_of(session, [worker.identity])[worker.identity]
    _follow(session, worker, said, before, now, today=today, account_id=account_id)
    return row


def _own_no(before: list[Consent], said: Said) -> bool:
    """Whether the person's own last word on this purpose and employer, or on all employers, was a no."""
    return own_no([row for row in before if row.purpose is said.purpose], said.employer_id)


def _follow(
    session: Session,
    worker: Worker,
    said: Said,
    before: list[Consent],
    now: list[Consent],
    *,
    today: date,
    account_id: int,
) -> None:
    stands = standing(now, said.purpose, today, said.employer_id)[0]
    if said.purpose is Purpose.SERVICE:
        if not stands.allows(Purpose.SERVICE):
            restrict(session, worker, today=today, account_id=account_id)
        elif standing(before, Purpose.SERVICE, today)[0] in (Standing.WITHDRAWN, Standing.EXPIRED):
            _take_up(session, worker)
    elif said.purpose is Purpose.EMPLOYER and not stands.allows(Purpose.EMPLOYER):
        _end_at_employers(session, worker, now, today=today, account_id=account_id)
    elif said.purpose is Purpose.RANKING and not stands.allows(Purpose.RANKING):
        session.flush()
        session.connection().execute(text("SELECT forget_scores(:id)"), {"id": worker.identity})


def restrict(session: Session, worker: Worker, *, today: date, account_id: int | None) -> None:
    """The person's data is only stored from now on: what is under way ends, lists that have not left lose her."""
    worker.restricted = True
    session.add(worker)
    session.flush()
    withdraw_all(session, worker.identity, on=today, account_id=account_id)
    _off_lists(session, worker.identity, today)


def _take_up(session: Session, worker: Worker) -> None:
    """Agreed to again. Whose data was deleted stays away."""
    if session.get(PersonKey, worker.identity) is not None:
        worker.restricted = False
        session.add(worker)
        session.flush()


def _end_at_employers(
    session: Session, worker: Worker, now: list[Consent], *, today: date, account_id: int
) -> None:
    """What is under way ends at each employer who may not be told of her any more."""
    asked = (
        select(Vacancy.employer_id)
        .join(Application, col(Application.vacancy_id) == col(Vacancy.id))
        .where(Application.worker_id == worker.identity, col(Vacancy.employer_id).is_not(None))
        .distinct()
    )
    for employer_id in session.exec(asked).all():
        if not standing(now, Purpose.EMPLOYER, today, employer_id)[0].allows(Purpose.EMPLOYER):
            withdraw_all(session, worker.identity, on=today, account_id=account_id, employer_id=employer_id)
            _off_lists(session, worker.identity, today, employer_id)


def _off_lists(session: Session, worker_id: int, today: date, employer_id: int | None = None) -> None:
    query = (
        select(DispatchMember)
        .join(Dispatch, col(Dispatch.id) == col(DispatchMember.dispatch_id))
        .where(
            DispatchMember.worker_id == worker_id,
            col(DispatchMember.departed).is_(None),
            Dispatch.departs_on >= today,
        )
    )
    if employer_id is not None:
        posts = select(Vacancy.id).where(Vacancy.employer_id == employer_id)
        query = query.where(col(DispatchMember.vacancy_id).in_(posts))
    take_off(session, session.exec(query).all())
