"""/v1/stations: a county's stations in the destination, who works there, and the employers they visited."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, SettingsDep, TodayDep, allowed
from api.errors import PROBLEMS, Problem, conflict, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep, keeping_region
from api.requirements import require_scope
from api.rights import Action
from api.schemas.base import RowNumber
from api.schemas.dispatch import ChangedPublic
from api.schemas.venue import (
    StaffPublic,
    StaffTold,
    StationCreate,
    StationPublic,
    StationUpdate,
    VisitCreate,
    VisitDuePublic,
    VisitPublic,
)
from api.security import account_by_username
from api.stations import staff_public, stations_public, visits_due_public, visits_public
from api.versions import IfMatchDep, etag, hold
from models.employer import Employer
from models.region import Region
from models.station import ServiceStation, StationStaff, StationVisit
from outcomes.visiting import VisitWhy, stations_of, to_visit

router = bureau_router("/stations", tag="station", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
Visitor = Annotated[Caller, Depends(allowed(Action.VISIT))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE))]


@router.get("", operation_id="list_stations")
def list_stations(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[StationPublic]:
    """The stations that my regions keep, those in my regions, and those where I work."""
    rows, cursor, total = page_of(
        session, select(ServiceStation), paging, number=col(ServiceStation.id), sorts={}, default="id"
    )
    return Page(items=stations_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_station")
def create_station(
    body: StationCreate, session: SessionDep, caller: Manager, once: OnceDep, present: PresenterDep
) -> StationPublic:
    """Open a station in the destination."""
    kept_by = keeping_region(caller, body.kept_by)
    require_scope(session, caller, kept_by, "kept_by")
    if session.get(Region, body.region) is None:
        raise invalid("region", "unknown", "没有这个行政区划代码，请从区划表中选择")
    if body.region.startswith(kept_by):
        raise invalid("region", "at_home", "工作站设在就业地，请填写就业地的行政区划")
    if body.opened_on > present.today:
        raise invalid("opened_on", "in_the_future", "设站日期不能晚于今天，开站以后再登记")
    row = ServiceStation(**body.model_dump(exclude={"kept_by"}), kept_by=kept_by)
    session.add(row)
    session.flush()
    session.refresh(row)
    return once.keep(stations_public(session, present, [row])[0])


@router.get("/visits-due", operation_id="list_visits_due")
def list_visits_due(
    session: SessionDep,
    caller: Visitor,
    today: TodayDep,
    settings: SettingsDep,
    why: Annotated[VisitWhy | None, Query()] = None,
) -> Page[VisitDuePublic]:
    """The employers that the stations where I work are to visit: problems first, then whom nobody visited for longest."""
    stations = stations_of(session, caller.account_id)
    found = [
        each
        for each in to_visit(session, stations, today, settings.confirm_every_days)
        if why is None or each.why is why
    ]
    return Page(items=visits_due_public(session, stations, found), next_cursor=None, total=len(found))


@router.get("/{station_id}", operation_id="read_station")
def read_station(
    station_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> StationPublic:
    """One station."""
    row = station_or_404(session, station_id)
    response.headers.update(etag(row))
    return stations_public(session, present, [row])[0]


@router.patch("/{station_id}", operation_id="update_station")
def update_station(
    station_id: RowId,
    body: StationUpdate,
    session: SessionDep,
    caller: Manager,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> StationPublic:
    """Change what is told of a station, or close it (JSON merge patch)."""
    row = _kept(session, caller, station_id)
    hold(session, row, version)
    for field, value in body.model_dump(exclude_unset=True).items():
        if value is None and field != "closed_on":
            raise invalid(field, "missing", "不能为空")
        setattr(row, field, value)
    if row.closed_on is not None and row.closed_on < row.opened_on:
        raise invalid("closed_on", "order", "撤站日期不能早于设站日期")
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return stations_public(session, present, [row])[0]


@router.get("/{station_id}/staff", operation_id="list_station_staff")
def list_station_staff(station_id: RowId, session: SessionDep, _: Reader) -> list[StaffPublic]:
    """Who works at the station, and who did."""
    return staff_public(session, station_or_404(session, station_id).identity)


@router.post("/{station_id}/staff", operation_id="add_station_staff")
def add_station_staff(
    station_id: RowId, body: StaffTold, session: SessionDep, caller: Manager, today: TodayDep
) -> ChangedPublic:
    """Let an account work for the station; one that does already goes on."""
    row = _kept(session, caller, station_id)
    if row.closed_on is not None and row.closed_on <= today:
        raise conflict("station-closed", "工作站已经撤销", "请先清空撤站日期，再安排驻站人员。")
    account_id = _account(session, body)
    if _at_present(session, row, account_id) is not None:
        return ChangedPublic(changed=0)
    session.add(StationStaff(station_id=row.identity, account_id=account_id, since=today))
    session.flush()
    return ChangedPublic(changed=1)


@router.post("/{station_id}/staff/end", operation_id="end_station_staff")
def end_station_staff(
    station_id: RowId, body: StaffTold, session: SessionDep, caller: Manager, today: TodayDep
) -> ChangedPublic:
    """Today is an account's last day at the station."""
    row = _kept(session, caller, station_id)
    standing = _at_present(session, row, _account(session, body))
    if standing is None:
        return ChangedPublic(changed=0)
    standing.until = today
    session.add(standing)
    session.flush()
    return ChangedPublic(changed=1)


@router.get("/{station_id}/visits", operation_id="list_station_visits")
def list_station_visits(
    station_id: RowId,
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    employer_id: Annotated[RowNumber | None, Query()] = None,
) -> Page[VisitPublic]:
    """The employers that were visited, the latest first."""
    row = station_or_404(session, station_id)
    query = select(StationVisit).where(StationVisit.station_id == row.identity)
    if employer_id is not None:
        query = query.where(StationVisit.employer_id == employer_id)
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(StationVisit.id),
        sorts={"visited_on": col(StationVisit.visited_on)},
        default="-visited_on",
    )
    return Page(items=visits_public(session, rows), next_cursor=cursor, total=total)


@router.post("/{station_id}/visits", status_code=201, operation_id="create_station_visit")
def create_station_visit(
    station_id: RowId,
    body: VisitCreate,
    session: SessionDep,
    caller: Visitor,
    today: TodayDep,
    once: OnceDep,
) -> VisitPublic:
    """Note a visit, and what was found."""
    station = station_or_404(session, station_id)
    on = body.visited_on or today
    if on > today:
        raise invalid("visited_on", "in_the_future", "走访日期不能晚于今天")
    if on < station.opened_on:
        raise invalid("visited_on", "before_opening", "走访日期不能早于设站日期")
    employer = session.get(Employer, body.employer_id)
    if employer is None:
        raise invalid("employer_id", "unknown", "没有这个用人单位，请从用人单位中选择")
    if not employer.region.startswith(station.region[:6]):
        raise invalid(
            "employer_id", "elsewhere", "这个用人单位不在工作站所在的地区，只登记工作站所在县（区）的单位"
        )
    row = StationVisit(
        **body.model_dump(exclude={"visited_on"}),
        station_id=station.identity,
        visited_on=on,
        account_id=caller.account_id,
    )
    session.add(row)
    session.flush()
    return once.keep(visits_public(session, [row])[0])


def station_or_404(session: Session, station_id: int) -> ServiceStation:
    """The station, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(ServiceStation, station_id)
    if row is None:
        raise not_found("这个工作站")
    return row


def _kept(session: Session, caller: Caller, station_id: int) -> ServiceStation:
    row = station_or_404(session, station_id)
    if not caller.governs(row.kept_by):
        raise Problem(403, "kept-elsewhere", "工作站由派驻的县维护", "请联系派驻这个工作站的县修改。")
    return row


def _account(session: Session, body: StaffTold) -> int:
    account_id = account_by_username(session, body.username)
    if account_id is None:
        raise invalid("username", "unknown", "没有这个账号，请核对用户名；新账号由管理员开通")
    return account_id


def _at_present(session: Session, station: ServiceStation, account_id: int) -> StationStaff | None:
    return session.exec(
        select(StationStaff).where(
            StationStaff.station_id == station.identity,
            StationStaff.account_id == account_id,
            col(StationStaff.until).is_(None),
        )
    ).first()
