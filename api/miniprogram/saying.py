"""What a person says of herself: still there, a payslip, a difficulty, that she wants to be called."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.caring import DAYS_TO_HELP, at_work_on, promise, said_at_work
from api.errors import Problem, conflict, invalid
from api.miniprogram.asking import Person
from api.miniprogram.places import county_at
from api.schemas.own_word import CallPublic
from ledger.consents.standing import consents_of, standing
from ledger.contacts import NewContact, Sealed, keep_contact
from ledger.history import person_keys
from models.care import Contact, ContactMeans, Difficulty, Found
from models.consent import Purpose, Speaker
from models.employer import Employer
from models.notice import CallRequest, CallWhy, CheckIn
from models.sealing import Keyring, seal
from models.spell import EmploymentSpell

CALL_WITHIN = timedelta(days=2)
WISH = "call_request.wish"
_LATE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the telephone is, degrees."""

    latitude: float
    longitude: float


def check_in(
    session: Session, keyring: Keyring, person: Person, *, on: date, spot: Spot | None, today: date
) -> CheckIn:
    """Still there: proof of grade D until that day, as after a call; of the place, if it was told, the county. Said once more
    of the same day it is what was said first.

    Raises
    ------
    Problem
        409 where nobody is at work, or the place may not be told; 422 for a day ahead or long ago.
    """
    if on > today:
        raise invalid("told_on", "in_the_future", "打卡日期不能晚于今天")
    if on < today - _LATE:
        raise invalid("told_on", "too_early", f"只能补打{_LATE.days}天以内的卡")
    county = _county(session, person, spot, today) if spot is not None else None
    spell = _work(session, person, on)
    said = _said(session, spell, on)
    if said is not None:
        return said
    contact = _contact(session, keyring, person, NewContact(on, ContactMeans.WECHAT, Found.AT_WORK))
    return _there(session, person, spell, contact, on, county)


def report_problem(
    session: Session, keyring: Keyring, person: Person, difficulty: Difficulty, words: str, *, today: date
) -> Contact:
    """A difficulty at work: it is on the bureau's list with a day by which it is seen to.

    Raises
    ------
    Problem
        409 where nobody is at work: there a call-back helps.
    """
    spell = _work(session, person, today)
    told = NewContact(today, ContactMeans.WECHAT, Found.IN_DIFFICULTY, difficulty, note=words)
    contact = _contact(session, keyring, person, told)
    _there(session, person, spell, contact, today, None)
    promise(session, contact, today + DAYS_TO_HELP)
    return contact


def ask_for_call(
    session: Session, keyring: Keyring, person: Person, words: str, *, today: date
) -> CallRequest:
    """Somebody of the bureau is to call within two days. Whose data is only stored may ask as well.

    Raises
    ------
    Problem
        409 where that was asked already, or the data was deleted.
    """
    row = _asked(session, keyring, person, CallWhy.ASKED, words, today)
    if row is None:
        raise conflict(
            "already-asked",
            "已经登记过回电",
            "工作人员会在两天内打给您，不用再登记；很急的请直接打县里的电话。",
        )
    return row


def no_by_others(
    session: Session,
    keyring: Keyring,
    person: Person,
    purpose: Purpose,
    employer_id: int | None,
    *,
    today: date,
) -> CallRequest:
    """Somebody else says that she does not agree, by which what is under way would end: a human asks herself first.

    Raises
    ------
    Problem
        409 where the data was deleted; 422 for an employer that is not there.
    """
    firm = session.get(Employer, employer_id) if employer_id is not None else None
    if employer_id is not None and firm is None:
        raise invalid("employer_id", "unknown", "没有这家用人单位")
    at = f"（{firm.name}）" if firm is not None else ""
    words = f"{person.speaker.label}：本人不同意“{purpose.label}”{at}。请向本人核实后登记。"
    made = _asked(session, keyring, person, CallWhy.NO_BY_OTHERS, words, today)
    # One that is open already asks her the same.
    return (
        made
        or session.exec(
            select(CallRequest).where(
                CallRequest.worker_id == person.worker.identity,
                CallRequest.why == CallWhy.NO_BY_OTHERS,
                col(CallRequest.done_on).is_(None),
            )
        ).one()
    )


def call_public(row: CallRequest) -> CallPublic:
    """A call that was asked for, as the person sees it."""
    return CallPublic(id=row.identity, asked_on=row.asked_on, due_on=row.due_on, done_on=row.done_on)


def _asked(
    session: Session, keyring: Keyring, person: Person, why: CallWhy, words: str, today: date
) -> CallRequest | None:
    """None where such a call is asked for already."""
    key = person_keys(session, keyring, [person.worker.identity]).get(person.worker.identity)
    if key is None:
        raise _deleted()
    row = CallRequest(
        worker_id=person.worker.identity,
        why=why,
        speaker=person.speaker,
        wish_sealed=seal(key, words.encode(), WISH) if words else None,
        asked_on=today,
        due_on=today + CALL_WITHIN,
        account_id=person.account_id,
        is_demo=person.worker.is_demo,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return None
    return row


def _county(session: Session, person: Person, spot: Spot, today: date) -> str | None:
    rows = consents_of(session, [person.worker.identity]).get(person.worker.identity, [])
    agreed = standing(rows, Purpose.CHECK_IN, today)[0].allows(Purpose.CHECK_IN)
    if person.speaker is not Speaker.SELF or not agreed:
        raise Problem(
            409,
            "place-not-agreed",
            "没有同意位置打卡",
            "位置要本人单独同意才能用。不带位置也可以打卡；想带位置的，请本人先在“授权”里同意“位置打卡”。",
        )
    return county_at(session, spot.latitude, spot.longitude)


def _work(session: Session, person: Person, on: date) -> EmploymentSpell:
    """The person is locked first, as by everybody who opens or ends a spell: of two telephones one is the second."""
    session.refresh(person.worker, with_for_update=True)
    spell = at_work_on(session, person.worker.identity, on)
    if spell is None:
        raise conflict(
            "not-at-work",
            "台账里您这一天没有在岗",
            "已经上班的，请在“我的报名”里确认上岗，或点“要求回电”告诉工作人员。",
        )
    return spell


def _contact(session: Session, keyring: Keyring, person: Person, told: NewContact) -> Contact:
    try:
        return keep_contact(session, keyring, person.worker, told, account_id=person.account_id)
    except Sealed:
        raise _deleted() from None


def _said(session: Session, spell: EmploymentSpell, on: date) -> CheckIn | None:
    return session.exec(
        select(CheckIn).where(CheckIn.spell_id == spell.identity, CheckIn.told_on == on)
    ).first()


def _there(
    session: Session,
    person: Person,
    spell: EmploymentSpell,
    contact: Contact,
    on: date,
    county: str | None,
) -> CheckIn:
    said_at_work(session, spell, on, ContactMeans.WECHAT, person.speaker)
    said = _said(session, spell, on)
    if said is not None:
        return said
    row = CheckIn(
        worker_id=person.worker.identity,
        spell_id=spell.identity,
        contact_id=contact.identity,
        account_id=person.account_id,
        told_on=on,
        county=county,
        is_demo=person.worker.is_demo,
    )
    session.add(row)
    session.flush()
    # The database has carried on how far the work is observed.
    session.expire(spell)
    return row


def _deleted() -> Problem:
    return conflict("restricted", "信息已删除", "您的信息已按规定删除。")
