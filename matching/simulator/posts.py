"""The vacancies: those of the past years, and those on offer now."""

from dataclasses import dataclass

import numpy as np

from matching.simulator import places, trades
from matching.simulator.days import search_weights
from matching.simulator.firms import Firms
from matching.simulator.places import BoolArray, FloatArray, IntArray

SHIFTS = ("day", "two", "three")
_OLDEST = (45, 50, 52, 55, 58, 60, 0)
_OLDEST_SHARE = (0.10, 0.14, 0.10, 0.18, 0.14, 0.12, 0.22)
NO_LIMIT = 999


@dataclass(frozen=True, slots=True)
class Posts:
    """k vacancies, one value each. Skills are bits by trade; `min_rank` -1 and `max_age` NO_LIMIT are no condition."""

    firm: IntArray
    place: IntArray
    trade: IntArray
    seats: IntArray
    pay_min: FloatArray
    pay_max: FloatArray
    hours: FloatArray
    min_age: IntArray
    max_age: IntArray
    min_rank: IntArray
    required: IntArray
    preferred: IntArray
    lodging: BoolArray
    meals: BoolArray
    insurance: IntArray
    """1, 0, or -1 where it is not told."""
    nights: IntArray
    """0 day, 1 two shifts, 2 three."""
    valid_from: IntArray
    valid_until: IntArray

    def __len__(self) -> int:
        return len(self.firm)

    @property
    def pay(self) -> FloatArray:
        """The middle of the range, yuan a month."""
        return (self.pay_min + self.pay_max) / 2

    @property
    def local_pay(self) -> FloatArray:
        """What the trade is usually paid there, yuan a month."""
        rate: FloatArray = trades.PAY[self.trade] * places.PAY[self.place]
        return rate

    def take(self, rows: IntArray) -> "Posts":
        """These vacancies."""
        return Posts(*(getattr(self, name)[rows] for name in self.__slots__))


def joined(first: Posts, second: Posts) -> Posts:
    """Both, one after the other."""
    return Posts(*(np.concatenate([getattr(first, name), getattr(second, name)]) for name in Posts.__slots__))


def past(
    rng: np.random.Generator, firms: Firms, known: int, k: int, seats: int, span: tuple[int, int]
) -> Posts:
    """`k` vacancies of the first `known` employers, published over the span of days, all closed at its end."""
    days = np.arange(span[0] - 60, span[1] - 10)
    weights = 0.5 + search_weights(days)
    begin = np.sort(rng.choice(days, k, p=weights / weights.sum()))
    until = np.minimum(begin + rng.integers(40, 110, k), span[1] - 1)
    firm = np.concatenate([rng.permutation(known) for _ in range(-(-k // known))])[:k]
    return _of(rng, firms, firm, _shared_out(rng, seats, k, firms.popular[firm]), begin, until)


def current(rng: np.random.Generator, firms: Firms, k: int, seats: int, as_of: int) -> Posts:
    """`k` vacancies on offer on the day `as_of`."""
    begin, until = as_of - rng.integers(0, 25, k), as_of + rng.integers(10, 80, k)
    firm = np.concatenate([rng.permutation(len(firms)) for _ in range(-(-k // len(firms)))])[:k]
    return _of(rng, firms, firm, _shared_out(rng, seats, k), begin, until)


def _shared_out(rng: np.random.Generator, seats: int, k: int, popular: FloatArray | float = 0.0) -> IntArray:
    """Seats of each: one at least, some many, and more where more want to go."""
    weights = np.exp(0.7 * popular + rng.normal(0, 0.6, k))
    return 1 + rng.multinomial(max(0, seats - k), weights / weights.sum())


def _of(
    rng: np.random.Generator, firms: Firms, firm: IntArray, seats: IntArray, begin: IntArray, until: IntArray
) -> Posts:
    k = len(firm)
    trade, place = firms.trade[firm], firms.place[firm]
    of_trade = {
        name: np.array([getattr(each, name) for each in trades.TRADES])[trade]
        for name in ("hours", "asks", "nights", "schooling")
    }
    pay = trades.PAY[trade] * places.PAY[place] + firms.pay_level[firm] + rng.normal(0, 200, k)
    wide = rng.uniform(0.04, 0.16, k)
    bit = 1 << trade
    required = np.where(rng.random(k) < of_trade["asks"], bit, 0)
    nights = (rng.random(k) < of_trade["nights"]) * (1 + (rng.random(k) < 0.35))
    return Posts(
        firm=firm, place=place, trade=trade, seats=seats,
        pay_min=np.maximum(np.round(pay * (1 - wide), -2), 1800.0), pay_max=np.maximum(np.round(pay * (1 + wide), -2), 2000.0),
        hours=np.clip(of_trade["hours"] + rng.integers(-8, 9, k), 40, 72).astype(np.float64),
        min_age=np.full(k, 18), max_age=np.where(rng.random(k) < 0.1, NO_LIMIT, _limits(rng, k)),
        min_rank=np.where(rng.random(k) < 0.4, np.maximum(of_trade["schooling"], rng.integers(1, 3, k)), -1),
        required=required, preferred=np.where((required == 0) & (rng.random(k) < 0.5), bit, 0),
        lodging=firms.lodging[firm], meals=rng.random(k) < 0.45, insurance=rng.choice([1, 0, -1], k, p=(0.55, 0.35, 0.1)),
        nights=nights.astype(np.int64), valid_from=begin, valid_until=until,
    )  # fmt: skip


def _limits(rng: np.random.Generator, k: int) -> IntArray:
    drawn = rng.choice(_OLDEST, k, p=_OLDEST_SHARE)
    return np.where(drawn == 0, NO_LIMIT, drawn)
