"""What a score is made of, as compiled code reads it: chances as terms over features, and tables of what each feature adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from matching import prior
from matching.classes import READS, Reads
from matching.columns import FloatArray, Pairs
from matching.compiled.trees import Trees
from matching.features import FEATURES
from matching.regions import IntArray

_TOGETHER: tuple[Reads, ...] = (
    (("lon", "lat", "region"), ("lon", "lat", "region")),
    (("region", "asked", "wants", "speaks_mandarin"), ("region",)),
    (("pay_floor",), ("pay_min", "pay_max", "usual_pay")),
)
"""Features that read no more than one of these are looked up together."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A chance under one or more questions, as log-odds: `shift + slope * ((1 - trust) * line + trust * trees)`.

    The line is the question's `begins` plus `weights` times z, the prior's standardised features; the trees are asked about the
    features `grown` on, the question's row of `extra`, and the line.
    """

    weights: FloatArray
    begins: FloatArray
    extra: FloatArray
    """Shape (questions, columns)."""
    grown: IntArray
    shift: float = 0.0
    slope: float = 1.0
    trust: float = 0.0
    trees: Trees | None = None

    @classmethod
    def of_line(cls, weights: FloatArray, begins: FloatArray, shift: float = 0.0, slope: float = 1.0) -> Self:
        """Without trees."""
        return cls(weights, begins, np.empty((len(begins), 0)), np.empty(0, np.int64), shift, slope)


@dataclass(frozen=True, slots=True)
class Terms:
    """The chance of a start, and that of leaving within each interval of the stay that counts, of which `shares` count."""

    hire: Chance
    leave: Chance
    shares: FloatArray


def grouped() -> list[tuple[Reads, list[int]]]:
    """The features (by number) that are looked up together, and the columns that they read between them."""
    groups: dict[Reads, list[int]] = {}
    for number, feature in enumerate(FEATURES):
        own = READS.get(feature.name, ((), ("id",)))
        groups.setdefault(next((each for each in _TOGETHER if _covers(each, own)), own), []).append(number)
    return list(groups.items())


def _covers(wide: Reads, narrow: Reads) -> bool:
    return set(narrow[0]) <= set(wide[0]) and set(narrow[1]) <= set(wide[1])


def seen(pairs: Pairs, own: Sequence[int]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of some features what trees are asked about and z, shape (pairs, features), and what they add to the surplus, in yuan."""
    raw = np.full((len(pairs), len(FEATURES)), np.nan)
    for feature in own:
        raw[:, feature] = FEATURES[feature].value(pairs)
    known = np.tile(prior.CENTRE, (len(pairs), 1))
    known[:, own] = prior.complete(raw, prior.averages(pairs))[:, own]
    return raw[:, own], prior.standardised(known)[:, own], prior.surplus(known) - prior.TYPICAL_SURPLUS
