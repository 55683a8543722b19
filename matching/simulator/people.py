"""The workers: who they are, what they can do, what they want."""

from dataclasses import dataclass

import numpy as np

from matching.simulator import places
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.trades import PAY, TRADES

EDUCATION = (
    ("illiterate", 0, 0.04), ("primary", 1, 0.22), ("junior_high", 2, 0.42), ("senior_high", 3, 0.11),
    ("secondary_vocational", 3, 0.09), ("college", 4, 0.08), ("bachelor", 5, 0.04),
)  # fmt: skip
"""Code, rank and share at 35; the older went to school for less long."""
HARDSHIP = ("脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "低保", "特困", "一般农户")
_HARDSHIP = (0.34, 0.05, 0.04, 0.03, 0.05, 0.005, 0.485)
MONITORED = (1, 2, 3)
RANKS = np.array([rank for _, rank, _ in EDUCATION])
_BLANK = 0.04
"""The share of cells, of those that may be, that nobody filled in."""


@dataclass(frozen=True, slots=True)
class People:
    """n people, one value each; `place` and `trade` are rows of the tables, days count from 1970, -1 is none.

    The columns that begin with `tells_` say whether the folder tells the fact of that name; the truth always uses it.
    """

    home: IntArray
    born: IntArray
    female: BoolArray
    schooling: IntArray
    hardship: IntArray
    relocated: BoolArray
    disability: IntArray
    weak: BoolArray
    skills: IntArray
    """One bit for each trade's skill; nobody's skills are told to be none, so 0 is written as a blank."""
    level: IntArray
    experience: FloatArray
    """Months."""
    trade: IntArray
    pay_floor: FloatArray
    wish: IntArray
    needs_bed: BoolArray
    mandarin: BoolArray
    companion: IntArray
    household: IntArray
    available: IntArray
    """-1 where they said nothing: at once."""
    tells_schooling: BoolArray
    tells_experience: BoolArray
    tells_trade: BoolArray
    tells_floor: BoolArray
    tells_bed: BoolArray
    tells_mandarin: BoolArray

    def __len__(self) -> int:
        return len(self.home)

    def take(self, rows: IntArray) -> "People":
        """These people; companions keep their old numbers."""
        return People(*(getattr(self, name)[rows] for name in self.__slots__))

    @property
    def monitored(self) -> BoolArray:
        """监测对象."""
        return np.isin(self.hardship, MONITORED)


def joined(first: People, second: People) -> People:
    """Both, one after the other, with companions and households of the second renumbered."""
    columns = {name: [getattr(first, name), getattr(second, name)] for name in People.__slots__}
    with_whom = second.companion
    columns["companion"][1] = np.where(with_whom < 0, -1, with_whom + len(first))
    columns["household"][1] = second.household + len(first)
    return People(**{name: np.concatenate(both) for name, both in columns.items()})


def draw(rng: np.random.Generator, n: int, companions: float, as_of: int) -> People:
    """`n` people, of whom a share goes in twos: neighbours in the table, half of them couples, half from one county."""
    couple, townsman = _twos(rng, n, companions)
    home = rng.choice(places.HOMES, n, p=[place.people for place in places.PLACES[: places.HOMES]])
    home[1::2] = np.where((couple | townsman)[1::2], home[: n // 2 * 2 : 2], home[1::2])
    born, female = _ages(rng, n, couple, as_of)
    age = (as_of - born) / 365.25
    schooling = _schooling(rng, age)
    hardship = rng.choice(len(HARDSHIP), n, p=_HARDSHIP)
    household = np.arange(n)
    for column in (hardship, household):
        column[1::2] = np.where(couple[1::2], column[: n // 2 * 2 : 2], column[1::2])
    experience = np.where(
        rng.random(n) < 0.18, 0.0, np.round(rng.gamma(1.4, 12, n) * np.clip((age - 16) / 15, 0.1, 2))
    )
    trade = np.where(experience > 0, rng.choice(len(TRADES), n, p=_share_of_trades()), -1)
    skills, level = _skills(rng, trade, experience)
    floor = 3000 + 260.0 * np.bitwise_count(skills) + 3 * np.minimum(experience, 120) + 120 * RANKS[schooling]
    floor += np.where(trade >= 0, 0.12 * (PAY[trade] - 5000), 0) + rng.normal(0, 450, n)
    wish = rng.choice(len(places.WISHES), n, p=places.WISHES)
    both = (couple | townsman)[1::2]
    wish[1::2] = np.where(both, wish[: n // 2 * 2 : 2], wish[1::2])
    available = np.where(rng.random(n) < 0.3, -1, as_of + rng.integers(-30, 25, n))
    partner = np.arange(n) ^ 1
    return People(
        home=home, born=born, female=female, schooling=schooling, hardship=hardship,
        relocated=rng.random(n) < np.where(hardship == 6, 0.02, 0.3),
        disability=np.where(rng.random(n) < 0.04, rng.integers(2, 5, n), 0),
        weak=rng.random(n) < 0.04, skills=skills, level=level, experience=experience, trade=trade,
        pay_floor=np.clip(np.round(floor, -2), 1800, 9000), wish=wish,
        needs_bed=rng.random(n) < np.where(wish == 2, 0.25, 0.75),
        mandarin=rng.random(n) < np.clip(1.15 - age / 130, 0.5, 0.98),
        companion=np.where(couple | townsman, partner, -1), household=household, available=available,
        **{name: rng.random(n) >= _BLANK for name in People.__slots__ if name.startswith("tells_")},
    )  # fmt: skip


def _twos(rng: np.random.Generator, n: int, share: float) -> tuple[BoolArray, BoolArray]:
    kind = np.repeat(rng.random((n + 1) // 2), 2)[:n]
    couple, townsman = kind < share / 2, (kind >= share / 2) & (kind < share)
    if n % 2:
        couple[-1] = townsman[-1] = False
    return couple, townsman


def _ages(rng: np.random.Generator, n: int, couple: BoolArray, as_of: int) -> tuple[IntArray, BoolArray]:
    age = 18 + 44 * rng.beta(1.7, 1.8, n)
    female = rng.random(n) < 0.47
    first, second = slice(0, n // 2 * 2, 2), slice(1, None, 2)
    close = np.clip(age[first] + rng.normal(0, 2.5, n // 2), 18, 62)
    age[second] = np.where(couple[second], close, age[second])
    female[second] = np.where(couple[second], ~female[first], female[second])
    return (as_of - age * 365.25).astype(np.int64), female


def _schooling(rng: np.random.Generator, age: FloatArray) -> IntArray:
    ends = np.cumsum([share for *_, share in EDUCATION])[:-1]
    place = np.clip(rng.random(len(age)) - (age - 35) * 0.012, 0, 0.999)
    return np.searchsorted(ends, place, side="right")


def _share_of_trades() -> FloatArray:
    share = np.array([3.0, 3, 2, 1.5, 1, 0.8, 0.8, 0.8, 1, 0.8, 1.5, 1])
    total: FloatArray = share / share.sum()
    return total


def _skills(rng: np.random.Generator, trade: IntArray, experience: FloatArray) -> tuple[IntArray, IntArray]:
    n = len(trade)
    learned = (trade >= 0) & (rng.random(n) < np.clip(0.3 + experience / 60, 0, 0.9))
    skills = np.where(learned, 1 << np.maximum(trade, 0), 0)
    also = rng.random(n) < 0.25
    skills |= np.where(also, 1 << rng.choice(len(TRADES), n, p=_share_of_trades()), 0)
    return skills, np.clip(1 + (experience // 24).astype(np.int64), 1, 5)
