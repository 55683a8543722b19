"""Checking: every staged line is read, matched with the ledger and marked; after a kill it goes on with the rest."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from api.intake.folder_steps import check_folder
from api.intake.guarding import guarded
from api.intake.posts import check_posts
from api.intake.reading import reading
from api.intake.receiving import fail
from api.jobs.running import Cancelled, Running
from api.lookups import count_lookups
from ledger.intake.context import Context, Places
from ledger.intake.identical import tell_of_identical
from ledger.intake.judging import judge
from ledger.intake.lines import Reader, Staged, ahead, counts_of, leave_out, mark_judged, staged_lines
from ledger.intake.reading import terms_of
from ledger.intake.repeating import tell_of_repeats
from ledger.intake.sealing import key_of
from models.intake import Import, ImportKind, ImportPurpose, ImportState, LineStatus
from models.login import LookupMeans

_CHUNK = 2_000
_TOO_MANY = "今天用文件核对的人数已到上限，已告知管理员。请明天再导入，或请管理员调整上限"
_NOBODY = "没有一行数据，请确认文件后再试"


@guarded
def check(job: Running) -> dict[str, Any]:
    """Judge every line that has not been judged; the file is ready to be applied then."""
    import_id = int(job.argument["import_id"])
    link = {"link": f"/imports/{import_id}"}
    with job.transaction() as (session, _):
        row = session.get_one(Import, import_id)
        if row.state is not ImportState.CHECKING or row.kind is None:
            return link
        key, total = key_of(job.keyring, row), sum(sheet["rows"] for sheet in row.sheets)
        context = context_of(
            session, row, today=job.settings.today(), demonstration=job.settings.demonstration
        )
        if row.kind is not ImportKind.POSTS and not _within_the_day(job, session, total):
            fail(session, row, _TOO_MANY)
            return link
        leave_out(session, row)
        session.expunge(row)
    if context.kind is ImportKind.EXCHANGE:
        check_folder(job, row, key, context, total)
    else:
        _check_lines(job, row, key, context, total)
    with job.transaction() as (session, _):
        row = session.get_one(Import, import_id, with_for_update=True)
        if row.state is not ImportState.CHECKING:
            return link
        row.counts = counts_of(session, import_id, by_sheet=row.kind is ImportKind.EXCHANGE)
        if row.counts["lines"] == row.counts.get(LineStatus.SKIPPED.value, 0):
            fail(session, row, _NOBODY)
        else:
            row.state, row.message = ImportState.READY, ""
            session.add(row)
            session.flush()
    return link


def _within_the_day(job: Running, session: Session, lines: int) -> bool:
    """Whether the account may have so many people more looked for today."""
    limit = job.settings.lookups_in_files_a_day
    return count_lookups(session, job.account_id, limit, LookupMeans.FILE, lines)


def _check_lines(job: Running, row: Import, key: bytes, context: Context, total: int) -> None:
    def fetch(after: int) -> list[Staged]:
        with job.transaction() as (session, _):
            _still(session, row.identity)
            return staged_lines(session, row.identity, after=after, statuses=(None,), count=_CHUNK)

    if context.kind is ImportKind.POSTS:
        reader = Reader(row.sheets, key)
        for posts in ahead(fetch, [lambda staged: list(reader.read(staged))]):
            with job.transaction() as (session, _):
                _still(session, row.identity)
                check_posts(session, row, posts)
            done = posts[-1][0]
            job.progress(done, total, f"已核对{done}行")
        return
    if row.purpose is not ImportPurpose.APPLY:
        return
    with reading(row.sheets, key, terms_of(context), total=total, marked_by=job.keyring) as reads:
        for lines, marks in ahead(fetch, reads):
            with job.transaction() as (session, _):
                _still(session, row.identity)
                judged = judge(session, job.keyring, context, lines)
                tell_of_repeats(context, judged)
                tell_of_identical(session, row, judged, marks)
                mark_judged(session.connection(), row.identity, key, judged, marks)
            done = lines[-1].line
            job.progress(done, total, f"已核对{done}行")


def context_of(session: Session, row: Import, *, today: Any, demonstration: bool) -> Context:
    """What judging the lines of `row` takes."""
    return Context(
        import_id=row.identity,
        kind=row.kind or ImportKind.ROSTER,
        region=row.region,
        as_of=row.as_of,
        today=today,
        demonstration=demonstration,
        places=Places(session, row.region),
    )


def _still(session: Session, import_id: int) -> None:
    state = session.connection().scalar(
        text('SELECT state FROM "import" WHERE id = :id FOR SHARE'), {"id": import_id}
    )
    if state != ImportState.CHECKING.value:
        raise Cancelled
