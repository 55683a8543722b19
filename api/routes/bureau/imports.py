"""/v1/imports: files that come in, and what became of their lines."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, UploadFile
from pydantic import BaseModel
from sqlmodel import col, select

from api.deps import Caller, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.idempotency import OnceDep
from api.importing import EmptyFile, earlier_import, import_postings
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep, keeping_region
from api.rights import Action
from api.routes.bureau.workers import require_scope
from api.schemas.base import Day, Instant, Place, RegionCode
from models.intake import Import, ImportKind, ImportLine, LineStatus

router = APIRouter(prefix="/imports", tags=["import"], responses=PROBLEMS)
Importer = Annotated[Caller, Depends(allowed(Action.IMPORT))]


class ImportPublic(BaseModel):
    """One file that came in. `shifted_days`: by how much demonstration mode moved its dates; `repeated`: it had come
    in before, for the same bureau and date, and nothing was changed."""

    id: int
    kind: ImportKind
    file_name: str
    region: Place
    as_of: date
    shifted_days: int
    counts: dict[str, int]
    created_at: Instant
    repeated: bool = False


class ImportLinePublic(BaseModel):
    """What became of one line, and why."""

    line: int
    status: LineStatus
    reason: str
    reading: dict[str, str | int]


@router.get("", operation_id="list_imports")
def list_imports(
    session: SessionDep, _: Importer, paging: PagingDep, present: PresenterDep
) -> Page[ImportPublic]:
    """Files that came in, newest first."""
    rows, cursor, total = page_of(session, select(Import), paging, number=col(Import.id), sorts={})
    return Page(items=[public(row, present) for row in rows], next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_import")
def create_import(
    file: UploadFile,
    session: SessionDep,
    caller: Importer,
    today: TodayDep,
    settings: SettingsDep,
    once: OnceDep,
    present: PresenterDep,
    as_of: Annotated[Day | None, Form(description="文件的时点，默认为当天")] = None,
    kept_by: Annotated[RegionCode | None, Form(description="由哪个地区保管，管辖多个地区时必填")] = None,
) -> ImportPublic:
    """Take in a file of advertisements (JSON Lines); every line is kept, held back or rejected with its reason."""
    region = keeping_region(caller, kept_by)
    require_scope(session, caller, region, "kept_by")
    content = file.file.read()
    before = earlier_import(session, content, kept_by=region, as_of=as_of or today)
    try:
        row = before or import_postings(
            session,
            content,
            file_name=file.filename or "",
            kept_by=region,
            as_of=as_of or today,
            today=today,
            demonstration=settings.demonstration,
            account_id=caller.account_id,
        )
    except EmptyFile:
        raise invalid("file", "empty", "文件里没有内容，请选择每行一条广告的 .jsonl 文件") from None
    return once.keep(public(row, present, repeated=before is not None))


@router.get("/{import_id}", operation_id="read_import")
def read_import(import_id: RowId, session: SessionDep, _: Importer, present: PresenterDep) -> ImportPublic:
    """One file."""
    row = session.get(Import, import_id)
    if row is None:
        raise not_found("这次导入")
    return public(row, present)


@router.get("/{import_id}/lines", operation_id="list_import_lines")
def list_import_lines(
    import_id: RowId,
    session: SessionDep,
    _: Importer,
    paging: PagingDep,
    status: Annotated[LineStatus | None, Query()] = None,
) -> Page[ImportLinePublic]:
    """Its lines in order."""
    if session.get(Import, import_id) is None:
        raise not_found("这次导入")
    query = select(ImportLine).where(ImportLine.import_id == import_id)
    if status:
        query = query.where(ImportLine.status == status)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(ImportLine.line),
        sorts={"line": col(ImportLine.line)},
        default="line",
    )
    items = [ImportLinePublic.model_validate(row, from_attributes=True) for row in rows]
    return Page(items=items, next_cursor=cursor, total=total)


def public(row: Import, present: Presenter, *, repeated: bool = False) -> ImportPublic:
    """The answer for one file."""
    told = row.model_dump(exclude={"region"})
    return ImportPublic(**told, region=present.known_place(row.region), repeated=repeated)
