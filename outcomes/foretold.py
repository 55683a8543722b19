"""Leaving as somebody else foretells it of each stay: one by one, held to what was seen.

Whoever knows more of a person and a post than this room does (what was learned from who stayed) tells the hazards of single stays. What
employers, months and the weeks ahead differ by beyond that is taken from the stays themselves, as `outcomes.leaving` takes
it beyond Kaplan and Meier: so what is foretold keeps up with what has happened since it was learned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from outcomes.days import Whole, months
from outcomes.leaving import Chances, Factors, Stays, Waits, factors, known_tenure, season_ahead


class Hazards(Protocol):
    """Of so many stays, in their order."""

    def between(self, first: Whole, last: Whole) -> Chances:
        """The cumulative hazard of each between two tenures in days, both of the length of the stays; shape (stays,)."""
        ...


Foretelling = Callable[[Sequence[int]], Hazards | None]
"""The hazards of the spells with these numbers; None where nobody has learned any."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """The chances of stays whose hazards are told one by one: fulfils `outcomes.leaving.Leaving` for the very stays of `fitted_to`."""

    hazards: Hazards
    employers: Factors
    months: Factors
    first_month: int
    season: Factors

    def chances(self, waits: Waits, rng: np.random.Generator, draws: int) -> Chances:
        """The chance of each to stay from `days` to `until`; shape (people, draws). One row a stay, in their order."""
        first = np.maximum(waits.days - 1, 0)
        last = np.maximum(waits.until - 1, first)
        hazards = np.tile(self.hazards.between(first, last)[:, None], (1, draws))
        hazards *= self.employers.drawn(waits.employer, rng, draws)
        hazards *= self.months.drawn(months(waits.started) - self.first_month, rng, draws)
        hazards *= self.season.drawn(np.zeros(1, dtype=np.int64), rng, draws)
        survived: Chances = np.exp(-hazards)
        return survived


def fitted_to(stays: Stays, hazards: Hazards, *, employers: int, ahead: tuple[int, int]) -> Foretold:
    """The hazards with what the stays say beyond them; `hazards` are of these stays. Parameters as of `outcomes.leaving.fitted`."""
    first, last = known_tenure(stays)
    expected = hazards.between(first, last)
    month = months(stays.started)
    first_month = int(month.min(initial=0))
    return Foretold(
        hazards,
        factors(stays.employer, stays.left, expected, employers),
        factors(month - first_month, stays.left, expected, int(month.max(initial=0)) - first_month + 1),
        first_month,
        season_ahead(stays, hazards.between, ahead),
    )
