"""/v1/duplicates: records, and lines of files, that may be one person; somebody decides."""

from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import and_, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from api.audit import record
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.identity.duplicates import KIND, duplicate_detail, duplicates_public
from api.identity.merges import merge_records
from api.identity.reopening import reopen
from api.intake.lines import line_or_404, mend
from api.jobs.running import enqueue
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.identity import DuplicateDecision, DuplicateDetail, DuplicatePublic, DuplicateSearch
from api.schemas.job import JobPublic, public_job
from api.settings import Settings
from api.settling import settle_identity
from ledger.in_use import in_use
from models.base import now
from models.identity import PossibleDuplicate, Verdict
from models.intake import Import, ImportPurpose
from models.sealing import Keyring
from models.worker import Worker

router = bureau_router("/duplicates", tag="duplicate", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Decider = Annotated[Caller, Depends(allowed(Action.DECIDE_IDENTITY))]


@router.get("", operation_id="list_duplicates")
def list_duplicates(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    decided: Annotated[bool | None, Query(description="是否已判断")] = None,
    worker_id: Annotated[RowNumber | None, Query(description="涉及这个人")] = None,
    import_id: Annotated[RowNumber | None, Query(description="来自这个文件")] = None,
) -> Page[DuplicatePublic]:
    """The pairs of which I may see both sides. Those that wait are of records that stand for themselves."""
    one, other = aliased(Worker), aliased(Worker)
    waits = col(PossibleDuplicate.verdict).is_(None)
    query = (
        select(PossibleDuplicate)
        .join(one, col(one.id) == col(PossibleDuplicate.worker_id))
        .join(other, col(other.id) == col(PossibleDuplicate.other_id), isouter=True)
        .where(
            or_(col(PossibleDuplicate.other_id).is_(None), col(other.id).is_not(None)),
            or_(~waits, and_(col(one.merged_into).is_(None), col(other.merged_into).is_(None))),
            in_use(PossibleDuplicate.worker_id),
            in_use(PossibleDuplicate.other_id),
        )
    )
    if decided is not None:
        query = query.where(~waits if decided else waits)
    if worker_id is not None:
        query = query.where(or_(col(one.id) == worker_id, col(other.id) == worker_id))
    if import_id is not None:
        query = query.where(PossibleDuplicate.import_id == import_id)
    rows, cursor, total = page_of(session, query, paging, number=col(PossibleDuplicate.id), sorts={})
    return Page(items=duplicates_public(session, rows, present), next_cursor=cursor, total=total)


@router.post("/search", status_code=202, operation_id="search_duplicates")
def search_duplicates(
    body: DuplicateSearch, session: SessionDep, caller: Decider, once: OnceDep
) -> JobPublic:
    """Look through a region for records that may be one person."""
    region = body.region or next(iter(caller.regions), None)
    if region is None:
        raise invalid("region", "missing", "请选择要查找的地区。")
    require_scope(session, caller, region)
    job = enqueue(session, caller.account_id, KIND, {"region": region})
    return once.keep(public_job(job), status=202)


@router.get("/{duplicate_id}", operation_id="read_duplicate")
def read_duplicate(
    duplicate_id: RowId, session: SessionDep, _: Reader, keyring: KeyringDep, present: PresenterDep
) -> DuplicateDetail:
    """Both records side by side."""
    return duplicate_detail(session, keyring, duplicate_or_404(session, duplicate_id), present)


@router.post("/{duplicate_id}/decide", operation_id="decide_duplicate")
def decide_duplicate(
    duplicate_id: RowId,
    body: DuplicateDecision,
    session: SessionDep,
    caller: Decider,
    once: OnceDep,
    keyring: KeyringDep,
    settings: SettingsDep,
    today: TodayDep,
    present: PresenterDep,
) -> DuplicatePublic:
    """Say whether they are one person. Two records that are become one; a line is taken in under what was said."""
    row = duplicate_or_404(session, duplicate_id)
    session.refresh(row, with_for_update=True)
    if row.verdict is not None:
        raise conflict("already-decided", "已有人判断过", "这一对已经判断过了，请刷新后再看。")
    kept = body.keep or row.worker_id
    if kept not in (row.worker_id, row.other_id):
        raise invalid("keep", "unknown", "保留的档案须是这两份中的一份。")
    row.verdict, row.note = body.verdict, body.note
    row.decided_by, row.decided_at = caller.account_id, now()
    session.add(row)
    session.flush()
    worker = session.get_one(Worker, row.worker_id)
    record(
        session,
        "decide",
        "possible_duplicate",
        duplicate_id,
        region=worker.region,
        change={"verdict": body.verdict.value, "worker": row.worker_id, "other": row.other_id},
    )
    if row.other_id is not None and body.verdict is Verdict.SAME:
        merged = row.other_id if kept == row.worker_id else row.worker_id
        merge_records(session, keyring, kept, merged, account_id=caller.account_id, today=today)
    elif row.other_id is None:
        _let_the_line_go_on(session, keyring, row, caller, settings)
    row = session.get_one(PossibleDuplicate, duplicate_id)
    session.refresh(row)
    answer = duplicates_public(session, [row], present)[0]
    return once.keep(answer, status=200, told_of=[row.worker_id, row.other_id])


@router.post("/{duplicate_id}/reopen", operation_id="reopen_duplicate")
def reopen_duplicate(
    duplicate_id: RowId, session: SessionDep, _: Decider, once: OnceDep, present: PresenterDep
) -> DuplicatePublic:
    """Take back that they are two. Of a line that was registered since, the pair of both records waits from now on."""
    row = duplicate_or_404(session, duplicate_id)
    session.refresh(row, with_for_update=True)
    waiting = reopen(session, row)
    session.refresh(waiting)
    answer = duplicates_public(session, [waiting], present)[0]
    return once.keep(answer, status=200, told_of=[waiting.worker_id, waiting.other_id])


def duplicate_or_404(session: Session, duplicate_id: int) -> PossibleDuplicate:
    """The pair, if the session may see both sides.

    Raises
    ------
    Problem
        404 otherwise.
    """
    other = exists().where(col(Worker.id) == col(PossibleDuplicate.other_id))
    row = session.exec(
        select(PossibleDuplicate).where(
            PossibleDuplicate.id == duplicate_id, or_(col(PossibleDuplicate.other_id).is_(None), other)
        )
    ).first()
    if row is None:
        raise not_found("这一对记录")
    return row


def _let_the_line_go_on(
    session: Session, keyring: Keyring, pair: PossibleDuplicate, caller: Caller, settings: Settings
) -> None:
    """The line is judged again, now that somebody has said whom it means or does not mean."""
    file = session.get(Import, pair.import_id)
    if file is None or pair.import_line is None:
        return
    if file.purpose is ImportPurpose.COMPARE:
        settle_identity(session, keyring, file, pair)
        return
    line = line_or_404(session, file, pair.import_line)
    if pair.verdict is Verdict.SAME:
        line.worker_id = pair.worker_id
        session.add(line)
        # Who else the line might have meant it does not mean.
        for other in session.exec(
            select(PossibleDuplicate).where(
                PossibleDuplicate.import_id == pair.import_id,
                PossibleDuplicate.import_line == pair.import_line,
                col(PossibleDuplicate.verdict).is_(None),
            )
        ):
            other.verdict, other.note = Verdict.DIFFERENT, "这一行已认定是另一人"
            other.decided_by, other.decided_at = pair.decided_by, pair.decided_at
            session.add(other)
        session.flush()
    if line.settled_at is None and line.sealed_cells is not None:
        mend(
            session,
            keyring,
            file,
            line,
            {},
            account_id=caller.account_id,
            today=settings.today(),
            demonstration=settings.demonstration,
        )
