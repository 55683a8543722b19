"""Registering people: one ID number, one record, sealed under the person's own key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import phonenumbers
from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import Session, SQLModel, col, select

from ledger.pinyin import pinyin
from models.coded import Coded
from models.education import Education
from models.household import BY_URGENCY, HardshipCategory, HardshipPeriod
from models.id_number import IdNumber, read_id_number
from models.sealing import Keyring, Unsealable, index_columns, new_person_key, open_person_key, seal, unseal
from models.spell import EmploymentSpell
from models.worker import (
    LabourCapability,
    PersonKey,
    RelationToHead,
    Sex,
    Wants,
    Worker,
    WorkerSkill,
    WorkIntention,
)

_MOBILE = re.compile(r"1(?:00|[3-9][0-9])[0-9]{8}")
"""How almost everybody writes a telephone, and those of generated people: no need to look far."""

_WHOLE_PHONE = 11
OPENED_KEYS = "person_keys"
"""Where a session keeps the persons' keys that it has opened: whatever else it seals needs each only once."""


class PhoneFault(Coded):
    """What is wrong with a telephone number."""

    FORMAT = "format", "联系电话应为11位手机号或带区号的固定电话，请核对"


class Contradiction(ValueError):
    """What was typed differs from what the ID number says; `field` names it, the message repeats neither."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(
            f"填写的{words}与证件号码中的不一致，请对照证件核对证件号码和{words}，改正填错的一项"
        )
        self.field = field


class InvalidPhone(ValueError):
    """A number that can't be dialled; the message never repeats it."""


@dataclass(frozen=True, slots=True)
class NewIntention:
    """就业意愿 as it is told."""

    wants: Wants | None = None
    reason: str | None = None
    accepted_regions: list[str] = field(default_factory=list)
    occupations: list[str] = field(default_factory=list)
    pay_floor: int | None = None
    available_from: date | None = None
    needs_lodging: bool | None = None


@dataclass(frozen=True, slots=True)
class NewWorker:
    """What is known of a person at registration; what is not known is None."""

    name: str
    region: str
    id_number: str | None = None
    phone: str | None = None
    household_id: int | None = None
    relation_to_head: RelationToHead | None = None
    sex: Sex | None = None
    birth_date: date | None = None
    ethnicity: str | None = None
    education: Education | None = None
    labour_capability: LabourCapability | None = None
    disability_grade: int | None = None
    speaks_mandarin: bool | None = None
    experience_months: int | None = None
    last_occupation: str | None = None
    skills: dict[str, int | None] = field(default_factory=dict)
    intention: NewIntention | None = None


def register(
    session: Session,
    keyring: Keyring,
    new: NewWorker,
    *,
    ever_assigned: Callable[[str], bool],
    today: date | None = None,
    demonstration: bool = False,
) -> Worker:
    """Enter a person into the ledger. Birth date and sex come from the ID number where there is one.

    Raises
    ------
    InvalidIdNumber, InvalidPhone, Contradiction
        with a sentence for the clerk; nothing is written then.
    sqlalchemy.exc.IntegrityError
        at the flush, when the number is registered already, here or elsewhere.
    """
    number, phone = read_told(new, ever_assigned=ever_assigned, today=today, demonstration=demonstration)
    key, master_key_id, sealed_key = new_person_key(keyring)
    # The number is drawn first: the record of this very insert is sealed under the person's key already.
    worker_id = session.connection().scalar(select(func.nextval("worker_id_seq")))
    session.info.setdefault(OPENED_KEYS, {})[worker_id] = key
    worker = Worker(
        id=worker_id,
        region=new.region,
        household_id=new.household_id,
        name=new.name,
        name_pinyin=pinyin(new.name),
        relation_to_head=new.relation_to_head,
        sex=number.sex if number else new.sex,
        birth_date=number.birth_date if number else new.birth_date,
        id_number_sealed=sealed_number(key, number),
        phone_sealed=seal(key, phone.encode(), "worker.phone") if phone else None,
        ethnicity=new.ethnicity,
        education=new.education,
        labour_capability=new.labour_capability,
        disability_grade=new.disability_grade,
        speaks_mandarin=new.speaks_mandarin,
        experience_months=new.experience_months,
        last_occupation=new.last_occupation,
        is_demo=bool(number and number.is_demo),
    )
    put(worker, index_columns(keyring, "id_number", number.number if number else None))
    put(worker, index_columns(keyring, "phone", phone))
    session.add(worker)
    session.flush()
    session.add(PersonKey(worker_id=worker.identity, master_key_id=master_key_id, sealed_key=sealed_key))
    session.flush()
    for skill, level in new.skills.items():
        session.add(WorkerSkill(worker_id=worker.identity, skill=skill, level=level))
    if new.intention is not None:
        session.add(intention_of(worker.identity, new.intention))
    session.flush()
    return worker


def read_told(
    new: NewWorker,
    *,
    ever_assigned: Callable[[str], bool],
    today: date | None = None,
    demonstration: bool = False,
) -> tuple[IdNumber | None, str | None]:
    """The ID number and the telephone that were told, whole and against nothing else that was told.

    Raises
    ------
    InvalidIdNumber, InvalidPhone, Contradiction
        with a sentence for the clerk.
    """
    number = (
        read_id_number(new.id_number, ever_assigned=ever_assigned, born_by=today, demonstration=demonstration)
        if new.id_number
        else None
    )
    if number and new.sex not in (None, number.sex):
        raise Contradiction("sex", "性别")
    if number and new.birth_date not in (None, number.birth_date):
        raise Contradiction("birth_date", "出生日期")
    return number, read_phone(new.phone) if new.phone else None


def intention_of(worker_id: int, told: NewIntention) -> WorkIntention:
    """The row of an intention."""
    return WorkIntention(
        worker_id=worker_id,
        wants=told.wants,
        reason=told.reason,
        accepted_regions=told.accepted_regions,
        occupations=told.occupations,
        pay_floor=told.pay_floor,
        available_from=told.available_from,
        needs_lodging=told.needs_lodging,
    )


def change_phone(session: Session, keyring: Keyring, worker: Worker, told: str | None) -> None:
    """Put another telephone, or none, in the place of the one on record.

    Raises
    ------
    InvalidPhone
        when it can't be dialled.
    models.sealing.Unsealable
        when the person's key was destroyed.
    """
    phone = read_phone(told) if told else None
    key = _opened(session, keyring, worker)
    worker.phone_sealed = seal(key, phone.encode(), "worker.phone") if phone else None
    put(worker, index_columns(keyring, "phone", phone))
    session.add(worker)


def put(row: SQLModel, columns: Mapping[str, object]) -> None:
    """Let the row's columns be these."""
    for name, value in columns.items():
        setattr(row, name, value)


def read_phone(text: str) -> str:
    """A telephone number of the mainland in E.164; `100…` numbers belong to generated people and ring nowhere.

    Raises
    ------
    InvalidPhone
        when it can't be dialled.
    """
    if _MOBILE.fullmatch(text):
        if text.startswith("100") or _given_out(text[:7]):
            return "+86" + text
        raise InvalidPhone(PhoneFault.FORMAT.label)
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        raise InvalidPhone(PhoneFault.FORMAT.label) from None
    national = str(number.national_number)
    demo = number.country_code == 86 and national.startswith("100") and len(national) == 11
    if number.country_code != 86 or not (demo or phonenumbers.is_valid_number(number)):
        raise InvalidPhone(PhoneFault.FORMAT.label)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def _given_out(block: str) -> bool:
    """Whether mobile numbers begin with these seven digits: what follows them is free."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(block + "0000", "CN"))
    except phonenumbers.NumberParseException:
        return False


def mask_phone(phone: str) -> str:
    """The number with its middle hidden, as it is written in China; of a shorter one, which is none, nothing is left."""
    national = phone.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) >= _WHOLE_PHONE else "****"


def reveal(session: Session, keyring: Keyring, worker: Worker) -> tuple[str | None, str | None]:
    """The person's ID number and telephone in clear.

    Raises
    ------
    models.sealing.Unsealable
        when the person's key was destroyed or the values were altered.
    """
    key = _opened(session, keyring, worker)
    number = (
        unseal(key, worker.id_number_sealed, "worker.id_number").decode() if worker.id_number_sealed else None
    )
    phone = unseal(key, worker.phone_sealed, "worker.phone").decode() if worker.phone_sealed else None
    return number, phone


def hardship_on(session: Session, household_ids: list[int], day: date) -> dict[int, HardshipCategory]:
    """The category of each household on `day`; households that were in none are left out."""
    found: dict[int, HardshipCategory] = {}
    rows = session.exec(
        select(HardshipPeriod).where(
            col(HardshipPeriod.household_id).in_(household_ids),
            HardshipPeriod.from_on <= day,
            (col(HardshipPeriod.to_on).is_(None)) | (col(HardshipPeriod.to_on) >= day),
        )
    )
    for row in rows:
        before = found.get(row.household_id)
        if before is None or BY_URGENCY.index(row.category) < BY_URGENCY.index(before):
            found[row.household_id] = row.category
    return found


def in_hardship(category: HardshipCategory, day: date) -> ColumnElement[bool]:
    """Whether a worker's household is in `category` on `day`."""
    return exists().where(
        col(HardshipPeriod.household_id) == col(Worker.household_id),
        col(HardshipPeriod.category) == category,
        col(HardshipPeriod.from_on) <= day,
        col(HardshipPeriod.to_on).is_(None) | (col(HardshipPeriod.to_on) >= day),
    )


def put_away() -> ColumnElement[bool]:
    """Whether a record is what an import that was taken back left: nothing by which anybody could be meant."""
    return and_(
        col(Worker.restricted),
        *(
            column.is_(None)
            for column in (
                col(Worker.id_number_sealed),
                col(Worker.phone_sealed),
                col(Worker.household_id),
                col(Worker.national_number),
            )
        ),
    )


def at_work(day: date) -> ColumnElement[bool]:
    """Whether a worker has a spell in force that includes `day`."""
    return exists().where(
        col(EmploymentSpell.worker_id) == col(Worker.id),
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.started_on) <= day,
        col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= day),
    )


def change_skills(session: Session, worker_id: int, told: dict[str, int | None]) -> None:
    """Let the person's skills be those told: others are taken off, levels are set."""
    for row in session.exec(select(WorkerSkill).where(WorkerSkill.worker_id == worker_id)).all():
        if row.skill not in told:
            session.delete(row)
        elif row.level != told[row.skill]:
            row.level = told[row.skill]
            session.add(row)
    session.flush()
    known = set(session.exec(select(WorkerSkill.skill).where(WorkerSkill.worker_id == worker_id)))
    session.add_all(
        WorkerSkill(worker_id=worker_id, skill=skill, level=level)
        for skill, level in told.items()
        if skill not in known
    )
    session.flush()


def _opened(session: Session, keyring: Keyring, worker: Worker) -> bytes:
    stored = session.get(PersonKey, worker.identity)
    if stored is None:
        raise Unsealable("the person's key was destroyed")
    return open_person_key(keyring, stored.master_key_id, stored.sealed_key)


def sealed_number(key: bytes, number: IdNumber | None) -> bytes | None:
    """A number with its suffix as a record keeps it."""
    written = number.number + number.disability_suffix if number else ""
    return seal(key, written.encode(), "worker.id_number") if written else None
