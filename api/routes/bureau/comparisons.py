"""/v1/comparisons: our ledger beside another list, each row answered in place, payments kept as evidence."""

from typing import Annotated

from fastapi import Depends, Query
from sqlmodel import Session, col, select

from api import proving, settling_many
from api.compared import comparison_or_404, comparison_public, opened, rows_public, values
from api.comparing import KIND
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, allowed
from api.errors import PROBLEMS, Problem, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.jobs.running import enqueue
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import Plain
from api.schemas.comparison import (
    ComparisonCreate,
    ComparisonPublic,
    ComparisonRowPublic,
    EvidencePlan,
    EvidenceTold,
    EvidenceUndone,
    SettleManyTold,
    SettleTold,
)
from api.settling import answer, open_rows, reopen
from api.taking import Clerk
from ledger.in_use import in_use
from ledger.intake.sealing import key_of
from models.intake import PROOF_KINDS, ComparisonRow, Import, ImportPurpose, ImportState, Standing
from models.job import UNFINISHED, Job

router = bureau_router("/comparisons", tag="comparison", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Writer = Annotated[Caller, Depends(allowed(Action.WRITE_LEDGER))]
Importer = Annotated[Caller, Depends(allowed(Action.IMPORT))]


@router.get("", operation_id="list_comparisons")
def list_comparisons(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[ComparisonPublic]:
    """Lists that came in to be compared, newest first."""
    query = select(Import).where(Import.purpose == ImportPurpose.COMPARE)
    rows, cursor, total = page_of(session, query, paging, number=col(Import.id), sorts={})
    items = [comparison_public(session, row, present) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("", status_code=202, operation_id="create_comparison")
def create_comparison(
    body: ComparisonCreate, session: SessionDep, caller: Importer, once: OnceDep, present: PresenterDep
) -> ComparisonPublic:
    """Compare a list that was read and mapped, now or again: rows that nobody has answered are found anew."""
    require_people(caller)
    row = comparison_or_404(session, body.import_id, lock=True)
    require_ready(row)
    require_idle(session, row)
    told = {"import_id": row.identity, "region": row.region}
    row.job_id = enqueue(session, caller.account_id, KIND, told).identity
    session.add(row)
    session.flush()
    return once.keep(comparison_public(session, row, present), status=202)


@router.get("/{import_id}", operation_id="read_comparison")
def read_comparison(
    import_id: RowId, session: SessionDep, _: Reader, present: PresenterDep
) -> ComparisonPublic:
    """What one comparison found, by standing and by field."""
    return comparison_public(session, comparison_or_404(session, import_id), present)


@router.get("/{import_id}/rows", operation_id="list_comparison_rows")
def list_comparison_rows(
    import_id: RowId,
    session: SessionDep,
    _: Reader,
    keyring: KeyringDep,
    paging: PagingDep,
    standing: Annotated[Standing | None, Query()] = None,
    field: Annotated[Plain | None, Query(max_length=40, description="这一项还没有处理")] = None,
    settled: Annotated[bool | None, Query(description="已处理")] = None,
) -> Page[ComparisonRowPublic]:
    """The rows, in the order of the list; both values of each field."""
    row = comparison_or_404(session, import_id)
    query = select(ComparisonRow).where(
        ComparisonRow.import_id == row.identity, in_use(ComparisonRow.worker_id)
    )
    if standing is not None:
        query = query.where(ComparisonRow.standing == standing)
    if field is not None:
        query = query.where(col(ComparisonRow.fields).contains([field]))
    if settled is not None:
        none = col(ComparisonRow.settlement).is_(None)
        query = query.where(~none if settled else none)
    rows, cursor, total = page_of(
        session, query, paging, number=col(ComparisonRow.id), sorts={}, default="id"
    )
    return Page(items=rows_public(session, keyring, row, rows), next_cursor=cursor, total=total)


@router.post("/{import_id}/rows/{row_id}/settle", operation_id="settle_comparison_row")
def settle_comparison_row(
    import_id: RowId,
    row_id: RowId,
    body: SettleTold,
    session: SessionDep,
    caller: Writer,
    keyring: KeyringDep,
    settings: SettingsDep,
    once: OnceDep,
) -> ComparisonRowPublic:
    """Answer one row: take theirs, keep ours, register the person, or write down why."""
    row = comparison_or_404(session, import_id)
    found = open_rows(session, row.identity, ids=[row_id])
    if not found:
        _row_or_404(session, row, row_id)
        raise conflict("already-settled", "这一行已经处理", "请刷新页面；处理得不对的，先撤销再重新处理。")
    clerk = Clerk(caller.account_id, None, settings)
    answer(session, keyring, row, found, body.how, clerk, fields=body.fields, note=body.note)
    session.refresh(found[0])
    return once.keep(rows_public(session, keyring, row, found)[0], status=200, worker_id=found[0].worker_id)


@router.post("/{import_id}/rows/{row_id}/reopen", operation_id="reopen_comparison_row")
def reopen_comparison_row(
    import_id: RowId,
    row_id: RowId,
    session: SessionDep,
    caller: Writer,
    keyring: KeyringDep,
    settings: SettingsDep,
    once: OnceDep,
) -> ComparisonRowPublic:
    """Take an answer back: the row is open again, and a person's record as it was."""
    row = comparison_or_404(session, import_id)
    found = _row_or_404(session, row, row_id, lock=True)
    if found.settlement is None and not found.taken:
        raise conflict("not-settled", "这一行还没有处理", "没有可以撤销的。")
    differences = values(opened(key_of(keyring, row), found))
    reopen(session, keyring, row, found, differences, Clerk(caller.account_id, None, settings))
    session.refresh(found)
    return once.keep(rows_public(session, keyring, row, [found])[0], status=200, worker_id=found.worker_id)


@router.post("/{import_id}/settle", status_code=202, operation_id="settle_comparison")
def settle_comparison(
    import_id: RowId,
    body: SettleManyTold,
    session: SessionDep,
    caller: Writer,
    keyring: KeyringDep,
    once: OnceDep,
    present: PresenterDep,
) -> ComparisonPublic:
    """One answer for every row of a standing that waits, or for one field in all of them; whom it does not fit waits on."""
    row = comparison_or_404(session, import_id, lock=True)
    require_idle(session, row)
    argument = settling_many.argument_of(keyring, row, body) | {"region": row.region}
    row.job_id = enqueue(session, caller.account_id, settling_many.KIND, argument).identity
    session.add(row)
    session.flush()
    return once.keep(comparison_public(session, row, present), status=202)


@router.post("/{import_id}/evidence/preview", operation_id="preview_comparison_evidence")
def preview_comparison_evidence(
    import_id: RowId,
    body: EvidenceTold,
    session: SessionDep,
    _: Writer,
    keyring: KeyringDep,
    settings: SettingsDep,
) -> EvidencePlan:
    """What the list of payments would prove, before it does."""
    row = comparison_or_404(session, import_id)
    require_proofs(row)
    return proving.plan(session, keyring, row, graded(row, body), settings)


@router.post("/{import_id}/evidence", status_code=202, operation_id="create_comparison_evidence")
def create_comparison_evidence(
    import_id: RowId,
    body: EvidenceTold,
    session: SessionDep,
    caller: Writer,
    once: OnceDep,
    present: PresenterDep,
) -> ComparisonPublic:
    """Let the payments be evidence of the spells that they fall into; what is proved as well already stays as it is."""
    row = comparison_or_404(session, import_id, lock=True)
    require_proofs(row)
    require_idle(session, row)
    argument = {"import_id": row.identity, "region": row.region, "grade": graded(row, body)}
    row.job_id = enqueue(session, caller.account_id, proving.KIND, argument).identity
    session.add(row)
    session.flush()
    return once.keep(comparison_public(session, row, present), status=202)


@router.post("/{import_id}/evidence/undo", operation_id="undo_comparison_evidence")
def undo_comparison_evidence(
    import_id: RowId, session: SessionDep, caller: Writer, keyring: KeyringDep, once: OnceDep
) -> EvidenceUndone:
    """Take all evidence of this list back."""
    row = comparison_or_404(session, import_id, lock=True)
    pieces = proving.take_back(session, keyring, row, account_id=caller.account_id, request_id=None)
    return once.keep(EvidenceUndone(pieces=pieces), status=200)


def require_people(caller: Caller) -> None:
    """Who compares sees people."""
    if not caller.may(Action.READ_LEDGER):
        raise Problem(
            403, "not-allowed", "没有这项权限", "您的账号不能查看劳动力台账，需要时请联系本单位管理员。"
        )


def require_ready(row: Import) -> None:
    """The list was read, and it is known what its headings mean."""
    if row.state is not ImportState.READY:
        raise conflict("not-ready", "名单还没有读完", "请先在导入页等文件读完、对应好表头，再回来对账。")


def require_idle(session: Session, row: Import) -> None:
    """One piece of long work at a time: two would not know of each other's answers."""
    job = session.get(Job, row.job_id) if row.job_id is not None else None
    if job is not None and job.state in UNFINISHED:
        raise conflict("still-working", "上一次处理还没有做完", "请等页面上的进度走完，再处理。")


def require_proofs(row: Import) -> None:
    """Only payments prove work, and only of people who were looked for."""
    if row.kind not in PROOF_KINDS:
        raise conflict(
            "proves-nothing",
            "这份名单不能作为佐证",
            "只有社保缴费名单、工资发放名单和单位在岗花名册可以转为佐证。",
        )
    require_ready(row)


def graded(row: Import, body: EvidenceTold) -> str:
    """The grade of the list's evidence, as its code."""
    try:
        return proving.grade_of(row.kind, body.grade).value
    except ValueError as error:
        raise invalid("grade", "not_of_this_list", str(error)) from error


def _row_or_404(session: SessionDep, row: Import, row_id: int, *, lock: bool = False) -> ComparisonRow:
    found = session.get(ComparisonRow, row_id, with_for_update=True if lock else None)
    if found is None or found.import_id != row.identity:
        raise not_found("这一行")
    return found
