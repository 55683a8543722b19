"""Registering somebody who may have a record already: here, under another number, or in another county."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from ledger.identity.handover import open_handover
from ledger.identity.matching import (
    deleted_among,
    elsewhere,
    find_people,
    find_recoded,
    recoded_elsewhere,
    release_deleted,
)
from ledger.people import NewWorker, read_told, register
from models.identity import Handover
from models.sealing import Keyring
from models.worker import Worker

DEFAULT_REASON = "本人在本县登记为劳动力"
"""Why a hand-over is asked for, where nobody gave another reason."""


_SAID_ONCE = frozenset(
    {
        "uq_worker_id_number_index",
        "uq_worker_id_number_index_2",
        "uq_former_number_id_number_index",
        "uq_former_number_id_number_index_2",
        "uq_household_region_number",
    }
)


class AlreadyRegistered(Exception):
    """The number means somebody of the caller's own regions: `recoded`, under another code of the county."""

    def __init__(self, worker_id: int, *, recoded: bool) -> None:
        super().__init__("already registered")
        self.worker_id = worker_id
        self.recoded = recoded


class DataDeleted(Exception):
    """The number is that of somebody whose data was deleted: only the person's own wish makes a new record."""


def enter(
    session: Session,
    keyring: Keyring,
    new: NewWorker,
    *,
    ever_assigned: Callable[[str], bool],
    today: date | None = None,
    demonstration: bool = False,
    reason: str = "",
    after_deletion: bool = False,
) -> Worker | Handover:
    """Register the person, or ask the county that has the record for it.

    Parameters
    ----------
    after_deletion
        the person, whose data was deleted, has asked to be registered again: a new record, under a new key.

    Raises
    ------
    DataDeleted
        when the person's data was deleted and nothing was said of that.
    AlreadyRegistered
        when the record is the caller's own.
    models.id_number.InvalidIdNumber, ledger.people.InvalidPhone, ledger.people.Contradiction
        with a sentence for the clerk; nothing is written then.
    sqlalchemy.exc.IntegrityError
        when something else about the person can't be, or a colleague was faster by a moment.
    """
    number, _ = read_told(new, ever_assigned=ever_assigned, today=today, demonstration=demonstration)
    if number is not None:
        if deleted_among(session, keyring, [number.number]):
            if not after_deletion:
                raise DataDeleted
            release_deleted(session, keyring, number.number)
        _require_unknown(session, keyring, number.number, new.name)
        asked = _ask(session, keyring, number.number, new, reason)
        if asked is not None:
            return asked
    try:
        with session.begin_nested():
            return register(
                session,
                keyring,
                new,
                ever_assigned=ever_assigned,
                today=today,
                demonstration=demonstration,
            )
    except IntegrityError as error:
        if number is None or not said_at_once(error):
            raise
        # Two registered the same person at the same moment; the other's record is there now.
        _require_unknown(session, keyring, number.number, new.name)
        asked = _ask(session, keyring, number.number, new, reason)
        if asked is None:
            raise
        return asked


def _require_unknown(session: Session, keyring: Keyring, number: str, name: str) -> None:
    if own := find_people(session, keyring, [number]):
        raise AlreadyRegistered(own[number], recoded=False)
    if own := find_recoded(session, keyring, [(number, name)]):
        raise AlreadyRegistered(own[number], recoded=True)


def _ask(session: Session, keyring: Keyring, number: str, new: NewWorker, reason: str) -> Handover | None:
    if not elsewhere(session, keyring, [number]):
        known = recoded_elsewhere(session, keyring, number, new.name)
        if known is None:
            return None
        number = known
    return open_handover(session, keyring, number, new, reason=reason or DEFAULT_REASON)


def said_at_once(error: IntegrityError) -> bool:
    """Whether somebody else registered the same person, number or household, and was faster by a moment."""
    told = getattr(error.orig, "diag", None)
    return getattr(told, "constraint_name", None) in _SAID_ONCE
