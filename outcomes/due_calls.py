"""今天的回访: who is at work, when each is to be called next, and how likely each is to leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, and_, func
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.care import AT_WORK, CallerAssignment, Contact
from models.spell import EmploymentSpell, SpellKind
from models.worker import Worker
from outcomes.days import number
from outcomes.following import RISK_DAYS, Schedule, due_on
from outcomes.foretold import Foretelling, fitted_to
from outcomes.leaving import Leaving, Stays, Waits, fitted
from outcomes.seen_spells import KINDS, READ, columns_of

FOLLOWED = frozenset(
    {
        SpellKind.MARKET,
        SpellKind.WORKSHOP,
        SpellKind.COMMUNITY_FACTORY,
        SpellKind.EMPLOYMENT_BASE,
        SpellKind.FLEXIBLE,
    }
)
"""Work from which somebody may be lost to the market; public posts have a clock of their own."""

_DRAWS = 200
_SEED = 0


@dataclass(frozen=True, slots=True)
class DueCall:
    """Somebody at work. `chance` is that of leaving within `RISK_DAYS`; `tries` are those in vain since she was reached."""

    worker_id: int
    spell_id: int
    started_on: date
    due_on: date
    chance: float
    reached_on: date | None
    tried_on: date | None
    tries: int
    caller_id: int | None
    given_by: int | None
    has_phone: bool = True

    def is_due(self, as_of: date) -> bool:
        """Whether the call is to be made on the day."""
        return self.due_on <= as_of

    def days_over(self, as_of: date) -> int:
        """How many days it has been due for; 0 on its own day and before."""
        return max((as_of - self.due_on).days, 0)


def due_calls(
    session: Session, region: str, as_of: date, schedule: Schedule, foretelling: Foretelling | None = None
) -> list[DueCall]:
    """Everybody of a region who is at work on `as_of`: first those whose call is due, and of them who is likeliest to
    leave; of those due who has no telephone comes last, to be visited; then the others by the day of their call.

    `foretelling` tells the hazards that a model in force has learned; without them it goes by how the region's people left.
    """
    rows = session.execute(
        columns(
            col(EmploymentSpell.id),
            *(getattr(EmploymentSpell, name) for name in READ),
            col(Worker.phone_sealed).is_not(None).label("has_phone"),
        )
        .join(Worker, col(Worker.id) == col(EmploymentSpell.worker_id))
        .where(_followed(region), col(EmploymentSpell.started_on) <= as_of)
    ).all()
    chances = _chances(rows, as_of, foretelling)
    standing = [row for row in rows if row.ended_on is None or row.ended_on > as_of]
    contacts = _contacts(session, (row.worker_id for row in standing), as_of)
    callers: dict[int, tuple[int, int]] = {
        worker_id: (account_id, assigned_by)
        for worker_id, account_id, assigned_by in session.execute(
            columns(
                col(CallerAssignment.worker_id),
                col(CallerAssignment.account_id),
                col(CallerAssignment.assigned_by),
            )
        )
    }
    found = []
    for row in standing:
        reached, tried, tries = _since(contacts.get(row.worker_id, ()), row.started_on)
        chance = chances[row.id]
        due = due_on(row.started_on, schedule, reached_on=reached, tried_on=tried, chance=chance)
        caller_id, given_by = callers.get(row.worker_id, (None, None))
        found.append(
            DueCall(
                row.worker_id, row.id, row.started_on, due, chance, reached, tried, tries, caller_id, given_by,
                row.has_phone,
            )
        )  # fmt: skip
    found.sort(key=lambda call: _order(call, as_of))
    return found


def _order(call: DueCall, as_of: date) -> tuple[bool, bool, float, date, int]:
    due = call.is_due(as_of)
    # Among those due the likeliest to leave first; what lies ahead in the order of its days.
    return (
        not due,
        due and not call.has_phone,
        -round(call.chance, 3) if due else 0.0,
        call.due_on,
        call.worker_id,
    )


def _followed(region: str) -> ColumnElement[bool]:
    return and_(
        col(EmploymentSpell.superseded_at).is_(None),
        col(EmploymentSpell.is_main),
        col(EmploymentSpell.kind).in_(FOLLOWED),
        col(EmploymentSpell.origin_region).startswith(region, autoescape=True),
        ~col(Worker.restricted),
        col(Worker.merged_into).is_(None),
    )


def _chances(rows: Sequence[Any], as_of: date, foretelling: Foretelling | None = None) -> dict[int, float]:
    """Per spell the chance that the person leaves within `RISK_DAYS`, as it is foretold, or as those of the region have left."""
    if not rows:
        return {}
    seen = columns_of(rows, as_of)
    employers, places = np.unique(seen.employer, return_inverse=True)
    today = number(as_of)
    stays = Stays(
        seen.first, np.ones_like(seen.first), seen.last - seen.first + 1, seen.left, seen.kind, places
    )
    ahead = (today, today + RISK_DAYS)
    hazards = foretelling([row.id for row in rows]) if foretelling else None
    leaving: Leaving
    if hazards is None:
        leaving = fitted(stays, groups=len(KINDS), employers=len(employers), ahead=ahead)
    else:
        leaving = fitted_to(stays, hazards, employers=len(employers), ahead=ahead)
    # As of today, whenever the person was last seen: whoever is not known to have left is taken to be there.
    tenure = np.maximum(today - seen.first + 1, 1)
    waits = Waits(seen.first, tenure, tenure + RISK_DAYS, seen.kind, places)
    stay = leaving.chances(waits, np.random.default_rng(_SEED), _DRAWS).mean(axis=1)
    return {row.id: float(1.0 - chance) for row, chance in zip(rows, stay, strict=True)}


def _contacts(session: Session, worker_ids: Iterable[int], as_of: date) -> dict[int, list[tuple[date, bool]]]:
    """Per person, in the order of their days: when there was a contact, and whether it found the person at work."""
    wanted = set(worker_ids)
    whose = func.coalesce(col(Worker.merged_into), col(Worker.id))
    found: dict[int, list[tuple[date, bool]]] = {}
    for worker_id, on, what in session.execute(
        columns(whose, col(Contact.contacted_on), col(Contact.found))
        .join(Worker, col(Worker.id) == col(Contact.worker_id))
        .where(col(Contact.contacted_on) <= as_of)
        .order_by(col(Contact.contacted_on), col(Contact.id))
    ):
        if worker_id in wanted:
            found.setdefault(worker_id, []).append((on, what in AT_WORK))
    return found


def _since(contacts: Iterable[tuple[date, bool]], started: date) -> tuple[date | None, date | None, int]:
    """When the person was last reached in a stretch that began on `started`, last tried in vain after it, how often."""
    reached: date | None = None
    tried: date | None = None
    tries = 0
    for on, at_work in contacts:
        if on < started:
            continue
        if at_work:
            reached, tried, tries = on, None, 0
        else:
            tried, tries = on, tries + 1
    return reached, tried, tries
