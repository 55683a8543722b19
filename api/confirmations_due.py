"""Which spells a side is to look at: evaluated once for the home county, and of each person anew after a change."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from api.remembered import remembered_of_each
from api.settings import Settings
from models.confirmation import ConfirmingSide
from outcomes.confirming import Whose, waiting


@dataclass(frozen=True, slots=True)
class Look:
    """A spell that waits; whether a finding contradicts the record, and until when somebody was seen there."""

    spell_id: int
    observed: date
    differs: bool


def looks_due(
    session: Session, settings: Settings, side: ConfirmingSide, whose: Sequence[Whose], today: date
) -> list[Look]:
    """The spells of those people that wait for the side, in the order of `outcomes.confirming.waiting`."""

    def evaluated(worker_ids: Collection[int] | None) -> dict[int, list[Look]]:
        found: dict[int, list[Look]] = defaultdict(list)
        every = settings.confirm_every_days
        for each in waiting(session, side, whose, today, every, worker_ids=worker_ids):
            observed = each.spell.observed_until or each.spell.started_on
            look = Look(each.spell.identity, observed, bool(each.against))
            found[each.spell.worker_id].append(look)
        return dict(found)

    what = ("confirmations", side, tuple(whose), today, settings.confirm_every_days)
    # The place of work is not told of changes that the home county makes.
    seconds = settings.remember_seconds if side is ConfirmingSide.ORIGIN else 0
    kept = remembered_of_each(session, what, evaluated, seconds=seconds)
    return sorted(
        (each for theirs in kept.values() for each in theirs),
        key=lambda each: (not each.differs, each.observed, each.spell_id),
    )
