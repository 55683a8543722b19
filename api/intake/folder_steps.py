"""The steps of an exchange folder: checked chunk by chunk, applied in one transaction."""

from sqlalchemy import text
from sqlmodel import Session

from api.doubts.checking import thresholds_of
from api.intake.exchange import WAITING, chunks, opened, rows_of, sheets_in_order
from api.intake.exchange_work import follow_folder
from api.jobs.running import Cancelled, Running
from ledger.exchange.folder import Row
from ledger.intake.context import Context
from ledger.intake.lines import Reader, staged_lines
from models.bulk import count_again
from models.intake import Import, ImportState


def check_folder(job: Running, row: Import, key: bytes, context: Context, total: int) -> None:
    """Judge all lines, file by file; after a kill from the beginning, since later lines rest on what earlier ones say.

    Raises
    ------
    Cancelled
        when the file is not being checked any more.
    """
    with job.transaction() as (session, _):
        session.execute(
            text(
                "UPDATE import_line SET status = NULL, reason = '', sealed_judgement = NULL "
                "WHERE import_id = :id AND settled_at IS NULL"
            ),
            {"id": row.identity},
        )
        exchange = opened(session, job.keyring, key, row, context)
    done = 0
    for at, file, name in sheets_in_order(row):
        after = 0
        while True:
            with job.transaction() as (session, _):
                _still(session, row.identity)
                staged = staged_lines(session, row.identity, after=after, statuses=(None,), sheet=at)
                if not staged:
                    break
                rows: list[Row] = rows_of(Reader(row.sheets, key), staged)
                exchange.mark(session, file, exchange.judge(session, file, name, rows))
                after = staged[-1][0]
            done += len(rows)
            job.progress(done, total, f"已核对{done}行")


def apply_folder(
    job: Running, session: Session, row: Import, key: bytes, context: Context, total: int
) -> None:
    """Let the checked lines be the ledger's, file by file, and what follows from them; in the caller's transaction."""
    exchange = opened(session, job.keyring, key, row, context)
    done, count_at = 0, 0
    for at, file, name in sheets_in_order(row):
        for rows in chunks(session, row, key, at, WAITING):
            exchange.apply(session, file, exchange.judge(session, file, name, rows))
            done += len(rows)
            if done >= count_at:
                count_again(session.connection())
                count_at = 4 * done
            job.progress(done, total, f"已入库{done}行")
    exchange.finish(session)
    follow_folder(
        session,
        job.keyring,
        context,
        exchange.applied,
        exchange.works,
        file_name=row.file_name,
        thresholds=thresholds_of(job.settings),
        progress=job.progress,
    )


def _still(session: Session, import_id: int) -> None:
    state = session.connection().scalar(
        text('SELECT state FROM "import" WHERE id = :id FOR SHARE'), {"id": import_id}
    )
    if state != ImportState.CHECKING.value:
        raise Cancelled
