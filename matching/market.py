"""The market read from the database: plain columns through a session that the caller gives, as of a date that the caller gives."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, distinct, func, or_, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from matching import regions
from matching.columns import FloatArray, Market, Townspeople, Vacancies, Workers
from matching.companions import LOOKING
from matching.told import SMALLEST_SHOWN_GROUP
from models.bulk import among
from models.consent import Purpose, stopped
from models.education import Education
from models.pairing import Pairing
from models.region import Region
from models.spell import EmploymentSpell
from models.vacancy import Vacancy, VacancyState
from models.worker import Worker, WorkerSkill, WorkIntention

REFRESHED_WITHIN_DAYS = 90
"""An advertisement that nobody has refreshed for so long is not offered, unless the caller says otherwise."""
_OF_MINE = text("SELECT employer_id, county, people FROM townspeople_of_mine(:as_of, :fewest)")


def load_market(
    session: Session,
    as_of: date,
    *,
    worker_ids: Sequence[int] | None = None,
    within: Sequence[str] | None = None,
    without_work: bool = False,
    refreshed_within_days: int = REFRESHED_WITHIN_DAYS,
) -> Market:
    """Workers (see `load_workers`), the vacancies on offer, townspeople and pairings, all as of one date."""
    workers = load_workers(session, as_of, worker_ids=worker_ids, within=within, without_work=without_work)
    vacancies = load_vacancies(session, as_of, refreshed_within_days=refreshed_within_days)
    return Market(
        workers=workers,
        vacancies=vacancies,
        as_of=as_of,
        townspeople=load_townspeople(session, as_of),
        pairings=load_pairings(session, as_of),
        places=load_places(session, vacancies),
    )


def load_vacancies(
    session: Session,
    as_of: date,
    *,
    refreshed_within_days: int = REFRESHED_WITHIN_DAYS,
) -> Vacancies:
    """Published vacancies that have not expired on `as_of`, by id. Full ones are among them: a rule says so of them."""
    table = Vacancy
    refreshed = func.coalesce(col(table.refreshed_on), col(table.posted_on), col(table.valid_from))
    return _vacancies(
        session,
        col(table.state) == VacancyState.PUBLISHED,
        or_(col(table.valid_until).is_(None), col(table.valid_until) >= as_of),
        or_(refreshed.is_(None), refreshed >= as_of - timedelta(days=refreshed_within_days)),
    )


def load_named_vacancies(session: Session, named: Sequence[int]) -> Vacancies:
    """These vacancies, by id, whatever became of them, as far as the session may see them."""
    return _vacancies(session, among(col(Vacancy.id), named))


def load_vacancies_ever(session: Session, named: Sequence[int]) -> Vacancies:
    """Every vacancy that ever was on offer, and these, by id, as far as the session may see them."""
    public = col(Vacancy.state).in_((VacancyState.PUBLISHED, VacancyState.CLOSED))
    found = _vacancies(session, or_(public, among(col(Vacancy.id), named)))
    # Who looks at a month of the past must not find there what was posted since, but what was refreshed since.
    first = {
        row.id: row.posted_on for row in session.execute(select(col(Vacancy.id), col(Vacancy.posted_on)))
    }
    begun = np.array([first[number] for number in found.id.tolist()], "datetime64[D]")
    return replace(found, valid_from=np.where(np.isnat(found.valid_from), begun, found.valid_from))


def _vacancies(session: Session, *conditions: ColumnElement[bool]) -> Vacancies:
    table = Vacancy
    # `greatest` passes over what is not known.
    posted = func.greatest(col(table.refreshed_on), col(table.posted_on)).label("posted")
    columns: list[Any] = [
        table.id,
        table.employer_id,
        table.region,
        table.title,
        table.occupation,
        table.seats,
        table.seats_taken,
        table.pay_min,
        table.pay_max,
        table.hours_per_week,
        table.min_age,
        table.max_age,
        table.min_education,
        table.required_skills,
        table.preferred_skills,
        table.lodging,
        table.meals,
        table.social_insurance,
        table.shift,
        posted,
        table.valid_from,
        table.valid_until,
    ]
    query = select(*columns).where(*conditions).order_by(col(table.id))
    read = _columns(session.execute(query).all(), columns)
    lon, lat = _coordinates(session, read["region"])
    return Vacancies.of(
        read["id"],
        employer=[employer or 0 for employer in read["employer_id"]],
        region=[regions.padded(code) for code in read["region"]],
        lon=lon,
        lat=lat,
        title=read["title"],
        occupation=_words(read["occupation"]),
        seats=[-1 if seats is None else seats for seats in read["seats"]],
        taken=read["seats_taken"],
        pay_min=_numbers(read["pay_min"]),
        pay_max=_numbers(read["pay_max"]),
        hours_per_week=_numbers(read["hours_per_week"]),
        min_age=_numbers(read["min_age"]),
        max_age=_numbers(read["max_age"]),
        min_education=_ranks(read["min_education"]),
        lodging=_numbers(read["lodging"]),
        meals=_numbers(read["meals"]),
        social_insurance=_numbers(read["social_insurance"]),
        shift=_words(read["shift"]),
        posted_on=_days(read["posted"]),
        valid_from=_days(read["valid_from"]),
        valid_until=_days(read["valid_until"]),
        required_skills=[frozenset(skills) for skills in read["required_skills"]],
        preferred_skills=[frozenset(skills) for skills in read["preferred_skills"]],
    )


def load_workers(
    session: Session,
    as_of: date,
    *,
    worker_ids: Sequence[int] | None = None,
    within: Sequence[str] | None = None,
    without_work: bool = False,
) -> Workers:
    """Workers by id: all that the session may see, or those of `worker_ids`, or those registered `within` these regions.

    Restricted persons are among them, marked: a rule keeps them out of every list; so are those who refuse to be scored. `without_work` leaves out who has
    a spell on `as_of`.
    """
    person, wish = Worker, WorkIntention
    columns: list[Any] = [
        person.id,
        person.region,
        person.birth_date,
        person.education,
        person.labour_capability,
        person.last_occupation,
        person.experience_months,
        person.speaks_mandarin,
        person.restricted,
        wish.wants,
        wish.pay_floor,
        wish.needs_lodging,
        wish.available_from,
        wish.accepted_regions,
        wish.occupations,
        wish.companion_id,
    ]
    query = (
        select(*columns)
        .outerjoin(wish, col(wish.worker_id) == col(person.id))
        .where(col(person.merged_into).is_(None))
        .order_by(col(person.id))
    )
    skills = select(col(WorkerSkill.worker_id), col(WorkerSkill.skill), col(WorkerSkill.level))
    if worker_ids is not None:
        query = query.where(among(col(person.id), worker_ids))
        skills = skills.where(among(col(WorkerSkill.worker_id), worker_ids))
    if within is not None:
        query = query.where(or_(*(col(person.region).startswith(code, autoescape=True) for code in within)))
    if without_work:
        at_work = select(col(EmploymentSpell.worker_id)).where(*_in_force(as_of))
        query = query.where(col(person.id).not_in(at_work))
    read = _columns(session.execute(query).all(), columns)
    row_of = {worker: row for row, worker in enumerate(read["id"])}
    looking = _looking(session, set(read["companion_id"]) - {None, *row_of}) if worker_ids is not None else ()
    skills_of: list[dict[str, int | None]] = [{} for _ in row_of]
    for worker, skill, level in session.execute(skills):
        if worker in row_of:
            skills_of[row_of[worker]][skill] = level
    lon, lat = _coordinates(session, read["region"])
    refused = set(session.connection().scalars(stopped(Purpose.RANKING, as_of)))
    working = _counties_of_work(session, as_of, {who for who in read["companion_id"] if who is not None})
    return Workers.of(
        read["id"],
        region=[regions.padded(code) for code in read["region"]],
        lon=lon,
        lat=lat,
        birth_date=_days(read["birth_date"]),
        education=_ranks(read["education"]),
        labour_capability=_words(read["labour_capability"]),
        last_occupation=_words(read["last_occupation"]),
        experience_months=_numbers(read["experience_months"]),
        pay_floor=_numbers(read["pay_floor"]),
        needs_lodging=_numbers(read["needs_lodging"]),
        speaks_mandarin=_numbers(read["speaks_mandarin"]),
        available_from=_days(read["available_from"]),
        wants=_words(read["wants"]),
        companion=[
            -1 if who is None else row_of.get(who, LOOKING if who in looking else -2)
            for who in read["companion_id"]
        ],
        companion_county=[working.get(who, 0) for who in read["companion_id"]],
        restricted=read["restricted"],
        unranked=[number in refused for number in read["id"]],
        skills=skills_of,
        accepted_regions=[regions.spans(codes or ()) for codes in read["accepted_regions"]],
        wanted_occupations=[tuple(codes or ()) for codes in read["occupations"]],
    )


def _looking(session: Session, worker_ids: set[int]) -> set[int]:
    """Of these those who are in the ledger: who was merged is another."""
    query = select(col(Worker.id)).where(among(col(Worker.id), worker_ids), col(Worker.merged_into).is_(None))
    return set(session.scalars(query)) if worker_ids else set()


def _counties_of_work(session: Session, as_of: date, worker_ids: set[int]) -> dict[int, int]:
    """Six-digit county where each of these works on `as_of`, as far as a spell names it; of several the last begun."""
    spell = EmploymentSpell
    query = (
        select(col(spell.worker_id), func.left(col(spell.region), 6))
        .where(*_in_force(as_of), col(spell.worker_id).in_(worker_ids), func.length(col(spell.region)) >= 6)
        .order_by(col(spell.started_on), col(spell.id))
    )
    return {worker: int(county) for worker, county in session.execute(query)} if worker_ids else {}


def load_townspeople(session: Session, as_of: date) -> Townspeople:
    """People at work on `as_of` per employer and home county, as far as the session may see them; restricted persons not."""
    restricted = select(col(Worker.id)).where(col(Worker.restricted))
    county = func.left(col(EmploymentSpell.origin_region), 6)
    query = (
        select(col(EmploymentSpell.employer_id), county, func.count(distinct(col(EmploymentSpell.worker_id))))
        .where(
            *_in_force(as_of),
            col(EmploymentSpell.employer_id).is_not(None),
            col(EmploymentSpell.worker_id).not_in(restricted),
            # Who sees herself alone is told how many there are, by a door that tells no small number.
            text("app_worker() IS NULL"),
        )
        .group_by(col(EmploymentSpell.employer_id), county)
    )
    rows = [
        *session.execute(query),
        *session.execute(_OF_MINE, {"as_of": as_of, "fewest": SMALLEST_SHOWN_GROUP}),
    ]
    return Townspeople.of(
        {(employer, int(code)): people for employer, code, people in rows if len(code) == 6}
    )


def _in_force(as_of: date) -> tuple[Any, ...]:
    """Spells that the record holds true and that run on `as_of`."""
    spell = EmploymentSpell
    return (
        col(spell.superseded_at).is_(None),
        col(spell.started_on) <= as_of,
        or_(col(spell.ended_on).is_(None), col(spell.ended_on) >= as_of),
    )


def load_pairings(session: Session, as_of: date) -> tuple[tuple[int, int], ...]:
    """Home and destination of the pairings in force, twelve-digit codes."""
    query = (
        select(col(Pairing.origin_region), col(Pairing.destination_region))
        .where(col(Pairing.valid_from) <= as_of)
        .where(or_(col(Pairing.valid_until).is_(None), col(Pairing.valid_until) >= as_of))
        .distinct()
    )
    pairs = ((regions.padded(origin), regions.padded(there)) for origin, there in session.execute(query))
    return tuple(sorted(pairs))


def load_places(session: Session, vacancies: Vacancies) -> dict[int, str]:
    """The names of the places of these vacancies."""
    codes = {str(code) for code in np.unique(vacancies.region).tolist() if code}
    return {regions.padded(code): name for code, (_, _, name) in _divisions(session, codes).items()}


def _divisions(session: Session, codes: Iterable[str]) -> regions.Divisions:
    """The divisions with these codes and all that they lie in: longitude, latitude, name."""
    wanted = {around for code in codes for around in regions.around(code)}
    query = select(col(Region.code), col(Region.longitude), col(Region.latitude), col(Region.short_name))
    rows = session.execute(query.where(col(Region.code).in_(wanted)))
    return {code: (lon, lat, name) for code, lon, lat, name in rows}


def _coordinates(session: Session, codes: Sequence[str | None]) -> tuple[FloatArray, FloatArray]:
    """Of each code's own centre, or of the nearest division around it that has one; nan where none has."""
    divisions = _divisions(session, {code for code in codes if code})
    centres = {code: regions.centre(code or "", divisions) for code in set(codes)}
    both = np.array([centres[code] for code in codes], np.float64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def _columns(rows: Sequence[Any], columns: Sequence[Any]) -> dict[str, list[Any]]:
    return {column.key: [row[at] for row in rows] for at, column in enumerate(columns)}


def _numbers(values: Iterable[Any]) -> list[float]:
    return [np.nan if value is None else float(value) for value in values]


def _words(values: Iterable[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in values]


def _days(values: Iterable[date | None]) -> list[np.datetime64]:
    return [np.datetime64("NaT") if value is None else np.datetime64(value, "D") for value in values]


def _ranks(levels: Iterable[Education | None]) -> list[int]:
    return [-1 if level is None else level.rank for level in levels]
