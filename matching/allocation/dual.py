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
        wanted = [
            float(part[at] * needs.had_all if some is None else some) for at, some in enumerate(needs.people)
        ]
        self.free = np.r_[case.seats, needs.had + slack - np.array(wanted)].astype(np.float64)
        """Seats, and what the quotas have above what they want before anybody goes."""
        self.posts = len(case.seats)
        # One stretch of edges for everybody alone, then one for each member of each choice.
        alone = np.flatnonzero(usable & (case.parties.of_worker[case.edges.worker] < 0))
        starts = np.flatnonzero(np.diff(case.edges.worker[alone], prepend=-1))
        self.alone = len(starts)
        rows = np.r_[alone, case.choices.rows]
        self.starts = np.r_[starts, len(alone) + case.choices.starts]
        self.stretch = np.repeat(np.arange(len(self.starts)), np.diff(np.r_[self.starts, len(rows)]))
        self.gain = np.where(usable, case.gain, NEVER)[rows]
        self.vacancy = case.edges.vacancy[rows]
        self.net, self.of_stretch = np.empty(len(rows)), np.empty(len(rows))
        self.counted = counts[case.kind[case.edges.worker[rows[self.starts]]]]
        """stretches × quotas: what it does for each quota that this person goes."""

    def choice(self, at: FloatArray) -> IntArray:
        """Each party's best choice at these prices."""
        worth = self._worth(at)[-1]
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

    def _worth(self, at: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """The edges' gains less prices, each stretch's best of them, what it is worth to be there, and what each choice is."""
        # Into memory that is there: fresh memory for every step takes longer than the step.
        net = np.take(at, self.vacancy, out=self.net, mode="clip")
        np.subtract(self.gain, net, out=net)
        best = np.maximum.reduceat(net, self.starts)
        worth = best + self.counted @ at[self.posts :] if self.counted.shape[1] else best
        options = self.case.choices
        of_choices = np.bincount(options.member_of, worth[self.alone :], minlength=len(options))
        return net, best, worth, of_choices.astype(np.float64)

    def _at(self, at: FloatArray) -> tuple[float, FloatArray]:
        """The bound and its slope: free seats less those that everybody would take, and what the quotas have too much."""
        options = self.case.choices
        net, best, worth, of_choices = self._worth(at)
        chosen = options.best(of_choices, len(self.case.parties))
        going = np.zeros(len(options), np.bool_)
        going[chosen[chosen >= 0]] = True
        go = np.r_[worth[: self.alone] > 0, going[options.member_of]]
        # Of equally good edges the first.
        wanted = np.take(np.where(go, best, np.inf), self.stretch, out=self.of_stretch, mode="clip")
        rows = np.flatnonzero(net == wanted)
        rows = rows[np.diff(self.stretch[rows], prepend=-1) > 0]
        slope = (
            self.free
            + np.r_[-np.bincount(self.vacancy[rows], minlength=self.posts), self.counted[go].sum(axis=0)]
        )
        return float(self.free @ at) + float(worth[go].sum()), slope
