"""/v1/targets: what the plans ask for, and how far it is."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from sqlmodel import Session, col, select

from api.behind import spells_behind
from api.counting import forecast_public, persons_behind, target_public
from api.deps import Caller, ReachedDep, RowId, SessionDep, allowed
from api.errors import PROBLEMS, not_found
from api.laying import bureau_router
from api.paging import Page, PagingDep, after_cursor, cursor_of, page_of
from api.planning import change_target, require_own
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import RegionCode
from api.schemas.planning import TargetUpdate
from api.schemas.target import ProgressPublic, TargetPerson, TargetPersonPublic, TargetPublic, ThingPublic
from api.standing import counted_public, things_public, typed_public
from api.versions import IfMatchDep, etag, hold
from models.spell import EvidenceGrade
from models.target import Target
from outcomes.outlook import outlook
from outcomes.progress import progress

router = bureau_router("/targets", tag="target", responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]


@router.get("", operation_id="list_targets")
def list_targets(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[TargetPublic]:
    """The tasks of the work plans."""
    rows, cursor, total = page_of(
        session, select(Target), paging, number=col(Target.id), sorts={}, default="id"
    )
    return Page(items=[target_public(session, row, present) for row in rows], next_cursor=cursor, total=total)


@router.get("/{target_id}", operation_id="read_target")
def read_target(
    target_id: RowId, session: SessionDep, _: Reader, present: PresenterDep, response: Response
) -> TargetPublic:
    """One task."""
    row = target_or_404(session, target_id)
    response.headers.update(etag(row))
    return target_public(session, row, present)


@router.patch("/{target_id}", operation_id="update_target")
def update_target(
    target_id: RowId,
    body: TargetUpdate,
    session: SessionDep,
    caller: Annotated[Caller, Depends(allowed(Action.MANAGE_TARGETS))],
    version: IfMatchDep,
    present: PresenterDep,
    response: Response,
) -> TargetPublic:
    """Change a task (JSON merge patch); what it was stays in the record of changes, frozen reports stay as they are."""
    row = target_or_404(session, target_id)
    require_own(caller, row)
    hold(session, row, version)
    change_target(session, row, body)
    session.refresh(row)
    response.headers.update(etag(row))
    return target_public(session, row, present)


@router.get("/{target_id}/progress", operation_id="read_target_progress")
def read_target_progress(
    target_id: RowId,
    request: Request,
    session: SessionDep,
    caller: Reader,
    as_of: ReachedDep,
    present: PresenterDep,
) -> ProgressPublic:
    """How far it is as of a date, over the people whom the caller may see."""
    target = target_or_404(session, target_id)
    found = progress(session, target, as_of)
    covered = caller.governs(target.region)
    # Of people whom the caller doesn't see nothing is foretold.
    told = outlook(session, target, found, as_of) if covered or found.started else None
    persons = str(request.app.url_path_for("list_target_persons", target_id=target_id))
    return ProgressPublic(
        target=target_public(session, target, present),
        as_of=as_of,
        done=found.done,
        typed=typed_public(session, present, target, as_of),
        started=found.started,
        stable=found.stable,
        verified={grade.value: count for grade, count in found.verified.items()},
        rule=counted_public(found),
        forecast=forecast_public(told.done) if told else None,
        forecast_stable=forecast_public(told.stable) if told else None,
        waiting=len(told.waiting) if told else None,
        latest_start=found.latest_start,
        reference_start=found.reference_start,
        without_place=found.without_place,
        covered=covered,
        links={
            "started": f"{persons}?as_of={as_of}",
            "stable": f"{persons}?as_of={as_of}&stable=true",
            "verified": f"{persons}?as_of={as_of}&verified=true",
            "unproven": f"{persons}?as_of={as_of}&unproven=true",
            "waiting": f"{persons}?as_of={as_of}&waiting=true",
            "things": f"{persons.removesuffix('persons')}things?as_of={as_of}",
            "parts": f"{persons.removesuffix('persons')}parts?as_of={as_of}",
        },
    )


@router.get("/{target_id}/persons", operation_id="list_target_persons", name="list_target_persons")
def list_target_persons(
    target_id: RowId,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.READ_LEDGER))],
    as_of: ReachedDep,
    present: PresenterDep,
    stable: bool = False,
    verified: bool = False,
    unproven: Annotated[bool, Query(description="只列已稳定、佐证还没有盖住整段的人")] = False,
    waiting: Annotated[
        bool, Query(description="只列正在岗、坚持到期就能算上的人，最值得打电话的在前")
    ] = False,
    grade: Annotated[EvidenceGrade | None, Query(description="只列这一佐证等级的人")] = None,
    region: Annotated[RegionCode | None, Query(description="只列户籍在这一地区的人")] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[TargetPerson]:
    """The people behind a number, by their own numbers."""
    after = after_cursor(cursor)
    target = target_or_404(session, target_id)
    found = progress(session, target, as_of)
    told = outlook(session, target, found, as_of) if waiting else None
    page = persons_behind(
        session,
        found,
        present,
        stable=stable,
        verified=verified,
        unproven=unproven,
        grade=grade,
        waiting=(told.waiting if told else ()) if waiting else None,
        within=region or "",
        after=after,
        limit=limit,
    )
    if page.next_cursor is not None:
        page.next_cursor = cursor_of(int(page.next_cursor))
    return page


@router.get("/{target_id}/persons/{worker_id}", operation_id="read_target_person")
def read_target_person(
    target_id: RowId,
    worker_id: RowId,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.READ_LEDGER))],
    as_of: ReachedDep,
    present: PresenterDep,
) -> TargetPersonPublic:
    """One person behind a number: the spells that were counted, and what proves them."""
    found = progress(session, target_or_404(session, target_id), as_of)
    counted = tuple(person for person in found.persons if person.worker_id == worker_id)
    shown = persons_behind(session, replace(found, persons=counted), present).items
    if not shown:
        raise not_found("这名计入的人")
    spells = spells_behind(session, present, counted)
    return TargetPersonPublic(
        **shown[0].model_dump(), spells=[spells[number] for number in counted[0].spells]
    )


@router.get("/{target_id}/things", operation_id="list_target_things")
def list_target_things(
    target_id: RowId, session: SessionDep, _: Reader, as_of: ReachedDep, present: PresenterDep
) -> Page[ThingPublic]:
    """What is behind a number that counts no people: factories, courses with how many took part."""
    found = progress(session, target_or_404(session, target_id), as_of)
    return Page(items=things_public(present, found.things), next_cursor=None, total=len(found.things))


def target_or_404(session: Session, target_id: int) -> Target:
    """The task.

    Raises
    ------
    Problem
        404 when there is none.
    """
    row = session.get(Target, target_id)
    if row is None:
        raise not_found("这项任务")
    return row
