"""Which spells count for a target: of which kinds and people, begun when, and where."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy import select as columns
from sqlmodel import col

from models.spell import EmploymentSpell, SpellKind
from models.target import Population, Target
from models.worker import Worker
from outcomes.calendar import shift
from outcomes.indicators.catalogue import indicator_of
from outcomes.populations import belongs


def where_it_counts(target: Target) -> ColumnElement[bool] | None:
    """Where work has to be so that the target's indicator counts it."""
    return indicator_of(target).where


def kinds_of(target: Target) -> list[SpellKind]:
    """The kinds of work that count: those that the target names, or else all that its indicator may count."""
    wanted = target.kinds or indicator_of(target).kinds
    return [kind for kind in SpellKind if kind in wanted]


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
            col(Worker.region).label("home"),
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
            col(EmploymentSpell.kind).in_(kinds_of(target)),
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
