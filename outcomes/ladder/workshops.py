"""Workshops and community factories: how many work there on a day, counted from spells, and what recognition asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.spell import EmploymentSpell, Precision
from models.target import Population
from models.worker import Worker
from outcomes.ladder.local_rules import LocalRule, entries, ruling
from outcomes.populations import belongs

_FILE = Path(__file__).with_name("workshops.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopRule(LocalRule):
    """What recognition asks for on its day."""

    min_relieved: int


@dataclass(frozen=True, slots=True)
class Headcount:
    """At work on a day: all, and 脱贫劳动力 by their first day there."""

    workers: int = 0
    relieved: int = 0


@cache
def workshop_rules() -> tuple[WorkshopRule, ...]:
    """All of them."""
    return tuple(WorkshopRule(**entry) for entry in entries(_FILE))


def workshop_rule(region: str, day: date) -> WorkshopRule:
    """The rule of the place on the day."""
    return ruling(workshop_rules(), region, day)


def headcounts(session: Session, employer_ids: Collection[int], on: date) -> dict[int, Headcount]:
    """At work at each employer on the day, as far as the session may see."""
    rows = session.execute(
        columns(
            col(EmploymentSpell.employer_id),
            func.count(),
            func.count().filter(belongs(Population.POVERTY_RELIEVED)),
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(col(EmploymentSpell.employer_id).in_(employer_ids), *_at_work(on))
        .group_by(col(EmploymentSpell.employer_id))
    )
    return {employer: Headcount(workers, relieved) for employer, workers, relieved in rows}


@dataclass(frozen=True, slots=True)
class AtWork:
    """One of the people that a headcount counts."""

    worker_id: int
    started_on: date
    precision: Precision
    relieved: bool


def people_at_work(session: Session, employer_id: int, on: date) -> list[AtWork]:
    """The people behind an employer's headcount, 脱贫劳动力 first."""
    relieved = belongs(Population.POVERTY_RELIEVED).label("relieved")
    rows = session.execute(
        columns(
            col(EmploymentSpell.worker_id),
            col(EmploymentSpell.started_on),
            col(EmploymentSpell.precision),
            relieved,
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(col(EmploymentSpell.employer_id) == employer_id, *_at_work(on))
        .order_by(relieved.desc(), col(EmploymentSpell.started_on), col(EmploymentSpell.worker_id))
    )
    return [AtWork(row.worker_id, row.started_on, row.precision, row.relieved) for row in rows]


def _at_work(on: date) -> tuple[ColumnElement[bool], ...]:
    return (
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.is_main).is_(True),
        col(EmploymentSpell.started_on) <= on,
        col(EmploymentSpell.ended_on).is_(None) | (col(EmploymentSpell.ended_on) >= on),
        col(Worker.restricted).is_(False),
        col(Worker.merged_into).is_(None),
    )
