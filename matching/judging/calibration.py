"""Whether chances are what they say: of those given 40 %, are there 40 in a hundred?"""

from dataclasses import dataclass

import numpy as np

from matching.columns import FloatArray
from matching.judging.estimate import Estimate, nothing, resampled
from matching.regions import IntArray

BINS = 10
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of like chances: the mean said, the share that happened, how many."""

    predicted: float
    observed: float
    cases: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """`error` is the expected calibration error: the mean distance of said and observed over ten bins.

    Chance alone makes it greater than 0: `by_chance` is its mean where every chance said is true.
    """

    error: Estimate
    by_chance: float
    bins: tuple[Bin, ...]


def calibrated(
    predicted: FloatArray, happened: FloatArray, weight: FloatArray, people: IntArray, *, seed: int = 0
) -> Calibration:
    """In ten bins of as many cases each. `weight` is 0 where the outcome is not known; the interval is a bootstrap over people."""
    known = weight > 0
    predicted, happened, weight = predicted[known], happened[known], weight[known]
    people = people[known]
    if not len(predicted):
        return Calibration(nothing(), np.nan, ())
    place = np.empty(len(predicted), np.int64)
    place[np.argsort(predicted, kind="stable")] = np.arange(len(predicted))
    member = (place * BINS // len(predicted))[:, None] == np.arange(BINS)[None, :]
    inside = member.astype(np.float64)
    distance = weight * (predicted - happened)
    value = float(_error(distance[None], weight[None], inside)[0])
    drawn = resampled(people, DRAWS, seed)
    # Draws are farther off than what they are drawn from, as chance alone is: only their spread is told.
    errors = _error(drawn * distance, drawn * weight, inside)
    low, high = np.maximum(value + np.quantile(errors, (0.025, 0.975)) - errors.mean(), 0.0).tolist()
    dice = np.random.default_rng(seed + 1)
    thrown = dice.random((DRAWS, len(predicted))) < predicted
    by_chance = float(_error(weight * (predicted - thrown), np.tile(weight, (DRAWS, 1)), inside).mean())
    bins = tuple(
        Bin(
            float(np.average(predicted[rows], weights=weight[rows])),
            float(np.average(happened[rows], weights=weight[rows])),
            int(rows.sum()),
        )
        for rows in member.T
        if rows.any()
    )
    return Calibration(Estimate(value, low, high, len(predicted)), by_chance, bins)


def _error(distance: FloatArray, weight: FloatArray, inside: FloatArray) -> FloatArray:
    """Of every draw: the sum over bins of what the chances are off by, over all weight."""
    off: FloatArray = np.abs(distance @ inside).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
    return off
