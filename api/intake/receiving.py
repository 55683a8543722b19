"""Receiving a file: its bytes are sealed and kept at once, a job reads them."""

from datetime import date
from hashlib import sha256

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.errors import invalid
from api.importing import refuse_other_kinds
from api.jobs.asking import ask_to_end
from api.jobs.running import enqueue
from ledger.intake.sealing import give_key, keep_file
from models.base import now
from models.intake import Import, ImportKind, ImportPurpose, ImportState
from models.job import Job
from models.sealing import Keyring

STAGE, CHECK, APPLY = "import.stage", "import.check", "import.apply"
_POSTINGS = (".jsonl", ".ndjson")
_TABLES = (".xlsx", ".xls", ".ods", ".csv", ".txt", ".zip")
_OVER = (ImportState.FAILED, ImportState.CANCELLED)


def receive(
    session: Session,
    keyring: Keyring,
    content: bytes,
    *,
    file_name: str,
    kept_by: str,
    as_of: date,
    today: date,
    demonstration: bool,
    account_id: int | None,
    kind: ImportKind | None = None,
    purpose: ImportPurpose = ImportPurpose.APPLY,
) -> tuple[Import, bool]:
    """The import of a file, and whether it is an earlier one of the very same file, to which nothing is done.

    Raises
    ------
    Problem
        422 when there is nothing in the file, or it is plainly of another kind.
    """
    postings = kind is ImportKind.POSTINGS
    if postings:
        refuse_other_kinds(content)
    elif not content.strip():
        raise invalid("file", "empty", "文件里没有内容，请重新导出后再试")
    digest = sha256(content).hexdigest()
    before = earlier(session, digest, kept_by=kept_by, as_of=as_of, purpose=purpose)
    if before is not None:
        return before, True
    row = Import(
        kind=kind,
        purpose=purpose,
        state=ImportState.STAGING,
        file_name=file_name[-255:],
        file_sha256=digest,
        region=kept_by,
        account_id=account_id,
        as_of=as_of,
        shifted_days=(today - as_of).days if demonstration and postings else 0,
    )
    key = give_key(keyring, row)
    session.add(row)
    session.flush()
    keep_file(session, key, row.identity, content)
    return row, False


def kind_told(file_name: str, content: bytes, kind: ImportKind | None) -> ImportKind | None:
    """The kind of a file as far as it can be told before it is read: advertisements are lines of JSON."""
    head = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    # A file with nothing in it is told what a file of advertisements looks like, unless it is called a table.
    name = file_name.lower()
    nothing = not head and not name.endswith(_TABLES)
    written_as = name.endswith(_POSTINGS) or head.startswith((b"{", b"[")) or nothing
    return ImportKind.POSTINGS if kind is None and written_as else kind


def earlier(
    session: Session, digest: str, *, kept_by: str, as_of: date, purpose: ImportPurpose
) -> Import | None:
    """The import, under way or applied, in which this very file came in before. Two at once wait for each other."""
    session.connection().execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:file, 0))"),
        {"file": f"import {digest} {kept_by} {as_of} {purpose.value}"},
    )
    return session.exec(
        select(Import)
        .where(
            Import.file_sha256 == digest,
            Import.region == kept_by,
            Import.as_of == as_of,
            Import.purpose == purpose,
            col(Import.state).not_in(_OVER),
        )
        .order_by(col(Import.id))
    ).first()


def ask(session: Session, account_id: int, row: Import, kind: str) -> Job:
    """Let a job go on with the file; it is told with the import from now on."""
    job = enqueue(session, account_id, kind, {"import_id": row.identity, "region": row.region})
    row.job_id = job.identity
    session.add(row)
    session.flush()
    return job


def give_up(session: Session, row: Import) -> None:
    """Cancel a file that has not been applied: the job stops at its next step, the bytes go."""
    row.state = ImportState.CANCELLED
    row.message = "已取消，没有入库"
    session.add(row)
    session.flush()
    forget_lines(session, row.identity)
    if row.job_id is not None and session.get(Job, row.job_id) is not None:
        ask_to_end(session, row.job_id)


def forget_lines(session: Session, import_id: int) -> None:
    """Take away the file's bytes and all that its lines said: nothing of it will come in."""
    session.execute(text("DELETE FROM import_part WHERE import_id = :id"), {"id": import_id})
    session.execute(
        text(
            "UPDATE import_line SET sealed_cells = NULL, sealed_judgement = NULL WHERE import_id = :id "
            "AND (sealed_cells IS NOT NULL OR sealed_judgement IS NOT NULL)"
        ),
        {"id": import_id},
    )


def forget_file(session: Session, import_id: int) -> None:
    """Take away the file's bytes, and the cells of lines at which nothing is left to do."""
    session.execute(text("DELETE FROM import_part WHERE import_id = :id"), {"id": import_id})
    session.execute(
        text(
            "UPDATE import_line SET sealed_cells = NULL WHERE import_id = :id AND sealed_cells IS NOT NULL AND "
            "(settled_at IS NOT NULL OR status IS NULL OR status NOT IN ('rejected', 'possible') AND NOT partial)"
        ),
        {"id": import_id},
    )


def fail(session: Session, row: Import, reason: str) -> None:
    """The file cannot be read; the reason says what to do."""
    row.state, row.message = ImportState.FAILED, reason
    session.add(row)
    session.flush()
    forget_lines(session, row.identity)


def done(session: Session, row: Import) -> None:
    """The file is in the ledger."""
    row.state, row.message, row.applied_at = ImportState.APPLIED, "", now()
    session.add(row)
    session.flush()
    forget_file(session, row.identity)
