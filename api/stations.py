"""劳务协作工作站 as they are answered: staff, visits."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from api.accounts import account_names
from api.presenting import Presenter
from api.schemas.venue import StaffPublic, StationPublic, VisitDuePublic, VisitPublic
from models.employer import Employer
from models.station import ServiceStation, StationStaff, StationVisit
from outcomes.visiting import ToVisit


def stations_public(
    session: Session, present: Presenter, rows: Sequence[ServiceStation]
) -> list[StationPublic]:
    """Stations, how many work there now, how often employers were visited and when last."""
    numbers = [row.identity for row in rows]
    staff: dict[int, int] = dict(
        session.execute(
            columns(col(StationStaff.station_id), func.count())
            .where(col(StationStaff.station_id).in_(numbers), col(StationStaff.until).is_(None))
            .group_by(col(StationStaff.station_id))
        ).all()
    )
    visits: dict[int, tuple[int, date]] = {
        station: (number, last)
        for station, number, last in session.execute(
            columns(col(StationVisit.station_id), func.count(), func.max(col(StationVisit.visited_on)))
            .where(col(StationVisit.station_id).in_(numbers))
            .group_by(col(StationVisit.station_id))
        )
    }
    made = []
    for row in rows:
        number, last = visits.get(row.identity, (0, None))
        made.append(
            StationPublic(
                **row.model_dump(exclude={"created_at", "region", "kept_by"}),
                region=present.known_place(row.region),
                kept_by=present.known_place(row.kept_by),
                staff=staff.get(row.identity, 0),
                visits=number,
                last_visit=last,
            )
        )
    return made


def staff_public(session: Session, station_id: int) -> list[StaffPublic]:
    """Who works at a station, and who did; those at present first."""
    rows = session.exec(
        select(StationStaff)
        .where(StationStaff.station_id == station_id)
        .order_by(col(StationStaff.until).desc().nulls_first(), col(StationStaff.id))
    ).all()
    names = account_names(session, (row.account_id for row in rows))
    return [StaffPublic(name=names.get(row.account_id, ""), since=row.since, until=row.until) for row in rows]


def visits_due_public(
    session: Session, stations: Sequence[ServiceStation], rows: Sequence[ToVisit]
) -> list[VisitDuePublic]:
    """Employers to be visited."""
    names = {station.identity: station.name for station in stations}
    employers = _employers(session, {row.employer_id for row in rows})
    return [
        VisitDuePublic(
            station_id=row.station_id,
            station=names[row.station_id],
            employer_id=row.employer_id,
            employer=employers.get(row.employer_id, ""),
            why=row.why,
            people=row.people,
            visited_on=row.visited_on,
            found=row.found,
        )
        for row in rows
    ]


def _employers(session: Session, wanted: set[int]) -> dict[int, str]:
    rows = session.execute(columns(col(Employer.id), col(Employer.name)).where(col(Employer.id).in_(wanted)))
    return {int(number): name for number, name in rows}


def visits_public(session: Session, rows: Sequence[StationVisit]) -> list[VisitPublic]:
    """Visits, with whom and by whom."""
    employers = _employers(session, {row.employer_id for row in rows})
    names = account_names(session, (row.account_id for row in rows))
    return [
        VisitPublic(
            **row.model_dump(include={"employer_id", "visited_on", "found", "people_seen", "note"}),
            id=row.identity,
            employer=employers.get(row.employer_id, ""),
            by=names.get(row.account_id or 0, ""),
        )
        for row in rows
    ]
