"""The work part of a file's lines, kept as reported: new reports come into force, those of the file before go out."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, bindparam, text
from sqlmodel import Session

from ledger.history import person_keys
from ledger.intake.context import Context
from ledger.intake.judging import Judged
from ledger.records.sealed import digest
from models.base import now
from models.bulk import insert_rows, reserve_ids
from models.report import ReportSource
from models.sealing import Keyring, seal


def keep_reports(
    session: Session, keyring: Keyring, context: Context, judged: Sequence[Judged]
) -> list[tuple[int, int]]:
    """Write the reports of the lines that tell anything new; number and person of each."""
    telling = [each for each in judged if each.record is not None and each.worker_id is not None]
    keys = person_keys(session, keyring, [each.worker_id for each in telling if each.worker_id is not None])
    connection, at = session.connection(), now()
    rows: list[dict[str, Any]] = []
    made: list[tuple[int, int]] = []
    for report_id, each in zip(reserve_ids(connection, "spell_report", len(telling)), telling, strict=True):
        worker_id, record = each.worker_id, each.record
        if worker_id is None or record is None or worker_id not in keys:
            continue
        made.append((report_id, worker_id))
        rows.append(
            {
                "id": report_id,
                "created_at": at,
                "worker_id": worker_id,
                "source": ReportSource.IMPORT,
                "kind": context.kind,
                "import_id": context.import_id,
                "import_line": each.line,
                "reported_on": context.as_of,
                "account_id": context.account_id,
                "sealed_record": seal(keys[worker_id], record, "spell_report.record"),
                "digest": digest(keyring, worker_id, record),
            }
        )
    insert_rows(connection, "spell_report", rows)
    return made


_OUT_OF_FORCE = text(
    "UPDATE spell_report earlier SET superseded_at = :at "
    "WHERE earlier.kind = :kind AND earlier.superseded_at IS NULL AND earlier.import_id IS DISTINCT FROM :import "
    "AND earlier.worker_id IN (SELECT worker_id FROM spell_report fresh WHERE fresh.import_id = :import) "
    "AND earlier.digest <> ALL(:standing)"
).bindparams(bindparam("standing", type_=ARRAY(LargeBinary)))


def put_out_of_force(session: Session, context: Context, standing: Collection[bytes]) -> int:
    """Earlier reports, in lists of this kind, of people of whom the file tells something new; the number.

    `standing` are the digests of reports that lines of the file told word for word: those stay.
    """
    found = session.connection().execute(
        _OUT_OF_FORCE,
        {"at": now(), "import": context.import_id, "kind": context.kind.value, "standing": list(standing)},
    )
    return int(found.rowcount)
