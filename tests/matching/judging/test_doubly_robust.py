"""A policy valued by what another one drew: near the truth where the model is wrong, and where the chances are."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from matching.judging.doubly_robust import CLIP, Drawn, Policy, Worth, change, effective, worth

CHOICES = 4


@dataclass(frozen=True)
class Logged:
    """Decisions among four posts whose truth is known."""

    drawn: Drawn
    old: Policy
    new: Policy
    true_old: float
    true_new: float
    chosen: Any
    fit: Any


def logged(seed: int, cases: int = 600, *, wrong: float = 0.25, steep: float = 2.0) -> Logged:
    """What is best depends on the person. The log prefers the first post; the new policy what is best for each. The model
    takes the post that the log prefers for better than it is, by `wrong`, and the others for worse."""
    dice = np.random.default_rng(seed)
    person = dice.normal(size=(cases, CHOICES))
    truth = 1 / (1 + np.exp(-(person - 0.5)))
    liked = np.array([1.0, 0.3, -0.2, -0.6])
    before = _softmax(np.tile(liked, (cases, 1)) * steep / 2)
    after = _softmax(person * steep)
    chosen = (before.cumsum(axis=1) < dice.random((cases, 1))).sum(axis=1)
    rows = np.arange(cases)
    reward = (dice.random(cases) < truth[rows, chosen]) * 1.0
    model = truth + wrong * np.array([1.0, -1.0, -1.0, -1.0])
    drawn = Drawn(rows, before[rows, chosen], reward, np.ones(cases))
    policies = [
        Policy(each[rows, chosen], (each * model).sum(axis=1), model[rows, chosen])
        for each in (before, after)
    ]
    true = [float((each * truth).sum(axis=1).mean()) for each in (before, after)]
    return Logged(drawn, policies[0], policies[1], true[0], true[1], chosen, model)


def _softmax(odds: Any) -> Any:
    weights = np.exp(odds - odds.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def inverse(made: Logged, policy: Policy) -> Policy:
    """The same cases without a model: what is left is the inverse propensity score."""
    return replace(policy, direct=np.zeros(len(made.drawn)), expected=np.zeros(len(made.drawn)))


def test_by_hand() -> None:
    """Two cases: 0.5 + 2 · (1 − 0.4) and 0.3 + 0.5 · (0 − 0.2)."""
    drawn = Drawn(np.arange(2), np.array([0.5, 0.8]), np.array([1.0, 0.0]), np.ones(2))
    policy = Policy(np.array([1.0, 0.4]), np.array([0.5, 0.3]), np.array([0.4, 0.2]))
    found = worth(drawn, policy)
    assert found.value.value == pytest.approx((1.7 + 0.2) / 2)
    assert found.effective == pytest.approx(2.5**2 / (4 + 0.25))
    assert found.clipped == 0


def test_nearer_to_the_truth_than_a_wrong_model_and_than_chances_alone() -> None:
    off: dict[str, list[float]] = {"model": [], "chances": [], "both": []}
    covered = 0
    for seed in range(200):
        made = logged(seed)
        found = worth(made.drawn, made.new)
        off["model"].append(float(made.new.direct.mean()) - made.true_new)
        off["chances"].append(worth(made.drawn, inverse(made, made.new)).value.value - made.true_new)
        off["both"].append(found.value.value - made.true_new)
        covered += found.value.low <= made.true_new <= found.value.high
    far = {name: float(np.sqrt(np.mean(np.square(each)))) for name, each in off.items()}
    assert far["both"] < 0.6 * far["model"]
    assert far["both"] < 0.9 * far["chances"]
    assert abs(np.mean(off["both"])) < 0.01 < abs(np.mean(off["model"]))
    assert covered / 200 >= 0.9


def test_with_a_right_model_wrong_chances_do_no_harm() -> None:
    """The chances were written down as half of what they were: without a model that doubles everything."""
    off = []
    for seed in range(60):
        made = logged(seed, wrong=0.0)
        drawn = replace(made.drawn, chance=made.drawn.chance / 2)
        off.append(worth(drawn, made.new).value.value - made.true_new)
        assert worth(drawn, inverse(made, made.new)).value.value > made.true_new + 0.2
    assert abs(np.mean(off)) < 0.02


def test_what_both_policies_share_adds_nothing_to_the_interval() -> None:
    made = logged(1)
    same = change(made.drawn, made.old, made.old)
    assert (same.value.value, same.value.low, same.value.high) == (0, 0, 0)
    found = change(made.drawn, made.old, made.new)
    assert found.value.low <= made.true_new - made.true_old <= found.value.high
    apart = worth(made.drawn, made.new).value.value - worth(made.drawn, made.old).value.value
    assert found.value.value == pytest.approx(apart)


def test_the_policy_that_drew_is_worth_what_came() -> None:
    """Every weight is 1: the estimate is the mean reward, up to what the model says too much of its own mean."""
    made = logged(2, cases=5_000, wrong=0.0)
    found = worth(made.drawn, made.old)
    assert found.value.value == pytest.approx(float(made.drawn.reward.mean()), abs=0.02)
    assert found.effective == pytest.approx(5_000)


def test_cases_that_stand_for_too_much_are_cut_and_that_is_told() -> None:
    drawn = Drawn(np.arange(3), np.array([0.001, 0.5, 0.5]), np.ones(3), np.ones(3))
    policy = Policy(np.array([0.5, 0.5, 0.5]), np.zeros(3), np.zeros(3))
    found = worth(drawn, policy)
    assert found.value.value == pytest.approx((CLIP + 1 + 1) / 3)
    assert found.clipped == pytest.approx((500 - CLIP) / 502)
    assert found.effective < 1.3


def test_who_was_lost_sight_of_is_stood_for_by_the_others() -> None:
    """Half of the outcomes are never seen, whatever they are; the others count twice."""
    off = []
    for seed in range(60):
        made = logged(seed, cases=1_000)
        seen = np.random.default_rng(seed).random(1_000) < 0.5
        off.append(worth(replace(made.drawn, known=seen * 2.0), made.new).value.value - made.true_new)
    assert abs(np.mean(off)) < 0.02


@pytest.mark.parametrize("chance", [0.0, -0.1, 1.1, np.nan])
def test_a_chance_that_is_none_is_refused(chance: float) -> None:
    with pytest.raises(ValueError, match="chance above 0"):
        Drawn(np.arange(1), np.array([chance]), np.ones(1), np.ones(1))


def test_of_nobody_nothing_is_told() -> None:
    none = np.zeros(0)
    found: Worth = worth(Drawn(np.zeros(0, np.int64), none, none, none), Policy(none, none, none))
    assert np.isnan(found.value.value) and found.effective == 0 and effective(none) == 0
