"""The rankers: scikit-learn estimators with one interface, the documented prior and the four simple orders to beat."""

from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from matching import features, prior
from matching.columns import FloatArray, Market, Pairs
from matching.compiled.terms import Chance, Terms
from matching.explanation import Contribution, Facts, told
from matching.prior import Expected
from matching.regions import IntArray
from matching.shares import ORDERS, drawn, shares
from matching.usual_pay import UsualPay


class Ranker(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Scores pairs of one market; higher is better. Eligibility is not its business.

    Subclasses write `score_pairs`; scores are finite for every pair, whatever is unknown.
    """

    name: ClassVar[str]
    label: ClassVar[str]

    @property
    def version(self) -> str:
        """Names the rule or the weights that made the scores."""
        return "1"

    def fit(self, market: Market, y: Any = None) -> Self:  # noqa: ARG002  # scikit-learn's signature
        """Learn what an order needs to know of the market; nothing, for most."""
        self.n_vacancies_in_ = len(market.vacancies)
        return self

    def score_pairs(self, pairs: Pairs) -> FloatArray:
        """Scores, shape (pairs,); what a ranker is."""
        raise NotImplementedError

    def score(self, pairs: Pairs) -> FloatArray:
        """Scores of any pairs, shape (pairs,).

        Raises
        ------
        NotFittedError
            before `fit`.
        """
        check_is_fitted(self)
        return self.score_pairs(pairs) if len(pairs) else np.empty(0)

    def outlook(self, pairs: Pairs) -> Expected | None:  # noqa: ARG002  # of use to rankers that foresee something
        """What is expected of each pair; None from a ranker that only orders."""
        return None

    def contributions(self, pairs: Pairs) -> list[list[Contribution]]:
        """For each pair what made its score, weightiest first; empty where there is no cause to name."""
        return [[] for _ in range(len(pairs))]

    def score_vacancies(self, market: Market, worker: int, candidates: IntArray) -> FloatArray:
        """Scores of the vacancies at `candidates` for one worker, in the order given."""
        return self.score(Pairs.of_worker(market, worker, candidates))

    def score_workers(self, market: Market, vacancy: int, candidates: IntArray) -> FloatArray:
        """Scores of the workers at `candidates` for one vacancy, in the order given."""
        return self.score(Pairs.of_vacancy(market, vacancy, candidates))

    def explain(self, market: Market, worker: int, vacancy: int) -> list[Contribution]:
        """What made the score of one pair, weightiest first."""
        check_is_fitted(self)
        return self.contributions(Pairs.of_worker(market, worker, np.array([vacancy])))[0]


class PriorRanker(Ranker):
    """The documented prior (`matching.prior`).

    Parameters
    ----------
    objective
        "surplus" for the whole score, "stable" for p_hire * S(stable_days) alone.
    stable_days
        t*, the length of stay that counts, in days.
    sigma
        How softly a surplus near zero counts, yuan a month.
    """

    name = "prior"
    label = "综合匹配"

    def __init__(self, objective: str = "surplus", stable_days: int = 180, sigma: float = 500.0) -> None:
        self.objective = objective
        self.stable_days = stable_days
        self.sigma = sigma

    @property
    def version(self) -> str:
        return prior.version()

    def fit(self, market: Market, y: Any = None) -> Self:
        """Learn what posts usually pay, from all vacancies of the market.

        Raises
        ------
        ValueError
            when a parameter has no meaning.
        """
        if self.objective not in ("surplus", "stable"):
            raise ValueError("objective is 'surplus' or 'stable'")
        if self.stable_days < 1 or not self.sigma > 0:
            raise ValueError("stable_days and sigma are positive")
        super().fit(market, y)
        self.usual_pay_ = UsualPay.learn(market.vacancies)
        return self

    def score_pairs(self, pairs: Pairs) -> FloatArray:
        return np.exp(self._log_score(self.outlook(pairs)))

    def score_of(self, chance: FloatArray, surplus: FloatArray) -> FloatArray:
        """Scores from the logarithm of the chances (of a start and of staying) and the surplus in yuan."""
        scores: FloatArray = np.exp(self._log_of(chance, surplus))
        return scores

    def terms(self) -> Terms | None:
        """What the chances are made of; None where only the ranker itself can tell them."""
        ends, hazards = np.array(prior.intervals(self.stable_days)).T
        begins = np.r_[0.0, ends[:-1]]
        return Terms(
            Chance.of_line(prior.HIRE, np.array([prior.log_odds(prior.BASE_HIRE)])),
            Chance.of_line(-prior.STAY, prior.log_odds(hazards)),
            np.minimum(1.0, (self.stable_days - begins) / (ends - begins)),
        )

    def outlook(self, pairs: Pairs) -> Expected:
        raw, known, _ = self._told(self.placed(pairs))
        return self.expected(raw, known)

    def contributions(self, pairs: Pairs, orders: int = ORDERS) -> list[list[Contribution]]:
        """As of every ranker; `orders` in which causes are looked at: fewer are quicker and tell less evenly what causes share."""
        if not len(pairs):
            return []
        raw, known, average = self._told(self.placed(pairs))
        told_of: list[list[Contribution]] = [[] for _ in range(len(pairs))]
        rows = [
            Facts(pairs.market, int(worker), int(vacancy), dict(zip(features.NAMES, values, strict=True)))
            for worker, vacancy, values in zip(pairs.workers, pairs.vacancies, raw.tolist(), strict=True)
        ]
        parts = shares(
            lambda some, whole: self._log_score(self.expected(some, whole)),
            raw,
            known,
            average,
            drawn(orders),
        )
        for cause, column in zip(features.CAUSES, parts.T.tolist(), strict=True):
            for row, share in enumerate(column):
                contribution = told(cause, share, rows[row])
                if contribution is not None:
                    told_of[row].append(contribution)
        return [sorted(row, key=lambda item: (-abs(item.contribution), item.code)) for row in told_of]

    def parts(self, pairs: Pairs) -> FloatArray:
        """What `score_of` makes the scores of: the logarithm of the chances and the surplus, shape (pairs, 2)."""
        expected = self.outlook(pairs)
        return np.column_stack([self._chance(expected), expected.surplus])

    def placed(self, pairs: Pairs) -> Pairs:
        """The pairs with all that was learned of their market."""
        return self.usual_pay_.attach(pairs)

    def expected(self, raw: FloatArray, known: FloatArray) -> Expected:  # noqa: ARG002  # of use to who knows what was unknown
        """What is expected of pairs with these features: `raw` with nan, `known` with averages in their place."""
        return prior.outlook(known)

    def _told(self, pairs: Pairs) -> tuple[FloatArray, FloatArray, FloatArray]:
        raw, average = features.matrix(pairs), prior.averages(pairs)
        return raw, prior.complete(raw, average), average

    def _log_score(self, expected: Expected) -> FloatArray:
        return self._log_of(self._chance(expected), expected.surplus)

    def _chance(self, expected: Expected) -> FloatArray:
        chance: FloatArray = np.log(expected.p_hire) + np.log(expected.stay(self.stable_days))
        return chance

    def _log_of(self, chance: FloatArray, surplus: FloatArray) -> FloatArray:
        if self.objective == "stable":
            return chance
        logs: FloatArray = chance + np.log(self.sigma) + _log_softplus(surplus / self.sigma)
        return logs


class RandomRanker(Ranker):
    """A throw of the dice for each pair: the same throw for the same pair and seed, in whatever company it is asked."""

    name = "random"
    label = "随机"

    def __init__(self, random_state: int | None = 0) -> None:
        self.random_state = random_state

    def fit(self, market: Market, y: Any = None) -> Self:
        super().fit(market, y)
        self.seed_ = int(check_random_state(self.random_state).randint(2**31 - 1))
        return self

    def score_pairs(self, pairs: Pairs) -> FloatArray:
        workers, vacancies = pairs.of_workers("id"), pairs.of_vacancies("id")
        mixed = _mix(_mix(_mix(np.full(len(pairs), self.seed_, np.uint64)) ^ workers.view(np.uint64)))
        mixed = _mix(mixed ^ vacancies.view(np.uint64))
        throws: FloatArray = (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
        return throws


class _OneCause(Ranker):
    """Orders by one feature: the smaller, the better. An unknown stands where the prior's average stands."""

    feature: ClassVar[str]

    def score_pairs(self, pairs: Pairs) -> FloatArray:
        values, average = self._values(pairs)
        filled: FloatArray = np.where(np.isnan(values), average, values)
        return -filled

    def contributions(self, pairs: Pairs) -> list[list[Contribution]]:
        raw, (values, average) = features.matrix(pairs), self._values(pairs)
        cause = features.FEATURES[features.NAMES.index(self.feature)].cause
        told_of = []
        for row, worker in enumerate(pairs.workers.tolist()):
            facts = Facts(
                pairs.market,
                worker,
                int(pairs.vacancies[row]),
                dict(zip(features.NAMES, raw[row].tolist(), strict=True)),
            )
            change = 0.0 if np.isnan(values[row]) else average - float(values[row])
            contribution = told(cause, change, facts)
            told_of.append([contribution] if contribution else [])
        return told_of

    def _values(self, pairs: Pairs) -> tuple[FloatArray, float]:
        at = features.NAMES.index(self.feature)
        return features.FEATURES[at].value(pairs), prior.centre(self.feature)


class NewestRanker(_OneCause):
    """The newest notice first."""

    name = "newest"
    label = "最新发布"
    feature = "days_posted"


class NearestRanker(_OneCause):
    """The nearest place first."""

    name = "nearest"
    label = "离家最近"
    feature = "distance_km"


class FirstComeRanker(Ranker):
    """Who was written down first goes first: numbers are given in the order of arrival, on both sides."""

    name = "first_come"
    label = "先来先得"

    def score_pairs(self, pairs: Pairs) -> FloatArray:
        came: FloatArray = pairs.of_workers("id").astype(np.float64) + pairs.of_vacancies("id")
        return -came


RANKERS: tuple[type[Ranker], ...] = (PriorRanker, RandomRanker, NewestRanker, NearestRanker, FirstComeRanker)


def _log_softplus(x: FloatArray) -> FloatArray:
    """log(log(1 + exp(x))), which is x itself far below zero, where the inner logarithm would vanish."""
    logs: FloatArray = np.where(x < -30.0, x, np.log(np.logaddexp(0.0, np.maximum(x, -30.0))))
    return logs


def _mix(values: Any) -> Any:
    """The finaliser of splitmix64: every bit of the input reaches every bit of the output.

    Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    """
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
