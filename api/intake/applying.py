"""Applying a file: one transaction from the first household to the last finding; after a kill it is done again."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.doubting import thresholds_of
from api.intake.checking import context_of
from api.intake.folder_steps import apply_folder
from api.intake.following import follow
from api.intake.guarding import guarded
from api.intake.posts import apply_posts
from api.intake.receiving import CHECK, ask, done
from api.jobs.running import Running
from ledger.intake.applying import Applied, apply_lines
from ledger.intake.context import Context
from ledger.intake.judging import judge
from ledger.intake.lines import Reader, counts_of, staged_lines
from ledger.intake.sealing import key_of
from models.bulk import count_again
from models.intake import PEOPLE_KINDS, Import, ImportKind, ImportPurpose, ImportState, LineStatus

_WAITING = (LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME, LineStatus.POSSIBLE, LineStatus.ELSEWHERE)
_CHUNK = 2_000


@guarded
def apply(job: Running) -> dict[str, Any]:
    """Let the lines of a checked file become the ledger's; a file that is applied already is left alone."""
    import_id = int(job.argument["import_id"])
    link = {"link": f"/imports/{import_id}"}
    with job.transaction() as (session, caller):
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.state is not ImportState.APPLYING:
            return link
        one_at_a_time(session, row.region)
        context = context_of(
            session, row, today=job.settings.today(), demonstration=job.settings.demonstration
        )
        context.account_id, context.request_id = caller.account_id, f"job-{job.job_id}"
        if row.kind is ImportKind.POSTS:
            key = key_of(job.keyring, row)
            row.counts = counts_of(session, import_id) | apply_posts(session, row, key)
            done(session, row)
            return link
        total = row.counts.get("lines", 0)
        if row.kind is ImportKind.EXCHANGE:
            apply_folder(job, session, row, key_of(job.keyring, row), context, total)
        else:
            follow(
                session,
                job.keyring,
                context,
                _lines(job, session, row, context, total),
                thresholds=thresholds_of(job.settings),
                progress=job.progress,
            )
        row.counts = counts_of(session, import_id, by_sheet=row.kind is ImportKind.EXCHANGE)
        done(session, row)
        _check_the_others(session, row, caller.account_id)
    return link


def _check_the_others(session: Session, row: Import, account_id: int) -> None:
    """Files of the county that wait to be applied were held against a ledger that has changed: they are checked anew,
    so that what is seen before 入库 is what will be."""
    waiting = session.exec(
        select(Import)
        .where(
            Import.state == ImportState.READY,
            Import.purpose == ImportPurpose.APPLY,
            col(Import.kind).in_({*PEOPLE_KINDS, ImportKind.EXCHANGE}),
            col(Import.region).startswith(row.region[:6]),
            Import.id != row.id,
        )
        .order_by(col(Import.id))
        .with_for_update(skip_locked=True)
    ).all()
    for other in waiting:
        session.connection().execute(
            text(
                "UPDATE import_line SET status = NULL, sealed_judgement = NULL "
                "WHERE import_id = :id AND settled_at IS NULL"
            ),
            {"id": other.identity},
        )
        other.state = ImportState.CHECKING
        ask(session, account_id, other, CHECK)


def one_at_a_time(session: Session, region: str) -> None:
    """Two files of one county are applied one after the other: each sees whom the other has registered."""
    session.connection().execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('apply ' || left(:region, 6), 0))"),
        {"region": region},
    )


def _lines(job: Running, session: Session, row: Import, context: Context, total: int) -> Applied:
    key, applied, after = key_of(job.keyring, row), Applied(), 0
    reader, count_at = Reader(row, key), 0
    while staged := staged_lines(session, row.identity, after=after, statuses=_WAITING, count=_CHUNK):
        judged = judge(session, job.keyring, context, list(reader.read(staged)))
        apply_lines(session, job.keyring, context, key, judged, applied)
        after = staged[-1][0]
        if after >= count_at:
            count_again(session.connection())
            count_at = 4 * after
        job.progress(after, total, f"已入库{after}行")
    return applied
