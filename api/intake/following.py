"""What follows when lines are in the ledger: reports are accepted by the rules, and the findings of the file are made."""

from collections.abc import Callable

from sqlmodel import Session

from api.doubts.checking import check
from api.reports.accepting import accept
from ledger.doubts.thresholds import Thresholds
from ledger.intake.applying import Applied, keep_reports
from ledger.intake.context import Context
from ledger.reports import NewReport, reports_of
from models.bulk import count_again
from models.intake import Import, ImportLine
from models.sealing import Keyring

_MANY = 1_000
"""Reports after which the planner counts anew."""


def follow(
    session: Session,
    keyring: Keyring,
    context: Context,
    applied: Applied,
    *,
    thresholds: Thresholds | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> None:
    """Keep and accept what was reported, and look for findings, in the transaction that applied the lines."""
    context.seen.clear()  # what lines told is settled; of a hundred thousand it fills tens of megabytes
    total, done, count_at = sum(map(len, applied.reports.values())), 0, _MANY
    for items in keep_reports(session, keyring, context, applied):
        accept(
            session,
            items,
            region=context.region,
            as_of=context.as_of,
            account_id=context.account_id,
            keyring=keyring,
        )
        done += len(items)
        if done >= count_at:
            count_again(session.connection())
            count_at = 4 * done
        if progress:
            progress(done, total, "采纳务工记录")
    if done >= _MANY:
        count_again(session.connection())
    check(
        session,
        keyring,
        region=context.region,
        as_of=context.today,
        account_id=context.account_id,
        import_id=context.import_id,
        worker_ids=sorted(applied.workers),
        thresholds=thresholds,
        progress=progress,
    )


def repeat_the_others(
    session: Session, keyring: Keyring, row: Import, line: ImportLine, applied: Applied
) -> None:
    """What other lines of the file reported of the same person stands: it is told again beside what is new."""
    for kind, rows in applied.reports.items():
        for worker_id in {each.worker_id for each in rows}:
            rows.extend(
                NewReport(worker_id, report.told, report.row.import_line)
                for report in reports_of(session, keyring, worker_id, all_of_them=False)
                if report.told is not None
                and report.row.import_id == row.identity
                and report.row.kind is kind
                and report.row.import_line != line.line
            )
