"""Which spells count for a target: of which kinds and people, begun when, and where."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as columns
from sqlmodel import col

from models.spell import EmploymentSpell
from models.target import Indicator, Population, Target
from models.worker import Worker
from outcomes.calendar import shift
from outcomes.populations import belongs

AT_HOME = frozenset({Indicator.NEAR_HOME, Indicator.COMMUNITY_FACTORY_JOBS})
"""What counts only where somebody works in the county they are from."""


def _county(code: Any) -> ColumnElement[str]:
    # A city without counties stands for itself.
    return func.left(func.rpad(code, 6, "0"), 6)


HOME_COUNTY = _county(col(EmploymentSpell.region)) == _county(col(EmploymentSpell.origin_region))
NO_COUNTY = col(EmploymentSpell.region).is_(None) | (
    (func.length(col(EmploymentSpell.region)) < 6) & ~HOME_COUNTY
)


def where_it_counts(target: Target) -> ColumnElement[bool] | None:
    return HOME_COUNTY if target.indicator in AT_HOME else None


def counted_spells(
    target: Target, as_of: date, where: ColumnElement[bool] | None, *, years_before: int = 0
) -> Select[Any]:
    """The spells in force, of the kinds and people that the target names, that began within its dates, `where`.

    With `years_before` those that would have counted so many years earlier.
    """
    first, last = (shift(day, -12 * years_before) for day in (target.from_on, min(as_of, target.to_on)))
    query: Any = (
        columns(
            col(EmploymentSpell.id),
            col(EmploymentSpell.worker_id),
            col(EmploymentSpell.employer_id),
            col(EmploymentSpell.started_on),
            col(EmploymentSpell.ended_on),
            col(EmploymentSpell.observed_until),
            col(EmploymentSpell.precision),
            col(EmploymentSpell.kind),
            col(EmploymentSpell.region),
            col(EmploymentSpell.arrangement),
            col(EmploymentSpell.monthly_income),
            col(EmploymentSpell.contract_months),
            col(Worker.birth_date),
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.kind).in_(target.kinds),
            col(EmploymentSpell.origin_region).startswith(target.region),
            col(EmploymentSpell.started_on).between(first, last),
            ~col(Worker.restricted),
            col(Worker.merged_into).is_(None),
        )
    )
    if target.population is not Population.RURAL:
        query = query.where(belongs(target.population))
    if where is not None:
        query = query.where(where)
    return query  # type: ignore[no-any-return]
