"""驻站人员要走访谁: the employers that a station is to look at, and why. Computed, so that no list can go stale."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, or_, select

from models.coded import Coded
from models.spell import EmploymentSpell
from models.station import ServiceStation, StationStaff, StationVisit, VisitFound

_COUNTY = 6


class VisitWhy(Coded):
    """Why an employer is to be visited."""

    PROBLEM = "problem", "上次走访有问题"
    DUE = "due", "该走访了"


@dataclass(frozen=True, slots=True)
class ToVisit:
    """An employer that a station is to visit: how many of the county's people are at work there, and the last visit."""

    station_id: int
    employer_id: int
    why: VisitWhy
    people: int
    visited_on: date | None
    found: VisitFound | None


def stations_of(session: Session, account_id: int) -> list[ServiceStation]:
    """The open stations at which an account works now."""
    return list(
        session.exec(
            select(ServiceStation)
            .join(StationStaff, col(StationStaff.station_id) == col(ServiceStation.id))
            .where(
                StationStaff.account_id == account_id,
                col(StationStaff.until).is_(None),
                col(ServiceStation.closed_on).is_(None),
            )
            .order_by(col(ServiceStation.id))
        ).all()
    )


def to_visit(session: Session, stations: Sequence[ServiceStation], as_of: date, every: int) -> list[ToVisit]:
    """Where the last visit found a problem; and where people of the station's county are at work and nobody of the
    station came within `every` days. Problems first, then the longest without a visit, then the most people."""
    visits = _last_visits(session, [station.identity for station in stations], as_of)
    found = []
    for station in stations:
        people = _people_at_work(session, station, as_of)
        seen = {employer: visit for (at, employer), visit in visits.items() if at == station.identity}
        for employer in people.keys() | seen.keys():
            last = seen.get(employer)
            why = _why(last, people.get(employer, 0), as_of - timedelta(days=every))
            if why is not None:
                found.append(
                    ToVisit(
                        station.identity,
                        employer,
                        why,
                        people.get(employer, 0),
                        last.visited_on if last else None,
                        last.found if last else None,
                    )
                )
    found.sort(
        key=lambda each: (
            each.why is not VisitWhy.PROBLEM,
            each.visited_on or date.min,
            -each.people,
            each.station_id,
            each.employer_id,
        )
    )
    return found


def _why(last: StationVisit | None, people: int, since: date) -> VisitWhy | None:
    if last is not None and last.found is not VisitFound.IN_ORDER:
        return VisitWhy.PROBLEM
    return VisitWhy.DUE if people and (last is None or last.visited_on < since) else None


def _last_visits(
    session: Session, station_ids: Collection[int], as_of: date
) -> dict[tuple[int, int], StationVisit]:
    """By station and employer; of several on one day the one that was noted last."""
    rows = session.exec(
        select(StationVisit)
        .where(col(StationVisit.station_id).in_(station_ids), StationVisit.visited_on <= as_of)
        .order_by(col(StationVisit.visited_on), col(StationVisit.id))
    )
    return {(row.station_id, row.employer_id): row for row in rows}


def _people_at_work(session: Session, station: ServiceStation, as_of: date) -> dict[int, int]:
    """How many of the county's people are at work at each employer of the place, as far as the caller may see."""
    rows = session.execute(
        columns(col(EmploymentSpell.employer_id), func.count())
        .where(
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.employer_id).is_not(None),
            col(EmploymentSpell.started_on) <= as_of,
            or_(col(EmploymentSpell.ended_on).is_(None), col(EmploymentSpell.ended_on) > as_of),
            col(EmploymentSpell.region).startswith(station.region[:_COUNTY], autoescape=True),
            col(EmploymentSpell.origin_region).startswith(station.kept_by, autoescape=True),
        )
        .group_by(col(EmploymentSpell.employer_id))
    ).all()
    return {int(employer): int(people) for employer, people in rows}
