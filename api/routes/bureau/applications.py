"""/v1/applications: from the proposal to the first day of work."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.list_tables import APPLICATIONS
from api.paging import Page, PagingDep, page_of
from api.placing import into_pool, out_of_pool, put_forward, start, step
from api.presenting import PresenterDep
from api.rights import Action
from api.routes.bureau.vacancies import vacancy_or_404
from api.routes.bureau.workers import worker_or_404
from api.schemas.base import RowNumber
from api.schemas.placement import (
    ApplicationCreate,
    ApplicationEventPublic,
    ApplicationPublic,
    FromPool,
    Refusal,
    Start,
    Withdrawal,
)
from api.tables import offered_as_table
from api.versions import etag
from ledger.applications import RefusalReason, WrongSide, side_of
from ledger.in_use import in_use
from models.application import OPEN_STATES, Application, ApplicationEvent, ApplicationState

router = bureau_router("/applications", tag="application", responses=PROBLEMS)
Placer = Annotated[Caller, Depends(allowed(Action.PLACE))]
Answerer = Annotated[Caller, Depends(allowed(Action.ANSWER))]


@offered_as_table(router, APPLICATIONS, operation_id="list_applications")
def list_applications(
    session: SessionDep,
    _: Answerer,
    paging: PagingDep,
    present: PresenterDep,
    worker_id: Annotated[RowNumber | None, Query()] = None,
    vacancy_id: Annotated[RowNumber | None, Query()] = None,
    state: Annotated[ApplicationState | None, Query()] = None,
    start_told: Annotated[bool, Query(description="只列本人说已上岗、还没有登记的")] = False,
) -> Page[ApplicationPublic]:
    """Applications of my workers and to my posts, newest first."""
    query = select(Application)
    # Asked for by number it is the person's own file.
    mine = in_use(Application.worker_id) if worker_id is None else Application.worker_id == worker_id
    query = query.where(mine)
    if vacancy_id:
        query = query.where(Application.vacancy_id == vacancy_id)
    if state:
        query = query.where(Application.state == state)
    if start_told:
        query = query.where(
            col(Application.start_told_on).is_not(None), col(Application.state).in_(OPEN_STATES)
        )
    rows, cursor, total = page_of(
        session, query, paging, number=col(Application.id), sorts={"applied_on": col(Application.applied_on)}
    )
    return Page(items=[present.application(row) for row in rows], next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_application")
def create_application(
    body: ApplicationCreate,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> ApplicationPublic:
    """Put a worker forward."""
    worker = worker_or_404(session, body.worker_id)
    vacancy = vacancy_or_404(session, body.vacancy_id)
    row = put_forward(session, worker, vacancy, today=today, account_id=caller.account_id)
    response.headers.update(etag(row))
    return once.keep(present.application(row), worker_id=worker.identity)


@router.get("/{application_id}", operation_id="read_application")
def read_application(
    application_id: RowId, session: SessionDep, _: Answerer, present: PresenterDep, response: Response
) -> ApplicationPublic:
    """One application."""
    row = application_or_404(session, application_id)
    response.headers.update(etag(row))
    return present.application(row)


@router.get("/{application_id}/events", operation_id="list_application_events")
def list_application_events(
    application_id: RowId, session: SessionDep, caller: Answerer, paging: PagingDep
) -> Page[ApplicationEventPublic]:
    """Every step that the application took, the last one first: when, by whom, why."""
    application_or_404(session, application_id)
    query = select(ApplicationEvent).where(ApplicationEvent.application_id == application_id)
    rows, cursor, total = page_of(
        session, query, paging, number=col(ApplicationEvent.id), sorts={"at": col(ApplicationEvent.at)}
    )
    items = [
        ApplicationEventPublic(
            id=row.identity,
            from_state=row.from_state,
            to_state=row.to_state,
            at=row.at,
            account_id=row.account_id,
            mine=row.account_id == caller.account_id,
            reason=RefusalReason.read(row.reason) if row.reason else None,
            side=row.side,
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=cursor, total=total)


@router.post("/{application_id}/shortlist", operation_id="shortlist_application")
def shortlist_application(
    application_id: RowId,
    session: SessionDep,
    caller: Answerer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """The employer looks at this person more closely."""
    row = application_or_404(session, application_id)
    step(session, row, ApplicationState.SHORTLISTED, on=today, account_id=caller.account_id)
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/offer", operation_id="offer_application")
def offer_application(
    application_id: RowId,
    session: SessionDep,
    caller: Answerer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """The employer wants this person."""
    row = application_or_404(session, application_id)
    step(session, row, ApplicationState.OFFERED, on=today, account_id=caller.account_id)
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/accept", operation_id="accept_application")
def accept_application(
    application_id: RowId,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """The person takes the offer."""
    row = application_or_404(session, application_id)
    step(session, row, ApplicationState.ACCEPTED, on=today, account_id=caller.account_id)
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/start", operation_id="start_application")
def start_application(
    application_id: RowId,
    body: Start,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """The person has begun: a seat is taken, a spell opened, the person's other applications become obsolete."""
    row = application_or_404(session, application_id)
    start(session, row, started_on=body.started_on or today, today=today, account_id=caller.account_id)
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/refuse", operation_id="refuse_application")
def refuse_application(
    application_id: RowId,
    body: Refusal,
    session: SessionDep,
    caller: Answerer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """One side says no, and why."""
    row = application_or_404(session, application_id)
    try:
        side = side_of(body.reason, body.side)
    except WrongSide:
        raise invalid("reason", "of_the_other_side", "这个原因不是这一方的，请重新选择") from None
    reason = body.reason.value
    step(
        session,
        row,
        ApplicationState.REFUSED,
        on=today,
        account_id=caller.account_id,
        reason=reason,
        side=side,
    )
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/withdraw", operation_id="withdraw_application")
def withdraw_application(
    application_id: RowId,
    body: Withdrawal,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """The proposal is taken back, and why."""
    row = application_or_404(session, application_id)
    reason = body.reason.value
    step(session, row, ApplicationState.WITHDRAWN, on=today, account_id=caller.account_id, reason=reason)
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/pool", operation_id="pool_application")
def pool_application(
    application_id: RowId,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> ApplicationPublic:
    """Keep a person in mind whose post is filled, closed or not offered any more."""
    row = application_or_404(session, application_id)
    into_pool(session, row, today=today, refresh_days=present.refresh_days, account_id=caller.account_id)
    return once.keep(present.application(row), status=200)


@router.post("/{application_id}/propose", status_code=201, operation_id="propose_from_pool")
def propose_from_pool(
    application_id: RowId,
    body: FromPool,
    session: SessionDep,
    caller: Placer,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
    response: Response,
) -> ApplicationPublic:
    """Put a person from the pool forward for another vacancy: a new application."""
    pooled = application_or_404(session, application_id)
    vacancy = vacancy_or_404(session, body.vacancy_id)
    row = out_of_pool(session, pooled, vacancy, today=today, account_id=caller.account_id)
    response.headers.update(etag(row))
    return once.keep(present.application(row), worker_id=row.worker_id)


def application_or_404(session: Session, application_id: int) -> Application:
    """The application, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Application, application_id)
    if row is None:
        raise not_found("这条推荐")
    return row
