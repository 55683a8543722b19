"""联系记录: the calls and visits of a person, their notes sealed under the person's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from ledger.history import person_keys
from models.care import Contact, ContactMeans, Difficulty, Found
from models.sealing import Keyring, Unsealable, seal, unseal
from models.worker import Worker

_CONTEXT = "contact.note"


class Sealed(Exception):
    """The person's key is destroyed: nothing more is kept of this person."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """What somebody tells of one call."""

    on: date
    means: ContactMeans
    found: Found
    difficulty: Difficulty | None = None
    returned_home: bool | None = None
    note: str = ""


def keep_contact(
    session: Session, keyring: Keyring, worker: Worker, told: NewContact, *, account_id: int
) -> Contact:
    """Write it down.

    Raises
    ------
    Sealed
        where the person's data was deleted.
    """
    key = person_keys(session, keyring, [worker.identity]).get(worker.identity)
    if key is None:
        raise Sealed
    row = Contact(
        worker_id=worker.identity,
        account_id=account_id,
        contacted_on=told.on,
        means=told.means,
        found=told.found,
        difficulty=told.difficulty,
        returned_home=told.returned_home,
        note_sealed=seal(key, told.note.encode(), _CONTEXT) if told.note else None,
        is_demo=worker.is_demo,
    )
    session.add(row)
    session.flush()
    return row


def contacts_of(session: Session, worker_id: int, *, limit: int = 200) -> Sequence[Contact]:
    """The person's contacts, and those of the records merged into this one, the latest first."""
    return session.exec(
        select(Contact)
        .join(Worker, col(Worker.id) == col(Contact.worker_id))
        .where(or_(col(Worker.id) == worker_id, col(Worker.merged_into) == worker_id))
        .order_by(col(Contact.contacted_on).desc(), col(Contact.id).desc())
        .limit(limit)
    ).all()


def notes_of(session: Session, keyring: Keyring, rows: Sequence[Contact]) -> dict[int, str]:
    """The notes by number of the contact; one whose key is destroyed is left out."""
    keys = person_keys(session, keyring, (row.worker_id for row in rows))
    found: dict[int, str] = {}
    for row in rows:
        key = keys.get(row.worker_id)
        if key is None or row.note_sealed is None:
            continue
        try:
            found[row.identity] = unseal(key, row.note_sealed, _CONTEXT).decode()
        except Unsealable:
            continue
    return found
