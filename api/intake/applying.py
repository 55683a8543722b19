"""Applying a file: one transaction from the first household to the last finding; after a kill it is done again."""

from typing import Any

from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from api.deps import refusal
from api.doubts.checking import thresholds_of
from api.intake.checking import context_of
from api.intake.folder_steps import apply_folder
from api.intake.following import follow
from api.intake.guarding import guarded
from api.intake.posts import apply_posts
from api.intake.reading import reading
from api.intake.receiving import CHECK, ask, done
from api.jobs.running import Running
from api.offering_again import offer_again_after
from api.rights import Action
from ledger.gazetteer import county_of
from ledger.intake.applying import Applied
from ledger.intake.context import Context
from ledger.intake.lines import Staged, ahead, counts_of, staged_lines
from ledger.intake.reading import terms_of
from ledger.intake.sealing import key_of
from ledger.intake.taking_in import take_in
from models.beside import beside
from models.bulk import count_again
from models.intake import PEOPLE_KINDS, Import, ImportKind, ImportPurpose, ImportState, LineStatus

_WAITING = (LineStatus.NEW, LineStatus.CHANGED, LineStatus.SAME, LineStatus.POSSIBLE, LineStatus.ELSEWHERE)
_CHUNK = 2_000
_POSTS = (ImportKind.POSTS, ImportKind.POSTINGS)


@guarded
def apply(job: Running) -> dict[str, Any]:
    """Let the lines of a checked file become the ledger's; a file that is applied already is left alone.

    Two files that register the same people the other way round wait for each other until the database ends one of
    them: that one begins anew when no other is at work.
    """
    try:
        return _apply(job, alone=False)
    except OperationalError as error:
        if not isinstance(error.orig, DeadlockDetected):
            raise
    return _apply(job, alone=True)


def _apply(job: Running, *, alone: bool) -> dict[str, Any]:
    import_id = int(job.argument["import_id"])
    link = {"link": f"/imports/{import_id}"}
    with job.transaction() as (session, caller):
        _among_the_files(session, alone=alone)
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.state is not ImportState.APPLYING:
            return link
        if row.kind not in _POSTS and not caller.may(Action.WRITE_LEDGER, row.region):
            raise refusal(Action.WRITE_LEDGER)
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
        with beside(session.connection()):
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
        offer_again_after(session, caller, import_id)
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
            col(Import.region).startswith(county_of(row.region)),
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


def _among_the_files(session: Session, *, alone: bool) -> None:
    """Files of several counties are applied beside each other, but for one that is to have its turn alone."""
    shared = "" if alone else "_shared"
    session.connection().execute(
        text(f"SELECT pg_advisory_xact_lock{shared}(hashtextextended('apply files', 0))")
    )


def one_at_a_time(session: Session, region: str) -> None:
    """Two files of one county are applied one after the other: each sees whom the other has registered."""
    session.connection().execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('apply ' || :region, 0))"),
        {"region": county_of(region)},
    )


def _lines(job: Running, session: Session, row: Import, context: Context, total: int) -> Applied:
    key, applied, count_at = key_of(job.keyring, row), Applied(), 0

    def fetch(after: int) -> list[Staged]:
        return staged_lines(session, row.identity, after=after, statuses=_WAITING, count=_CHUNK)

    with reading(row.sheets, key, terms_of(context), total=total) as reads:
        for lines, _ in ahead(fetch, reads):
            take_in(session, job.keyring, context, key, lines, applied)
            after = lines[-1].line
            if after >= count_at:
                count_again(session.connection())
                count_at = 4 * after
            job.progress(after, total, f"已入库{after}行")
    return applied
