"""/v1/workshops: 帮扶车间 and 社区工厂, recognised and rated."""

from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy import exists
from sqlmodel import Session, col, select

from api.care_shown import people_by_id
from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, Problem
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, after_cursor, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.follow_ups import Cursor, Limit, Region, part
from api.schemas.workshop import (
    Rated,
    Recognised,
    Revoked,
    WorkshopDetail,
    WorkshopPublic,
    WorkshopWorkerPublic,
)
from api.workshops import (
    rate,
    recognise,
    revoke,
    workshop_detail,
    workshop_or_404,
    workshops_public,
)
from models.employer import Employer
from models.workshop import WorkshopRecognition
from outcomes.ladder.counts import WORKSHOPS, within
from outcomes.ladder.workshops import people_at_work

router = bureau_router("/workshops", tag="workshop", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Manager = Annotated[Caller, Depends(allowed(Action.MANAGE))]


@router.get("", operation_id="list_workshops")
def list_workshops(
    session: SessionDep,
    caller: Reader,
    paging: PagingDep,
    present: PresenterDep,
    region: Region = None,
    recognised: Annotated[bool | None, Query(description="只列认定有效的，或没有认定的")] = None,
) -> Page[WorkshopPublic]:
    """Workshops and community factories of my regions."""
    query = select(Employer).where(
        col(Employer.kind).in_(WORKSHOPS),
        within(col(Employer.region), (region,) if region else caller.regions),
    )
    if recognised is not None:
        holds = exists().where(
            col(WorkshopRecognition.employer_id) == col(Employer.id),
            col(WorkshopRecognition.revoked_on).is_(None),
        )
        query = query.where(holds if recognised else ~holds)
    rows, cursor, total = page_of(
        session, query, paging, number=col(Employer.id), sorts={"name": col(Employer.name)}
    )
    return Page(items=workshops_public(session, present, rows), next_cursor=cursor, total=total)


@router.get("/{employer_id}", operation_id="read_workshop")
def read_workshop(
    employer_id: RowId, session: SessionDep, _: Reader, present: PresenterDep
) -> WorkshopDetail:
    """One workshop, its recognitions and ratings."""
    return workshop_detail(session, present, workshop_or_404(session, employer_id))


@router.get("/{employer_id}/workers", operation_id="list_workshop_workers")
def list_workshop_workers(
    employer_id: RowId,
    session: SessionDep,
    _: Reader,
    today: TodayDep,
    present: PresenterDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[WorkshopWorkerPublic]:
    """The people behind the headcount of today, as far as they are of my regions."""
    row = workshop_or_404(session, employer_id)
    after = after_cursor(cursor)
    found = people_at_work(session, row.identity, today)
    shown, following = part(found, [each.worker_id for each in found], after, limit)
    people = people_by_id(session, present, (each.worker_id for each in shown))
    items = [
        WorkshopWorkerPublic(
            worker=people[each.worker_id],
            started_on=each.started_on,
            precision=each.precision,
            relieved=each.relieved,
        )
        for each in shown
    ]
    return Page(items=items, next_cursor=following, total=len(found))


@router.post("/{employer_id}/recognise", status_code=201, operation_id="recognise_workshop")
def recognise_workshop(
    employer_id: RowId,
    body: Recognised,
    session: SessionDep,
    caller: Manager,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> WorkshopDetail:
    """Recognise it, if enough 脱贫劳动力 work there."""
    row = _mine(session, caller, employer_id)
    recognise(session, row, body, today=today, account_id=caller.account_id)
    return once.keep(workshop_detail(session, present, row))


@router.post("/{employer_id}/revoke", operation_id="revoke_workshop")
def revoke_workshop(
    employer_id: RowId,
    body: Revoked,
    session: SessionDep,
    caller: Manager,
    today: TodayDep,
    present: PresenterDep,
) -> WorkshopDetail:
    """End its recognition, with the reason."""
    row = _mine(session, caller, employer_id)
    revoke(session, row, body, today=today)
    return workshop_detail(session, present, row)


@router.post("/{employer_id}/rate", operation_id="rate_workshop")
def rate_workshop(
    employer_id: RowId,
    body: Rated,
    session: SessionDep,
    caller: Manager,
    today: TodayDep,
    present: PresenterDep,
) -> WorkshopDetail:
    """Rate it for a year."""
    row = _mine(session, caller, employer_id)
    rate(session, row, body, today=today, account_id=caller.account_id)
    return workshop_detail(session, present, row)


def _mine(session: Session, caller: Caller, employer_id: int) -> Employer:
    row = workshop_or_404(session, employer_id)
    if not caller.governs(row.kept_by):
        raise Problem(403, "kept-elsewhere", "车间由其他地区维护", "请联系登记这个车间的地区办理。")
    return row
