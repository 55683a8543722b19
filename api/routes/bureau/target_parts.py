"""/v1/targets/{id}/parts: a target divided among the regions within its own."""

from typing import Annotated

from fastapi import Depends, Response
from sqlmodel import Session

from api.deps import Caller, ReachedDep, RowId, SessionDep, TodayDep, allowed
from api.errors import PROBLEMS, not_found
from api.idempotency import OnceDep
from api.laying import bureau_router
from api.presenting import Presenter, PresenterDep
from api.rights import Action
from api.routes.bureau.targets import Reader, target_or_404
from api.schemas.decomposition import PartCreate, PartPublic, PartsPublic, PartUpdate
from api.standing import parts_public
from api.versions import IfMatchDep, etag, hold
from models.base import now
from models.target import Target, TargetPart
from outcomes.progress import progress

router = bureau_router("/targets", tag="target", responses=PROBLEMS)
Divider = Annotated[Caller, Depends(allowed(Action.MANAGE_TARGETS))]


@router.get("/{target_id}/parts", operation_id="list_target_parts")
def list_target_parts(
    target_id: RowId, session: SessionDep, caller: Reader, as_of: ReachedDep, present: PresenterDep
) -> PartsPublic:
    """The parts of a target, where each stands, and what they leave of the whole."""
    target = target_or_404(session, target_id)
    return parts_public(session, present, caller, target, progress(session, target, as_of), as_of)


@router.post("/{target_id}/parts", status_code=201, operation_id="create_target_part")
def create_target_part(
    target_id: RowId,
    body: PartCreate,
    session: SessionDep,
    caller: Divider,
    today: TodayDep,
    once: OnceDep,
    present: PresenterDep,
) -> PartPublic:
    """Give a region its part: of the task, or of the part of the region around it. None is larger than its whole."""
    target = target_or_404(session, target_id)
    row = TargetPart(target_id=target.identity, region=body.region, number=body.figure)
    session.add(row)
    session.flush()
    return once.keep(_public(session, present, caller, target, row, today))


@router.get("/{target_id}/parts/{part_id}", operation_id="read_target_part")
def read_target_part(
    target_id: RowId,
    part_id: RowId,
    session: SessionDep,
    caller: Reader,
    as_of: ReachedDep,
    present: PresenterDep,
    response: Response,
) -> PartPublic:
    """One part."""
    target = target_or_404(session, target_id)
    row = part_or_404(session, target, part_id)
    response.headers.update(etag(row))
    return _public(session, present, caller, target, row, as_of)


@router.patch("/{target_id}/parts/{part_id}", operation_id="update_target_part")
def update_target_part(
    target_id: RowId,
    part_id: RowId,
    body: PartUpdate,
    session: SessionDep,
    caller: Divider,
    version: IfMatchDep,
    today: TodayDep,
    present: PresenterDep,
    response: Response,
) -> PartPublic:
    """Change the number of a part; what it was stays in the record of changes."""
    target = target_or_404(session, target_id)
    row = part_or_404(session, target, part_id)
    hold(session, row, version)
    row.number = body.figure
    session.add(row)
    session.flush()
    session.refresh(row)
    response.headers.update(etag(row))
    return _public(session, present, caller, target, row, today)


@router.delete("/{target_id}/parts/{part_id}", status_code=204, operation_id="withdraw_target_part")
def withdraw_target_part(
    target_id: RowId, part_id: RowId, session: SessionDep, _: Divider, version: IfMatchDep
) -> Response:
    """Take a part back. The row stays, out of force; its own parts hang on what is above it."""
    row = part_or_404(session, target_or_404(session, target_id), part_id)
    hold(session, row, version)
    row.withdrawn_at = now()
    session.add(row)
    session.flush()
    return Response(status_code=204)


def part_or_404(session: Session, target: Target, part_id: int) -> TargetPart:
    """The part of this target, in force.

    Raises
    ------
    Problem
        404 when there is none.
    """
    row = session.get(TargetPart, part_id)
    if row is None or row.target_id != target.id or row.withdrawn_at is not None:
        raise not_found("这个分解数")
    return row


def _public(
    session: Session, present: Presenter, caller: Caller, target: Target, row: TargetPart, as_of: TodayDep
) -> PartPublic:
    told = parts_public(session, present, caller, target, progress(session, target, as_of), as_of)
    return next(each for each in told.items if each.id == row.id)
