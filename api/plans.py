"""Work plans as they are answered: each labour task in the plan's own words, and where it stands."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlmodel import Session, col, func, select

from api.deps import Caller
from api.presenting import Presenter
from api.schemas.target import PlanPublic, PlanSummary, PlanTaskPublic
from api.standing import task_public
from models.pairing import Pairing
from models.target import Target, WorkPlan


def plan_summaries(session: Session, present: Presenter, rows: Sequence[WorkPlan]) -> list[PlanSummary]:
    """Plans in a list."""
    pairings = {row.id: row for row in session.exec(select(Pairing))}
    counts = {
        plan_id: (tasks, numbered)
        for plan_id, tasks, numbered in session.exec(
            select(
                Target.work_plan_id,
                func.count(func.distinct(col(Target.sentence))),
                func.count(func.distinct(col(Target.sentence))).filter(col(Target.number).is_not(None)),
            ).group_by(col(Target.work_plan_id))
        )
    }
    return [
        _summary(present, row, pairings.get(row.pairing_id), *counts.get(row.identity, (0, 0)))
        for row in rows
    ]


def plan_public(
    session: Session, present: Presenter, caller: Caller, row: WorkPlan, as_of: date
) -> PlanPublic:
    """One plan. Targets that state the same sentence are one task."""
    [summary] = plan_summaries(session, present, [row])
    targets = session.exec(
        select(Target).where(Target.work_plan_id == row.identity).order_by(col(Target.sequence))
    ).all()
    tasks = [
        PlanTaskPublic(
            number=number,
            sentence=sentence,
            targets=[task_public(session, present, caller, target, as_of) for target in same],
        )
        for number, (sentence, same) in enumerate(groupby(targets, key=_sentence), 1)
    ]
    return PlanPublic(**summary.model_dump(), as_of=as_of, items=tasks)


def _sentence(target: Target) -> str:
    return target.sentence


def _summary(
    present: Presenter, row: WorkPlan, pairing: Pairing | None, tasks: int, numbered: int
) -> PlanSummary:
    return PlanSummary(
        id=row.identity,
        version=row.version,
        title=row.title,
        issuer=row.issuer,
        document_number=row.document_number,
        published_on=row.published_on,
        region=present.known_place(row.region),
        partner=present.place(pairing.destination_region) if pairing else None,
        programme=pairing.programme if pairing else None,
        tasks=tasks,
        numbered=numbered,
    )
