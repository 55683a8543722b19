"""Who is sought in the ledger: the filters of a clerk as conditions on a person's row."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from ledger.people import at_work, in_hardship, put_away
from ledger.pinyin_search import starts_pinyin
from ledger.villages import is_village, of_person
from models.care import SupportState, SupportTask
from models.coded import Coded
from models.destination import HOME_COUNTY, OTHER_PROVINCE, PAIRED_EAST, WITHIN_PROVINCE
from models.doubt import Doubt, DoubtSeverity, DoubtState
from models.education import Education
from models.household import HardshipCategory, Household
from models.notice import CallRequest
from models.region import Region, RegionLevel
from models.worker import Sex, Wants, Worker, WorkerSkill, WorkIntention


class Whereabouts(Coded):
    """上岗去向: where somebody at work is, as seen from home."""

    EAST = "east", "东部（结对地区）"
    AWAY = "away", "其他省外"
    PROVINCE = "province", "省内县外"
    COUNTY = "county", "县内"


_WHERE: dict[Whereabouts, ColumnElement[bool]] = {
    Whereabouts.EAST: PAIRED_EAST,
    Whereabouts.AWAY: OTHER_PROVINCE,
    Whereabouts.PROVINCE: and_(WITHIN_PROVINCE, ~HOME_COUNTY),
    Whereabouts.COUNTY: HOME_COUNTY,
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Who is sought; None of a field: whatever it is. `village` is one that the ledger of the township `region` names."""

    q: str | None = None
    region: str | None = None
    village: str | None = None
    hardship: HardshipCategory | None = None
    employed: bool | None = None
    wants: Wants | None = None
    age_from: int | None = None
    age_to: int | None = None
    sex: Sex | None = None
    education: Education | None = None
    skill: str | None = None
    relocated: bool | None = None
    destination: Whereabouts | None = None
    follow_up: bool | None = None
    doubt: bool | None = None
    restricted: bool = False


def people_sought(sought: Sought, today: date) -> SelectOfScalar[Worker]:
    """The people, of those that the session may see; whose data is only stored where they are asked for as such."""
    query = select(Worker).where(col(Worker.merged_into).is_(None))
    # What an import that was taken back left behind is put away, and whoever is not restricted is not.
    query = (
        query.where(col(Worker.restricted), ~put_away())
        if sought.restricted
        else query.where(~col(Worker.restricted))
    )
    if sought.q:
        query = query.where(
            or_(col(Worker.name).contains(sought.q, autoescape=True), starts_pinyin(sought.q))
        )
    if sought.region:
        query = query.where(col(Worker.region).startswith(sought.region, autoescape=True))
    if sought.village:
        query = query.where(is_village(of_person(), sought.village))
    return query.where(*_of_the_person(sought, today), *_of_the_work(sought, today), *_waiting(sought))


def _of_the_person(sought: Sought, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.sex:
        found.append(col(Worker.sex) == sought.sex)
    if sought.education:
        found.append(col(Worker.education) == sought.education)
    if sought.age_from is not None:
        found.append(col(Worker.birth_date) <= _years_before(today, sought.age_from))
    if sought.age_to is not None:
        found.append(col(Worker.birth_date) > _years_before(today, sought.age_to + 1))
    if sought.skill:
        known = columns(col(WorkerSkill.worker_id)).where(
            col(WorkerSkill.skill).contains(sought.skill, autoescape=True)
        )
        found.append(col(Worker.id).in_(known))
    if sought.hardship:
        found.append(in_hardship(sought.hardship, today))
    if sought.relocated is not None:
        moved = columns(col(Household.id)).where(col(Household.relocated).is_(True))
        home = col(Worker.household_id)
        found.append(home.in_(moved) if sought.relocated else or_(home.is_(None), home.not_in(moved)))
    return found


def _of_the_work(sought: Sought, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sought.employed is not None:
        found.append(at_work(today) if sought.employed else ~at_work(today))
    if sought.destination:
        found.append(at_work(today, _WHERE[sought.destination]))
    if sought.wants:
        wish = columns(col(WorkIntention.worker_id)).where(col(WorkIntention.wants) == sought.wants)
        found.append(col(Worker.id).in_(wish))
    return found


def _waiting(sought: Sought) -> list[ColumnElement[bool]]:
    """What somebody of the bureau has still to do for the person."""
    found: list[ColumnElement[bool]] = []
    if sought.follow_up is not None:
        calls = columns(col(CallRequest.worker_id)).where(col(CallRequest.done_on).is_(None))
        promised = columns(col(SupportTask.worker_id)).where(col(SupportTask.state) == SupportState.OPEN)
        waits = or_(col(Worker.id).in_(calls), col(Worker.id).in_(promised))
        found.append(waits if sought.follow_up else ~waits)
    if sought.doubt is not None:
        doubtful = columns(col(Doubt.worker_id)).where(
            col(Doubt.worker_id).is_not(None),
            col(Doubt.state) == DoubtState.OPEN,
            col(Doubt.severity) != DoubtSeverity.SERVICE,
        )
        among = col(Worker.id).in_(doubtful)
        found.append(among if sought.doubt else ~among)
    return found


def _years_before(day: date, years: int) -> date:
    """The last day on which somebody may be born who is so many years old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class VillageFound(NamedTuple):
    """A village of the ledger: its township's code and name, and its own name."""

    code: str
    township: str
    village: str


def villages_beginning(session: Session, typed: str, most: int = 12) -> list[VillageFound]:
    """The villages of the session's regions, as its ledger or the table of regions names them, that begin with what was
    typed; those of exactly that name alone, where there are any."""
    here, home = func.trim(col(Worker.village)), func.trim(col(Household.village))
    of_people = columns(func.left(col(Worker.region), 9), here).where(
        here.startswith(typed, autoescape=True), ~col(Worker.restricted), col(Worker.merged_into).is_(None)
    )
    of_homes = columns(func.left(col(Household.region), 9), home).where(
        home.startswith(typed, autoescape=True)
    )
    of_codes = columns(func.left(col(Region.code), 9), col(Region.name)).where(
        col(Region.name).startswith(typed, autoescape=True),
        func.length(col(Region.code)) > 9,
        columns(col(Worker.id)).where(col(Worker.region) == col(Region.code)).exists(),
    )
    named = of_people.union(of_homes, of_codes).subquery()
    found = [
        VillageFound(*each)
        for each in session.execute(
            columns(col(Region.code), col(Region.name), named.c[1])
            .join(named, named.c[0] == col(Region.code))
            .where(col(Region.level) == RegionLevel.TOWNSHIP)
            .order_by(func.length(named.c[1]), col(Region.code), named.c[1])
            .limit(most)
        )
    ]
    return [each for each in found if each.village == typed] or found
