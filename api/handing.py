"""交出的文件: of whom a file tells that somebody is given is written down with it, and who it was, and what for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.bulk import among
from models.handed import HandedFile, HandedKind, HandedPerson


def note_handed(
    session: Session,
    account_id: int,
    kind: HandedKind,
    region: str,
    people: Iterable[int | None],
    *,
    masked: bool,
    reason: str = "",
    export_id: int | None = None,
) -> HandedFile:
    """Write down that an account is given a file which tells of these people, in the transaction that makes it."""
    row = HandedFile(
        account_id=account_id, region=region, kind=kind, masked=masked, reason=reason, export_id=export_id
    )
    session.add(row)
    session.flush()
    told = sorted({number for number in people if number is not None})
    session.connection().execute(
        text("SELECT note_handed(:file, :people)"), {"file": row.identity, "people": told}
    )
    return row


@dataclass(frozen=True, slots=True)
class Given:
    """One file that told of a person: when, to which account, what it was, and what for."""

    at: datetime
    account_id: int
    kind: HandedKind
    masked: bool
    reason: str


def files_with(session: Session, worker_ids: Sequence[int]) -> list[Given]:
    """The files that told of a person, the last first; `worker_ids` are the person's records."""
    inside = select(HandedPerson.file_id).where(among(HandedPerson.worker_id, worker_ids))
    rows = session.exec(
        select(HandedFile).where(col(HandedFile.id).in_(inside)).order_by(col(HandedFile.id).desc())
    )
    return [Given(row.created_at, row.account_id, row.kind, row.masked, row.reason) for row in rows]
