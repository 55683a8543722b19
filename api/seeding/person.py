"""What a generated household and a generated person are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TypeVar

from api.seeding.places import Home
from models.education import Education
from models.household import POVERTY_RELIEVED, HardshipCategory
from models.worker import LabourCapability, RelationToHead, Sex, Wants

T = TypeVar("T")

LAST_WORKING_AGE = 64
"""Nobody older is given work here. No rule of law: older people do work, but few leave for it."""


@dataclass(slots=True)
class Hardship:
    """帮扶类别时段 of a household."""

    category: HardshipCategory
    from_on: date
    to_on: date | None = None
    risk_cleared_on: date | None = None


@dataclass(slots=True)
class Family:
    """A household: its place, number and hardship."""

    region: str
    number: str
    relocated: bool
    hardship: list[Hardship]

    def relieved_on(self, day: date) -> bool:
        """Whether its members count as 脱贫劳动力 on that day."""
        return any(
            period.category in POVERTY_RELIEVED
            and period.from_on <= day
            and (period.to_on is None or day <= period.to_on)
            for period in self.hardship
        )


@dataclass(slots=True)
class Person:
    """A worker and the intention. `family` and `companion` are indices; `trade` is a key of `TRADES`."""

    home: Home
    region: str
    family: int
    name: str
    sex: Sex
    born: date
    ethnicity: str
    education: Education
    capability: LabourCapability
    relation: RelationToHead
    disability: int | None
    mandarin: bool
    trade: str | None
    experience: int
    has_phone: bool
    wants: Wants | None = None
    reason: str | None = None
    accepted: list[str] = field(default_factory=list)
    occupations: list[str] = field(default_factory=list)
    pay_floor: int | None = None
    needs_lodging: bool | None = None
    companion: int | None = None
    available_from: date | None = None
    skills: dict[str, int | None] = field(default_factory=dict)

    def age(self, day: date) -> int:
        """Completed years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def able(self, day: date) -> bool:
        """Whether work is given here: of age, and not weak, lost or without labour."""
        return 18 <= self.age(day) <= LAST_WORKING_AGE and self.capability in (
            LabourCapability.ORDINARY,
            LabourCapability.SKILLED,
        )


def pick(random: Random, weights: Mapping[T, float]) -> T:
    """One of the keys, by weight."""
    return random.choices(list(weights), list(weights.values()))[0]
