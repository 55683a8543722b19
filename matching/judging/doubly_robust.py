"""What a policy would have been worth where another one decided by known chances: the doubly robust estimate (AIPW).

A case is one decision that was drawn: for somebody, one of several posts was put in the first place, with a chance that was
written down. Of another policy

    value = mean of   direct + weight * (reward - expected)          weight = min(chance now / chance then, CLIP)

`direct` is what a model expects of the policy's own choice, `expected` of the choice that was made. Right where either the
model or the chances are (Dudík, Langford and Li, ICML 2011); cut weights lean to the model, by what `clipped` says at most.
`effective` is how many cases of equal weight tell as much (Kish): few of them, and the estimate is the model's again.

Where nothing was drawn, as where a list is always in the order of the score or people choose by themselves, there is no such
chance, and no such estimate.
"""

from dataclasses import dataclass

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.judging.estimate import Estimate, ratio
from matching.regions import IntArray

CLIP = 20.0
"""No case stands for more than so many."""
FEWEST_EFFECTIVE = 50.0
"""Effective cases below which the estimate is not used: its error would mostly be that of a few heavy cases."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Decisions that were drawn; all of one length.

    `person` says whose each is; `chance` is that with which the logged choice was drawn, above 0; `reward` what came of it;
    `known` its weight where outcomes are lost sight of: the inverse of the chance of being seen, 0 where it was not seen, 1 on
    average. Cases too young to be known are to be left out.
    """

    person: IntArray
    chance: FloatArray
    reward: FloatArray
    known: FloatArray

    def __post_init__(self) -> None:
        """Check the chances.

        Raises
        ------
        ValueError
            for a chance that is none: without it, or at 0, a case can stand for nothing.
        """
        if not bool(((self.chance > 0) & (self.chance <= 1)).all()):
            raise ValueError("a logged choice has a chance above 0, and at most 1")

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy would have done with the same cases: `chance` with which it takes the logged choice, and by a model what
    to expect of its own choice (`direct`, the mean over its choices) and of the logged one (`expected`)."""

    chance: FloatArray
    direct: FloatArray
    expected: FloatArray


@dataclass(frozen=True, slots=True)
class Worth:
    """`value` per case with its interval; `effective` cases behind the weights; `clipped`, the share of weight cut off."""

    value: Estimate
    effective: float
    clipped: float


def worth(drawn: Drawn, policy: Policy, among: BoolArray | None = None) -> Worth:
    """The value of one policy, over the cases of `among` (None for all)."""
    rows = _rows(drawn, among)
    weight, cut = _weights(drawn, policy)
    pulled = _robust(drawn, policy, weight)[rows]
    return Worth(
        ratio(pulled, np.ones(len(pulled)), drawn.person[rows]),
        effective(weight[rows] * drawn.known[rows]),
        float(cut[rows].sum() / max(float((weight + cut)[rows].sum()), 1e-12)),
    )


def change(drawn: Drawn, old: Policy, new: Policy, among: BoolArray | None = None) -> Worth:
    """By how much `new` is worth more than `old`, case by case, so that what both share adds nothing to the interval.

    `effective` is that of the policy which fewer cases speak for.
    """
    rows = _rows(drawn, among)
    weights, cuts = zip(*(_weights(drawn, each) for each in (old, new)), strict=True)
    gained = (_robust(drawn, new, weights[1]) - _robust(drawn, old, weights[0]))[rows]
    shares = [
        float(cut[rows].sum() / max(float((weight + cut)[rows].sum()), 1e-12))
        for weight, cut in zip(weights, cuts, strict=True)
    ]
    return Worth(
        ratio(gained, np.ones(len(gained)), drawn.person[rows]),
        min(effective(weight[rows] * drawn.known[rows]) for weight in weights),
        max(shares),
    )


def effective(weights: FloatArray) -> float:
    """Kish's effective number of cases: (sum of weights)² / sum of their squares; 0 of none."""
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def _rows(drawn: Drawn, among: BoolArray | None) -> IntArray:
    return np.flatnonzero(np.ones(len(drawn), np.bool_) if among is None else among)


def _weights(drawn: Drawn, policy: Policy) -> tuple[FloatArray, FloatArray]:
    """The weights, and what was cut off each."""
    whole = policy.chance / drawn.chance
    kept = np.minimum(whole, CLIP)
    return kept, whole - kept


def _robust(drawn: Drawn, policy: Policy, weight: FloatArray) -> FloatArray:
    value: FloatArray = policy.direct + drawn.known * weight * (drawn.reward - policy.expected)
    return value
