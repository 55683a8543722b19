"""What is known of the pairs of a market, looked up: whether they may be, and their scores."""

import numpy as np

from matching.classes import READS, Alike
from matching.columns import BoolArray, FloatArray, Market, Pairs
from matching.compiled.scoring import Scorer
from matching.compiled.tables import Laid, summed
from matching.compiled.terms import grouped
from matching.eligibility import RULES
from matching.rankers import PriorRanker
from matching.regions import IntArray


class Known:
    """The pairs of `workers` and `vacancies` (indices of the market; all, where not told), said in rows of these two.

    Made once for a market and a ranker; lists of posts and lists of people are both made from it.
    """

    def __init__(
        self,
        market: Market,
        ranker: PriorRanker,
        workers: IntArray | None = None,
        vacancies: IntArray | None = None,
    ) -> None:
        self.market, self.ranker = market, ranker
        self.workers = np.arange(len(market.workers)) if workers is None else np.asarray(workers, np.int64)
        self.vacancies = (
            np.arange(len(market.vacancies)) if vacancies is None else np.asarray(vacancies, np.int64)
        )
        usual = ranker.placed(Pairs.of_worker(market, 0, np.arange(len(market.vacancies)))).usual_pay
        alike = Alike(market, usual)
        self.rules = Laid(alike, self.workers, self.vacancies, [READS[rule.code] for rule in RULES])
        self.out: BoolArray = np.concatenate(
            [self.rules.computed(table, rule.rules_out) for table, rule in enumerate(RULES)]
        )
        """Of each cell of the rules' tables whether it rules out."""
        self.features = Laid(alike, self.workers, self.vacancies, [reads for reads, _ in grouped()])
        self.terms = ranker.terms()
        self.scorer = None if self.terms is None else Scorer(self.features, self.terms, ranker.placed)

    def allowed(self, rows: IntArray, columns: IntArray) -> BoolArray:
        """Which pairs no rule rules out."""
        ruled_out = summed(self.rules.tables, self.out.view(np.uint8)[:, None], rows, columns)
        free: BoolArray = ruled_out[:, 0] == 0
        return free

    def pairs(self, rows: IntArray, columns: IntArray) -> Pairs:
        """The pairs themselves."""
        return Pairs(self.market, self.workers[rows], self.vacancies[columns])

    def score(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """Full scores, shape (pairs,); where compiled code can't tell them, the ranker itself."""
        if self.scorer is None:
            return self.ranker.score(self.pairs(rows, columns))
        return self.ranker.score_of(*self.scorer.parts(rows, columns).T)
