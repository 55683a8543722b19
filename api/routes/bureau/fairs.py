"""/v1/fairs: recruitment fairs, planned and held."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import Presenter, PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.routes.bureau.follow_ups import Region
from api.schemas.base import Day
from api.schemas.venue import FairCreate, FairPublic, FairUpdate
from api.versions import IfMatchDep, etag, hold
from models.fair import Fair, FairKind
from models.region import Region as Place
from outcomes.calendar import shift

router = bureau_router("/fairs", tag="fair", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE))]
_KNOWN = {"name", "kind", "held_on", "place", "called_off"}
_MONTHS_AHEAD = 24


@router.get("", operation_id="list_fairs")
def list_fairs(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    present: PresenterDep,
    region: Region = None,
    kind: Annotated[FairKind | None, Query()] = None,
    from_on: Annotated[Day | None, Query(description="举办日期从")] = None,
    to_on: Annotated[Day | None, Query(description="举办日期到")] = None,
    held: Annotated[bool, Query(description="只列已举办的")] = False,
) -> Page[FairPublic]:
    """The fairs of my regions, the latest first."""
    query = select(Fair)
    if region is not None:
        query = query.where(col(Fair.region).startswith(region, autoescape=True))
    if kind is not None:
        query = query.where(Fair.kind == kind)
    if from_on is not None:
        query = query.where(Fair.held_on >= from_on)
    if to_on is not None:
        query = query.where(Fair.held_on <= to_on)
    if held:
        query = query.where(Fair.held_on <= present.today, ~col(Fair.called_off))
    rows, cursor, total = page_of(
        session, query, paging, number=col(Fair.id), sorts={"held_on": col(Fair.held_on)}, default="-held_on"
    )
    return Page(items=[_public(row, present) for row in rows], next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_fair")
def create_fair(
    body: FairCreate, session: SessionDep, caller: Manager, once: OnceDep, present: PresenterDep
) -> FairPublic:
    """Enter a fair; the numbers may follow when it is over."""
    require_scope(session, caller, body.region)
    row = Fair(**body.model_dump())
    _require(session, row, present.today)
    return once.keep(_kept(session, row, present))


@router.get("/{fair_id}", operation_id="read_fair")
def read_fair(
    fair_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> FairPublic:
    """One fair."""
    row = _or_404(session, fair_id)
    response.headers.update(etag(row))
    return _public(row, present)


@router.patch("/{fair_id}", operation_id="update_fair")
def update_fair(
    fair_id: RowId,
    body: FairUpdate,
    session: SessionDep,
    _: Manager,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> FairPublic:
    """Change what is told of a fair (JSON merge patch)."""
    row = _or_404(session, fair_id)
    hold(session, row, version)
    for field, value in body.model_dump(exclude_unset=True).items():
        if value is None and field in _KNOWN:
            raise invalid(field, "missing", "不能为空")
        setattr(row, field, value)
    _require(session, row, present.today)
    made = _kept(session, row, present)
    response.headers.update(etag(row))
    return made


def _or_404(session: Session, fair_id: int) -> Fair:
    row = session.get(Fair, fair_id)
    if row is None:
        raise not_found("这场招聘会")
    return row


def _require(session: Session, row: Fair, today: date) -> None:
    if row.partner is not None and session.get(Place, row.partner) is None:
        raise invalid("partner", "unknown", "没有这个行政区划代码，请从区划表中选择")
    if row.held_on > shift(today, _MONTHS_AHEAD):
        raise invalid("held_on", "too_far_ahead", "举办日期最多在两年以后，请核对年份")
    if row.attended is not None and row.agreed is not None and row.agreed > row.attended:
        raise invalid("agreed", "too_many", "达成意向的人数不能多于到场人数")
    if row.held_on > today and (row.attended or row.agreed):
        raise invalid("held_on", "in_the_future", "还没有举办的招聘会没有到场人数，请核对举办日期")


def _kept(session: Session, row: Fair, present: Presenter) -> FairPublic:
    session.add(row)
    session.flush()
    session.refresh(row)
    return _public(row, present)


def _public(row: Fair, present: Presenter) -> FairPublic:
    told: dict[str, Any] = row.model_dump(exclude={"created_at", "region", "partner"})
    return FairPublic(
        **told,
        region=present.known_place(row.region),
        partner=present.place(row.partner),
        held=row.held_on <= present.today and not row.called_off,
    )
