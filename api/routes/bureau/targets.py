"""/v1/targets: what the plans ask for, and how far it is."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from sqlmodel import Session, col, select

from api.deps import AsOfDep, Caller, RowId, SessionDep, allowed
from api.errors import PROBLEMS, not_found
from api.paging import Page, PagingDep, page_of
from api.presenting import PresenterDep
from api.rights import Action
from api.schemas.base import Place
from api.schemas.worker import WorkerSummary
from models.spell import EvidenceGrade
from models.target import Indicator, Measure, Population, Target, WorkPlan
from models.worker import Worker
from outcomes.progress import progress

router = APIRouter(prefix="/targets", tags=["target"], responses=PROBLEMS)
Reader = Annotated[Caller, Depends(allowed(Action.READ_TARGETS))]


class TargetPublic(BaseModel):
    """One task of a plan, with the plan's own sentence. `number` is null where the plan states none."""

    id: int
    plan: str | None
    region: Place
    parent_id: int | None
    label: str
    sentence: str
    indicator: Indicator
    population: Population
    kinds: list[str]
    number: int | None
    at_least: bool
    unit: str
    measure: Measure
    from_on: date
    to_on: date


class Counted(BaseModel):
    """The rule that `stable` was counted by; `is_reference` where the plan names none and the bureau's own is shown."""

    code: str
    name: str
    is_reference: bool


class ProgressPublic(BaseModel):
    """How far a target is. `covered` is false where part of its region lies outside the caller's."""

    target: TargetPublic
    as_of: date
    started: int | None
    stable: int | None
    verified: dict[str, int]
    rule: Counted | None
    forecast: None = None
    latest_start: date
    covered: bool
    links: dict[str, str]


class TargetPerson(BaseModel):
    """One person behind a number."""

    worker: WorkerSummary
    started_on: date
    stable_on: date | None
    possible_on: date | None
    grade: EvidenceGrade | None
    reason: str


@router.get("", operation_id="list_targets")
def list_targets(
    session: SessionDep, _: Reader, paging: PagingDep, present: PresenterDep
) -> Page[TargetPublic]:
    """The tasks of the work plans."""
    rows, cursor, total = page_of(
        session, select(Target), paging, number=col(Target.id), sorts={}, default="id"
    )
    return Page(items=[_public(session, row, present) for row in rows], next_cursor=cursor, total=total)


@router.get("/{target_id}", operation_id="read_target")
def read_target(target_id: RowId, session: SessionDep, _: Reader, present: PresenterDep) -> TargetPublic:
    """One task."""
    return _public(session, target_or_404(session, target_id), present)


@router.get("/{target_id}/progress", operation_id="read_target_progress")
def read_target_progress(
    target_id: RowId,
    request: Request,
    session: SessionDep,
    caller: Reader,
    as_of: AsOfDep,
    present: PresenterDep,
) -> ProgressPublic:
    """How far it is as of a date, over the people whom the caller may see."""
    target = target_or_404(session, target_id)
    found = progress(session, target, as_of)
    persons = str(request.app.url_path_for("list_target_persons", target_id=target_id))
    return ProgressPublic(
        target=_public(session, target, present),
        as_of=as_of,
        started=found.started,
        stable=found.stable,
        verified={grade.value: count for grade, count in found.verified.items()},
        rule=Counted(code=found.rule.code, name=found.rule.name, is_reference=found.rule_is_reference)
        if found.rule
        else None,
        latest_start=found.latest_start,
        covered=caller.governs(target.region),
        links={
            "started": f"{persons}?as_of={as_of}",
            "stable": f"{persons}?as_of={as_of}&stable=true",
            "verified": f"{persons}?as_of={as_of}&verified=true",
        },
    )


@router.get("/{target_id}/persons", operation_id="list_target_persons", name="list_target_persons")
def list_target_persons(
    target_id: RowId,
    session: SessionDep,
    _: Annotated[Caller, Depends(allowed(Action.READ_LEDGER))],
    as_of: AsOfDep,
    present: PresenterDep,
    stable: bool = False,
    verified: bool = False,
    after: Annotated[int, Query(ge=0, description="上一页最后一人的编号")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[TargetPerson]:
    """The people behind a number."""
    found = progress(session, target_or_404(session, target_id), as_of).persons
    wanted = sorted(
        (
            person
            for person in found
            if (not stable or person.stable_on is not None) and (not verified or person.grade is not None)
        ),
        key=lambda person: person.worker_id,
    )
    shown = [person for person in wanted if person.worker_id > after][: limit + 1]
    rows = session.exec(
        select(Worker).where(col(Worker.id).in_([person.worker_id for person in shown[:limit]]))
    ).all()
    of_id = {summary.id: summary for summary in present.workers(list(rows))}
    items = [
        TargetPerson(
            worker=of_id[person.worker_id],
            started_on=person.started_on,
            stable_on=person.stable_on,
            possible_on=person.possible_on,
            grade=person.grade,
            reason=person.reason,
        )
        for person in shown[:limit]
    ]
    cursor = str(shown[limit - 1].worker_id) if len(shown) > limit else None
    return Page(items=items, next_cursor=cursor, total=len(wanted))


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


def _public(session: Session, row: Target, present: PresenterDep) -> TargetPublic:
    plan = session.get(WorkPlan, row.work_plan_id) if row.work_plan_id else None
    told = row.model_dump(exclude={"region", "created_at", "version", "work_plan_id", "sequence", "rule_id"})
    place = present.known_place(row.region)
    return TargetPublic(**told, plan=plan.title if plan else None, region=place)
