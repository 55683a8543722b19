"""填报数: figures that the ledger cannot count, typed with their proof; superseded, never deleted."""

from typing import Annotated

from fastapi import Depends, Response, UploadFile
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.papers import OF_A_FIGURE, Sent, take_papers
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.routes.bureau.targets import Reader, target_or_404
from api.schemas.decomposition import FigureCreate, FigurePublic, FigureWithdrawn
from api.standing import figures_public
from ledger.attachments import figure_file, keep_figure_file
from models.attachment import FileSort
from models.target import TypedFigure
from outcomes.indicators.catalogue import indicator_of
from outcomes.indicators.indicator import Subject
from outcomes.typed_figures import supersede, type_figure

router = bureau_router(tag="target", responses=PROBLEMS)
Typist = Annotated[Caller, Depends(allowed(Action.MANAGE_TARGETS))]


@router.get("/targets/{target_id}/figures", operation_id="list_figures")
def list_figures(
    target_id: RowId, session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[FigurePublic]:
    """Everything that was typed for a target in my regions, newest first, what was superseded too."""
    target = target_or_404(session, target_id)
    rows, cursor, total = page_of(
        session,
        select(TypedFigure).where(TypedFigure.target_id == target.identity),
        paging,
        number=col(TypedFigure.id),
        sorts={"as_of": col(TypedFigure.as_of)},
    )
    return Page(items=figures_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("/targets/{target_id}/figures", status_code=201, operation_id="create_figure")
def create_figure(
    target_id: RowId,
    body: FigureCreate,
    session: SessionDep,
    caller: Typist,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> FigurePublic:
    """Type a figure with its proof, where the ledger cannot count. One of the same region and day is superseded."""
    target = target_or_404(session, target_id)
    if indicator_of(target).subject is not Subject.TYPED:
        words = "这项任务由台账统计，不能填报。数不对时，请在台账里补登记或更正。"
        raise conflict("counted-by-ledger", "台账能够统计", words)
    region, as_of = body.region or target.region, body.as_of or today
    require_scope(session, caller, region)
    if not region.startswith(target.region):
        raise invalid("region", "outside", "填报的地区要在任务的地区以内")
    if not target.from_on <= as_of <= today:
        raise invalid("as_of", "outside", "截止日期不能早于任务开始，也不能晚于今天")
    row = TypedFigure(
        target_id=target.identity,
        region=region,
        number=body.figure,
        as_of=as_of,
        proof=body.proof,
        account_id=caller.account_id,
    )
    return once.keep(figures_public(session, present, [type_figure(session, row)])[0])


@router.get("/figures/{figure_id}", operation_id="read_figure")
def read_figure(figure_id: RowId, session: SessionDep, _: Reader, present: PresenterDep) -> FigurePublic:
    """One typed figure."""
    return figures_public(session, present, [figure_or_404(session, figure_id)])[0]


@router.post("/figures/{figure_id}/withdraw", operation_id="withdraw_figure")
def withdraw_figure(
    figure_id: RowId, body: FigureWithdrawn, session: SessionDep, _: Typist, present: PresenterDep
) -> FigurePublic:
    """Take a figure out of force, and say why; it stays to be read."""
    row = figure_or_404(session, figure_id)
    session.refresh(row, with_for_update=True)
    if row.superseded_at is not None:
        raise conflict("figure-superseded", "已经作废", "这个数已被新的填报代替或已撤回，不用再撤。")
    supersede(session, row, body.reason)
    return figures_public(session, present, [row])[0]


@router.post("/figures/{figure_id}/file", status_code=201, operation_id="attach_figure_file")
def attach_figure_file(
    figure_id: RowId,
    file: UploadFile,
    session: SessionDep,
    caller: Typist,
    settings: SettingsDep,
    keyring: KeyringDep,
    once: OnceDep,
    present: PresenterDep,
) -> FigurePublic:
    """Attach the file that proves a figure: PDF, picture, Excel or Word, once."""
    row = figure_or_404(session, figure_id)
    papers = take_papers([file], settings.max_attachment_bytes, OF_A_FIGURE)
    if not papers:
        raise invalid("file", "missing", "请先选择要上传的文件。")
    if figure_file(session, keyring, row) is not None:
        raise conflict("figure-proved", "已有佐证文件", "这个填报数已经附了文件。要换文件，请重新填报。")
    [paper] = papers
    keep_figure_file(
        session, keyring, row,
        name=paper.name, sort=paper.sort, content=paper.content, account_id=caller.account_id,
    )  # fmt: skip
    return once.keep(figures_public(session, present, [row])[0])


@router.get("/figures/{figure_id}/file", operation_id="read_figure_file", response_class=Response)
def read_figure_file(figure_id: RowId, session: SessionDep, _: Reader, keyring: KeyringDep) -> Response:
    """The file that proves a figure."""
    row = figure_or_404(session, figure_id)
    found = figure_file(session, keyring, row)
    if found is None:
        raise not_found("这个佐证文件")
    kept, content = found
    record(session, "read", "figure_file", kept.id, region=row.region)
    sort = next(sort for sort in FileSort if sort.media_type == kept.media_type)
    sent = Sent(sort, kept.file_name, f"figure-{row.identity}", [content])
    return Response(content, media_type=kept.media_type, headers=sent.headers)


def figure_or_404(session: Session, figure_id: int) -> TypedFigure:
    """The figure.

    Raises
    ------
    Problem
        404 when there is none.
    """
    row = session.get(TypedFigure, figure_id)
    if row is None:
        raise not_found("这个填报数")
    return row
