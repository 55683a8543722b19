"""The employers: where they are, what they make, and the qualities that no column tells."""

from dataclasses import dataclass

import numpy as np

from matching.simulator import places, trades
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.worlds import Staying

KINDS = ("enterprise", "workshop", "community_factory")
INDUSTRY = ("18", "39", "14", "29", "33", "59", "39", "85", "80", "62", "47", "15")
"""GB/T 4754, two digits, by trade."""


@dataclass(frozen=True, slots=True)
class Firms:
    """m employers, one value each. `quality`, `pick` and `popular` are standard normal; a world says what they weigh."""

    place: IntArray
    kind: IntArray
    trade: IntArray
    size: IntArray
    pay_level: FloatArray
    """Yuan a month over the local rate."""
    lodging: BoolArray
    quality: FloatArray
    luck: FloatArray
    """Uniform: those under a world's `bad_share` lose their people."""
    luck_before: FloatArray
    """The same of earlier times, in a world that has changed."""
    pick: FloatArray
    answers: FloatArray
    """The share of applications that they answer."""
    popular: FloatArray
    towns: IntArray
    """People of each home county there already, shape (m, homes)."""

    def __len__(self) -> int:
        return len(self.place)

    def keeping(self, staying: Staying, *, before: bool = False) -> FloatArray:
        """The log-odds by which each keeps people, for reasons of its own."""
        bad = (self.luck_before if before else self.luck) < staying.bad_share
        return staying.employer * self.quality - staying.bad_effect * bad


def draw(rng: np.random.Generator, m: int) -> Firms:
    """`m` employers: workshops and community factories at home, enterprises everywhere."""
    work = np.array([place.work for place in places.PLACES])
    place = rng.choice(len(work), m, p=work / work.sum())
    at_home = place < places.HOMES
    kind = np.where(at_home, rng.choice(3, m, p=(0.3, 0.45, 0.25)), 0)
    trade = np.where(
        at_home,
        rng.choice(len(trades.TRADES), m, p=trades.AT_HOME / trades.AT_HOME.sum()),
        rng.choice(len(trades.TRADES), m, p=trades.AWAY / trades.AWAY.sum()),
    )
    size = np.round(np.exp(rng.normal(np.where(kind > 0, 3.4, 5.2), 0.8))).astype(np.int64) + 5
    near = np.exp(-places.KILOMETRES[place][:, : places.HOMES] / 700)
    paired = np.array(
        [[code == home.pair for home in places.PLACES[: places.HOMES]] for code in places.CODES]
    )[place]
    expected = rng.gamma(0.5, 2.0, (m, places.HOMES)) * (0.5 + 4 * near + 4 * paired)
    luck, luck_before = rng.permuted((np.arange(m) + 0.5) / m), rng.permuted((np.arange(m) + 0.5) / m)
    return Firms(
        place=place, kind=kind, trade=trade, size=size, pay_level=rng.normal(0, 450, m),
        lodging=rng.random(m) < np.where(at_home, 0.15, 0.72),
        quality=rng.normal(0, 1, m), luck=luck, luck_before=luck_before, pick=rng.normal(0, 1, m),
        answers=rng.beta(12, 2.5, m), popular=rng.normal(0, 1, m), towns=rng.poisson(expected),
    )  # fmt: skip
