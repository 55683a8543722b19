"""Who belongs to a population, as a condition on a spell and its person."""

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import col

from models.household import MONITORED, POVERTY_RELIEVED, HardshipPeriod
from models.spell import EmploymentSpell
from models.target import Population
from models.worker import Worker


def belongs(population: Population) -> ColumnElement[bool]:
    """Judged on the spell's first day; a monitored household counts until its risk is cleared."""
    first = col(EmploymentSpell.started_on)
    conditions = [
        col(HardshipPeriod.household_id) == col(Worker.household_id),
        col(HardshipPeriod.from_on) <= first,
        col(HardshipPeriod.to_on).is_(None) | (col(HardshipPeriod.to_on) >= first),
    ]
    if population is Population.POVERTY_RELIEVED:
        conditions.append(col(HardshipPeriod.category).in_(POVERTY_RELIEVED))
    else:
        conditions.append(col(HardshipPeriod.category).in_(MONITORED))
        conditions.append(
            col(HardshipPeriod.risk_cleared_on).is_(None) | (col(HardshipPeriod.risk_cleared_on) > first)
        )
    return exists().where(and_(*conditions))
