"""/v1/dispatches: groups sent together, and who is on their lists."""

from typing import Annotated

from fastapi import Depends, Response
from sqlmodel import Session, col, select

from api.deps import Caller, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, invalid, not_found
from api.gathering import batches_public, gathered, members_public
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.requirements import require_scope
from api.rights import Action
from api.schemas.dispatch import (
    ChangedPublic,
    Departure,
    DispatchCreate,
    DispatchPublic,
    DispatchUpdate,
    GatheredPublic,
    MemberPublic,
    MembersTold,
    PeopleTold,
)
from api.versions import IfMatchDep, etag, hold
from ledger.gathering import add_to_batch, listed_for_nothing, members_of, take_off
from ledger.in_use import in_use
from models.dispatch import Dispatch, DispatchMember
from models.region import Region

router = bureau_router("/dispatches", tag="dispatch", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_LEDGER))]
Sender = Annotated[Caller, Depends(allowed(Action.PLACE))]


@router.get("", operation_id="list_dispatches")
def list_dispatches(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[DispatchPublic]:
    """The batches of my regions."""
    rows, cursor, total = page_of(
        session,
        select(Dispatch),
        paging,
        number=col(Dispatch.id),
        sorts={"departs_on": col(Dispatch.departs_on)},
        default="-departs_on",
    )
    return Page(items=batches_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("", status_code=201, operation_id="create_dispatch")
def create_dispatch(
    body: DispatchCreate, session: SessionDep, caller: Sender, once: OnceDep, present: PresenterDep
) -> DispatchPublic:
    """Plan a batch; its list is filled afterwards."""
    require_scope(session, caller, body.region)
    _require_destination(session, body.destination)
    row = Dispatch(**body.model_dump())
    session.add(row)
    session.flush()
    session.refresh(row)
    return once.keep(batches_public(session, present, [row])[0])


@router.get("/{dispatch_id}", operation_id="read_dispatch")
def read_dispatch(
    dispatch_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> DispatchPublic:
    """One batch."""
    row = dispatch_or_404(session, dispatch_id)
    response.headers.update(etag(row))
    return batches_public(session, present, [row])[0]


@router.patch("/{dispatch_id}", operation_id="update_dispatch")
def update_dispatch(
    dispatch_id: RowId,
    body: DispatchUpdate,
    session: SessionDep,
    _: Sender,
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> DispatchPublic:
    """Change what is told of a batch (JSON merge patch)."""
    row = dispatch_or_404(session, dispatch_id)
    hold(session, row, version)
    _require_destination(session, body.destination)
    for field, value in body.model_dump(exclude_unset=True).items():
        if value is None and field != "destination":
            raise invalid(field, "missing", "不能为空")
        setattr(row, field, value)
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return batches_public(session, present, [row])[0]


@router.get("/{dispatch_id}/members", operation_id="list_dispatch_members")
def list_dispatch_members(
    dispatch_id: RowId, session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[MemberPublic]:
    """The people of a batch. The list for its leader is the register `batch`."""
    batch = dispatch_or_404(session, dispatch_id)
    rows, cursor, total = page_of(
        session,
        select(DispatchMember).where(
            DispatchMember.dispatch_id == batch.identity, in_use(DispatchMember.worker_id)
        ),
        paging,
        number=col(DispatchMember.worker_id),
        sorts={},
        default="id",
    )
    return Page(items=members_public(session, present, rows), next_cursor=cursor, total=total)


@router.post("/{dispatch_id}/members", operation_id="add_dispatch_members")
def add_dispatch_members(
    dispatch_id: RowId, body: MembersTold, session: SessionDep, _: Sender, today: TodayDep
) -> GatheredPublic:
    """Put people on the list, all or none; who is on it already stays. Who is still on another list that has not left, for a
    post that came to nothing, is taken off that one."""
    batch = dispatch_or_404(session, dispatch_id)
    return gathered(
        lambda: add_to_batch(
            session, batch, today=today, worker_ids=body.worker_ids, application_ids=body.application_ids
        )
    )


@router.post("/{dispatch_id}/remove", operation_id="remove_dispatch_members")
def remove_dispatch_members(
    dispatch_id: RowId, body: PeopleTold, session: SessionDep, _: Sender
) -> ChangedPublic:
    """Take people off the list."""
    batch = dispatch_or_404(session, dispatch_id)
    return ChangedPublic(changed=take_off(session, members_of(session, batch, body.worker_ids)))


@router.post("/{dispatch_id}/depart", operation_id="depart_dispatch")
def depart_dispatch(dispatch_id: RowId, body: Departure, session: SessionDep, _: Sender) -> ChangedPublic:
    """Note who really left, or did not. Where nobody is named, that is everybody whose post has not come to nothing."""
    batch = dispatch_or_404(session, dispatch_id)
    rows = members_of(session, batch, body.worker_ids)
    if body.worker_ids is None:
        nothing = listed_for_nothing(session, batch)
        rows = [row for row in rows if row.worker_id not in nothing]
    for row in rows:
        row.departed = body.departed
        session.add(row)
    session.flush()
    return ChangedPublic(changed=len(rows))


def dispatch_or_404(session: Session, dispatch_id: int) -> Dispatch:
    """The batch, if the session may see it.

    Raises
    ------
    Problem
        404 otherwise.
    """
    row = session.get(Dispatch, dispatch_id)
    if row is None:
        raise not_found("这个输送批次")
    return row


def _require_destination(session: Session, region: str | None) -> None:
    if region is not None and session.get(Region, region) is None:
        raise invalid("destination", "region-unknown", "没有这个行政区划代码，请从区划表中选择")
