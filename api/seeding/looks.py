"""双向核实 of the generated people: most of those in the east were looked for, now and then with another result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from api.seeding.clock import at_nine
from api.seeding.copying import Rows
from api.seeding.history import Spell
from models.confirmation import ConfirmedBy, ConfirmingSide, StillThere
from outcomes.confirming import grade_of, kind_of

_LOOKED, _WITHIN = 0.55, 80
_GONE, _UNKNOWN = 0.02, 0.06


@dataclass(frozen=True, slots=True)
class Look:
    """What one side found; `spell` is an index."""

    spell: int
    side: ConfirmingSide
    found: StillThere
    means: ConfirmedBy
    on: date


def look_all(random: Random, spells: Sequence[Spell], homes: Sequence[str], today: date) -> list[Look]:
    """What was found of those who work outside of their province. `homes` are the regions of the people."""
    found: list[Look] = []
    for at, spell in enumerate(spells):
        away = spell.region is not None and spell.region[:2] != homes[spell.person][:2]
        if not away or spell.ended_on is not None or random.random() > _LOOKED:
            continue
        # Nobody is found at work on a later day than she was observed: that would tell more than her record.
        until = min(spell.observed_until or spell.started_on, today)
        on = max(spell.started_on, until - timedelta(days=random.randint(0, _WITHIN)))
        side = random.choice((ConfirmingSide.DESTINATION, ConfirmingSide.DESTINATION, ConfirmingSide.STATION))
        chance = random.random()
        if chance < _GONE:
            found.append(Look(at, side, StillThere.NOT_AT_WORK, ConfirmedBy.EMPLOYER, on))
        elif chance < _GONE + _UNKNOWN:
            found.append(Look(at, side, StillThere.UNKNOWN, ConfirmedBy.EMPLOYER, on))
        else:
            means = random.choice((ConfirmedBy.ON_SITE, ConfirmedBy.ON_SITE, ConfirmedBy.EMPLOYER))
            found.append(Look(at, side, StillThere.AT_WORK, means, on))
    return found


def confirmations_of(looks: Sequence[Look], spell: Sequence[int]) -> Rows:
    """The rows of `spell_confirmation`; `spell` has the numbers of the spells."""
    return [
        {
            "created_at": at_nine(look.on),
            "spell_id": spell[look.spell],
            "side": look.side,
            "found": look.found,
            "means": look.means,
            "found_on": look.on,
            "is_demo": True,
        }
        for look in looks
    ]


def evidence_of(looks: Sequence[Look], spell: Sequence[int]) -> Rows:
    """What those prove who were found at work."""
    return [
        {
            "created_at": at_nine(look.on),
            "spell_id": spell[look.spell],
            "grade": grade_of(look.side, look.means),
            "kind": kind_of(grade_of(look.side, look.means)),
            "covers_from": look.on,
            "covers_to": look.on,
            "source": f"{look.side.label}核实：{look.means.label}",
        }
        for look in looks
        if look.found is StillThere.AT_WORK
    ]
