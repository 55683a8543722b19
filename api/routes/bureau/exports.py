"""/v1/exports: a register or a return as a file."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import Response, StreamingResponse
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, Problem, conflict, not_found
from api.exporting.answering import exports_public
from api.exporting.asking import asked_of, view_or_404
from api.exporting.making import MEDIA, Wanted, ask, still_may
from api.exporting.sealed import pieces
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.register import ExportCreate, ExportPublic
from models.base import now
from models.export import Export, Format

router = bureau_router("/exports", tag="export", responses=PROBLEMS)
Exporter = Annotated[Caller, Depends(allowed(Action.EXPORT))]


@router.get("", operation_id="list_exports")
def list_exports(
    session: SessionDep, _: Exporter, paging: PagingDep, present: PresenterDep
) -> Page[ExportPublic]:
    """The files that I asked for, newest first."""
    rows, cursor, total = page_of(session, select(Export), paging, number=col(Export.id), sorts={})
    return Page(items=exports_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=202, operation_id="create_export")
def create_export(
    body: ExportCreate,
    session: SessionDep,
    caller: Exporter,
    keyring: KeyringDep,
    present: PresenterDep,
    today: TodayDep,
    once: OnceDep,
) -> ExportPublic:
    """Have a file made. Numbers are masked unless the account may see them and says what for."""
    view = view_or_404(body.view)
    asked = asked_of(
        session,
        caller,
        view,
        region=body.region,
        village=body.village,
        as_of=body.as_of,
        period=body.period,
        batch=body.batch,
        today=today,
    )
    export = ask(session, keyring, caller, Wanted(view, asked, body.format, body.masked, body.reason))
    return once.keep(exports_public(session, present, [export])[0], status=202)


@router.get("/{export_id}", operation_id="read_export")
def read_export(export_id: RowId, session: SessionDep, _: Exporter, present: PresenterDep) -> ExportPublic:
    """One file: how far it is, and where it is fetched."""
    return exports_public(session, present, [export_or_404(session, export_id)])[0]


@router.get(
    "/{export_id}/file",
    operation_id="read_export_file",
    response_class=Response,
    responses={200: {"description": "the file", "content": {media: {} for media in MEDIA.values()}}},
)
def read_export_file(
    export_id: RowId, request: Request, session: SessionDep, caller: Exporter, keyring: KeyringDep
) -> Response:
    """The file itself, opened as it goes out."""
    return send(request, session, caller, keyring, export_id)


def send(
    request: Request, session: Session, caller: Caller, keyring: KeyringDep, export_id: int
) -> StreamingResponse:
    """The file of an export; that it was fetched is recorded.

    Raises
    ------
    Problem
        404 when there is none, 403 after the right to it was lost, 409 before it is whole, 410
        when it has expired.
    """
    export = export_or_404(session, export_id)
    still_may(caller, export)
    if export.expires_at is not None and export.expires_at <= now():
        raise Problem(
            410,
            "export-expired",
            "文件已过期",
            "文件只保留7天；名单里有人不再同意使用的，也不再提供。需要时请重新导出。",
        )
    if export.rows is None:
        raise conflict("export-not-ready", "文件还没有做好", "请等进度完成后再下载；没有做成的请重新导出。")
    record(session, "download", "export", export.id, region=export.region, change={"masked": export.masked})
    name = export.file_name
    headers = {
        "Content-Disposition": f'attachment; filename="export-{export.id}.{export.options["format"]}"; '
        f"filename*=UTF-8''{quote(name)}",
        "Content-Length": str(export.size),
        "Cache-Control": "no-store",
    }
    content = pieces(request.app.state.sessions, keyring, caller.account_id, export)
    return StreamingResponse(
        content, media_type=MEDIA[Format.read(export.options["format"])], headers=headers
    )


def export_or_404(session: Session, export_id: int) -> Export:
    """The export, if it is the caller's own.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Export, export_id)
    if row is None:
        raise not_found("这次导出")
    return row
