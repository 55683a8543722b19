"""What is known of a person's claims, and what a benefit says of her."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from models.coded import Coded
from models.target import Population
from outcomes.benefits.benefit import UNKNOWN_AMOUNT, Amount, Benefit, Tier
from outcomes.spells import Spell


class State(Coded):
    """How somebody stands to a benefit in a year."""

    ENTITLED = "entitled", "可以享受"
    NOT_YET = "not_yet", "还不能享受"
    PAID = "paid", "已发放"


@dataclass(frozen=True, slots=True)
class Payment:
    """What was claimed: of which benefit and for which year, in fen, when paid; None while the claim is under way."""

    benefit: Benefit
    year: int
    fen: int | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """One person: where registered, when born, to which populations she belongs, her accepted spells, her payments."""

    region: str
    birth_date: date | None = None
    populations: frozenset[Population] = frozenset()
    spells: tuple[Spell, ...] = ()
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a benefit says of a person in a year.

    `amount` is what she is entitled to, or was paid; `missing` what stands in the way, the most useful first, in
    Chinese. `spells` are the keys of the spells that fulfil it, `since` the day on which they did or that of payment.
    """

    state: State
    amount: Amount = UNKNOWN_AMOUNT
    missing: tuple[str, ...] = ()
    since: date | None = None
    tier: Tier | None = None
    spells: tuple[Hashable, ...] = ()
