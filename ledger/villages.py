"""村: what the ledger of a township calls its villages.

The codes of villages are the statistics bureau's, and no list that comes in has them: a village is a township and a
name. Where somebody has put a village into the table of regions, its name is that of its code.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.household import Household
from models.region import Region
from models.worker import Worker

UNFILLED = "未填村"
"""What stands for those of whom no village is known; asked for like a village."""

TOWNSHIP_DIGITS = 9
_VILLAGE_DIGITS = 12


def of_household() -> ColumnElement[Any]:
    """The village of a `Household`: null where nobody told it."""
    return func.coalesce(_of_code(Household.region, Household), _filled(Household.village))


def of_person(*, joined: bool = False) -> ColumnElement[Any]:
    """The village of a `Worker`, else of the household; `joined` where the query has the household beside the person."""
    home = of_household()
    if not joined:
        of_worker = col(Household.id) == col(Worker.household_id)
        home = columns(home).where(of_worker).correlate(Worker).scalar_subquery()
    return func.coalesce(_of_code(Worker.region, Worker), _filled(Worker.village), home)


def is_village(name: ColumnElement[Any], village: str) -> ColumnElement[bool]:
    """Whether a name of the above is that village; `UNFILLED` asks for those without."""
    return name.is_(None) if village == UNFILLED else name == village


def villages_of(session: Session, township: str) -> list[str]:
    """The villages that the ledger of a township names, in the order of their characters."""
    inside = col(Worker.region).startswith(township, autoescape=True)
    people = columns(of_person().label("name")).where(
        inside, col(Worker.merged_into).is_(None), ~col(Worker.restricted)
    )
    homes = columns(of_household().label("name")).where(
        col(Household.region).startswith(township, autoescape=True)
    )
    coded = columns(col(Region.name)).where(col(Region.parent_code) == township)
    found = session.scalars(people.union(homes, coded))
    return sorted(name for name in found if name)


def _filled(column: Any) -> ColumnElement[Any]:
    return func.nullif(func.nullif(func.trim(column), literal("")), literal(UNFILLED))


def _of_code(region: Any, table: Any) -> ColumnElement[Any]:
    name = columns(col(Region.name)).where(col(Region.code) == region).correlate(table).scalar_subquery()
    return case((func.length(region) == _VILLAGE_DIGITS, name))
