"""Which pairs a plan is made over: those that are best once seats have their prices.

Everybody's best pairs by score alone are much the same few posts; the plan lies in the pairs that are best by score less the
price of the seat. So prices are found first, roughly, from some of the people; pairs are taken by guess less price and scored;
the plan over them is solved, its prices choose again, until hardly anybody has a better pair outside than inside. (Column
generation: a plan whose prices leave nobody better off elsewhere is the best over all pairs, not only over those looked at.)
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matching.abreast import abreast
from matching.allocation.flow import Net, best
from matching.allocation.parties import Parties
from matching.allocation.potentials import potentials
from matching.allocation.problem import Edges
from matching.columns import BoolArray, FloatArray
from matching.common_places import shared_pairs
from matching.edges import Guessed, Scored, highest
from matching.regions import IntArray

EACH = 20
"""Pairs of each worker that a plan is made over at least, where there are so many."""
_KEPT_IN_VIEW = 160
"""Pairs of each worker that are best by guess less the rough price."""
_LOOKED_AT, _AGAIN = 64, 32
"""Of them so many are scored first, and so many more that are best by guess less the price that the first led to."""
_FIRST, _MORE = 14, 6
"""Pairs of each worker that a plan is made over first, and at most so many more each round after."""
_FINE = 1_000_000
"""The best score as an integer: prices that choose pairs need not be exact to the last unit."""
_KEPT = 40
"""Pairs of each worker that stay from one round to the next."""
_ROUNDS = 4
_ROUGHLY, _ENOUGH, _ALL = 1e-2, 1e-3, 1e-9
"""The rounds end when what they would add is no more than this part of the plan: before pairs are looked for again, at last, and
where all pairs are scored."""
_SAMPLE = 2_500
_TOLD = 15
"""Of them so many pairs each are scored in between, to correct the guesses of vacancies that are in question."""
_SOFT = ((0.1, 8), (0.03, 10), (0.01, 10), (0.01, 8), (0.005, 10))
"""How softly people want, in parts of the mean of their best, and for how many steps."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Pairs to plan over, in rows of the plan by worker and vacancy."""

    pairs: Scored
    edges: Edges
    seats: IntArray
    found: tuple[FloatArray, ...] = ()
    """Prices met on the way: no plan's, but they may say better what a seat would cost whoever was not looked at for it."""

    def missed(self, price: FloatArray, bound: float, *, seed: int = 0, most: int = 1_000) -> float:
        """By how much a plan over all eligible pairs could be better than `bound`, the bound of the plan over these pairs.

        At any prices no plan is worth more than all seats at their prices and everybody's best score less price. Where all
        pairs are scored it is by how much that is more at `price` over all pairs than over these (of companions: each for
        themselves). Where they are not, it is what that comes to at whichever prices say the least, from `most` people who are
        drawn, two standard errors above what was found: an estimate, which also holds what companions and quotas cost.
        """
        people = len(self.pairs)
        if self.pairs.exact or people <= most or not self.found:
            return self._better_outside(price)
        ways = self._ways(price)
        asked = np.sort(np.random.default_rng(seed).permutation(people)[:most])
        inside = np.zeros((len(ways), people))
        for at, way in enumerate(ways):
            np.maximum.at(inside[at], self.edges.worker, self.edges.score - way[self.edges.vacancy])
        more = np.zeros((len(ways), len(asked)))
        end = 0
        for rows in self.pairs.blocks(asked):
            scores = self.pairs.full(rows)
            for at, way in enumerate(ways):
                more[at, end : end + len(rows)] = (scores - way).max(axis=1, initial=0.0) - inside[at, rows]
            end += len(rows)
        # What these pairs make is added up for everybody; only what the others add is told from some.
        added = people * (more.mean(axis=1) + 2 * more.std(axis=1, ddof=1) / len(asked) ** 0.5)
        return max(0.0, float((ways @ self.seats + inside.sum(axis=1) + added).min()) - bound)

    def _better_outside(self, price: FloatArray) -> float:
        """How far everybody's best pair of all, less price, lies above the best of these, added up.

        Also of whom neither is worth its price: a quota may place them all the same, and adds as much to each of their pairs.
        """
        inside = np.full(len(self.pairs), -np.inf)
        np.maximum.at(inside, self.edges.worker, self.edges.score - price[self.edges.vacancy])
        more = 0.0
        for rows in self.pairs.blocks(np.arange(len(self.pairs))):
            best = (self.pairs.full(rows) - price).max(axis=1, initial=-np.inf)
            known = np.isfinite(inside[rows])
            more += float((best[known] - inside[rows][known]).sum() + np.maximum(best[~known], 0.0).sum())
        return more

    def _ways(self, price: FloatArray) -> FloatArray:
        """Prices to try: a post that few were looked at for has too low a one in the plan, but not on the way."""
        dearest = np.maximum(price, self.found[0])
        return np.array([price, *self.found, dearest, (dearest + self.found[0]) / 2])


def choose(
    pairs: Scored,
    seats: IntArray,
    *,
    place: IntArray | None = None,
    parties: Parties | None = None,
    seed: int = 0,
    tell: Callable[[int, int, str], None] = lambda *_: None,
) -> Chosen:
    """The pairs to plan over.

    Parameters
    ----------
    seats : free seats of each vacancy.
    place, parties : the place of each vacancy and who goes together; they need pairs in a place that all of a party share.
    seed : of whom the rough prices are found from.
    tell : told of each step (done, total, words).
    """
    if not len(pairs) or not len(seats):
        return Chosen(pairs, Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)), seats)
    price = rough = np.zeros(len(seats)) if not isinstance(pairs, Guessed) else _rough(pairs, seats, seed)
    pool = _Pool(pairs, price, tell)
    looks = ((len(seats), _ALL),) if pairs.exact else ((_LOOKED_AT, _ROUGHLY), (_AGAIN, _ENOUGH))
    for many, enough in looks:
        pool.look(price, many)
        pool.take_in(pool.worth > -np.inf, EACH if pairs.exact else _FIRST, price)
        for number in range(_ROUNDS if not pairs.exact else 10 * _ROUNDS):
            tell(number, 0, "按岗位紧张程度挑选岗位")
            price, ends, total = pool.solved(seats)
            more = pool.better(price, ends)
            if more <= enough * total:
                break
    edges = pool.edges(price)
    if parties is not None and place is not None and len(parties):
        edges = joined(edges, shared_pairs(pairs, price, place, parties), len(seats))
    return Chosen(pairs, edges, seats, (rough, price))


def _rough(pairs: Guessed, seats: IntArray, seed: int) -> FloatArray:
    """Prices at which about as many want a seat as there are, by the guesses of some of the people.

    Each wants the best pair by guess less price, softly: the others by how little worse they are. A price moves by the
    logarithm of who wants over what there is (Sinkhorn's step). Softness is what finds the way, but among a thousand posts
    somebody always wants more than the best one is worth: it is taken back by and by.
    """
    rows = np.sort(np.random.default_rng(seed).permutation(len(pairs))[:_SAMPLE])
    values = np.concatenate([pairs.block(block) for block in pairs.blocks(rows)]).astype(np.float32)
    best = values.max(axis=1)
    price = np.zeros(len(seats), np.float32)
    if not np.isfinite(best).any():
        return price.astype(np.float64)
    mean = best[np.isfinite(best)].mean()
    there = (seats * (len(rows) / len(pairs))).astype(np.float32)
    for part, turns in _SOFT:
        soft = np.float32(part * mean)
        for _ in range(turns):
            wish = (values - price) / soft
            top = np.maximum(wish.max(axis=1), 0.0)[:, None]
            np.exp(np.subtract(wish, top, out=wish), out=wish)
            wish /= wish.sum(axis=1, keepdims=True) + np.exp(-top)
            ratio = np.log((wish.sum(axis=0) + 1e-6) / (there + 1e-6))
            price = np.maximum(price + soft * np.clip(ratio, -3.0, 3.0), 0.0).astype(np.float32)
        row, column = highest(values - price, _TOLD)
        scores = pairs.score(rows[row], column)
        values *= pairs.learn(rows[row], column, np.log(scores / values[row, column]))
    return price.astype(np.float64)


class _Pool:
    """So many scored pairs of each worker, shape (workers, pairs), -inf where there is none; and those in view, which are guessed."""

    def __init__(self, pairs: Scored, price: FloatArray, tell: Callable[[int, int, str], None]) -> None:
        self.pairs = pairs
        self.vacancy = np.zeros((len(pairs), 0), np.int32)
        self.worth = np.zeros((len(pairs), 0))
        self.inside = np.zeros((len(pairs), 0), np.bool_)
        posts = len(pairs.vacancies)
        many = posts if pairs.exact else min(posts, _KEPT_IN_VIEW)
        self.in_view = np.zeros((len(pairs), many), np.int32)
        self.guess = np.zeros((len(pairs), many), np.float64 if pairs.exact else np.float32)

        def best_of(rows: IntArray) -> int:
            self.in_view[rows], self.guess[rows] = pairs.best(rows, price, many)
            return len(rows)

        done = 0
        for looked in abreast(best_of, pairs.blocks(pairs.alike_first())):
            done += looked
            tell(done, len(pairs), "给每个人挑选岗位")

    def look(self, price: FloatArray, many: int) -> None:
        """Score so many more of each worker that are best by guess less price."""
        row, at = highest(self.guess - price.astype(self.guess.dtype)[self.in_view], many)
        column, guess = self.in_view[row, at].astype(np.int64), self.guess[row, at].astype(np.float64)
        scores = guess if self.pairs.exact else self.pairs.score(row, column)
        known = self.vacancy.shape[1]
        nth = np.arange(len(row)) - np.searchsorted(row, row)
        more = ((0, 0), (0, int(nth.max(initial=-1)) + 1))
        self.vacancy = np.pad(self.vacancy, more)
        self.worth = np.pad(self.worth, more, constant_values=-np.inf)
        self.inside = np.pad(self.inside, more)
        self.vacancy[row, known + nth], self.worth[row, known + nth] = column, scores
        self.guess[row, at] = -np.inf
        if isinstance(self.pairs, Guessed):
            self.guess *= self.pairs.learn(row, column, np.log(scores / guess))[self.in_view]

    def net(self, price: FloatArray) -> FloatArray:
        """Worth less price."""
        net: FloatArray = self.worth - price[self.vacancy]
        return net

    def take_in(self, which: BoolArray, most: int, price: FloatArray) -> None:
        """Take in the `most` best of these of each worker."""
        row, column = highest(np.where(which, self.net(price), -np.inf), most)
        self.inside[row, column] = True

    def surplus(self, price: FloatArray) -> FloatArray:
        """Everybody's best of what is inside, 0 at least."""
        best: FloatArray = np.where(self.inside, self.net(price), -np.inf).max(axis=1, initial=0.0)
        return best

    def solved(self, seats: IntArray) -> tuple[FloatArray, tuple[FloatArray, FloatArray], float]:
        """The prices of the best plan over what is inside, the lowest and the greatest that fit it, and its total."""
        row, column = np.nonzero(self.inside)
        worth = self.worth[row, column]
        scale = _FINE / max(float(worth.max(initial=0.0)), 1e-300)
        people = len(self.worth)
        net = Net(
            workers=people,
            worker=row,
            vacancy=self.vacancy[row, column].astype(np.int64),
            gain=np.rint(worth * scale).astype(np.int64),
            seats=seats,
            kind=np.zeros(people, np.int64),
            least=np.zeros(1, np.int64),
        )
        flow = best(net)
        if flow is None:
            raise ValueError("a plan without quotas can always be made")
        prices = potentials(net, flow)
        return prices.seat / scale, (prices.low.seat / scale, prices.high.seat / scale), flow.gain / scale

    def better(self, price: FloatArray, ends: tuple[FloatArray, FloatArray]) -> float:
        """Take in pairs that are better at these prices than all inside; by how much they are, added up.

        Looked at are also the ends of what fits: pairs from outside may narrow it, and so move the prices. Of what is inside and far
        from anybody's best, only so many stay.
        """
        row, column = highest(np.where(self.inside, self.net(price), -np.inf), _KEPT)
        self.inside[:] = False
        self.inside[row, column] = True
        more = 0.0
        for each in (price, *ends):
            net, before = self.net(each), self.surplus(each)
            self.take_in(~self.inside & (net > before[:, None] + 1e-12), _MORE, each)
            more = max(more, float((self.surplus(each) - before).sum()))
        return more

    def edges(self, price: FloatArray) -> Edges:
        """The best so many of each worker at these prices, and all that came to be inside."""
        row, column = highest(self.net(price), EACH)
        self.inside[row, column] = True
        row, column = highest(np.where(self.inside, self.net(price), -np.inf), _KEPT)
        vacancy = self.vacancy[row, column].astype(np.int64)
        order = np.lexsort((vacancy, row))
        row, column, vacancy = row[order], column[order], vacancy[order]
        return Edges(row, vacancy, self.worth[row, column])


def joined(edges: Edges, more: Edges, posts: int) -> Edges:
    """Both, each pair once, by worker and vacancy."""
    key = np.concatenate([edges.worker, more.worker]) * posts + np.concatenate([edges.vacancy, more.vacancy])
    kept, first = np.unique(key, return_index=True)
    return Edges(kept // posts, kept % posts, np.concatenate([edges.score, more.score])[first])
