"""Generated counties whose people leave by other equations than any model here: the truth that forecasts are held to.

Nothing of the project is imported. People begin in lumps after the Spring Festival and thinly through the year; each
firm has its quality and its size, and now and then one closes; some people leave within weeks (a logistic chance by the firm's quality and the
person's age), the others after a log-logistic time; the harvest calls some home; each quarter the whole county leaves
more or less easily (an autoregressive shock). A third of those who leave begin again elsewhere. Some are seen late.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST_DAY = 0
"""1 January of the first of three years; days are counted from there, the third year, of which is asked, begins on day 730."""
HORIZON = 1_095


@dataclass(frozen=True, slots=True)
class County:
    """Stretches of work, one a row: the first and the last day, the firm, the person, the group, the day last seen
    before `asked` while it went on."""

    begun: NDArray[np.int64]
    ended: NDArray[np.int64]
    firm: NDArray[np.int64]
    person: NDArray[np.int64]
    group: NDArray[np.int64]
    late: NDArray[np.int64]


def county(seed: int) -> County:
    """One county: 450 to 3,700 people who work away at some time in three years, 12 to 80 firms."""
    rng = np.random.default_rng(seed)
    people, firms = int(rng.integers(450, 3_700)), int(rng.integers(12, 80))
    quality = rng.normal(0.0, 0.8, firms)
    size = rng.pareto(1.5, firms) + 0.2
    closes = np.where(rng.random(firms) < 0.04, rng.integers(30, HORIZON, firms), HORIZON * 3)
    shocks = np.empty(13)
    shocks[0] = rng.normal(0, 0.25)
    for quarter in range(1, 13):
        shocks[quarter] = 0.5 * shocks[quarter - 1] + rng.normal(0, 0.22)
    age = rng.normal(42, 10, people)
    group = rng.integers(0, 3, people)
    rows: list[tuple[int, int, int, int, int]] = []
    buses = rng.integers(40, 80, 4)
    for person in range(people):
        year = int(rng.integers(0, 3)) * 365
        lump = rng.random() < 0.45
        day = year + int(rng.choice(buses) + rng.integers(0, 3) if lump else rng.gamma(2.2, 55.0))
        while day < HORIZON:
            firm = int(rng.choice(firms, p=size / size.sum()))
            stay = _stay(rng, quality[firm], age[person], int(group[person]), day, shocks)
            last = int(min(day + stay - 1, closes[firm], HORIZON * 3))
            if last >= day:
                rows.append((day, last, firm, person, int(group[person])))
            if rng.random() > 0.35:
                break
            day = max(last, day) + int(rng.integers(8, 70))
    begun, ended, firm, who, groups = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    late = np.where(rng.random(len(begun)) < 0.3, rng.integers(1, 31, len(begun)), 0)
    return County(begun, ended, firm, who, groups, late)


def _stay(
    rng: np.random.Generator, quality: float, age: float, group: int, day: int, shocks: NDArray[np.float64]
) -> int:
    """Days worked."""
    ease = shocks[min(day // 91, 12)]
    early = 1 / (1 + np.exp(1.6 + 0.9 * quality - 0.35 * (group == 2) - 0.02 * (age - 42) - 1.2 * ease))
    if rng.random() < early:
        return max(int(rng.lognormal(2.7, 0.7)), 1)
    scale = 330 * np.exp(0.4 * quality - 0.8 * ease + 0.1 * (group == 0))
    odds = rng.random()
    days = max(int(scale * (odds / (1 - odds)) ** (1 / 1.7)), 15)
    for harvest in (150, 270, 515, 635, 880, 1_000):
        if day + 20 < harvest < day + days and rng.random() < 0.04:
            return harvest - day + int(rng.integers(0, 10))
    return days
