"""What plans count of the ladder: one function a figure, each for regions between two days, both included.

`regions` are codes; what lies below them counts with them. Stocks are as of the last day.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, distinct, false, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from models.employer import Employer, EmployerKind
from models.fair import Fair, FairKind
from models.spell import SpellKind
from models.training import Course, CourseKind, Enrolment
from models.worker import Worker
from models.workshop import WorkshopRecognition
from outcomes.ladder.standing import in_public_posts
from outcomes.ladder.ventures import ventures
from outcomes.ladder.workshops import Headcount, headcounts

WORKSHOPS = frozenset({EmployerKind.WORKSHOP, EmployerKind.COMMUNITY_FACTORY})
"""What is recognised and rated; its spells are of the kinds `WORKSHOP_SPELLS`."""
WORKSHOP_SPELLS = frozenset({SpellKind.WORKSHOP, SpellKind.COMMUNITY_FACTORY})


def fairs(
    session: Session, regions: Collection[str], first: date, last: date, kinds: Collection[FairKind] = ()
) -> Sequence[Fair]:
    """招聘会: those whose day lies between the two and that were not called off; all kinds unless some are named."""
    query = select(Fair).where(
        within(col(Fair.region), regions), col(Fair.held_on).between(first, last), ~col(Fair.called_off)
    )
    if kinds:
        query = query.where(col(Fair.kind).in_(kinds))
    return session.exec(query.order_by(col(Fair.held_on), col(Fair.id))).all()


def trainings(
    session: Session, regions: Collection[str], first: date, last: date, kinds: Collection[CourseKind] = ()
) -> list[tuple[Course, int]]:
    """培训人次: courses begun between the two days, with how many people of the regions take part in each."""
    query = (
        select(Course, func.count())
        .join(Enrolment, col(Enrolment.course_id) == col(Course.id))
        .join(Worker, col(Worker.id) == col(Enrolment.worker_id))
        .where(
            col(Course.started_on).between(first, last),
            within(col(Worker.region), regions),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
        .group_by(col(Course.id))
        .order_by(col(Course.started_on), col(Course.id))
    )
    if kinds:
        query = query.where(col(Course.kind).in_(kinds))
    return [(course, times) for course, times in session.exec(query)]


def workshop_headcount(session: Session, regions: Collection[str], first: date, last: date) -> Headcount:
    """帮扶车间、社区工厂在岗人数 on the last day: all, and 脱贫劳动力 among them. `first` is not asked: it is a stock."""
    del first
    numbers: Any = session.scalars(
        columns(col(Employer.id)).where(
            within(col(Employer.region), regions), col(Employer.kind).in_(WORKSHOPS)
        )
    ).all()
    found = headcounts(session, numbers, last).values()
    return Headcount(sum(each.workers for each in found), sum(each.relieved for each in found))


def workshops_recognised(session: Session, regions: Collection[str], first: date, last: date) -> int:
    """认定有效的车间、工厂数 on the last day."""
    del first
    return _number(
        session,
        columns(func.count(distinct(col(Employer.id))))
        .join(WorkshopRecognition, col(WorkshopRecognition.employer_id) == col(Employer.id))
        .where(
            within(col(Employer.region), regions),
            col(WorkshopRecognition.recognised_on) <= last,
            or_(col(WorkshopRecognition.revoked_on).is_(None), col(WorkshopRecognition.revoked_on) > last),
        ),
    )


def in_public_post(session: Session, regions: Collection[str], first: date, last: date) -> int:
    """公益性岗位在岗人数 on the last day."""
    del first
    return len({each.worker_id for region in regions for each in in_public_posts(session, region, last)})


def returned_entrepreneurs(session: Session, regions: Collection[str], first: date, last: date) -> int:
    """返乡创业人数: at it on the last day and begun between the two."""
    return len(
        {
            each.worker_id
            for region in regions
            for each in ventures(session, region, last)
            if each.returned and each.started_on >= first
        }
    )


def within(column: Any, regions: Collection[str]) -> ColumnElement[bool]:
    """Whether a code lies in one of the regions; in none of none."""
    return or_(false(), *(column.startswith(region, autoescape=True) for region in regions))


def _number(session: Session, query: Any) -> int:
    return session.connection().scalar(query) or 0
