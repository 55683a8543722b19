"""The stage before the full score: what each cell of the features' tables adds to the three sums of a score.

Where no trees are trusted these are the model's own lines, and the guess is the score. What trees add is fitted (`matching.stage_one`): bent
lines through the features, and an effect of each row of the side that is listed.
"""

from dataclasses import dataclass

import numpy as np

from matching.columns import FloatArray, Pairs
from matching.compiled.tables import summed
from matching.compiled.terms import Terms
from matching.regions import IntArray
from matching.serving.known import Known
from matching.serving.links import LINES, Links, back, links
from matching.stage_one import StageOne, Sum

_ASKED, _SHOWN, _BEST, _ANY = 1_500, 2_000, 30, 20
"""Pairs that the lines are fitted to: of so many who ask, of so many each that are drawn, the best and some of the others."""
_OF_EACH = 16
"""With so many who ask each row is looked at, to tell its effect; what may be of them counts."""
_AT_ONCE = 40_000
_TURNS = 4
_SHRINK = 1.0
"""So many pairs of a row weigh as much as knowing nothing of it."""
_BEYOND = 6.0
"""How far beyond the model's own lines the curves reach, in log-odds."""


@dataclass(frozen=True, slots=True)
class Guess:
    """`lines` of shape (cells, 3), `effects` (rows that are listed, 3), the higher the better; and the curves that lead to the score."""

    lines: FloatArray
    effects: FloatArray
    curves: Links


class Sides:
    """Who asks and what is listed: workers and vacancies, or turned round."""

    def __init__(self, known: Known, people_listed: bool) -> None:
        self.known, self.people_listed = known, people_listed
        asking, listed = len(known.workers), len(known.vacancies)
        self.asking, self.listed = (listed, asking) if people_listed else (asking, listed)

    def pairs(self, asking: IntArray, listed: IntArray) -> tuple[IntArray, IntArray]:
        """Rows of workers and of vacancies."""
        return (listed, asking) if self.people_listed else (asking, listed)


def guess(sides: Sides, terms: Terms, seed: int) -> Guess:
    """The guess of a score that is made of `terms`."""
    scorer = sides.known.scorer
    assert scorer is not None  # noqa: S101  # there are terms
    own = scorer.asked.lines * np.array([1.0, -1.0, 1.0])
    none = np.zeros((sides.listed, LINES))
    curves = links(terms, sides.known.ranker, *_reach(own, sides.known))
    if not (terms.hire.trust or terms.leave.trust):
        return Guess(own, none, curves)
    dice = np.random.default_rng(seed)
    asking, listed = _drawn(sides, own, curves, dice)
    lines = own.copy()
    beyond = _beyond(sides, own, curves, asking, listed)
    rows, at = np.unique(listed, return_inverse=True)
    pairs = sides.known.ranker.placed(sides.known.pairs(*sides.pairs(asking, listed)))
    for line in (0, 1):
        fitted = StageOne.fit(pairs, at, len(rows), beyond[:, line], within=asking)
        lines[:, line] += np.concatenate(
            [_added(sides, table, each) for table, each in enumerate(fitted.sums)]
        )
    effects = none
    effects[:, :2] = _effects(sides, lines, curves, np.unique(asking), dice)
    curves = links(terms, sides.known.ranker, *_reach(lines, sides.known, effects))
    return Guess(lines, effects, curves)


def _added(sides: Sides, table: int, fitted: Sum) -> FloatArray:
    """What was fitted adds to each cell of a table."""

    def of(pairs: Pairs) -> FloatArray:
        return fitted(sides.known.ranker.placed(pairs))

    added: FloatArray = sides.known.features.computed(table, of)
    return added


def _reach(
    lines: FloatArray, known: Known, effects: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Between which sums all pairs lie, and some more."""
    begin = known.features.tables.begin[:-1]
    low = np.minimum.reduceat(lines, begin).sum(axis=0)
    high = np.maximum.reduceat(lines, begin).sum(axis=0)
    if effects is not None:
        low, high = low + effects.min(axis=0), high + effects.max(axis=0)
    return low - _BEYOND, high + _BEYOND


def _drawn(
    sides: Sides, lines: FloatArray, curves: Links, dice: np.random.Generator
) -> tuple[IntArray, IntArray]:
    """Pairs to fit to, those that may be: of each who asks the best by the model's own lines, and some others."""
    kept: list[tuple[IntArray, IntArray]] = []
    for who in np.sort(dice.permutation(sides.asking)[:_ASKED]).tolist():
        shown = np.unique(dice.integers(0, sides.listed, _SHOWN))
        asking = np.full(len(shown), who)
        free = sides.known.allowed(*sides.pairs(asking, shown))
        asking, shown = asking[free], shown[free]
        value = _valued(_sums(sides, lines, asking, shown), curves)
        order = np.argsort(-value)
        some = np.r_[order[:_BEST], dice.permutation(order[_BEST:])[:_ANY]]
        kept.append((asking[some], shown[some]))
    return np.concatenate([one for one, _ in kept]), np.concatenate([other for _, other in kept])


def _sums(sides: Sides, lines: FloatArray, asking: IntArray, listed: IntArray) -> FloatArray:
    found: FloatArray = summed(sides.known.features.tables, lines, *sides.pairs(asking, listed))
    return found


def _valued(sums: FloatArray, curves: Links) -> FloatArray:
    """The logarithm of the score that sums bring."""
    total = np.zeros(len(sums))
    last = curves.value.shape[1] - 1
    for line in range(LINES):
        at = np.clip((sums[:, line] - curves.low[line]) * curves.each[line], 0, last)
        total += np.interp(at, np.arange(last + 1), curves.value[line])
    return total


def _beyond(sides: Sides, lines: FloatArray, curves: Links, asking: IntArray, listed: IntArray) -> FloatArray:
    """By how much the sums of a start and of staying lie above those of `lines`, told by the full score, shape (pairs, 2)."""
    scorer = sides.known.scorer
    assert scorer is not None  # noqa: S101
    told = scorer.told(*sides.pairs(asking, listed))
    full = np.column_stack([back(curves, line, told[:, line]) for line in (0, 1)])
    return full - _sums(sides, lines, asking, listed)[:, :2]


def _effects(
    sides: Sides, lines: FloatArray, curves: Links, asked: IntArray, dice: np.random.Generator
) -> FloatArray:
    """What each row is beyond its features, from a few pairs of each, shape (rows, 2)."""
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    for first in range(0, sides.listed, _AT_ONCE):
        listed = np.repeat(np.arange(first, min(first + _AT_ONCE, sides.listed)), _OF_EACH)
        asking = asked[dice.integers(0, len(asked), len(listed))]
        free = sides.known.allowed(*sides.pairs(asking, listed))
        asking, listed = asking[free], listed[free]
        found.append((asking, listed, _beyond(sides, lines, curves, asking, listed)))
    asking, listed = (np.concatenate([each[at] for each in found]) for at in (0, 1))
    beyond = np.concatenate([each[2] for each in found])
    asks, seen = np.bincount(asking, minlength=sides.asking), np.bincount(listed, minlength=sides.listed)
    effects = np.zeros((sides.listed, 2))
    for line in (0, 1):
        for _ in range(_TURNS):
            # Only the order within a list matters: what is common to all of one who asks is nobody's effect.
            own = np.bincount(asking, beyond[:, line] - effects[listed, line], sides.asking)
            level = own / np.maximum(asks, 1)
            effects[:, line] = np.bincount(listed, beyond[:, line] - level[asking], sides.listed)
            effects[:, line] /= seen + _SHRINK
    return effects
