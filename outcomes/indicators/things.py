"""What is counted that is no person: factories by their day and their keeper, fairs, people in courses."""

from datetime import date

from sqlalchemy import Date, cast, func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.employer import Employer, EmployerKind
from models.fair import FairKind
from models.target import Measure, Target
from models.training import CourseKind
from outcomes.indicators.indicator import Opens, Thing, Things
from outcomes.ladder.counts import fairs, trainings


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


def trained(*kinds: CourseKind) -> Things:
    """Courses begun within the target's dates, with how many of the region's people take part in each."""

    def courses(session: Session, target: Target, as_of: date) -> list[Thing]:
        found = trainings(session, [target.region], target.from_on, min(as_of, target.to_on), kinds)
        return [
            Thing(row.name, row.started_on, row.region, Opens.COURSE, row.identity, times)
            for row, times in found
        ]

    return courses


def held(*kinds: FairKind) -> Things:
    """Fairs held within the target's dates, of these kinds or of all."""

    def all_held(session: Session, target: Target, as_of: date) -> list[Thing]:
        found = fairs(session, [target.region], target.from_on, min(as_of, target.to_on), kinds)
        return [
            Thing(f"{row.name}（{row.kind.label}）", row.held_on, row.region, Opens.FAIR, row.identity)
            for row in found
        ]

    return all_held
