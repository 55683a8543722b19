"""Lagrange's bound: at any prices of seats and quotas, what everybody is worth at their best, each party as one, plus the
prices of all seats, less what the quotas ask for at theirs, is no less than any plan.

A quota has a price here of its own, not the one it has without companions: where people of its group go only with others, who take
seats too, it costs more. Steps along the subgradient, cleared of what runs against the step before, bring the bound down
(Camerini, Fratta, Maffioli 1975; Polyak's length).
"""

import numpy as np

from matching.allocation.case import Case
from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

ENOUGH = 1e-4
"""Steps end, as the search does, when the gap is no more than this part."""
PATIENCE = 10
"""Steps without a better bound before they are made shorter."""
SHIFTS = (2.0, 0.5, 1.1, 0.9)
"""By what a quota's price is multiplied where that lowers the bound."""
NEVER = -1e18
"""The gain of an edge that can't be used."""


class Dual:
    """Lagrange's bound over the prices of seats and the quotas' multipliers: `at` is both, one after the other."""

    def __init__(self, case: Case, usable: BoolArray, slack: IntArray) -> None:
        self.case = case
        needs = case.needs
        self.part = part = np.array([float(share or 0) for share in needs.share])
        counts = needs.of_kind - part
        self.counted = counts[case.kind]
        """workers × quotas: what it does for each quota that somebody goes."""
        wanted = [
            float(part[at] * needs.had_all if some is None else some) for at, some in enumerate(needs.people)
        ]
        self.free = np.r_[case.seats, needs.had + slack - np.array(wanted)].astype(np.float64)
        """Seats, and what the quotas have above what they want before anybody goes."""
        self.posts = len(case.seats)
        self.gain = np.where(usable, case.gain, NEVER)
        alone = np.flatnonzero(usable & (case.parties.of_worker[case.edges.worker] < 0))
        who = case.edges.worker[alone]
        self.vacancy, self.mine = case.edges.vacancy[alone], self.gain[alone]
        self.starts = np.flatnonzero(np.diff(who, prepend=-1))
        self.who = who[self.starts]
        self.edges_each = np.diff(np.r_[self.starts, len(alone)])
        options = case.choices
        self.options_gain, self.options_vacancy = self.gain[options.rows], case.edges.vacancy[options.rows]
        self.options_each = np.diff(np.r_[options.starts, len(options.rows)])
        self.options_who = case.edges.worker[options.rows[options.starts]]

    def choice(self, at: FloatArray) -> IntArray:
        """Each party's best choice at these prices."""
        worth = self._options(at)[-1]
        return self.case.choices.best(worth, len(self.case.parties), self.case.decided)

    def value(self, at: FloatArray) -> float:
        """The bound at these prices (those below zero count as zero)."""
        return self._at(np.maximum(at, 0.0))[0]

    def shifted(self, at: FloatArray) -> FloatArray:
        """The prices with those of the quotas halved, doubled or changed by less, as long as the bound falls. A share that costs more
        makes every seat worth less to all: both are changed at once, which steps along the slope do only slowly."""
        value = self.value(at)
        for quota in self.posts + np.arange(len(at) - self.posts):
            for part in SHIFTS:
                while at[quota] > 0:
                    moved = at.copy()
                    moved[quota] *= part
                    moved[: self.posts] -= self.part[quota - self.posts] * (moved[quota] - at[quota])
                    lower = self.value(moved)
                    if lower >= value - ENOUGH / 100 * abs(value):
                        break
                    at, value = np.maximum(moved, 0.0), lower
        return at

    def lowered(self, at: FloatArray, floor: float, steps: int) -> tuple[float, FloatArray]:
        """The least bound on the way of so many steps, and its prices; `floor` is what the bound may come down to."""
        at = np.maximum(at, 0.0)
        least, there = np.inf, at
        length, stuck = 1.0, 0
        way = np.zeros(len(at))
        for _ in range(steps):
            value, slope = self._at(at)
            if value < least:
                least, there, stuck = value, at, 0
            else:
                stuck += 1
                if stuck == PATIENCE:
                    length, stuck = 0.6 * length, 0
            # A seat that nobody wants at price 0 says nothing; counted in, it would make every step tiny.
            slope = np.where((at <= 0) & (slope > 0), 0.0, slope)
            against = float(way @ slope)
            way = slope - against / float(way @ way) * way if against < 0 else slope
            norm = float(way @ way)
            if norm == 0 or least - floor <= ENOUGH / 2 * least:
                break
            at = np.maximum(at - length * max(value - floor, 1.0) / norm * way, 0.0)
        return least, there

    def _options(self, at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Of the choices' edges the net gains, their members' best, and what each choice is worth."""
        options = self.case.choices
        net = self.options_gain - at[self.options_vacancy]
        best = np.maximum.reduceat(net, options.starts)
        more = best + (self.counted @ at[self.posts :])[self.options_who]
        return net, best, np.bincount(options.member_of, more, minlength=len(options)).astype(np.float64)

    def _at(self, at: FloatArray) -> tuple[float, FloatArray]:
        """The bound and its slope: free seats less those that everybody would take, and what the quotas have too much."""
        options = self.case.choices
        bonus = self.counted @ at[self.posts :]
        value = float(self.free @ at)
        slope = self.free.copy()
        if len(self.mine):
            net = self.mine - at[self.vacancy]
            best = np.maximum.reduceat(net, self.starts)
            worth = best + bonus[self.who]
            go = worth > 0
            value += float(worth[go].sum())
            self._take(slope, self.vacancy[_first_at(net, best, self.edges_each)[go]], self.who[go])
        net, best, worth = self._options(at)
        chosen = options.best(worth, len(self.case.parties))
        chosen = chosen[chosen >= 0]
        value += float(worth[chosen].sum())
        going = np.zeros(len(options), np.bool_)
        going[chosen] = True
        go = going[options.member_of]
        self._take(
            slope, self.options_vacancy[_first_at(net, best, self.options_each)[go]], self.options_who[go]
        )
        return value, slope

    def _take(self, slope: FloatArray, vacancy: IntArray, who: IntArray) -> None:
        slope[: self.posts] -= np.bincount(vacancy, minlength=self.posts)
        slope[self.posts :] += self.counted[who].sum(axis=0)


def _first_at(values: FloatArray, best: FloatArray, each: IntArray) -> IntArray:
    """Of each stretch (`each` values long) the first position of its best."""
    at = np.flatnonzero(values == np.repeat(best, each))
    stretch = np.repeat(np.arange(len(each)), each)[at]
    first: IntArray = at[np.diff(stretch, prepend=-1) > 0]
    return first
