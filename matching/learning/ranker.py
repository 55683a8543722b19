"""The ranker that has learned from who stayed: the prior's score with the two chances that outcomes taught."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from matching import prior
from matching.columns import DateArray, FloatArray, Market, Pairs
from matching.compiled.terms import Terms
from matching.learning.hiring import hire_of
from matching.learning.rows import BEGINS, ENDS, INTERVALS
from matching.learning.staying import asked_on, hazards_of
from matching.learning.training import Learned
from matching.rankers import PriorRanker


@dataclass(frozen=True, slots=True)
class LearnedOutlook:
    """What is expected of each pair; all of one length. `hazards` answers for so many intervals, shape (pairs, intervals)."""

    p_hire: FloatArray
    surplus: FloatArray
    hazards: Callable[[int], FloatArray]

    def stay(self, days: float) -> FloatArray:
        """S(days): the chance of still being there after so many days; beyond two years as in the last half-year."""
        share = shares_of(days)
        alive: FloatArray = np.exp((np.log1p(-self.hazards(len(share))) * share).sum(axis=1))
        return alive


def shares_of(days: float) -> FloatArray:
    """By what share each interval counts that begins within so many days."""
    needed = min(int(np.searchsorted(ENDS, days)) + 1, INTERVALS)
    share = np.clip((days - BEGINS[:needed]) / (ENDS - BEGINS)[:needed], 0.0, 1.0)
    if days > ENDS[-1]:
        share[-1] = (days - BEGINS[-1]) / (ENDS[-1] - BEGINS[-1])
    return share


class LearnedRanker(PriorRanker):
    """The score of the prior over learned chances.

    Parameters
    ----------
    learned
        What was learned (`matching.learning.training.learn`).
    objective, stable_days, sigma
        As of the prior.
    """

    name = "learned"
    label = "学习模型"

    def __init__(
        self, learned: Learned, objective: str = "surplus", stable_days: int = 180, sigma: float = 500.0
    ) -> None:
        super().__init__(objective, stable_days, sigma)
        self.learned = learned

    @property
    def version(self) -> str:
        return self.learned.version

    def fit(self, market: Market, y: Any = None) -> Self:
        super().fit(market, y)
        self.day_ = market.day
        return self

    def placed(self, pairs: Pairs) -> Pairs:
        market = replace(pairs.market, firms=self.learned.firms)
        return super().placed(replace(pairs, market=market))

    def terms(self) -> Terms | None:
        shares = shares_of(self.stable_days)
        hire = self.learned.hire.terms(
            prior.HIRE, np.array([prior.log_odds(prior.BASE_HIRE)]), np.empty((1, 0))
        )
        leave = self.learned.stay.terms(-prior.STAY, *asked_on(self.day_, len(shares)))
        return None if hire is None or leave is None else Terms(hire, leave, shares)

    def outlook(self, pairs: Pairs) -> LearnedOutlook:
        raw, known, _ = self._told(self.placed(pairs))
        return self._expected(raw, known, np.broadcast_to(pairs.day, (len(raw),)))

    def expected(self, raw: FloatArray, known: FloatArray) -> LearnedOutlook:
        return self._expected(raw, known, np.broadcast_to(self.day_, (len(raw),)))

    def _expected(self, raw: FloatArray, known: FloatArray, begins: DateArray) -> LearnedOutlook:
        z = prior.standardised(known)
        made: dict[int, FloatArray] = {}

        def hazards(intervals: int) -> FloatArray:
            if intervals not in made:
                made[intervals] = hazards_of(self.learned.stay, raw, z, begins, intervals)
            return made[intervals]

        return LearnedOutlook(hire_of(self.learned.hire, raw, z), prior.surplus(known), hazards)
