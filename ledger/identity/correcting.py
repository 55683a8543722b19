"""更正证件号码: a person was registered under a wrong number, or without one.

The number that was on record goes on meaning the person, so that lists with it still find the record, unless it turned
out to be somebody else's.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from ledger.identity.belongings import opened_key
from ledger.identity.likeness import plain_number
from ledger.identity.matching import (
    elsewhere,
    find_people,
    find_recoded,
    indexed,
    keep_number,
    recoded_elsewhere,
)
from ledger.people import put, reveal, sealed_number
from models.coded import Coded
from models.id_number import IdNumber, read_id_number
from models.identity import FormerNumber, NumberOrigin
from models.sealing import Keyring, index_columns, look_ups
from models.worker import Worker


class CorrectionReason(Coded):
    """Why a number is corrected."""

    MISTYPED = "mistyped", "原来的号码写错了"
    MISSING = "missing", "原来没有号码，现在补上"
    REISSUED = "reissued", "公安机关更正过号码"
    ANOTHERS = "anothers", "原来的号码是另一个人的"


class SameNumber(Exception):
    """That is the number on record."""


class OfAnother(Exception):
    """The number means somebody else of the caller's regions; None for one of the record's own merged parts."""

    def __init__(self, other_id: int | None) -> None:
        super().__init__("of another")
        self.other_id = other_id


class OfElsewhere(Exception):
    """The number means somebody outside the caller's regions."""


def correct_id_number(
    session: Session,
    keyring: Keyring,
    worker: Worker,
    told: str,
    reason: CorrectionReason,
    *,
    ever_assigned: Callable[[str], bool],
    today: date | None = None,
    demonstration: bool = False,
) -> None:
    """Let `told` be the person's number; birth date and sex follow it, as at the registration.

    Raises
    ------
    models.id_number.InvalidIdNumber
        with a sentence for the clerk.
    SameNumber, OfAnother, OfElsewhere
        nothing is written then.
    models.sealing.Unsealable
        when the person's key was destroyed.
    """
    number = read_id_number(told, ever_assigned=ever_assigned, born_by=today, demonstration=demonstration)
    was, _ = reveal(session, keyring, worker)
    if was == number.number + number.disability_suffix:
        raise SameNumber
    _require_free(session, keyring, worker, number)
    try:
        with session.begin_nested():
            _put(session, keyring, worker, number, was, reason)
    except IntegrityError:
        # A colleague was faster by a moment; whose number it is can be said now.
        _require_free(session, keyring, worker, number)
        raise


def _require_free(session: Session, keyring: Keyring, worker: Worker, number: IdNumber) -> None:
    holder = find_people(session, keyring, [number.number]).get(number.number)
    holder = holder or find_recoded(session, keyring, [(number.number, worker.name)]).get(number.number)
    if holder is not None and holder != worker.identity:
        raise OfAnother(holder)
    indexes = look_ups(keyring, "id_number", number.number)
    part = select(Worker.id).where(indexed(Worker, indexes), Worker.id != worker.identity)
    if holder is not None and session.exec(part).first() is not None:
        raise OfAnother(None)
    if holder is None and (
        elsewhere(session, keyring, [number.number])
        or recoded_elsewhere(session, keyring, number.number, worker.name)
    ):
        raise OfElsewhere


def _put(
    session: Session,
    keyring: Keyring,
    worker: Worker,
    number: IdNumber,
    was: str | None,
    reason: CorrectionReason,
) -> None:
    own = select(FormerNumber).where(
        col(FormerNumber.worker_id) == worker.identity,
        indexed(FormerNumber, look_ups(keyring, "id_number", number.number)),
    )
    for row in session.exec(own).all():
        session.delete(row)
    worker.id_number_sealed = sealed_number(opened_key(session, keyring, worker.identity), number)
    put(worker, index_columns(keyring, "id_number", number.number))
    worker.birth_date, worker.sex = number.birth_date, number.sex
    worker.is_demo = number.is_demo
    session.add(worker)
    session.flush()
    former = plain_number(was or "")
    if former and former != number.number and reason is not CorrectionReason.ANOTHERS:
        keep_number(session, keyring, worker.identity, former, NumberOrigin.MISTYPED)
        session.flush()
