"""The judge of plans that never happened: learned from the whole record, for each person by one who never saw that person.

People are dealt into folds; the judge of a fold learns from the others. What it says is an estimate: it is of the kind of the model
that it judges, and knows employers by a past that the model knows in part, so that it leans the model's way.
"""

from dataclasses import dataclass

import numpy as np

from matching.columns import DateArray, FloatArray, Market
from matching.judging.foresight import pairs_on
from matching.learning.history import History
from matching.learning.ranker import LearnedRanker
from matching.learning.training import Learned, learn
from matching.prior import Expected
from matching.regions import IntArray

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Judge:
    """`fold` of each worker, and what the judge of each fold learned."""

    fold: IntArray
    learned: tuple[Learned, ...]

    def stays(
        self, market: Market, offer: Market, workers: IntArray, posts: IntArray, days: DateArray, until: int
    ) -> FloatArray:
        """S(until) of pairs, by the judge who never saw the person."""
        stay = np.zeros(len(workers))
        for number in range(len(self.learned)):
            rows = np.flatnonzero(self.fold[workers] == number)
            if len(rows):
                stay[rows] = self._expected(
                    number, market, offer, workers[rows], posts[rows], days[rows]
                ).stay(until)
        return stay

    def worth(
        self, market: Market, offer: Market, workers: IntArray, posts: IntArray, days: DateArray, until: int
    ) -> tuple[FloatArray, FloatArray]:
        """p_hire · S(until) of pairs by the judge who never saw the person, and by each judge, shape (judges, pairs).

        `offer` is the market of the posts on offer, of which the usual pay is.
        """
        by_each = np.zeros((len(self.learned), len(workers)))
        for number in range(len(self.learned)):
            if len(workers):
                expected = self._expected(number, market, offer, workers, posts, days)
                by_each[number] = expected.p_hire * expected.stay(until)
        return by_each[self.fold[workers], np.arange(len(workers))], by_each

    def _expected(
        self, number: int, market: Market, offer: Market, workers: IntArray, posts: IntArray, days: DateArray
    ) -> Expected:
        ranker = LearnedRanker(self.learned[number]).fit(offer)
        return ranker.outlook(pairs_on(ranker, market, workers, posts, days))


def judge_of(market: Market, history: History, end: np.datetime64, seed: int) -> Judge | None:
    """Learned from everything known at `end`; None where there is too little for every fold to learn both chances."""
    fold = np.random.default_rng(seed).integers(0, FOLDS, len(market.workers))
    learned = []
    for number in range(FOLDS):
        others = History(
            history.stretches.take(fold[history.stretches.worker] != number),
            history.applications.take(fold[history.applications.worker] != number),
        )
        one = learn(market, others, end, seed=seed)
        if one.stay.line is None or one.hire.line is None:
            return None
        learned.append(one)
    return Judge(fold, tuple(learned))
