"""户: hardship as of a day, who could work, and the households that have labour and nobody at work.

一户一人以上就业 is counted as counties count it: a household has labour where somebody of working age can work and is
not at school. Age alone shuts nobody out above 16; what is not known shuts nobody out at all, so that a gap in the
ledger never hides a household that somebody should call.
"""

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, text
from sqlmodel import Session, col, select

from ledger.people import at_work
from models.age import LEGAL_WORKING_AGE
from models.household import BY_URGENCY, MONITORED, HardshipCategory, HardshipPeriod, Household
from models.worker import LabourCapability, Worker

_UNABLE = (LabourCapability.LOST, LabourCapability.NONE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a household was on a day: its categories, the one that asks for attention first in front."""

    categories: tuple[HardshipCategory, ...]
    monitored: bool
    risk_cleared_on: date | None

    @property
    def category(self) -> HardshipCategory | None:
        """The category that is shown."""
        return self.categories[0] if self.categories else None


def hardship_of(session: Session, household_ids: Iterable[int]) -> dict[int, list[HardshipPeriod]]:
    """The periods of each household, earliest first."""
    found: dict[int, list[HardshipPeriod]] = defaultdict(list)
    rows = session.exec(
        select(HardshipPeriod)
        .where(col(HardshipPeriod.household_id).in_(set(household_ids)))
        .order_by(col(HardshipPeriod.from_on), col(HardshipPeriod.id))
    )
    for row in rows:
        found[row.household_id].append(row)
    return found


@contextmanager
def periods_moved(session: Session) -> Iterator[None]:
    """Within, periods of one category may overlap while several of them are moved; at the end they must not.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        at the end, where they still do.
    """
    session.execute(text("SET CONSTRAINTS ex_hardship_period_no_overlap DEFERRED"))
    yield
    session.flush()
    session.execute(text("SET CONSTRAINTS ex_hardship_period_no_overlap IMMEDIATE"))


def standing_on(periods: Sequence[HardshipPeriod], day: date) -> Standing:
    """What the periods of one household say of `day`; a risk counts as cleared from the day of its clearing."""
    ruling = [row for row in periods if row.from_on <= day and (row.to_on is None or row.to_on >= day)]
    ruling.sort(key=lambda row: BY_URGENCY.index(row.category))
    of_risk = [row for row in ruling if row.category in MONITORED]
    cleared = [row.risk_cleared_on for row in of_risk if row.risk_cleared_on and row.risk_cleared_on <= day]
    return Standing(
        categories=tuple(dict.fromkeys(row.category for row in ruling)),
        monitored=len(cleared) < len(of_risk),
        risk_cleared_on=max(cleared, default=None),
    )


def was_in(category: HardshipCategory, day: date) -> ColumnElement[bool]:
    """Whether a household was in `category` on `day`."""
    return exists().where(_ruled(day), col(HardshipPeriod.category) == category)


def was_monitored(day: date) -> ColumnElement[bool]:
    """Whether a household was monitored on `day`: in such a category, its risk not cleared."""
    cleared_on = col(HardshipPeriod.risk_cleared_on)
    return exists().where(
        _ruled(day),
        col(HardshipPeriod.category).in_(MONITORED),
        or_(cleared_on.is_(None), cleared_on > day),
    )


def in_any_hardship(day: date) -> ColumnElement[bool]:
    """Whether a household was in any category on `day`."""
    return exists().where(_ruled(day))


def _ruled(day: date) -> ColumnElement[bool]:
    return and_(
        col(HardshipPeriod.household_id) == col(Household.id),
        col(HardshipPeriod.from_on) <= day,
        or_(col(HardshipPeriod.to_on).is_(None), col(HardshipPeriod.to_on) >= day),
    )


def is_member() -> ColumnElement[bool]:
    """Whether a worker's row is a person of the household: not one that went up in another, nor one only stored."""
    return and_(
        col(Worker.household_id) == col(Household.id),
        col(Worker.merged_into).is_(None),
        col(Worker.restricted).is_(False),
    )


def could_work(day: date) -> ColumnElement[bool]:
    """Whether a worker is of working age on `day`, able to work and not at school, as far as is known."""
    return and_(
        or_(col(Worker.birth_date).is_(None), col(Worker.birth_date) <= _born_by(day)),
        or_(col(Worker.labour_capability).is_(None), col(Worker.labour_capability).not_in(_UNABLE)),
        col(Worker.at_school).is_not(True),
    )


def able(worker: Worker, day: date) -> bool:
    """`could_work` for a row at hand."""
    return (
        (worker.birth_date is None or worker.birth_date <= _born_by(day))
        and worker.labour_capability not in _UNABLE
        and worker.at_school is not True
    )


def without_employment(day: date) -> ColumnElement[bool]:
    """Whether a household has somebody who could work on `day` and nobody who does."""
    return and_(
        exists().where(is_member(), could_work(day)),
        ~exists().where(is_member(), at_work(day)),
    )


def by_township_and_need(day: date) -> ColumnElement[str]:
    """What to sort households by, so that a township's stand together and those monitored on `day` in front."""
    need = case((was_monitored(day), "0"), (in_any_hardship(day), "1"), else_="2")
    return func.left(func.rpad(col(Household.region), 9, "0"), 9) + need


def _born_by(day: date) -> date:
    """The last birth date of those who are of working age on `day`."""
    year = day.year - LEGAL_WORKING_AGE
    return (
        date(year, 2, 28) if (day.month, day.day) == (2, 29) and not isleap(year) else day.replace(year=year)
    )
