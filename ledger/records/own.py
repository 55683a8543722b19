"""Our own tables, read as a source would report them.

A person has one record for each stretch of work that stands or waits to be accepted, or one without work. What was
accepted or mended since lies over what was reported: the record says what we hold to be true today, and only where
we hold nothing what somebody once wrote.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from sys import intern
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from ledger.people import OPENED_KEYS
from ledger.records.reported import ALL_FIELDS, Reported
from ledger.records.standing import standing
from ledger.records.stretches import Stretch, goes_on, stretches
from ledger.records.work import accepted_spells, reports_in_force
from ledger.villages import is_village, of_household
from models.bulk import among
from models.household import HardshipCategory, HardshipPeriod, Household
from models.region import Region
from models.sealing import Keyring, Unsealable, open_person_key, unseal
from models.worker import PersonKey, Worker

_CHUNK = 2_000
# Columns, not entities: what the mapper makes of a row costs more than reading it.
_WORKER: tuple[Any, ...] = tuple(
    col(each)
    for each in (
        Worker.id,
        Worker.region,
        Worker.household_id,
        Worker.village,
        Worker.national_number,
        Worker.name,
        Worker.id_number_sealed,
        Worker.phone_sealed,
        Worker.relation_to_head,
        Worker.ethnicity,
        Worker.political_status,
        Worker.education,
        Worker.at_school,
        Worker.health,
        Worker.labour_capability,
        Worker.speaks_mandarin,
    )
)
_HOUSEHOLD: tuple[Any, ...] = tuple(
    col(each)
    for each in (
        Household.id,
        Household.number,
        Household.region,
        Household.village,
        Household.risks,
        Household.measures,
    )
)
_COMMON = ("region", "employer", "industry", "channel", "form", "id_kind")
"""Texts that many records share: each is held once, where a hundred thousand records are held."""

ASKED = frozenset(ALL_FIELDS)
"""What our tables know: every field."""


@dataclass(frozen=True, slots=True)
class Own:
    """One record of ours and the rows it was read from."""

    reported: Reported
    region: str
    worker_id: int | None = None
    household_id: int | None = None
    report_id: int | None = None
    spell_id: int | None = None


class _Names(dict[str, str]):
    """Names of townships and villages by code: those of the ledgers' villages are in the database only."""

    def __init__(self, session: Session, regions: Iterable[str]) -> None:
        codes = {part for region in regions for part in (region[:9], region) if len(part) >= 9}
        rows = session.exec(select(Region.code, Region.name).where(col(Region.code).in_(codes)))
        super().__init__(rows.all())

    def township(self, region: str) -> str | None:
        return self.get(region[:9]) if len(region) >= 9 else None

    def village(self, region: str) -> str | None:
        return self.get(region) if len(region) == 12 else None


def own_records(
    session: Session,
    keyring: Keyring,
    *,
    as_of: date,
    region: str | None = None,
    worker_ids: Sequence[int] | None = None,
    restricted: bool = False,
) -> Iterator[Own]:
    """The records of people within the session's scope, by township, household and number of the person.

    Parameters
    ----------
    as_of : the day on which somebody is, or is not, at work, and by which hardship is judged.
    region : only people registered in this region, of any level.
    worker_ids : only these people.
    restricted : also those whose data may only be stored.
    """
    query = columns(*_WORKER).where(col(Worker.merged_into).is_(None))
    if not restricted:
        query = query.where(col(Worker.restricted).is_(False))
    if region is not None:
        query = query.where(col(Worker.region).startswith(region, autoescape=True))
    numbers = count(1)
    for workers in _chunks(session, query, worker_ids):
        yield from _records(session, keyring, workers, as_of, numbers)


def own_households(
    session: Session,
    *,
    as_of: date,
    region: str | None = None,
    village: str | None = None,
    household_ids: Sequence[int] | None = None,
) -> Iterator[Own]:
    """The households themselves, as a list of households reports them, by region and number."""
    query = select(Household).order_by(col(Household.region), col(Household.id))
    if region is not None:
        query = query.where(col(Household.region).startswith(region, autoescape=True))
    if village is not None:
        query = query.where(is_village(of_household(), village))
    if household_ids is not None:
        query = query.where(col(Household.id).in_(household_ids))
    numbers = count(1)
    for households in session.exec(query).partitions(_CHUNK):
        told = _households(session, [row.identity for row in households], as_of)
        for row in households:
            fields = told[row.identity]
            reported = Reported(next(numbers), fields["township"] or "", ASKED, **fields)
            yield Own(reported, row.region, household_id=row.identity)


def _chunks(session: Session, query: Any, worker_ids: Sequence[int] | None) -> Iterator[Sequence[Any]]:
    if worker_ids is not None:
        for at in range(0, len(worker_ids), _CHUNK):
            yield session.execute(query.where(among(Worker.id, worker_ids[at : at + _CHUNK]))).all()
        return
    order = (func.left(col(Worker.region), 9), func.coalesce(col(Worker.household_id), 0), col(Worker.id))
    # The numbers first: rows are brought, and let go, a chunk at a time.
    ids = session.scalars(query.with_only_columns(col(Worker.id)).order_by(*order)).all()
    for at in range(0, len(ids), _CHUNK):
        rows = session.execute(columns(*_WORKER).where(among(Worker.id, ids[at : at + _CHUNK])))
        by_id = {row.id: row for row in rows}
        yield [by_id[number] for number in ids[at : at + _CHUNK] if number in by_id]


def _records(
    session: Session, keyring: Keyring, workers: Sequence[Any], as_of: date, numbers: Iterator[int]
) -> Iterator[Own]:
    ids = [row.id for row in workers]
    keys = _keys(session, keyring, ids)
    names = _Names(session, (row.region for row in workers))
    households = _households(
        session, [row.household_id for row in workers if row.household_id is not None], as_of
    )
    reports = reports_in_force(session, keys, ids)
    spells = accepted_spells(session, ids)
    for worker in workers:
        person = _person(worker, keys.get(worker.id), households, names)
        worked, rest = stretches(reports.get(worker.id, []), spells.get(worker.id, []), as_of)
        township = person["township"] or ""
        for stretch in worked or [Stretch({})]:
            told = {**rest, **{name: value for name, value in stretch.told.items() if value is not None}}
            if not told.get("phone") or person["phone"]:
                told["phone"] = person["phone"]
            told.setdefault("working", bool(worked) and goes_on(told, as_of))
            told |= {name: intern(text) for name in _COMMON if (text := told.get(name))}
            reported = Reported(next(numbers), township, ASKED, **{**person, **told})
            yield Own(
                reported,
                worker.region,
                worker.id,
                worker.household_id,
                stretch.report_id,
                stretch.spell_id,
            )


def _person(
    worker: Any, key: bytes | None, households: dict[int, dict[str, Any]], names: _Names
) -> dict[str, Any]:
    household = households.get(worker.household_id or 0, {})
    phone = _clear(key, worker.phone_sealed, "worker.phone")
    return {
        **household,
        "township": names.township(worker.region) or household.get("township"),
        "village": worker.village or names.village(worker.region) or household.get("village"),
        "person": worker.national_number,
        "name": worker.name,
        "id_number": _clear(key, worker.id_number_sealed, "worker.id_number"),
        "relation": worker.relation_to_head.label if worker.relation_to_head else None,
        "ethnicity": intern(worker.ethnicity) if worker.ethnicity else None,
        "political_status": intern(worker.political_status) if worker.political_status else None,
        "education": worker.education,
        "student": worker.at_school,
        "health": tuple(worker.health),
        "capability": worker.labour_capability,
        "speaks_mandarin": worker.speaks_mandarin,
        "phone": phone.removeprefix("+86") if phone else None,
    }


def _clear(key: bytes | None, sealed: bytes | None, context: str) -> str | None:
    return unseal(key, sealed, context).decode() if key and sealed else None


def _keys(session: Session, keyring: Keyring, ids: Sequence[int]) -> dict[int, bytes]:
    opened: dict[int, bytes] = session.info.get(OPENED_KEYS, {})
    keys = {number: opened[number] for number in ids if number in opened}
    missing = [number for number in ids if number not in keys]
    if not missing:
        return keys
    rows = session.exec(
        select(PersonKey.worker_id, PersonKey.master_key_id, PersonKey.sealed_key).where(
            among(PersonKey.worker_id, missing)
        )
    )
    for worker_id, master_key_id, sealed in rows:
        try:
            keys[worker_id] = open_person_key(keyring, master_key_id, sealed)
        except Unsealable:
            continue  # destroyed, or of another installation: the numbers are gone, the figures stay
    return keys


def _households(session: Session, ids: Sequence[int], as_of: date) -> dict[int, dict[str, Any]]:
    wanted = sorted(set(ids))
    periods: dict[int, dict[HardshipCategory, tuple[date | None, date | None]]] = defaultdict(dict)
    for row in session.execute(
        columns(
            col(HardshipPeriod.household_id),
            col(HardshipPeriod.category),
            col(HardshipPeriod.risk_cleared_on),
            col(HardshipPeriod.from_on),
            col(HardshipPeriod.begun),
        ).where(
            among(HardshipPeriod.household_id, wanted),
            col(HardshipPeriod.from_on) <= as_of,
            col(HardshipPeriod.to_on).is_(None) | (col(HardshipPeriod.to_on) >= as_of),
        )
    ):
        cleared = row.risk_cleared_on if row.risk_cleared_on and row.risk_cleared_on <= as_of else None
        periods[row.household_id][row.category] = (None if row.begun else row.from_on), cleared
    rows = session.execute(columns(*_HOUSEHOLD).where(among(Household.id, wanted))).all()
    names = _Names(session, (row.region for row in rows))
    return {
        row.id: {
            "household": row.number,
            "township": names.township(row.region),
            "village": row.village or names.village(row.region),
            "risks": tuple(row.risks),
            "measures": tuple(row.measures),
            **standing(periods[row.id]),
        }
        for row in rows
    }
