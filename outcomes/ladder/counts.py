"""What plans count of the ladder: one function a figure, each for regions between two days, both included.

`regions` are codes; what lies below them counts with them. Stocks are as of the last day.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, distinct, false, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.employer import Employer, EmployerKind
from models.fair import Fair, FairKind
from models.spell import SpellKind
from models.training import TO_ORDER, Course, CourseKind, Enrolment
from models.worker import Worker
from models.workshop import WorkshopRecognition
from outcomes.ladder.standing import in_public_posts
from outcomes.ladder.ventures import ventures
from outcomes.ladder.workshops import Headcount, headcounts

WORKSHOPS = frozenset({EmployerKind.WORKSHOP, EmployerKind.COMMUNITY_FACTORY})
"""What is recognised and rated; its spells are of the kinds `WORKSHOP_SPELLS`."""
WORKSHOP_SPELLS = frozenset({SpellKind.WORKSHOP, SpellKind.COMMUNITY_FACTORY})


def fairs_held(
    session: Session, regions: Collection[str], first: date, last: date, kinds: Collection[FairKind] = ()
) -> int:
    """招聘会场次: whose day lies between the two and that was not called off; all kinds unless some are named."""
    query = columns(func.count()).where(
        within(col(Fair.region), regions), col(Fair.held_on).between(first, last), ~col(Fair.called_off)
    )
    return _number(session, query.where(col(Fair.kind).in_(kinds)) if kinds else query)


def training_person_times(session: Session, regions: Collection[str], first: date, last: date) -> int:
    """培训人次: enrolments of courses that began between the two days."""
    return _number(session, _enrolments(regions, first, last, frozenset(CourseKind)))


def students_to_order(session: Session, regions: Collection[str], first: date, last: date) -> int:
    """委培、订单、“1+2”学生人次: enrolments of classes to order that began between the two days."""
    return _number(session, _enrolments(regions, first, last, TO_ORDER))


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


def _enrolments(regions: Collection[str], first: date, last: date, kinds: frozenset[CourseKind]) -> Any:
    return (
        columns(func.count(distinct(col(Enrolment.id))))
        .join(Course, col(Course.id) == col(Enrolment.course_id))
        .join(Worker, col(Worker.id) == col(Enrolment.worker_id))
        .where(
            within(col(Course.region), regions),
            col(Course.started_on).between(first, last),
            col(Course.kind).in_(kinds),
            ~col(Worker.restricted),
        )
    )


def within(column: Any, regions: Collection[str]) -> ColumnElement[bool]:
    """Whether a code lies in one of the regions; in none of none."""
    return or_(false(), *(column.startswith(region, autoescape=True) for region in regions))


def _number(session: Session, query: Any) -> int:
    return session.connection().scalar(query) or 0
