"""Numbers with a 95 % interval and the cases behind them; people are independent, what one person did is not.

Intervals are linearised (each person's pull on a ratio, Student's t), bootstrapped over people only where that cannot be done.
They tell what other people of the same market might have shown: employers and seasons are taken as they were.
"""

from dataclasses import dataclass

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray

FEWEST = 30
"""Known outcomes below which nothing is claimed: of 30 the interval of a share is up to 36 percentage points wide."""
FEWEST_OF_A_KIND = 5
"""Likewise of either outcome: below it a normal interval is no 95 % any more."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` between `low` and `high` (95 %), from `cases` rows; nan where it cannot be told."""

    value: float
    low: float
    high: float
    cases: int

    @property
    def known(self) -> bool:
        """Whether there are enough cases, and an interval."""
        return self.cases >= FEWEST and bool(np.isfinite([self.value, self.low, self.high]).all())


def share(found: Estimate) -> Estimate:
    """Of what lies between 0 and 1, and so does its interval."""
    low, high = np.clip([found.low, found.high], 0.0, 1.0).tolist()
    return Estimate(found.value, low, high, found.cases)


def widened(found: Estimate, by_each: FloatArray) -> Estimate:
    """With what the judges' own learning adds to the interval: `by_each` is the value by each judge, who learned without one
    fold of the people (the jackknife over folds). What the judges have in common, it cannot show."""
    from scipy.special import stdtrit

    folds = len(by_each)
    if folds < 2:
        return found
    error = float(np.sqrt((folds - 1) / folds * ((by_each - by_each.mean()) ** 2).sum()))
    more = float(stdtrit(folds - 1, 0.975)) * error
    half = float(np.hypot(found.high - found.value, more))
    return Estimate(found.value, found.value - half, found.value + half, found.cases)


def nothing(cases: int = 0) -> Estimate:
    """What cannot be told."""
    return Estimate(np.nan, np.nan, np.nan, cases)


def ratio(top: FloatArray, bottom: FloatArray, people: IntArray) -> Estimate:
    """sum(top) / sum(bottom) over rows; `people` says whose each row is. Rows without a bottom are no cases."""
    cases, whole = int((bottom != 0).sum()), float(bottom.sum())
    if not cases or whole == 0:
        return nothing(cases)
    value = float(top.sum()) / whole
    return _around(value, _sums(top - value * bottom, people) / whole, cases)


def quotient(
    tops: tuple[FloatArray, FloatArray], bottoms: tuple[FloatArray, FloatArray], people: IntArray
) -> Estimate:
    """How many times the first share is the second, each sum(top) / sum(bottom) over the same rows; `cases` of the first.

    The interval is linearised on the logarithm, where quotients lie evenly (Katz and others, Biometrics 1978).
    """
    cases = int((bottoms[0] != 0).sum())
    wholes, parts = [float(each.sum()) for each in bottoms], [float(each.sum()) for each in tops]
    if min(*wholes, *parts) <= 0:
        return nothing(cases)
    shares = [part / whole for part, whole in zip(parts, wholes, strict=True)]
    pulls = [
        (top - one * bottom) / part
        for top, bottom, one, part in zip(tops, bottoms, shares, parts, strict=True)
    ]
    found = _around(float(np.log(shares[0] / shares[1])), _sums(pulls[0] - pulls[1], people), cases)
    value, low, high = np.exp([found.value, found.low, found.high]).tolist()
    return Estimate(value, low, high, cases)


def difference(values: FloatArray, weights: tuple[FloatArray, FloatArray], people: IntArray) -> Estimate:
    """The mean of the values by the first weights less that by the second; `cases` of the first."""
    cases, wholes = int((weights[0] != 0).sum()), [float(each.sum()) for each in weights]
    if min(wholes) <= 0:
        return nothing(cases)
    means = [float((each * values).sum()) / whole for each, whole in zip(weights, wholes, strict=True)]
    pulls = [each * (values - mean) / whole for each, mean, whole in zip(weights, means, wholes, strict=True)]
    return _around(means[0] - means[1], _sums(pulls[0] - pulls[1], people), cases)


def total(values: FloatArray, people: IntArray) -> Estimate:
    """The sum of the rows, each a person's in one month; the interval is that of as many people drawn anew."""
    if not len(values):
        return nothing()
    sums = _sums(values, people)
    return _around(float(values.sum()), sums - sums.mean(), len(values))


def resampled(people: IntArray, draws: int, seed: int) -> FloatArray:
    """How often each row is in each of so many draws of the people, shape (draws, rows)."""
    named, row = np.unique(people, return_inverse=True)
    many = np.random.default_rng(seed).multinomial(
        len(named), np.full(len(named), 1 / len(named)), size=draws
    )
    weights: FloatArray = many.astype(np.float64)[:, row]
    return weights


def both_kinds(happened: FloatArray, counted: BoolArray) -> bool:
    """Whether either outcome was seen often enough among the rows that count."""
    yes = int((happened[counted] > 0).sum())
    return min(yes, int(counted.sum()) - yes) >= FEWEST_OF_A_KIND


def _sums(values: FloatArray, people: IntArray) -> FloatArray:
    _, row = np.unique(people, return_inverse=True)
    sums: FloatArray = np.bincount(row, values).astype(np.float64)
    return sums


def _around(value: float, pulls: FloatArray, cases: int) -> Estimate:
    from scipy.special import stdtrit

    many = len(pulls)
    if many < 2:
        return Estimate(value, np.nan, np.nan, cases)
    half = float(stdtrit(many - 1, 0.975)) * float(np.sqrt(many / (many - 1) * (pulls * pulls).sum()))
    return Estimate(value, value - half, value + half, cases)
