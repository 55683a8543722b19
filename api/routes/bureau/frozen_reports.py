"""/v1/frozen-reports: monthly and quarterly returns as one moment knew them, with the people behind each figure."""

from collections.abc import Iterator, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, KeyringDep, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.exporting.asking import period_of
from api.frozen.freezing import freeze
from api.frozen.shown import people_public, people_query, report_public, summaries
from api.frozen.workbook import title_of, workbook
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import RegionCode
from api.schemas.frozen import (
    FrozenLine,
    FrozenPersonPublic,
    FrozenReportCreate,
    FrozenReportPublic,
    FrozenReportSummary,
)
from ledger.registers.view import Asks
from models.frozen import FrozenPerson, FrozenReport, PeriodKind
from models.sealing import Keyring
from models.spell import EvidenceGrade

router = bureau_router("/frozen-reports", tag="report", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
PeopleReader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ASKS = {PeriodKind.MONTH: Asks.MONTH, PeriodKind.QUARTER: Asks.QUARTER}


@router.get("", operation_id="list_frozen_reports")
def list_frozen_reports(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[FrozenReportSummary]:
    """The reports of my regions, the latest frozen first."""
    rows, cursor, total = page_of(
        session,
        select(FrozenReport),
        paging,
        number=col(FrozenReport.id),
        sorts={"as_of": col(FrozenReport.as_of)},
    )
    return Page(items=summaries(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_frozen_report")
def create_frozen_report(
    body: FrozenReportCreate,
    session: SessionDep,
    caller: Annotated[Caller, Depends(allowed(Action.MANAGE_TARGETS))],
    keyring: KeyringDep,
    settings: SettingsDep,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> FrozenReportPublic:
    """Freeze a month or a quarter as everything is known now. A period that is not over ends today."""
    region = body.region or (caller.regions[0] if caller.regions else "")
    require_scope(session, caller, region)
    from_on, last = period_of(_ASKS[body.kind], body.period, today)
    row = freeze(
        session,
        keyring,
        present,
        region=region,
        kind=body.kind,
        from_on=from_on,
        as_of=min(last, today),
        account_id=caller.account_id,
        is_demo=settings.demonstration,
    )
    told = {"kind": row.kind.value, "as_of": str(row.as_of), "sha256": row.content_sha256}
    record(session, "freeze", "frozen_report", row.id, region=region, change=told)
    return once.keep(report_public(session, present, row))


@router.get("/{frozen_id}", operation_id="read_frozen_report")
def read_frozen_report(
    frozen_id: RowId, session: SessionDep, _: Reader, present: PresenterDep
) -> FrozenReportPublic:
    """One report, as it was frozen."""
    return report_public(session, present, frozen_or_404(session, frozen_id))


@router.get("/{frozen_id}/lines/{line}/persons", operation_id="list_frozen_persons")
def list_frozen_persons(
    frozen_id: RowId,
    line: RowId,
    session: SessionDep,
    _: PeopleReader,
    paging: PagingDep,
    keyring: KeyringDep,
    present: PresenterDep,
    region: Annotated[RegionCode | None, Query(description="只列这个地区的人")] = None,
    stable: Annotated[bool, Query(description="只列已稳定的人")] = False,
    grade: Annotated[EvidenceGrade | None, Query(description="只列这一佐证等级的人")] = None,
) -> Page[FrozenPersonPublic]:
    """The people behind a figure, as they were known when it was frozen."""
    row = frozen_or_404(session, frozen_id)
    line_or_404(row, line)
    rows, cursor, total = page_of(
        session,
        people_query(row, line, region=region, stable=stable, grade=grade),
        paging,
        number=col(FrozenPerson.worker_id),
        sorts={},
        default="id",
    )
    return Page(items=people_public(session, keyring, present, rows), next_cursor=cursor, total=total)


@router.get("/{frozen_id}/workbook.xlsx", operation_id="read_frozen_workbook", response_class=Response)
def read_frozen_workbook(
    frozen_id: RowId,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.EXPORT))],
    keyring: KeyringDep,
    present: PresenterDep,
) -> Response:
    """The report as a workbook, with the people or the entries of every line."""
    row = frozen_or_404(session, frozen_id)
    report = report_public(session, present, row)
    content = workbook(report, _people(session, keyring, present, row, report.items))
    record(session, "export", "frozen_report", row.id, region=row.region, change={"as_of": str(row.as_of)})
    name = f"{title_of(report)}_{row.as_of:%Y%m%d}.xlsx"
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=_XLSX, headers=named)


def frozen_or_404(session: Session, frozen_id: int) -> FrozenReport:
    """The report.

    Raises
    ------
    Problem
        404 when there is none.
    """
    row = session.get(FrozenReport, frozen_id)
    if row is None:
        raise not_found("这份冻结的报表")
    return row


def line_or_404(row: FrozenReport, line: int) -> FrozenLine:
    """The line of a report.

    Raises
    ------
    Problem
        404 when there is none.
    """
    lines = row.content["lines"]
    if line > len(lines):
        raise not_found("报表的这一行")
    return FrozenLine.model_validate(lines[line - 1])


def _people(
    session: Session, keyring: Keyring, present: Presenter, row: FrozenReport, lines: Sequence[FrozenLine]
) -> Iterator[tuple[FrozenLine, list[FrozenPersonPublic]]]:
    for line in lines:
        if line.started:
            query = people_query(row, line.line).order_by(col(FrozenPerson.worker_id))
            yield line, people_public(session, keyring, present, session.exec(query).all())
