"""The people behind the number of a task, as they are answered."""

from bisect import bisect_right
from collections.abc import Sequence

from sqlmodel import Session, col, select

from api.paging import Page
from api.presenting import Presenter
from api.schemas.target import ForecastPublic, ForecastStepPublic, TargetPerson, TargetPublic
from models.spell import EvidenceGrade
from models.target import Target, WorkPlan
from models.worker import Worker
from outcomes.days import day_of
from outcomes.forecast import Forecast
from outcomes.outlook import Waiting
from outcomes.progress import Progress


def target_public(session: Session, row: Target, present: Presenter) -> TargetPublic:
    """The answer for one task."""
    plan = session.get(WorkPlan, row.work_plan_id) if row.work_plan_id else None
    told = row.model_dump(exclude={"region", "created_at", "work_plan_id", "sequence", "rule_id"})
    place = present.known_place(row.region)
    return TargetPublic(**told, plan=plan.title if plan else None, region=place)


def forecast_public(told: Forecast | None) -> ForecastPublic | None:
    """The answer for a forecast."""
    if told is None:
        return None
    path = [
        ForecastStepPublic(on=day_of(step.day), low=step.low, mid=step.mid, high=step.high)
        for step in told.path
    ]
    return ForecastPublic(low=told.low, mid=told.mid, high=told.high, level=told.level, path=path)


def persons_behind(
    session: Session,
    found: Progress,
    present: Presenter,
    *,
    stable: bool = False,
    verified: bool = False,
    unproven: bool = False,
    grade: EvidenceGrade | None = None,
    waiting: Sequence[Waiting] | None = None,
    within: str = "",
    after: int = 0,
    limit: int = 50,
) -> Page[TargetPerson]:
    """One page of the people who started; only the stable, the verified, the stable without proof of the whole, or those
    proven at `grade`, where that is asked; or those of `waiting`, in its order. `within` is the region where they live;
    `after` is whom the page before ended with."""
    wanted = (
        [each.person for each in waiting if each.person.home.startswith(within)]
        if waiting is not None
        else sorted(
            (
                person
                for person in found.persons
                if person.home.startswith(within)
                and (not stable or person.stable_on is not None)
                and (not verified or person.grade is not None)
                and (not unproven or (person.stable_on is not None and person.grade is None))
                and (grade is None or person.grade is grade)
            ),
            key=lambda person: person.worker_id,
        )
    )
    chances = {each.person.worker_id: each.chance for each in waiting or ()}
    numbers = [person.worker_id for person in wanted]
    begin = numbers.index(after) + 1 if after in numbers else bisect_right(numbers, after) if after else 0
    shown = wanted[begin : begin + limit + 1]
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
            chance=chances.get(person.worker_id),
        )
        for person in shown[:limit]
    ]
    cursor = str(shown[limit - 1].worker_id) if len(shown) > limit else None
    return Page(items=items, next_cursor=cursor, total=len(wanted))
