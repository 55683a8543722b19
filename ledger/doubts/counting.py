"""疑点 counted: by township and rule, over time, and what is filled in alike."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, select
from sqlmodel import Session, col

from ledger.doubts.lists import certificate_of_many, constant_fill, identical_rows, phone_of_many_households
from ledger.doubts.rule import Severity
from ledger.in_use import in_use
from ledger.villages import UNFILLED, of_household, of_person
from models.doubt import Doubt, DoubtState
from models.household import Household
from models.worker import Worker

INTEGRITY = (constant_fill, phone_of_many_households, certificate_of_many, identical_rows)
"""Rules of what was filled in by the dozen."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a rule a township has in one state."""

    region: str
    rule: str
    severity: Severity
    state: DoubtState
    count: int


@dataclass(frozen=True, slots=True)
class Alike:
    """The same words about a list, a telephone or a certificate, and how many findings say them."""

    rule: str
    region: str
    what: str
    statistics: dict[str, Any]
    state: DoubtState
    doubts: int
    import_id: int | None


def of_village() -> ColumnElement[Any]:
    """The village of the person or the household of a `Doubt`; null where none is known, or it is about a list."""
    person = select(of_person()).where(col(Worker.id) == col(Doubt.worker_id))
    home = select(of_household()).where(col(Household.id) == col(Doubt.household_id))
    return func.coalesce(person.correlate(Doubt).scalar_subquery(), home.correlate(Doubt).scalar_subquery())


def by_village(session: Session, condition: ColumnElement[bool]) -> list[tuple[str, int]]:
    """How many findings each village of a township has, those without a village last."""
    name = of_village().label("village")
    found = select(name).select_from(Doubt).where(condition, in_use(Doubt.worker_id)).subquery()
    rows = session.connection().execute(select(found.c.village, func.count()).group_by(found.c.village))
    counted: dict[str | None, int] = {row[0]: row[1] for row in rows}
    named = sorted((name, count) for name, count in counted.items() if name is not None)
    return [*named, (UNFILLED, counted[None])] if None in counted else named


def counts(session: Session, condition: ColumnElement[bool]) -> list[Count]:
    """By township, rule and state; what is known of a county or an import only stands under that region."""
    township = func.left(col(Doubt.region), 9)
    grouped = (township, col(Doubt.rule), col(Doubt.severity), col(Doubt.state))
    query = (
        select(*grouped, func.count())
        .where(condition, in_use(Doubt.worker_id))
        .group_by(*grouped)
        .order_by(*grouped[:2])
    )
    return [Count(*row) for row in session.connection().execute(query)]


def open_at_ends(
    session: Session, condition: ColumnElement[bool], ends: list[date]
) -> Iterator[tuple[date, dict[Severity, int]]]:
    """How many stood open at the end of each of the days, in order."""
    explained = cast(func.timezone("Asia/Shanghai", col(Doubt.explained_at)), Date)
    closed = case(
        (col(Doubt.state) == DoubtState.OPEN, None),
        else_=func.least(col(Doubt.mended_on), explained),
    )
    steps: dict[date, dict[Severity, int]] = defaultdict(lambda: defaultdict(int))
    for column, step in ((col(Doubt.found_on), 1), (closed, -1)):
        query = select(column, col(Doubt.severity), func.count()).where(
            condition, column.is_not(None), col(Doubt.severity) != Severity.SERVICE
        )
        for day, severity, count in session.connection().execute(query.group_by(column, Doubt.severity)):
            steps[day][severity] += step * count
    standing: dict[Severity, int] = dict.fromkeys(Severity, 0)
    days = sorted(steps)
    for end in ends:
        while days and days[0] <= end:
            for severity, step in steps[days.pop(0)].items():
                standing[severity] += step
        yield end, dict(standing)


def ends_of(every: str, first: date, last: date) -> list[date]:
    """The last days of the days, weeks (Sundays) or months from `first` to `last`, and `last` itself."""
    found = []
    day = first
    while day < last:
        following = day + timedelta(1)
        if (
            every == "day"
            or (every == "week" and day.isoweekday() == 7)
            or (every == "month" and following.day == 1)
        ):
            found.append(day)
        day = following
    return [*found, last]


def alike(session: Session, condition: ColumnElement[bool]) -> list[Alike]:
    """Findings of constant fill, of shared telephones and certificates, and of identical rows, one for each case."""
    grouped = (
        col(Doubt.rule), func.left(col(Doubt.region), 9), col(Doubt.what), col(Doubt.statistics), col(Doubt.state)
    )  # fmt: skip
    query = (
        select(*grouped, func.count(), func.min(col(Doubt.import_id)))
        .where(condition, in_use(Doubt.worker_id), col(Doubt.rule).in_([rule.number for rule in INTEGRITY]))
        .where(col(Doubt.state) != DoubtState.MENDED)
        .group_by(*grouped)
        .order_by(*grouped[:3])
    )
    return [Alike(*row) for row in session.connection().execute(query)]
