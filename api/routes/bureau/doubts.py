"""/v1/doubts: what the rules found in the ledger, and what became of it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Response
from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlmodel import Session, col, select

from api.audit import record
from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.doubts.checking import KIND
from api.doubts.shown import as_csv, doubts_public, list_link
from api.errors import PROBLEMS, conflict, invalid, not_found
from api.handing import note_handed
from api.idempotency import OnceDep
from api.jobs.running import enqueue
from api.laying import bureau_router
from api.list_tables import DOUBTS
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep, keeping_region
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import Day, RegionCode, RowNumber, Title
from api.schemas.doubt import (
    DoubtCheck,
    DoubtCount,
    DoubtExplain,
    DoubtIntegrity,
    DoubtPublic,
    DoubtsExplain,
    DoubtsExplained,
    DoubtSummary,
    DoubtTrend,
    DoubtVillage,
    Every,
    IntegrityPublic,
    RulePublic,
    TrendPoint,
)
from api.schemas.job import JobPublic, public_job
from api.settings import SHANGHAI
from api.tables import offered_as_table
from ledger.doubts.counting import alike, by_village, counts, ends_of, of_village, open_at_ends
from ledger.doubts.every import BY_NUMBER, EVERY_RULE
from ledger.doubts.rule import Severity
from ledger.in_use import in_use
from ledger.villages import TOWNSHIP_DIGITS, is_village
from models.base import now
from models.doubt import Doubt, DoubtRun, DoubtSeverity, DoubtState
from models.handed import HandedKind
from models.intake import Import, ImportLine

router = bureau_router("/doubts", tag="doubt", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Exporter = Annotated[Caller, Depends(allowed(Action.EXPORT))]
Mender = Annotated[Caller, Depends(allowed(Action.MEND_DOUBTS))]
_MOST_ROWS = 50_000


def get_condition(
    region: Annotated[RegionCode | None, Query(description="任何一级，默认为我的全部地区")] = None,
    village: Annotated[Title | None, Query(description="所选乡镇的台账里的村名，或“未填村”")] = None,
    rule: Annotated[str | None, Query(pattern=r"^[DS][0-9]{2}$")] = None,
    state: Annotated[DoubtState | None, Query()] = None,
    severity: Annotated[DoubtSeverity | None, Query()] = None,
    worker_id: Annotated[RowNumber | None, Query()] = None,
    import_id: Annotated[RowNumber | None, Query(description="一个文件：它的行和它说到的人")] = None,
) -> ColumnElement[bool]:
    """What the filters of the list say; all of them.

    Raises
    ------
    Problem
        422 for a village without its township.
    """
    if village and (region is None or len(region) != TOWNSHIP_DIGITS):
        raise invalid("village", "needs-township", "按村看要先选乡镇")
    told = [
        col(Doubt.region).startswith(region, autoescape=True) if region else None,
        is_village(of_village(), village) if village else None,
        col(Doubt.rule) == rule if rule else None,
        col(Doubt.state) == state if state else None,
        col(Doubt.severity) == severity if severity else None,
        col(Doubt.worker_id) == worker_id if worker_id else None,
        _of_import(import_id) if import_id else None,
    ]
    return and_(true(), *(part for part in told if part is not None))


def _of_import(import_id: int) -> ColumnElement[bool]:
    """About the file as a list, its lines, or the people and households that its lines tell of."""
    lines = ImportLine.import_id == import_id
    people = select(ImportLine.worker_id).where(lines, col(ImportLine.worker_id).is_not(None))
    homes = select(ImportLine.household_id).where(lines, col(ImportLine.household_id).is_not(None))
    return or_(
        col(Doubt.import_id) == import_id,
        col(Doubt.worker_id).in_(people),
        and_(col(Doubt.worker_id).is_(None), col(Doubt.household_id).in_(homes)),
    )


def of_services() -> ColumnElement[bool]:
    """The service lists, which are no 疑点."""
    return col(Doubt.severity) == Severity.SERVICE


ConditionDep = Annotated[ColumnElement[bool], Depends(get_condition)]


@offered_as_table(router, DOUBTS, operation_id="list_doubts")
def list_doubts(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep, condition: ConditionDep
) -> Page[DoubtPublic]:
    """The 疑点 of my regions, newest first."""
    rows, cursor, total = page_of(
        session,
        select(Doubt).where(condition, in_use(Doubt.worker_id)),
        paging,
        number=col(Doubt.id),
        sorts={
            "found_on": col(Doubt.found_on),
            "rule": col(Doubt.rule),
            "region": col(Doubt.region),
            "worker_id": col(Doubt.worker_id),
        },
    )
    return Page(items=doubts_public(session, rows, present), next_cursor=cursor, total=total)


@router.get(
    ".csv",
    operation_id="read_doubts_file",
    response_class=Response,
    responses={200: {"description": "the list as a table", "content": {"text/csv": {}}}},
)
def read_doubts_file(
    session: SessionDep, caller: Exporter, present: PresenterDep, condition: ConditionDep
) -> Response:
    """The list as a CSV file to be sent to a township; names in full only for accounts that may see numbers in full."""
    rows = session.exec(
        select(Doubt)
        .where(condition, in_use(Doubt.worker_id))
        .order_by(col(Doubt.region), col(Doubt.worker_id), col(Doubt.rule))
        .limit(_MOST_ROWS)
    ).all()
    whole = caller.may(Action.REVEAL)
    text = as_csv(doubts_public(session, list(rows), present), full_names=whole)
    region = min(caller.regions, default=None)
    if region is not None:
        told_of = [row.worker_id for row in rows]
        note_handed(session, caller.account_id, HandedKind.DOUBTS, region, told_of, masked=not whole)
    change = {"file": "doubts", "rows": len(rows), "masked": not whole}
    record(session, "download", "doubt", None, region=region, change=change)
    disposition = {"Content-Disposition": "attachment; filename*=UTF-8''%E7%96%91%E7%82%B9.csv"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=disposition)


@router.get("/rules", operation_id="list_doubt_rules")
def list_doubt_rules(_: Reader) -> list[RulePublic]:
    """The rules as they are declared, the service lists last."""
    return [RulePublic.model_validate(rule, from_attributes=True) for rule in EVERY_RULE]


@router.get("/summary", operation_id="read_doubt_summary")
def read_doubt_summary(
    session: SessionDep,
    caller: Reader,
    present: PresenterDep,
    region: Annotated[RegionCode | None, Query()] = None,
) -> DoubtSummary:
    """How many there are, by township, rule and state."""
    found = counts(session, get_condition(region))
    items = [
        DoubtCount(
            region=present.known_place(each.region),
            rule=each.rule,
            title=BY_NUMBER[each.rule].title,
            severity=each.severity,
            state=each.state,
            count=each.count,
        )
        for each in found
    ]
    standing = [each for each in items if each.state is DoubtState.OPEN]
    return DoubtSummary(
        checked_on=last_check(session, caller.regions),
        open=sum(each.count for each in standing if each.severity is not Severity.SERVICE),
        open_errors=sum(each.count for each in standing if each.severity is Severity.ERROR),
        items=items,
        villages=villages_open(session, region),
    )


def villages_open(session: Session, region: str | None) -> list[DoubtVillage]:
    """How many findings stand open in each village of a township; nothing for any other region."""
    if region is None or len(region) != TOWNSHIP_DIGITS:
        return []
    standing = get_condition(region, state=DoubtState.OPEN) & ~of_services()
    return [DoubtVillage(village=name, open=count) for name, count in by_village(session, standing)]


@router.get("/trend", operation_id="read_doubt_trend")
def read_doubt_trend(
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    region: Annotated[RegionCode | None, Query()] = None,
    every: Annotated[Every, Query()] = Every.WEEK,
    since: Annotated[Day | None, Query(description="默认为十二周前；不早于两年前")] = None,
) -> DoubtTrend:
    """How many stood open at the end of each day, week or month."""
    first = max(since or today - timedelta(weeks=12), today - timedelta(days=731))
    ends = ends_of(every.value, min(first, today), today)
    return DoubtTrend(
        items=[
            TrendPoint(
                on=day,
                open=open_[Severity.ERROR] + open_[Severity.CHECK],
                error=open_[Severity.ERROR],
                check=open_[Severity.CHECK],
            )
            for day, open_ in open_at_ends(session, get_condition(region), ends)
        ]
    )


@router.get("/integrity", operation_id="read_doubt_integrity")
def read_doubt_integrity(
    session: SessionDep,
    _: Reader,
    present: PresenterDep,
    region: Annotated[RegionCode | None, Query()] = None,
) -> DoubtIntegrity:
    """What was filled in alike, shared or copied, with the statistics."""
    found = alike(session, get_condition(region))
    wanted = {each.import_id for each in found} - {None}
    files = dict(session.exec(select(Import.id, Import.file_name).where(col(Import.id).in_(wanted))).all())
    return DoubtIntegrity(
        items=[
            IntegrityPublic(
                rule=each.rule,
                title=BY_NUMBER[each.rule].title,
                region=present.known_place(each.region),
                what=each.what,
                statistics=each.statistics,
                doubts=each.doubts,
                state=each.state,
                link=list_link(each.rule, each.region, each.import_id),
                file_name=files.get(each.import_id),
            )
            for each in found
        ]
    )


@router.post("/check", status_code=202, operation_id="check_doubts")
def check_doubts(body: DoubtCheck, session: SessionDep, caller: Mender, once: OnceDep) -> JobPublic:
    """Look at everybody of a region again; how far it is, is told by the job."""
    region = body.region or keeping_region(caller, None)
    require_scope(session, caller, region)
    job = enqueue(session, caller.account_id, KIND, {"region": region})
    return once.keep(public_job(job), status=202)


@router.post("/explain", operation_id="explain_doubts")
def explain_doubts(
    body: DoubtsExplain, session: SessionDep, caller: Mender, today: TodayDep, once: OnceDep
) -> DoubtsExplained:
    """One reason for many findings."""
    rows = session.exec(
        select(Doubt).where(col(Doubt.id).in_(body.ids), Doubt.state == DoubtState.OPEN).with_for_update()
    ).all()
    for row in rows:
        _explain(session, row, body.reason, caller, today)
    session.flush()
    return once.keep(DoubtsExplained(explained=len(rows)), status=200)


@router.get("/{doubt_id}", operation_id="read_doubt")
def read_doubt(doubt_id: RowId, session: SessionDep, _: Reader, present: PresenterDep) -> DoubtPublic:
    """One finding."""
    return doubts_public(session, [_or_404(session, doubt_id)], present)[0]


@router.post("/{doubt_id}/explain", operation_id="explain_doubt")
def explain_doubt(
    doubt_id: RowId,
    body: DoubtExplain,
    session: SessionDep,
    caller: Mender,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> DoubtPublic:
    """The finding is right as it is: why, kept with who said so and when."""
    row = _or_404(session, doubt_id)
    if row.state is DoubtState.MENDED:
        raise conflict("doubt-mended", "这条疑点已经消除", "上次检查时已没有这个问题，不用再写原因。")
    _explain(session, row, body.reason, caller, today)
    return once.keep(_after(session, row, present), status=200, worker_id=row.worker_id)


@router.post("/{doubt_id}/reopen", operation_id="reopen_doubt")
def reopen_doubt(
    doubt_id: RowId, session: SessionDep, _: Mender, once: OnceDep, present: PresenterDep
) -> DoubtPublic:
    """Take an explanation back; its words stay to be read."""
    row = _or_404(session, doubt_id)
    if row.state is not DoubtState.EXPLAINED:
        raise conflict("doubt-not-explained", "这条疑点没有写过原因", "只有已说明的疑点可以撤销说明。")
    row.state, row.explained_at, row.explained_by = DoubtState.OPEN, None, None
    session.add(row)
    return once.keep(_after(session, row, present), status=200, worker_id=row.worker_id)


def last_check(session: Session, regions: Iterable[str]) -> date | None:
    """The day on which the rules last ran over one of the regions, or last found something in the session's scope.

    What a bureau above has run leaves no row here but what it found.
    """
    run = session.exec(select(func.max(DoubtRun.as_of)).where(col(DoubtRun.region).in_(list(regions)))).one()
    seen = session.exec(select(func.max(Doubt.seen_on))).one()
    return max((day for day in (run, seen) if day is not None), default=None)


def _explain(session: Session, row: Doubt, reason: str, caller: Caller, today: date) -> None:
    row.state, row.explanation = DoubtState.EXPLAINED, reason
    row.explained_by = caller.account_id
    # On the business day: the demonstration's is not the clock's, and the trend counts by it.
    row.explained_at = datetime.combine(today, now().astimezone(SHANGHAI).time(), SHANGHAI)
    session.add(row)


def _after(session: Session, row: Doubt, present: PresenterDep) -> DoubtPublic:
    session.flush()
    session.refresh(row)
    return doubts_public(session, [row], present)[0]


def _or_404(session: Session, doubt_id: int) -> Doubt:
    row = session.get(Doubt, doubt_id)
    if row is None:
        raise not_found("这条疑点")
    return row
