"""/v1/imports: files that come in, what would change, and what became of their lines."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Query, Response, UploadFile
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed, refusal
from api.errors import PROBLEMS, Problem, conflict, not_found
from api.handing import note_handed
from api.idempotency import OnceDep
from api.intake.lines import error_file, line_or_404, mend, presented, skip
from api.intake.receiving import APPLY, STAGE, ask, give_up, kind_told, receive
from api.intake.reverting import revert
from api.intake.sampling import samples
from api.intake.shown import letters, public
from api.intake.staging import answer_headings
from api.laying import bureau_router
from api.lookups import LookupsDep
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep, keeping_region
from api.requirements import require_county, require_scope
from api.rights import Action
from api.schemas.base import Day, RegionCode
from api.schemas.intake import (
    ImportLinePublic,
    ImportPublic,
    LineMended,
    MappingTold,
)
from api.versions import IfMatchDep, etag, hold
from api.workbooks.templates import folder_template, template
from ledger.forms import EXCHANGE, FORMS
from models.handed import HandedKind
from models.intake import Import, ImportKind, ImportLine, ImportPurpose, ImportState, LineStatus
from models.sealing import Keyring

router = bureau_router("/imports", tag="import", responses=PROBLEMS)
Importer = Annotated[Caller, Depends(allowed(Action.IMPORT))]
_POSTS = frozenset({ImportKind.POSTINGS, ImportKind.POSTS})
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WAITING = (ImportState.MAPPING, ImportState.READY)
_BEFORE_APPLYING = (ImportState.STAGING, ImportState.MAPPING, ImportState.CHECKING, ImportState.READY)


@router.get("", operation_id="list_imports")
def list_imports(
    session: SessionDep,
    _: Importer,
    paging: PagingDep,
    present: PresenterDep,
    waiting: Annotated[bool, Query(description="只列等人答复的：表头要认，或核对好了还没入库")] = False,
) -> Page[ImportPublic]:
    """Files that came in, newest first."""
    query = select(Import).where(col(Import.state).in_(_WAITING)) if waiting else select(Import)
    rows, cursor, total = page_of(session, query, paging, number=col(Import.id), sorts={})
    return Page(items=[public(session, row, present) for row in rows], next_cursor=cursor, total=total)


@router.post("", status_code=202, operation_id="create_import")
def create_import(
    file: UploadFile,
    session: SessionDep,
    caller: Importer,
    today: TodayDep,
    settings: SettingsDep,
    keyring: KeyringDep,
    once: OnceDep,
    present: PresenterDep,
    as_of: Annotated[Day | None, Form(description="文件的时点，默认为当天")] = None,
    kept_by: Annotated[RegionCode | None, Form(description="进入哪个地区的台账，管辖多个地区时必填")] = None,
    kind: Annotated[ImportKind | None, Form(description="文件种类，不填则按表头识别")] = None,
    purpose: Annotated[ImportPurpose, Form(description="入库，或两本账对账")] = ImportPurpose.APPLY,
) -> ImportPublic:
    """Take in a file: it is kept at once, a job reads it, what it would change is seen before anything is applied.

    A file of advertisements (JSON Lines) needs no second look: every line is kept, held back or rejected with its
    reason. A zip of the exchange folder, or one of its files, comes in like a list. The very same file again, for the same region, date and purpose, answers the earlier import.
    """
    region = keeping_region(caller, kept_by)
    require_scope(session, caller, region, "kept_by")
    content, name = file.file.read(), file.filename or ""
    told = kind_told(name, content, kind)
    if told not in _POSTS:
        if not caller.may(Action.WRITE_LEDGER, region):
            raise _not_people()
        require_county(session, region)
    row, repeated = receive(
        session,
        keyring,
        content,
        file_name=name,
        kept_by=region,
        as_of=as_of or today,
        today=today,
        demonstration=settings.demonstration,
        account_id=caller.account_id,
        kind=told,
        purpose=purpose,
    )
    if not repeated:
        ask(session, caller.account_id, row, STAGE)
    return once.keep(public(session, row, present, repeated=repeated), status=202)


@router.get("/templates/{kind}.xlsx", operation_id="read_import_template", response_class=Response)
def read_import_template(kind: ImportKind, _: Importer) -> Response:
    """The empty workbook of one kind of file, with drop-downs and notes."""
    form = FORMS.get(kind)
    if form is None and kind is not ImportKind.EXCHANGE:
        raise not_found("这种文件的模板")
    content = template(form) if form else folder_template(EXCHANGE)
    return Response(content, media_type=_XLSX, headers=_attached(f"{kind.label}-模板.xlsx"))


@router.get("/{import_id}", operation_id="read_import")
def read_import(
    import_id: RowId, session: SessionDep, _: Importer, present: PresenterDep, response: Response
) -> ImportPublic:
    """One file, how far it is, and what its headings mean."""
    row = import_or_404(session, import_id)
    response.headers.update(etag(row))
    return public(session, row, present)


@router.delete("/{import_id}", operation_id="cancel_import")
def cancel_import(
    import_id: RowId, session: SessionDep, caller: Importer, present: PresenterDep
) -> ImportPublic:
    """Give a file up before it is applied; its bytes go, nothing of it has come in."""
    row = import_or_404(session, import_id, lock=True)
    _require_right(caller, row)
    if row.state in _BEFORE_APPLYING:
        give_up(session, row)
    elif row.state not in (ImportState.CANCELLED, ImportState.FAILED):
        raise conflict(
            "already-applied", "文件已经入库", "文件已经开始入库或已入库，不能取消；需要退回的请用撤销。"
        )
    return public(session, row, present)


@router.put("/{import_id}/mapping", status_code=202, operation_id="map_import_headings")
def map_import_headings(
    import_id: RowId,
    body: MappingTold,
    session: SessionDep,
    caller: Importer,
    present: PresenterDep,
    version: IfMatchDep,
) -> ImportPublic:
    """Say what headings mean, or of which kind the file is; remembered for the bureau's next file."""
    row = import_or_404(session, import_id)
    _require_right(caller, row)
    hold(session, row, version)
    if row.state not in _WAITING:
        raise conflict("not-asked", "现在不需要说明表头", "文件还在读取，或已经处理完毕，请刷新后再看。")
    answer_headings(session, caller.account_id, row, body)
    return public(session, row, present)


@router.post("/{import_id}/apply", status_code=202, operation_id="apply_import")
def apply_import(
    import_id: RowId, session: SessionDep, caller: Importer, present: PresenterDep
) -> ImportPublic:
    """Let the file's lines become the ledger's, wholly or not at all; asked a second time it does nothing."""
    row = import_or_404(session, import_id, lock=True)
    _require_right(caller, row)
    if row.state is ImportState.READY:
        if row.purpose is ImportPurpose.COMPARE:
            raise conflict("only-compared", "这个文件用于对账", "对账的文件不入库，请到对账结果里逐条处理。")
        row.state = ImportState.APPLYING
        ask(session, caller.account_id, row, APPLY)
    elif row.state not in (ImportState.APPLYING, ImportState.APPLIED):
        raise conflict("not-ready", "还不能入库", "文件还没有核对完，请等核对结束、看过预览后再入库。")
    return public(session, row, present)


@router.post("/{import_id}/revert", operation_id="revert_import")
def revert_import(
    import_id: RowId,
    session: SessionDep,
    caller: Importer,
    keyring: KeyringDep,
    today: TodayDep,
    present: PresenterDep,
) -> ImportPublic:
    """Take an applied file back, as long as nothing later has changed its people."""
    row = import_or_404(session, import_id, lock=True)
    if not caller.may(Action.WRITE_LEDGER, row.region):
        raise _not_people()
    revert(session, keyring, row, account_id=caller.account_id, today=today)
    return public(session, row, present)


@router.get("/{import_id}/lines", operation_id="list_import_lines")
def list_import_lines(
    import_id: RowId,
    session: SessionDep,
    caller: Importer,
    keyring: KeyringDep,
    paging: PagingDep,
    status: Annotated[LineStatus | None, Query()] = None,
    partial: Annotated[bool, Query(description="只要有格子没有采用、要补正的行")] = False,
) -> Page[ImportLinePublic]:
    """Its lines in order, with what is wrong in them and what they would change; numbers are masked."""
    row = import_or_404(session, import_id)
    query = select(ImportLine).where(ImportLine.import_id == import_id)
    if status:
        query = query.where(ImportLine.status == status)
    if partial:
        query = query.where(col(ImportLine.partial), col(ImportLine.settled_at).is_(None))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(ImportLine.line),
        sorts={"line": col(ImportLine.line)},
        default="line",
    )
    return Page(items=presented(session, keyring, caller, row, rows), next_cursor=cursor, total=total)


@router.patch("/{import_id}/lines/{line}", operation_id="mend_import_line")
def mend_import_line(
    import_id: RowId,
    line: RowId,
    body: LineMended,
    session: SessionDep,
    caller: Importer,
    keyring: KeyringDep,
    settings: SettingsDep,
    today: TodayDep,
    lookups: LookupsDep,
) -> ImportLinePublic:
    """Put right what is wrong in one line; it is checked, and if the file is applied, applied by itself.

    No version is asked for: a line that is settled is told so.
    """
    row = import_or_404(session, import_id, lock=True)
    _require_right(caller, row)
    found = line_or_404(session, row, line)
    lookups.count(body.cells.get("id_number"))
    mend(
        session,
        keyring,
        row,
        found,
        body.cells,
        account_id=caller.account_id,
        today=today,
        demonstration=settings.demonstration,
    )
    return presented(session, keyring, caller, row, [found])[0]


@router.post("/{import_id}/lines/{line}/skip", operation_id="skip_import_line")
def skip_import_line(
    import_id: RowId, line: RowId, session: SessionDep, caller: Importer, keyring: KeyringDep
) -> ImportLinePublic:
    """Leave one line out for good."""
    row = import_or_404(session, import_id, lock=True)
    _require_right(caller, row)
    found = line_or_404(session, row, line)
    skip(session, row, found)
    return presented(session, keyring, caller, row, [found])[0]


@router.get("/{import_id}/errors.xlsx", operation_id="read_import_errors", response_class=Response)
def read_import_errors(
    import_id: RowId, session: SessionDep, caller: Importer, keyring: KeyringDep
) -> Response:
    """The lines that are not in order as a workbook, the bad cells marked and explained, to be sent back.

    Names and numbers stand in it as they were sent: who took it out, and how many rows, is recorded.
    """
    row = import_or_404(session, import_id)
    if not caller.may(Action.READ_LEDGER, row.region):
        raise refusal(Action.READ_LEDGER)
    content, rows, told_of = error_file(session, keyring, row)
    note_handed(session, caller.account_id, HandedKind.ERRORS, row.region, told_of, masked=False)
    told = {"file": "errors", "rows": rows}
    record(session, "download", "import", row.identity, region=row.region, change=told)
    stem = row.file_name.rsplit(".", 1)[0] or "文件"
    return Response(content, media_type=_XLSX, headers=_attached(f"{stem}-需更正.xlsx"))


def import_or_404(session: Session, import_id: int, *, lock: bool = False) -> Import:
    """The import, if it is of the caller's regions.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Import, import_id)
    if row is None:
        raise not_found("这次导入")
    if lock and row.state is not ImportState.APPLYING:
        # One that is being applied is locked by its job to the end; nothing is done to it before.
        session.refresh(row, with_for_update=True)
    return row


def samples_of_import(
    import_id: int, session: Session, caller: Caller, keyring: Keyring
) -> list[dict[str, list[str]]]:
    """For each sheet a few values of the columns that are asked about, by the column's letters."""
    found = samples(session, keyring, caller, import_or_404(session, import_id))
    return [{letters(at): values for at, values in sheet.items()} for sheet in found]


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


def _require_right(caller: Caller, row: Import) -> None:
    """What is done to a file of people asks the right to change people."""
    if row.kind not in _POSTS and not caller.may(Action.WRITE_LEDGER, row.region):
        raise _not_people()


def _not_people() -> Problem:
    return refusal(Action.WRITE_LEDGER)
