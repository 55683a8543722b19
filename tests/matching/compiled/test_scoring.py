"""What compiled code says of pairs: held to the ranker, the rules and the features themselves."""

from typing import Any

import numpy as np
import pytest

from matching.classes import READS, Alike
from matching.columns import Market, Pairs
from matching.compiled.allowed import Eligible
from matching.compiled.tables import Laid, cell
from matching.compiled.terms import grouped
from matching.edges import Every
from matching.eligibility import RULES, eligible
from matching.features import FEATURES
from matching.rankers import PriorRanker

VALUES: dict[str, Any] = {rule.code: rule.rules_out for rule in RULES}
SEEN: dict[str, Any] = {feature.name: feature.value for feature in FEATURES}


def everything(market: Market) -> Pairs:
    workers, vacancies = np.divmod(
        np.arange(len(market.workers) * len(market.vacancies)), len(market.vacancies)
    )
    return Pairs(market, workers, vacancies)


@pytest.mark.parametrize(("name", "value"), [*VALUES.items(), *SEEN.items()])
def test_a_rule_and_a_feature_read_no_other_columns_than_declared(
    market: Market, name: str, value: Any
) -> None:
    vacancies = np.arange(len(market.vacancies))[::-2]
    workers = np.arange(len(market.workers))[1:]
    placed = PriorRanker().fit(market).placed
    usual = placed(Pairs.of_worker(market, 0, np.arange(len(market.vacancies)))).usual_pay
    laid = Laid(Alike(market, usual), workers, vacancies, [READS.get(name, ((), ("id",)))])
    found = laid.computed(0, lambda pairs: value(placed(pairs)).astype(np.float64))
    rows, columns = np.divmod(np.arange(len(workers) * len(vacancies)), len(vacancies))
    cells = [cell(laid.tables, 0, *pair) for pair in zip(rows.tolist(), columns.tolist(), strict=True)]
    expected = value(placed(Pairs(market, workers[rows], vacancies[columns]))).astype(np.float64)
    assert np.array_equal(found[cells], expected, equal_nan=True)


def test_every_feature_is_looked_up_once() -> None:
    assert sorted(number for _, own in grouped() for number in own) == list(range(len(FEATURES)))


def test_the_rules_say_the_same_of_each_pair(market: Market) -> None:
    workers, vacancies = np.arange(len(market.workers))[::-1], np.arange(len(market.vacancies))[1:]
    allowed = Eligible(Alike(market), workers, vacancies)
    rows = np.array([3, 0, 3, len(workers) - 1])
    for row, mask in zip(rows.tolist(), allowed.block(rows), strict=True):
        assert np.array_equal(mask, eligible(Pairs.of_worker(market, workers[row], vacancies)))


@pytest.mark.parametrize("objective", ["surplus", "stable"])
@pytest.mark.parametrize("days", [20, 91, 180, 800])
def test_the_prior_scores_the_same_of_each_pair(market: Market, objective: str, days: int) -> None:
    ranker = PriorRanker(objective, stable_days=days).fit(market)
    held_to_itself(market, ranker)


def held_to_itself(market: Market, ranker: PriorRanker) -> None:
    pairs = everything(market)
    exact = Every(market, np.arange(len(market.workers)), np.arange(len(market.vacancies)), ranker)
    assert exact._scorer is not None
    assert exact.parts(pairs.workers, pairs.vacancies) == pytest.approx(ranker.parts(pairs), abs=1e-9)
    assert exact.score(pairs.workers, pairs.vacancies) == pytest.approx(ranker.score(pairs), rel=1e-9)
    assert exact.surplus(pairs.workers, pairs.vacancies) == pytest.approx(ranker.parts(pairs)[:, 1], rel=1e-9)
