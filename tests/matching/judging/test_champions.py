"""A learned champion stands beside the challenger in every month, and the same model is no better than itself."""

from dataclasses import replace

import numpy as np
import pytest

from matching.judging.judge import judge_of
from matching.judging.month import Past, learned_before, look_at
from matching.judging.verdict import CHAMPION, verdict_on
from tests.matching.learning.town import town

FIRST, END = np.datetime64("2024-03-01"), np.datetime64("2025-01-01")


@pytest.fixture(scope="module")
def past() -> Past:
    made = town(2_500, seed=1)
    sides = np.arange(len(made.market.workers)) % 2 == 0
    return Past(
        made.market, made.history, END, lambda _: made.history, lambda _: {"even": sides}, 0, "surplus"
    )


def test_the_same_model_is_no_better_than_itself(past: Past) -> None:
    same = replace(past, serving=lambda first: learned_before(past, first))
    month = look_at(same, FIRST, judge_of(past.market, past.history, END, 0))
    applied, plans = month.evidence.applied.values, month.evidence.plans.values
    assert np.array_equal(applied["stable_champion"], applied["stable_model"])
    assert not np.array_equal(applied["stable_champion"], applied["stable_prior"])
    assert np.array_equal(plans["champion"], plans["learned"])
    verdict = verdict_on(month.evidence, lambda name: name, judged=True, champion=CHAMPION, called="旧模型")
    assert not verdict.may
    assert verdict.reasons[0].endswith("学习模型与旧模型看不出差别")
    assert not verdict.harmed


def test_the_champion_that_serves_is_the_one_that_is_told(past: Past) -> None:
    early = learned_before(past, np.datetime64("2023-07-01"))
    month = look_at(replace(past, serving=lambda _: early), FIRST, None)
    applied = month.evidence.applied.values
    assert not np.array_equal(applied["stable_champion"], applied["stable_model"])
    assert "stable_champion" not in look_at(past, FIRST, None).evidence.applied.values
