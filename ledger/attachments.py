"""佐证附件: files that prove something, told apart by their content and sealed: those of a spell under the person's
key, that of a typed figure under a key of its own."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from sqlmodel import Session, col, func, select

from ledger.history import person_keys
from models.attachment import Attachment, AttachmentPart, FileSort
from models.base import now
from models.bulk import insert_rows, reserve_ids
from models.sealing import (
    Keyring,
    Unsealable,
    new_person_key,
    open_person_key,
    person_digest,
    seal,
    unseal,
)
from models.spell import Evidence
from models.target import FigureFile, TypedFigure

PART = 1 << 20
"""Bytes of the file in one piece."""

_NAME = "attachment.name"
_SIGNS = ((FileSort.PDF, b"%PDF-"), (FileSort.JPEG, b"\xff\xd8\xff"), (FileSort.PNG, b"\x89PNG\r\n\x1a\n"))
PACKAGE = b"PK\x03\x04"
"""What a workbook or a document of an office begins with."""
_CONTENTS = "[Content_Types].xml"
_OFFICE = ((FileSort.XLSX, "xl/workbook.xml"), (FileSort.DOCX, "word/document.xml"))
_FIGURE = "figure_file.sealed"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that somebody hands in for one piece of evidence. `excerpt`: the person's own rows of a list of many."""

    evidence_id: int
    worker_id: int
    name: str
    sort: FileSort
    content: bytes
    excerpt: bool = False


def sort_of(content: bytes) -> FileSort | None:
    """What a file is, whatever it is called; None for everything that is not kept, what has macros among it."""
    for sort, sign in _SIGNS:
        if content.startswith(sign):
            return sort
    if not content.startswith(PACKAGE):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    macros = any(name.lower().endswith(("vbaproject.bin", ".xlm")) for name in names)
    if macros or _CONTENTS not in names:
        return None
    return next((sort for sort, part in _OFFICE if part in names), None)


def keep_files(
    session: Session, keyring: Keyring, files: Sequence[NewFile], *, account_id: int | None
) -> list[int]:
    """Seal the files under their persons' keys and write them; their numbers. Of a person without a key none is kept.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        when one of them is with its evidence already.
    """
    keys = person_keys(session, keyring, {file.worker_id for file in files})
    kept = [file for file in files if file.worker_id in keys]
    connection, at = session.connection(), now()
    numbers = reserve_ids(connection, "attachment", len(kept))
    rows: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for number, file in zip(numbers, kept, strict=True):
        key, covered = keys[file.worker_id], sha256()
        for part, begin in enumerate(range(0, len(file.content), PART)):
            sealed = seal(key, file.content[begin : begin + PART], _context(number, part))
            covered.update(sealed)
            parts.append({"attachment_id": number, "part": part, "sealed": sealed})
        rows.append(
            {
                "id": number,
                "created_at": at,
                "evidence_id": file.evidence_id,
                "worker_id": file.worker_id,
                "account_id": account_id,
                "sort": file.sort,
                "size": len(file.content),
                "excerpt": file.excerpt,
                "name_sealed": seal(key, file.name.encode("utf-8", "replace"), _NAME),
                "sealed_sha256": covered.digest(),
                "digest": person_digest(keyring, "attachment", file.worker_id, file.content),
            }
        )
    insert_rows(connection, "attachment", rows)
    insert_rows(connection, "attachment_part", parts)
    return numbers


def attachments_of(session: Session, proofs: Sequence[Evidence]) -> dict[int, list[Attachment]]:
    """The files of each piece of evidence by its number, those of the piece that it is a copy of among them."""
    whose: dict[int, list[int]] = {}
    for proof in proofs:
        whose.setdefault(proof.copy_of or proof.identity, []).append(proof.identity)
    first = func.coalesce(Evidence.copy_of, Evidence.id)
    rows = session.exec(
        select(first, Attachment)
        .join(Evidence, col(Evidence.id) == col(Attachment.evidence_id))
        .where(first.in_(list(whose)))
        .order_by(col(Attachment.id))
    )
    found: dict[int, list[Attachment]] = {}
    for origin, row in rows:
        for number in whose[origin]:
            found.setdefault(number, []).append(row)
    return found


def names_of(session: Session, keyring: Keyring, rows: Sequence[Attachment]) -> dict[int, str]:
    """The files' names by number; of one whose key is destroyed there is none."""
    keys = person_keys(session, keyring, (row.worker_id for row in rows))
    found: dict[int, str] = {}
    for row in rows:
        try:
            found[row.identity] = unseal(keys[row.worker_id], row.name_sealed, _NAME).decode()
        except (KeyError, Unsealable):
            continue
    return found


def pieces(session: Session, keyring: Keyring, row: Attachment) -> Iterator[bytes]:
    """The file's bytes in order, when the sealed ones are whole and as they were written.

    Raises
    ------
    models.sealing.Unsealable
        when the person's key is destroyed, or something was altered.
    """
    key = person_keys(session, keyring, [row.worker_id]).get(row.worker_id)
    if key is None:
        raise Unsealable("the person's key was destroyed")
    sealed = session.exec(
        select(AttachmentPart.sealed)
        .where(AttachmentPart.attachment_id == row.identity)
        .order_by(col(AttachmentPart.part))
    ).all()
    if sha256(b"".join(sealed)).digest() != row.sealed_sha256:
        raise Unsealable("a piece is missing or was altered")
    for part, piece in enumerate(sealed):
        yield unseal(key, piece, _context(row.identity, part))


def keep_figure_file(
    session: Session,
    keyring: Keyring,
    figure: TypedFigure,
    *,
    name: str,
    sort: FileSort,
    content: bytes,
    account_id: int,
) -> FigureFile:
    """Seal the file that proves a figure. It is written once: another proof is another figure."""
    key, master_key_id, sealed_key = new_person_key(keyring)
    row = FigureFile(
        figure_id=figure.identity,
        file_name=name,
        media_type=sort.media_type,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        account_id=account_id,
        master_key_id=master_key_id,
        sealed_key=sealed_key,
        sealed=seal(key, content, _FIGURE),
    )
    session.add(row)
    session.flush()
    return row


def figure_file(session: Session, keyring: Keyring, figure: TypedFigure) -> tuple[FigureFile, bytes] | None:
    """The file of a figure and its bytes, if it has one."""
    row = session.exec(select(FigureFile).where(FigureFile.figure_id == figure.identity)).first()
    if row is None:
        return None
    key = open_person_key(keyring, row.master_key_id, row.sealed_key)
    return row, unseal(key, row.sealed, _FIGURE)


def _context(number: int, part: int) -> str:
    # A piece in another's place is as unreadable as one that was altered.
    return f"attachment.{number}.{part}"
