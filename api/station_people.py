"""驻站人员看到的: the county's people at work where a station stands, firm by firm. By name and sex, nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from api.confirmations_shown import waiting_public
from api.confirming import looked_after
from api.deps import Caller
from api.presenting import Presenter
from api.schemas.station_work import FirmPublic, PersonAtWorkPublic
from api.settings import SHANGHAI
from models.base import now
from models.bulk import among
from models.care import Difficulty, SupportState, SupportTask
from models.confirmation import ConfirmingSide, SpellConfirmation
from models.employer import Employer
from models.station import StationVisit
from outcomes.calendar import month_start
from outcomes.confirming import Waiting, at_work_here, met_here
from outcomes.visiting import last_visits, stations_of

_SIDE = ConfirmingSide.STATION


@dataclass(frozen=True, slots=True)
class AtWork:
    """Somebody at work, and whether that was seen this month."""

    seen: Waiting
    met_on: date | None
    this_month: bool
    problems: tuple[Difficulty, ...]


def people_here(session: Session, caller: Caller, today: date) -> list[AtWork]:
    """The people of the caller's stations: those first whom nobody has met this month, then by how long ago."""
    seen = at_work_here(session, looked_after(session, caller, _SIDE, today), today)
    open_ones = _open_problems(session, {each.spell.worker_id for each in seen})
    month = month_start(today)
    found = []
    for each in seen:
        met = met_here(each)
        problems = tuple(open_ones.get(each.spell.worker_id, ()))
        found.append(AtWork(each, met, met is not None and met >= month, problems))
    found.sort(
        key=lambda each: (
            each.this_month,
            not each.seen.against,
            each.met_on or date.min,
            each.seen.spell.identity,
        )
    )
    return found


def firms_public(session: Session, people: Sequence[AtWork], today: date) -> list[FirmPublic]:
    """The firms of these people: where most are still to be looked for first."""
    by_firm: dict[int | None, list[AtWork]] = defaultdict(list)
    for each in people:
        by_firm[each.seen.spell.employer_id].append(each)
    names = _names(session, by_firm)
    visits = _visits(session, today)
    firms = []
    for number, there in by_firm.items():
        last = visits.get(number or 0)
        firms.append(
            FirmPublic(
                employer_id=number,
                employer=names.get(number or 0),
                people=len(there),
                unconfirmed=sum(not each.this_month for each in there),
                doubtful=sum(bool(each.seen.against) for each in there),
                problems=sum(len(each.problems) for each in there),
                visited_on=last.visited_on if last else None,
                found=last.found if last else None,
            )
        )
    return sorted(firms, key=lambda each: (-each.unconfirmed, -each.people, each.employer_id or 0))


def people_public(
    session: Session, present: Presenter, people: Sequence[AtWork], caller: Caller
) -> list[PersonAtWorkPublic]:
    """People by name; which look at them was mine today, so that it can be taken back."""
    shown = waiting_public(session, present, [each.seen for each in people], _SIDE)
    mine = _mine_today(session, caller, [each.seen.spell.identity for each in people])
    return [
        PersonAtWorkPublic(
            **dict(told),
            met_on=each.met_on,
            this_month=each.this_month,
            undo_id=mine.get(told.spell_id),
            problems=list(each.problems),
        )
        for told, each in zip(shown, people, strict=True)
    ]


def _mine_today(session: Session, caller: Caller, spell_ids: Sequence[int]) -> dict[int, int]:
    begun = now().astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = session.exec(
        select(SpellConfirmation)
        .where(
            among(SpellConfirmation.spell_id, spell_ids),
            SpellConfirmation.account_id == caller.account_id,
            col(SpellConfirmation.created_at) >= begun,
        )
        .order_by(col(SpellConfirmation.id))
    )
    return {row.spell_id: row.identity for row in rows}


def _open_problems(session: Session, worker_ids: set[int]) -> dict[int, list[Difficulty]]:
    """By person; the station sees those that it noted or was handed, and no others."""
    found: dict[int, list[Difficulty]] = defaultdict(list)
    query = select(SupportTask).where(
        among(SupportTask.worker_id, worker_ids),
        SupportTask.state == SupportState.OPEN,
        col(SupportTask.station_id).is_not(None),
    )
    for row in session.exec(query.order_by(col(SupportTask.due_on))):
        found[row.worker_id].append(row.difficulty)
    return found


def _visits(session: Session, today: date) -> dict[int, StationVisit]:
    """The last visit of each employer, by whichever of my stations."""
    stations = stations_of(session)
    found: dict[int, StationVisit] = {}
    for (_, employer), visit in last_visits(session, [each.identity for each in stations], today).items():
        before = found.get(employer)
        if before is None or before.visited_on <= visit.visited_on:
            found[employer] = visit
    return found


def _names(session: Session, numbers: "dict[int | None, list[AtWork]]") -> dict[int, str]:
    wanted = [number for number in numbers if number is not None]
    rows = session.exec(select(Employer.id, Employer.name).where(among(Employer.id, wanted)))
    return {number or 0: name for number, name in rows}
