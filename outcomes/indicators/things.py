"""What is counted that is no person: factories by their day and their keeper, people in courses."""

from datetime import date

from sqlalchemy import Date, cast, func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.employer import Employer, EmployerKind
from models.target import Measure, Target
from models.training import Course, Enrolment
from models.worker import Worker
from outcomes.indicators.indicator import Opens, Thing


def community_factories(session: Session, target: Target, as_of: date) -> list[Thing]:
    """Distinct 新社区工厂 of the region, kept by its own bureaus, opened by the date and, of a flow, since its first."""
    entered = cast(func.timezone("Asia/Shanghai", col(Employer.created_at)), Date)
    opened = func.coalesce(col(Employer.opened_on), entered)
    query = (
        columns(
            col(Employer.id), col(Employer.name), col(Employer.uscc), col(Employer.region), opened.label("on")
        )
        .where(
            col(Employer.kind) == EmployerKind.COMMUNITY_FACTORY,
            col(Employer.region).startswith(target.region),
            col(Employer.kept_by).startswith(target.region),
            opened <= min(as_of, target.to_on),
        )
        .order_by(opened, col(Employer.id))
    )
    if target.measure is Measure.FLOW:
        query = query.where(opened >= target.from_on)
    # One that is registered twice is one.
    first = {row.uscc or row.name: row for row in reversed(session.execute(query).all())}
    return [
        Thing(row.name, row.on, row.region, Opens.EMPLOYER, row.id)
        for row in sorted(first.values(), key=lambda row: (row.on, row.id))
    ]


def trained(session: Session, target: Target, as_of: date) -> list[Thing]:
    """Courses begun within the target's dates, with how many of the region's people took part in each."""
    query = (
        columns(
            col(Course.id),
            col(Course.name),
            col(Course.started_on),
            col(Course.region),
            func.count().label("times"),
        )
        .join(Enrolment, col(Enrolment.course_id) == col(Course.id))
        .join(Worker, col(Worker.id) == col(Enrolment.worker_id))
        .where(
            col(Course.started_on).between(target.from_on, min(as_of, target.to_on)),
            col(Worker.region).startswith(target.region),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
        .group_by(col(Course.id))
        .order_by(col(Course.started_on), col(Course.id))
    )
    return [
        Thing(row.name, row.started_on, row.region, Opens.COURSE, row.id, row.times)
        for row in session.execute(query)
    ]
