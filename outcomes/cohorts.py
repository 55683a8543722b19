"""留得住: of those who began at an employer in one month, how many were still there after so many days.

Who was still there is told as for the employers that a county looks at (`outcomes.benefits.staying`): of whoever had left
by then, and of whoever was seen there on that day or later. The first day worked is day 1.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.spell import EmploymentSpell
from outcomes.benefits.employers import Hand
from outcomes.benefits.staying import Stayed, began, there_on
from outcomes.calendar import month_start
from outcomes.spells import Spell

DAYS = (90, 180)
"""Days of tenure after which it is asked who is still there."""

FEWEST = 3
"""Of fewer people nothing is told: it would be about one of them."""


def hands_of(session: Session, employer_id: int) -> list[Hand]:
    """An employer's people, past and present, as far as the session may see them."""
    rows = session.exec(
        select(EmploymentSpell)
        .where(
            EmploymentSpell.employer_id == employer_id,
            col(EmploymentSpell.superseded_at).is_(None),
            col(EmploymentSpell.is_main),
        )
        .order_by(col(EmploymentSpell.started_on))
    ).all()
    spells: dict[int, list[Spell]] = defaultdict(list)
    for row in rows:
        spells[row.worker_id].append(
            Spell(
                started_on=row.started_on,
                ended_on=row.ended_on,
                observed_until=row.observed_until,
                precision=row.precision,
            )
        )
    return [Hand(worker, None, False, tuple(theirs)) for worker, theirs in spells.items()]


def by_month(hands: Iterable[Hand], days: int, as_of: date) -> dict[date, Stayed]:
    """By the first day of the month in which they began, of how many it is known and how many stayed."""
    known: dict[date, list[bool]] = defaultdict(list)
    for hand in hands:
        first = began(hand)
        there = there_on(hand, first + timedelta(days=days - 1), as_of)
        if there is not None:
            known[month_start(first)].append(there)
    return {month: Stayed(len(told), sum(told)) for month, told in known.items()}


def begun(hands: Iterable[Hand], as_of: date) -> dict[date, int]:
    """By the first day of the month how many began in it."""
    found: dict[date, int] = defaultdict(int)
    for hand in hands:
        if began(hand) <= as_of:
            found[month_start(began(hand))] += 1
    return dict(found)
