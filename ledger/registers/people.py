"""The people of a register: one query, read in a stream, their numbers opened one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from ledger.registers.view import DELETED, Asked, Part
from ledger.villages import TOWNSHIP_DIGITS, UNFILLED, is_village, of_person, villages_of
from models.age import age_on
from models.employer import Employer
from models.household import BY_URGENCY, POVERTY_RELIEVED, HardshipPeriod, Household
from models.region import Region
from models.sealing import Keyring, Unsealable, open_person_key, unseal
from models.spell import EmploymentSpell
from models.worker import PersonKey, Worker

Listed = Select[*tuple[Any, ...]]
"""A query of `listed`, and what was added to it."""

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a register. `row` has what was asked of the database, by name; `number` counts from 1."""

    number: int
    row: Any
    id_number: str | None
    phone: str | None
    deleted: bool
    as_of: date
    names: Mapping[str, str]

    @property
    def worker_id(self) -> int:
        """Of whom the row tells."""
        return int(self.row.worker_id)

    @property
    def name(self) -> str:
        """The name, as long as the person's record was not deleted."""
        return DELETED if self.deleted else str(self.row.name)

    @property
    def age(self) -> int | None:
        """Years on the day of the register."""
        born = self.row.birth_date
        return age_on(born, self.as_of) if born and not self.deleted else None

    @property
    def county(self) -> str | None:
        """县（市、区）."""
        return self.names.get(self.row.region[:6])

    @property
    def township(self) -> str | None:
        """乡镇（街道）."""
        return self.names.get(self.row.region[:9]) if len(self.row.region) >= 9 else None

    @property
    def village(self) -> str | None:
        """村（社区）."""
        name: str | None = self.row.village
        return name

    def place(self, code: str | None) -> str | None:
        """A place of work from the province down."""
        parts = dict.fromkeys(self.names.get(code[:width]) for width in (2, 4, 6)) if code else {}
        return "".join(part for part in parts if part) or None


def listed(*more: Any) -> Listed:
    """The columns of a person, and `more`; joined to the household and the person's key."""
    return (
        columns(
            col(Worker.id).label("worker_id"),
            col(Worker.region),
            of_person(joined=True).label("village"),
            col(Worker.name),
            col(Worker.sex),
            col(Worker.birth_date),
            col(Worker.id_number_sealed),
            col(Worker.phone_sealed),
            col(Worker.ethnicity),
            col(Worker.education),
            col(Worker.labour_capability),
            col(Worker.relation_to_head),
            col(Household.number).label("household"),
            col(PersonKey.master_key_id),
            col(PersonKey.sealed_key),
            *more,
        )
        .select_from(Worker)
        .join(Household, col(Household.id) == col(Worker.household_id), isouter=True)
        .join(PersonKey, col(PersonKey.worker_id) == col(Worker.id), isouter=True)
    )


def within(query: Listed, asked: Asked) -> Listed:
    """Only people of the place who may be listed: no merged record, nobody whose data may only be stored."""
    query = query.where(
        col(Worker.merged_into).is_(None),
        ~col(Worker.restricted),
        col(Worker.region).startswith(asked.region),
    )
    return query if asked.village is None else query.where(is_village(of_person(joined=True), asked.village))


def category_on(day: Any) -> ColumnElement[Any]:
    """The category of the person's household on a day, as a column; the most urgent of several."""
    urgency = case(
        {category.value: at for at, category in enumerate(BY_URGENCY)}, value=HardshipPeriod.category
    )
    return (
        columns(col(HardshipPeriod.category))
        .where(*_in_force(day))
        .order_by(urgency)
        .limit(1)
        .correlate(Worker)
        .scalar_subquery()
        .label("category")
    )


def relieved_on(day: Any) -> ColumnElement[bool]:
    """Whether the person is 脱贫劳动力 on a day (a date, or a column of one)."""
    return (
        columns(col(HardshipPeriod.id))
        .where(*_in_force(day), col(HardshipPeriod.category).in_(POVERTY_RELIEVED))
        .correlate(Worker, EmploymentSpell)
        .exists()
    )


def _in_force(day: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        col(HardshipPeriod.household_id) == col(Worker.household_id),
        col(HardshipPeriod.from_on) <= day,
        or_(col(HardshipPeriod.to_on).is_(None), col(HardshipPeriod.to_on) >= day),
    )


def working_on(day: date) -> ColumnElement[bool]:
    """The one main spell in force that includes a day: the condition of its join."""
    return and_(
        col(EmploymentSpell.worker_id) == col(Worker.id),
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.is_main),
        col(EmploymentSpell.started_on) <= day,
        or_(col(EmploymentSpell.ended_on).is_(None), col(EmploymentSpell.ended_on) >= day),
    )


SPELL: tuple[Any, ...] = (
    col(EmploymentSpell.region).label("work_region"),
    col(EmploymentSpell.kind),
    col(EmploymentSpell.arrangement),
    col(EmploymentSpell.point_to_point),
    col(EmploymentSpell.channel),
    col(EmploymentSpell.started_on),
    col(EmploymentSpell.ended_on),
    col(EmploymentSpell.precision),
    col(EmploymentSpell.monthly_income),
    col(EmploymentSpell.contract_months),
    col(EmploymentSpell.post_kind),
    col(Employer.name).label("employer"),
)
"""What a register tells of a stretch of work."""


def entries(session: Session, keyring: Keyring, query: Listed, asked: Asked) -> Iterator[Entry]:
    """The rows of a query of `listed`, by village, household and person, a thousand at a time."""
    names = names_within(session, asked.region)
    order = (col(Worker.region), col(Household.number).nulls_last(), col(Worker.id))
    found = session.execute(query.order_by(*order), execution_options={"yield_per": _AT_ONCE})
    try:
        for number, row in enumerate(found, start=1):
            id_number, phone, deleted = _opened(keyring, row)
            yield Entry(number, row, id_number, phone, deleted, asked.as_of, names)
    finally:
        found.close()


def _opened(keyring: Keyring, row: Any) -> tuple[str | None, str | None, bool]:
    if row.sealed_key is None:
        return DELETED, DELETED, True
    try:
        key = open_person_key(keyring, row.master_key_id, row.sealed_key)
        number = _clear(key, row.id_number_sealed, "worker.id_number")
        phone = _clear(key, row.phone_sealed, "worker.phone")
    except Unsealable:
        return DELETED, DELETED, True
    return number, phone.removeprefix("+86") if phone else None, False


def _clear(key: bytes, sealed: bytes | None, context: str) -> str | None:
    return unseal(key, sealed, context).decode() if sealed else None


def names_within(session: Session, region: str) -> dict[str, str]:
    """Names by code: of every county and what is above it, and of all that lies in `region`."""
    rows = session.exec(
        select(Region.code, Region.name).where(
            or_(func.length(col(Region.code)) <= 6, col(Region.code).startswith(region[:6]))
            if len(region) >= 6
            else or_(func.length(col(Region.code)) <= 6, col(Region.code).startswith(region))
        )
    )
    return dict(rows.all())


def counted(session: Session, query: Listed) -> int:
    """How many rows a query lists."""
    return session.scalar(columns(func.count()).select_from(query.order_by(None).subquery())) or 0


def parts_of(session: Session, query: Listed, asked: Asked) -> list[Part]:
    """The rows of a query of `listed` by the places directly below the one asked for, those without any too.

    Below a township are its villages by name; below a village is nothing.
    """
    inner = query.order_by(None).subquery()
    if asked.village is not None or len(asked.region) > TOWNSHIP_DIGITS:
        return []
    if len(asked.region) == TOWNSHIP_DIGITS:
        return _villages(session, inner, asked.region)
    below = dict(
        session.exec(
            select(Region.code, Region.name)
            .where(Region.parent_code == asked.region)
            .order_by(col(Region.code))
        ).all()
    )
    counts = dict.fromkeys(below, 0)
    rest = 0
    for home, number in session.execute(columns(inner.c.region, func.count()).group_by(inner.c.region)):
        part = next((code for code in (home[:width] for width in (4, 6, 9)) if code in below), None)
        if part is None:
            rest += number
        else:
            counts[part] += number
    found = [Part(code, below[code], number) for code, number in counts.items()]
    return [*found, Part(None, "未登记到下一级", rest)] if rest else found


def _villages(session: Session, inner: Any, township: str) -> list[Part]:
    counts = dict.fromkeys(villages_of(session, township), 0)
    rows = columns(func.coalesce(inner.c.village, UNFILLED), func.count()).group_by(inner.c.village)
    counts |= {row[0]: row[1] for row in session.execute(rows)}
    unfilled = counts.pop(UNFILLED, 0)
    found = [Part(township, name, number, name) for name, number in sorted(counts.items())]
    return [*found, Part(township, UNFILLED, unfilled, UNFILLED)] if unfilled else found
