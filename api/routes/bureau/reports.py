"""/v1/reports: what was reported about work, and what became of it."""

from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from api.deps import Caller, KeyringDep, RowId, SessionDep, TodayDep, allowed
from api.doubts.beyond import look_again
from api.errors import PROBLEMS, Problem, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.reports.deciding import WAITING, accept_anyway, refuse, report_anew, reverse
from api.reports.shown import reports_shown
from api.rights import Action
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import RegionCode, RowNumber
from api.schemas.report import ReportCreate, ReportPublic, Why
from ledger.reports import Report, opened
from models.region import Region
from models.report import Outcome, ReportDecision, SpellReport
from models.sealing import Keyring
from models.worker import Worker

router = bureau_router(tag="report", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]


@router.get("/reports", operation_id="list_reports")
def list_reports(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    keyring: KeyringDep,
    worker_id: Annotated[RowNumber | None, Query()] = None,
    outcome: Annotated[Outcome | None, Query(description="处理结果")] = None,
    waiting: Annotated[bool | None, Query(description="只看待核实的")] = None,
    region: Annotated[RegionCode | None, Query(description="劳动力登记的地区")] = None,
) -> Page[ReportPublic]:
    """Reports about my people, newest first; with `outcome` or `waiting` only those in force."""
    query = reports_of_people(waiting=bool(waiting), region=region)
    if worker_id:
        query = query.where(SpellReport.worker_id == worker_id)
    if outcome:
        query = query.where(_decided(col(ReportDecision.outcome) == outcome))
    if outcome or waiting:
        query = query.where(col(SpellReport.superseded_at).is_(None))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(SpellReport.id),
        sorts={"reported_on": col(SpellReport.reported_on)},
        default="-reported_on",
    )
    items = reports_shown(session, opened(session, keyring, rows), present)
    return Page(items=items, next_cursor=cursor, total=total)


@router.get("/reports/{report_id}", operation_id="read_report")
def read_report(
    report_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, keyring: KeyringDep
) -> ReportPublic:
    """One report: what was told, what was decided, which spell came of it."""
    return reports_shown(session, [_or_404(session, keyring, report_id)], present)[0]


@router.post("/reports/{report_id}/accept", operation_id="accept_report")
def accept_report(
    report_id: RowId,
    body: Why,
    session: SessionDep,
    caller: Placer,
    present: PresenterDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> ReportPublic:
    """Checked and found right: what stands against the report is corrected."""
    report = _of_my_people(session, caller, keyring, report_id)
    accept_anyway(
        session,
        keyring,
        report,
        reason=body.reason,
        region=_bureau(session, report.row.worker_id),
        account_id=caller.account_id,
    )
    return _answer(session, keyring, report, present, once)


@router.post("/reports/{report_id}/refuse", operation_id="refuse_report")
def refuse_report(
    report_id: RowId,
    body: Why,
    session: SessionDep,
    caller: Placer,
    present: PresenterDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> ReportPublic:
    """Checked and found not to be so."""
    report = _of_my_people(session, caller, keyring, report_id)
    refuse(session, report, reason=body.reason, account_id=caller.account_id)
    return _answer(session, keyring, report, present, once)


@router.post("/reports/{report_id}/reverse", operation_id="reverse_report")
def reverse_report(
    report_id: RowId,
    session: SessionDep,
    caller: Placer,
    present: PresenterDep,
    keyring: KeyringDep,
    once: OnceDep,
    today: TodayDep,
) -> ReportPublic:
    """Take back what was decided: the spells are as they were, the report waits."""
    report = _of_my_people(session, caller, keyring, report_id)
    if report.decision is None:
        raise conflict("not-decided", "这条上报还没有处理", "没有可以撤销的处理，请刷新页面。")
    reverse(session, report.decision, today=today, account_id=caller.account_id)
    worker = worker_or_404(session, report.row.worker_id)
    look_again(session, keyring, worker.identity, worker.region, today)
    return _answer(session, keyring, report, present, once)


@router.post("/workers/{worker_id}/reports", status_code=201, operation_id="create_report")
def create_report(
    worker_id: RowId,
    body: ReportCreate,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    present: PresenterDep,
    keyring: KeyringDep,
    once: OnceDep,
) -> ReportPublic:
    """A clerk's own report, or the correction of one that is wrong; the same rules decide about it."""
    worker = worker_or_404(session, worker_id)
    if worker.restricted:
        raise conflict(
            "restricted", "该劳动力信息已限制使用", "本人已撤回同意或申请删除，信息只保存，不能再修改。"
        )
    _require_mine(caller, worker)
    if body.region is not None and session.get(Region, body.region) is None:
        raise invalid("region", "region-unknown", "没有这个行政区划代码，请从区划表中选择。")
    before = _or_404(session, keyring, body.instead_of) if body.instead_of else None
    if before is not None and before.row.worker_id != worker_id:
        raise not_found("要更正的上报")
    report = report_anew(
        session,
        keyring,
        worker,
        body.reported(),
        instead_of=before,
        region=_bureau(session, worker_id),
        today=today,
        account_id=caller.account_id,
    )
    return _answer(session, keyring, report, present, once, status=201)


def reports_of_people(*, waiting: bool, region: str | None) -> SelectOfScalar[SpellReport]:
    """Reports about people whose data may be used; `waiting` ones no rule could decide about, and nobody has yet."""
    query = (
        select(SpellReport)
        .join(Worker, col(Worker.id) == col(SpellReport.worker_id))
        .where(~col(Worker.restricted))
    )
    if region:
        query = query.where(col(Worker.region).startswith(region))
    if waiting:
        query = query.where(
            col(SpellReport.superseded_at).is_(None), ~_decided(col(ReportDecision.outcome).not_in(WAITING))
        )
    return query


def _decided(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        and_(
            col(ReportDecision.report_id) == col(SpellReport.id),
            col(ReportDecision.reversed_at).is_(None),
            condition,
        )
    )


def _answer(
    session: Session,
    keyring: Keyring,
    report: Report,
    present: PresenterDep,
    once: OnceDep,
    status: int = 200,
) -> ReportPublic:
    session.flush()
    [fresh] = opened(session, keyring, [report.row])
    [shown] = reports_shown(session, [fresh], present)
    return once.keep(shown, status=status, worker_id=report.row.worker_id)


def _of_my_people(session: Session, caller: Caller, keyring: Keyring, report_id: int) -> Report:
    report = _or_404(session, keyring, report_id)
    _require_mine(caller, worker_or_404(session, report.row.worker_id))
    return report


def _require_mine(caller: Caller, worker: Worker) -> None:
    if not caller.governs(worker.region):
        raise Problem(
            403, "not-the-origin", "上报由户籍地核实", "采纳、不采纳和更正上报由户籍地办理，请联系对方。"
        )


def _bureau(session: Session, worker_id: int) -> str:
    """The county of the person: its bureau keeps an employer that is named for the first time."""
    return worker_or_404(session, worker_id).region[:6]


def _or_404(session: Session, keyring: Keyring, report_id: int) -> Report:
    row = session.get(SpellReport, report_id)
    if row is None:
        raise not_found("这条上报")
    return opened(session, keyring, [row])[0]
