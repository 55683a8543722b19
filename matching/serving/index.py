"""An index: the best posts of whoever asks, or the best people, out of as many as there are."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.abreast import abreast
from matching.columns import BoolArray, FloatArray
from matching.compiled.scoring import Parts, each_told
from matching.regions import IntArray
from matching.serving.blocks import Flags, blocks
from matching.serving.folded import folded
from matching.serving.guess import Sides, guess
from matching.serving.known import Known
from matching.serving.links import LINES, Links
from matching.serving.search import FIRST, Worth, allowed, candidates, served

_MOST, _TRIED, _OFTEN = 1_024, 200, 0.998
"""How far one must look down the guesses is found from so many who ask, of whom so many guesses are scored; so that so many of all
places in a list are found."""
_SPARE = 1.25
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Best:
    """One list each for those who ask: rows of what is listed, -1 none, and their scores (nan), shape (asking, limit)."""

    rows: IntArray
    scores: FloatArray
    looked: IntArray
    """How many pairs of each were scored in full."""


@dataclass(frozen=True, slots=True)
class _Look:
    many: int
    margin: float


class Index:
    """What is listed is the vacancies for a worker who asks, or, with `people_listed`, the workers for a vacancy. Rows are those of `known`.

    A row that is filled or closed is no longer `live` at once; one that has changed otherwise needs a new index.
    """

    def __init__(self, known: Known, *, people_listed: bool = False, seed: int = 0) -> None:
        self.known, self.sides = known, Sides(known, people_listed)
        self._seed, self._looks = seed, dict[int, _Look]()
        if known.terms is None:
            # The rules are looked up; what the ranker says only it can tell.
            lines = np.zeros((int(known.features.tables.begin[-1]), LINES))
            effects = np.zeros((self.sides.listed, LINES))
            flat = Links(np.zeros(LINES), np.ones(LINES), np.zeros((LINES, 2), np.float32))
            self._blocks = blocks(folded(self.sides, lines, effects), flat)
        else:
            made = guess(self.sides, known.terms, seed)
            self._blocks = blocks(folded(self.sides, made.lines, made.effects), made.curves)
        side, rows = (
            (known.market.workers, known.workers)
            if people_listed
            else (known.market.vacancies, known.vacancies)
        )
        self.ids = side.id[rows]
        self._ids = self.ids[self._blocks.row]
        self._live = np.ones(len(self._blocks.row), np.uint8)
        self._place = np.full(self.sides.listed, -1)
        self._place[self._blocks.row] = np.arange(len(self._blocks.row))

    def close(self, rows: IntArray, live: bool = False) -> None:
        """These rows are filled or closed and stand on no list; with `live` they do again."""
        places = self._place[rows]
        self._live[places[places >= 0]] = live

    def eligible(self, asking: int, among: BoolArray | None = None) -> IntArray:
        """All live rows that no rule rules out, ascending; `among` is which come into question at all."""
        return np.sort(self._blocks.row[allowed(self._blocks, self._lively(among), asking)])

    def every(self, asking: int, among: BoolArray | None = None) -> tuple[IntArray, FloatArray]:
        """All live rows that may be, ascending, and their full scores."""
        rows = self.eligible(asking, among)
        return rows, self.known.score(*self.sides.pairs(np.full(len(rows), asking), rows))

    def best(
        self,
        asking: IntArray | Iterable[int],
        limit: int = 10,
        *,
        exact: bool = False,
        among: BoolArray | None = None,
    ) -> Best:
        """The best rows of each who asks, the lower id first among equals; with `exact` every pair that may be is scored."""
        asks = np.asarray(asking, np.int64)
        if exact or self.known.scorer is None:
            return self._exactly(asks, limit, among)
        look, live = self._look(limit), self._lively(among)
        asked, worth = self.known.scorer.asked, self._worth()

        def some(at: int) -> tuple[IntArray, FloatArray, IntArray]:
            return served(
                self._blocks, live, self._ids, asked, worth, self.sides.people_listed,
                asks[at : at + _AT_ONCE], limit, look.many, look.margin,
            )  # fmt: skip

        if len(asks) <= _AT_ONCE:
            return self._told(*some(0))
        found = list(abreast(some, range(0, len(asks), _AT_ONCE)))
        return self._told(*(np.concatenate([each[part] for each in found]) for part in range(3)))

    def guesses(self, asking: int, many: int) -> IntArray:
        """The rows of so many of the best guesses, best first."""
        return self._blocks.row[candidates(self._blocks, self._live, asking, many)[0]]

    def looks(self, limit: int) -> tuple[int, float]:
        """How many of the best guesses are scored at most for lists of this length, and by how much the next may be better than guessed."""
        look = self._look(limit)
        return look.many, look.margin

    def _told(self, places: IntArray, logs: FloatArray, looked: IntArray) -> Best:
        there = places >= 0
        rows = np.where(there, self._blocks.row[np.maximum(places, 0)] if len(self._blocks.row) else -1, -1)
        return Best(rows, np.where(there, np.exp(logs), np.nan), looked)

    def _exactly(self, asks: IntArray, limit: int, among: BoolArray | None) -> Best:
        best, scores = np.full((len(asks), limit), -1), np.full((len(asks), limit), np.nan)
        looked = np.zeros(len(asks), np.int64)
        for at, one in enumerate(asks.tolist()):
            rows, all_scores = self.every(one, among)
            order = highest_first(all_scores, self.ids[rows], limit)
            best[at, : len(order)], scores[at, : len(order)] = rows[order], all_scores[order]
            looked[at] = len(rows)
        return Best(best, scores, looked)

    def _lively(self, among: BoolArray | None) -> Flags:
        return self._live if among is None else self._live & among[self._blocks.row].view(np.uint8)

    def _worth(self) -> Worth:
        ranker = self.known.ranker
        return Worth(float(ranker.sigma), ranker.objective == "surplus")

    def _look(self, limit: int) -> _Look:
        if limit not in self._looks:
            self._looks[limit] = self._tried(limit)
        return self._looks[limit]

    def _tried(self, limit: int) -> _Look:
        """How far to look, found by looking far."""
        assert self.known.scorer is not None  # noqa: S101  # there is nothing to guess otherwise
        asked: Parts = self.known.scorer.asked
        dice = np.random.default_rng(self._seed)
        most = max(_MOST, 4 * limit)
        missing, down = [np.zeros(1)], [np.full(1, limit)]
        live = np.ones_like(self._live)
        for one in dice.permutation(self.sides.asking)[:_TRIED].tolist():
            places, guesses = candidates(self._blocks, live, one, most)
            if len(places) <= limit:
                continue
            rows = self._blocks.row[places]
            told = each_told(asked, *self.sides.pairs(np.full(len(rows), one), rows))
            scores = self.known.ranker.score_of(told[:, 0] + told[:, 1], told[:, 2])
            logs = np.log(np.maximum(scores, 1e-300))
            best = np.argsort(-logs)[:limit]
            level = (logs - guesses)[:FIRST].mean()
            missing.append(logs[best[-1]] - level - guesses[best])
            down.append(best + 1)
        margin = float(np.quantile(np.concatenate(missing), _OFTEN))
        many = int(np.ceil(_SPARE * np.quantile(np.concatenate(down), _OFTEN)))
        return _Look(min(max(many, limit + FIRST), most), max(margin, 0.0) + 1e-4)


def highest_first(scores: FloatArray, ids: IntArray, limit: int) -> IntArray:
    """The positions of the highest scores, highest first, the lower id first among equals."""
    if len(scores) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        some = np.flatnonzero(scores >= least)
    else:
        some = np.arange(len(scores))
    return some[np.lexsort((ids[some], -scores[some]))][:limit]
