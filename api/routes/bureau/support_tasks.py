"""/v1/support-tasks: difficulties that calls found, and what was done about them."""

from typing import Annotated

from fastapi import Depends, Query, Response
from sqlmodel import Session, col, select

from api.care_shown import tasks_public
from api.caring import finish
from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RegionCode
from api.schemas.care import SupportDone, SupportTaskPublic
from api.versions import IfMatchDep, etag, hold
from ledger.in_use import in_use
from models.care import SupportState, SupportTask
from models.worker import Worker

router = bureau_router("/support-tasks", tag="follow-up", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Helper = Annotated[Caller, Depends(allowed(Action.FOLLOW_UP))]


@router.get("", operation_id="list_support_tasks")
def list_support_tasks(
    session: SessionDep,
    _: Reader,
    paging: PagingDep,
    today: TodayDep,
    present: PresenterDep,
    state: Annotated[SupportState | None, Query()] = None,
    region: Annotated[RegionCode | None, Query(description="任何一级，默认为我的全部地区")] = None,
    late: Annotated[bool, Query(description="只列过了日期还没办结的")] = False,
) -> Page[SupportTaskPublic]:
    """The difficulties of my people, those first that are due first."""
    query = select(SupportTask).where(in_use(SupportTask.worker_id))
    if state is not None:
        query = query.where(SupportTask.state == state)
    if late:
        query = query.where(SupportTask.state == SupportState.OPEN, SupportTask.due_on < today)
    if region is not None:
        mine = select(Worker.id).where(col(Worker.region).startswith(region, autoescape=True))
        query = query.where(col(SupportTask.worker_id).in_(mine))
    rows, cursor, total = page_of(
        session,
        query,
        paging,
        number=col(SupportTask.id),
        sorts={"due_on": col(SupportTask.due_on)},
        default="due_on",
    )
    return Page(items=tasks_public(session, present, rows, today), next_cursor=cursor, total=total)


@router.get("/{task_id}", operation_id="read_support_task")
def read_support_task(
    task_id: RowId, session: SessionDep, _: Reader, today: TodayDep, present: PresenterDep, response: Response
) -> SupportTaskPublic:
    """One difficulty."""
    row = _or_404(session, task_id)
    response.headers.update(etag(row))
    return tasks_public(session, present, [row], today)[0]


@router.post("/{task_id}/done", operation_id="finish_support_task")
def finish_support_task(
    task_id: RowId,
    body: SupportDone,
    session: SessionDep,
    caller: Helper,
    version: IfMatchDep,
    today: TodayDep,
    present: PresenterDep,
    response: Response,
) -> SupportTaskPublic:
    """It was seen to: what was done."""
    row = _or_404(session, task_id)
    hold(session, row, version)
    finish(session, row, body.outcome, today=today, account_id=caller.account_id)
    response.headers.update(etag(row))
    return tasks_public(session, present, [row], today)[0]


def _or_404(session: Session, task_id: int) -> SupportTask:
    row = session.get(SupportTask, task_id)
    if row is None:
        raise not_found("这件帮扶事项")
    return row
