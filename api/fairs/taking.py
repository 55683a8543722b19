"""What is said at devices: each command is kept once, for ever, and what the visitor's commands come to is worked out anew.

The order in which they come in changes nothing (`ledger.fair_day`). A command whose visitor is not known is kept as it
came, sealed, until somebody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from api.errors import Problem, invalid
from api.fairs.devices import Device, private_key
from api.fairs.envelopes import Unopened, context, from_text, open_envelope
from api.fairs.posts import booths_of_posts
from api.schemas.kiosk import CommandTaken, Sealed
from ledger.fair_day import Said, attendance
from ledger.gazetteer import Gazetteer
from models.booth import BoothPost
from models.id_number import InvalidIdNumber, read_id_number
from models.kiosk import CommandAnswer, KioskCommand
from models.sealing import Keyring, look_ups
from models.visit import Visit, VisitIntent

_INVITED = text("SELECT worker_id, is_demo FROM invited_here(:name)")
_ATTENDING = text("SELECT worker_id, is_demo, code_hash FROM attending_here(CAST(:wanted AS bytea[]))")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who says something: a person of the ledger, and the name of the card if there is an invitation."""

    worker_id: int
    is_demo: bool
    card: bytes | None = None


def take(
    session: Session, keyring: Keyring, device: Device, key: str, sealed: str
) -> tuple[CommandTaken, bool]:
    """Carry out one command, or answer as the first time; and whether it was repeated.

    Raises
    ------
    Problem
        422 where the key was used for another command, the envelope can't be opened or says what can't be.
    """
    try:
        envelope = from_text(sealed)
    except Unopened:
        raise _unreadable() from None
    digest = sha256(envelope).digest()
    before = _before(session, device, key, digest)
    if before is not None:
        return before, True
    said = _opened(keyring, session, device, key, envelope)
    if said.vacancy_id is not None and not _offered(session, device.fair_id, said.vacancy_id):
        raise invalid("vacancy_id", "unknown", "这场招聘会没有这个岗位")
    who = _who(session, keyring, said)
    answer = CommandAnswer.COUNTED if who else CommandAnswer.WAITING
    written = session.connection().scalar(
        insert(KioskCommand)
        .values(
            fair_id=device.fair_id,
            device_id=device.device_id,
            key=key,
            request_hash=digest,
            kind=said.kind,
            happened_at=said.at,
            vacancy_id=said.vacancy_id,
            ticket=said.ticket,
            assisted=said.assisted,
            answered=answer,
            sealed=None if who else envelope,
        )
        .on_conflict_do_nothing(index_elements=["device_id", "key"])
        .returning(col(KioskCommand.id))
    )
    if written is None:
        # The same command, sent again before the first was done.
        again = _before(session, device, key, digest)
        if again is None:
            raise _unreadable()
        return again, True
    if who is not None:
        attribute(session, device.fair_id, who, [int(written)])
    return CommandTaken(key=key, answer=answer), False


def visitor_of_number(session: Session, keyring: Keyring, number: str) -> Visitor | None:
    """Whose number it is, among people of the fair's region; None also for a number that is none."""
    try:
        read = read_id_number(number, ever_assigned=Gazetteer.national().ever_assigned, demonstration=True)
    except InvalidIdNumber:
        return None
    wanted = look_ups(keyring, "id_number", read.number)
    row = session.connection().execute(_ATTENDING, {"wanted": wanted}).first()
    return None if row is None else Visitor(row.worker_id, row.is_demo, row.code_hash)


def attribute(session: Session, fair_id: int, who: Visitor, commands: Sequence[int]) -> Visit:
    """Let these commands be this visitor's, and work out where the visitor stands with all of them."""
    told = insert(Visit).values(
        fair_id=fair_id, worker_id=who.worker_id, arrived_at=text("now()"), is_demo=who.is_demo
    )
    session.connection().execute(told.on_conflict_do_nothing(index_elements=["fair_id", "worker_id"]))
    visit = session.exec(
        select(Visit)
        .where(Visit.fair_id == fair_id, Visit.worker_id == who.worker_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    for row in session.exec(select(KioskCommand).where(col(KioskCommand.id).in_(commands))):
        row.visit_id, row.sealed = visit.identity, None
        session.add(row)
    session.flush()
    work_out(session, visit)
    return visit


def work_out(session: Session, visit: Visit) -> None:
    """Write what all the visitor's commands come to. What the booths and the bureau have done since stays."""
    rows = session.exec(select(KioskCommand).where(KioskCommand.visit_id == visit.identity))
    said = [
        Said(f"{row.device_id}:{row.key}", row.kind, row.happened_at, row.vacancy_id, row.ticket)
        for row in rows
    ]
    found = attendance(said, booths_of_posts(session, visit.fair_id))
    if found is None:
        return
    visit.arrived_at = found.arrived_at
    session.add(visit)
    standing = {
        row.vacancy_id: row
        for row in session.exec(select(VisitIntent).where(VisitIntent.visit_id == visit.identity))
    }
    for vacancy_id, wish in found.wishes.items():
        row = standing.get(vacancy_id) or VisitIntent(
            visit_id=visit.identity, vacancy_id=vacancy_id, wanted=False, said_at=wish.said_at
        )
        row.wanted, row.said_at = wish.wanted, wish.said_at
        row.ticket, row.ticket_at = wish.ticket, wish.ticket_at
        session.add(row)
    session.flush()


def reopened(session: Session, keyring: Keyring, row: KioskCommand) -> Sealed | None:
    """What a command that waits says; None where it can't be opened any more."""
    if row.sealed is None:
        return None
    try:
        private = private_key(session, keyring, row.device_id)
        told = open_envelope(private, row.sealed, context(row.device_id, row.key))
        return Sealed.model_validate_json(told)
    except (Unopened, ValidationError):
        return None


def _who(session: Session, keyring: Keyring, said: Sealed) -> Visitor | None:
    if said.card is not None:
        row = session.connection().execute(_INVITED, {"name": from_text(said.card)}).first()
        return None if row is None else Visitor(row.worker_id, row.is_demo)
    return visitor_of_number(session, keyring, said.number or "")


def _before(session: Session, device: Device, key: str, digest: bytes) -> CommandTaken | None:
    row = session.exec(
        select(KioskCommand).where(KioskCommand.device_id == device.device_id, KioskCommand.key == key)
    ).first()
    if row is None:
        return None
    if row.request_hash != digest:
        raise Problem(
            422,
            "key-used",
            "幂等键已用于另一条命令",
            "同一个 Idempotency-Key 只能重发同一条命令，新命令请换一个值。",
        )
    return CommandTaken(key=key, answer=row.answered)


def _opened(keyring: Keyring, session: Session, device: Device, key: str, envelope: bytes) -> Sealed:
    private = private_key(session, keyring, device.device_id)
    try:
        told = open_envelope(private, envelope, context(device.device_id, key))
        return Sealed.model_validate_json(told)
    except (Unopened, ValidationError):
        raise _unreadable() from None


def _offered(session: Session, fair_id: int, vacancy_id: int) -> bool:
    found = select(BoothPost.id).where(BoothPost.fair_id == fair_id, BoothPost.vacancy_id == vacancy_id)
    return session.exec(found).first() is not None


def _unreadable() -> Problem:
    return invalid("sealed", "unreadable", "这条命令打不开，或内容不完整，请工作人员人工登记")
