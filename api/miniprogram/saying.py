"""What a person says of herself: still there, a payslip, a difficulty, that she wants to be called."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from api.caring import DAYS_TO_HELP, at_work_on, promise, said_at_work
from api.errors import Problem, conflict, invalid
from api.evidencing import add_files, require_new
from api.miniprogram.asking import Person
from api.miniprogram.places import county_at
from api.papers import Handed
from ledger.consents.standing import consents_of, standing
from ledger.contacts import NewContact, Sealed, keep_contact
from ledger.history import person_keys
from models.care import Contact, ContactMeans, Difficulty, Found
from models.consent import Purpose, Speaker
from models.notice import CallRequest, CallWhy, CheckIn
from models.sealing import Keyring, seal
from models.spell import EmploymentSpell, Evidence, EvidenceGrade, ProofKind
from outcomes.confirming import days_of

PAYSLIP = "工资条（本人上传）"
"""What such a paper is called as proof; it is D until a human has looked at it."""
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
    """Still there: proof of grade D until that day, as after a call; of the place, if it was told, the county.

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
    key = person_keys(session, keyring, [person.worker.identity]).get(person.worker.identity)
    if key is None:
        raise _deleted()
    row = CallRequest(
        worker_id=person.worker.identity,
        why=CallWhy.ASKED,
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
        raise conflict(
            "already-asked",
            "已经登记过回电",
            "工作人员会在两天内打给您，不用再登记；很急的请直接打县里的电话。",
        ) from None
    return row


def keep_payslip(
    session: Session, keyring: Keyring, person: Person, month: date, files: list[Handed], *, today: date
) -> Evidence:
    """A payslip of a month: her own word with the picture, which a human looks at before it proves more.

    Raises
    ------
    Problem
        409 where no work of hers lies in that month, or the same was sent; 422 without a file, or for a month ahead.
    """
    if not files:
        raise invalid("file", "missing", "请先拍照或选择工资条")
    first = month.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if first > today:
        raise invalid("month", "in_the_future", "还没有到这个月")
    spell = session.exec(
        select(EmploymentSpell)
        .where(
            EmploymentSpell.worker_id == person.worker.identity,
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            EmploymentSpell.started_on <= min(last, today),
            col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= first),
        )
        .order_by(col(EmploymentSpell.started_on).desc())
    ).first()
    if spell is None:
        raise conflict(
            "not-at-work",
            "台账里这个月没有您的务工记录",
            "请先在“要求回电”里告诉工作人员您在哪里上班，登记以后再上传工资条。",
        )
    begins, ends = days_of(spell)
    row = Evidence(
        spell_id=spell.identity,
        grade=EvidenceGrade.D,
        kind=ProofKind.STATEMENT,
        covers_from=max(first, begins),
        covers_to=min(last, ends or today, today),
        source=PAYSLIP,
    )
    require_new(session, row)
    session.add(row)
    session.flush()
    add_files(session, keyring, row, spell, files, account_id=person.account_id)
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


def _there(
    session: Session,
    person: Person,
    spell: EmploymentSpell,
    contact: Contact,
    on: date,
    county: str | None,
) -> CheckIn:
    said_at_work(session, spell, on, ContactMeans.WECHAT)
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
