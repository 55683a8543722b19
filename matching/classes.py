"""Rows that look the same to a rule or a feature: classes of workers and classes of vacancies.

A hundred thousand workers have a few dozen pay floors and some hundred sets of accepted regions. What reads only such
columns is computed for each pair of classes by the rule's or the feature's own code, and looked up for each pair of rows.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.columns import FloatArray, Market, Pairs
from matching.companions import looks_too
from matching.eligibility import asked
from matching.regions import IntArray

Columns = tuple[str, ...]
Reads = tuple[Columns, Columns]

READS: dict[str, Reads] = {
    # rules
    "restricted": (("restricted",), ()),
    "legal_age": (("birth_date",), ()),
    "capability": (("labour_capability",), ()),
    "wants_none": (("wants",), ()),
    "no_seat": ((), ("seats", "taken")),
    "not_valid": ((), ("valid_from", "valid_until")),
    "available_from": (("available_from",), ("valid_until",)),
    "age_limits": (("birth_date",), ("min_age", "max_age")),
    "education": (("education",), ("min_education",)),
    "required_skills": (("skills",), ("required_skills",)),
    "accepted_regions": (("accepted_regions",), ("region",)),
    # features
    "pay_over_floor": (("pay_floor",), ("pay_min", "pay_max", "usual_pay")),
    "pay_over_usual": ((), ("pay_min", "pay_max", "usual_pay")),
    "experience_months": (("experience_months",), ()),
    "distance_km": (("lon", "lat"), ("lon", "lat")),
    "way_home_yuan": (("lon", "lat", "region"), ("lon", "lat", "region")),
    "same_county": (("region",), ("region",)),
    "same_province": (("region",), ("region",)),
    "paired": (("region",), ("region",)),
    "near_unasked": (("region", "asked"), ("region",)),
    "paired_unasked": (("region", "asked"), ("region",)),
    "wish": (("region", "wants"), ("region",)),
    "lodging": (("needs_lodging",), ("lodging",)),
    "no_bed": (("needs_lodging", "region"), ("lodging", "region")),
    "preferred_skills": (("skills",), ("preferred_skills",)),
    "same_occupation": (("last_occupation",), ("occupation",)),
    "wanted_occupation": (("wanted_occupations",), ("occupation",)),
    "education_margin": (("education",), ("min_education",)),
    "townspeople": (("region",), ("employer",)),
    "origin_leaving": (("region",), ("employer",)),
    "speaks_mandarin": (("region", "speaks_mandarin"), ("region",)),
    "companion_seat": (("accompanied",), ("seats", "taken")),
    "companion_there": (("bound", "companion_county"), ("region",)),
}
"""The columns of each side that a rule (by code) or a feature (by name) reads, also for what takes the place of an unknown. A
feature that is not here hangs on the vacancy alone.

`asked`, `accompanied` and `bound` stand for what the code makes of several columns: whether anything is known of the wishes,
whether there is a companion, and whether one of this market. `usual_pay` is what such a vacancy usually pays.
"""


@dataclass(frozen=True, slots=True)
class Classes:
    """`of[row]` is the class of each row; `first[class]` a row of it."""

    of: IntArray
    first: IntArray

    def __len__(self) -> int:
        return len(self.first)


class Alike:
    """The classes of a market's rows by the columns asked for, each found once."""

    def __init__(self, market: Market, usual_pay: FloatArray | None = None) -> None:
        """`usual_pay` is that of each vacancy, where somebody has learned it."""
        self.market = market
        self._usual_pay = np.full(len(market.vacancies), np.nan) if usual_pay is None else usual_pay
        self._found: dict[tuple[bool, Columns], Classes] = {}

    def workers(self, columns: Columns) -> Classes:
        """Workers that are alike in these columns."""
        return self._of(columns, self._worker_key, len(self.market.workers), True)

    def vacancies(self, columns: Columns) -> Classes:
        """Vacancies that are alike in these columns."""
        posts = self.market.vacancies

        def key(column: str) -> Any:
            return self._usual_pay if column == "usual_pay" else getattr(posts, column)

        return self._of(columns, key, len(posts), False)

    def _of(self, columns: Columns, key: Callable[[str], Any], rows: int, workers: bool) -> Classes:
        found = self._found.get((workers, columns))
        if found is None:
            found = self._found[workers, columns] = _classes([key(column) for column in columns], rows)
        return found

    def _worker_key(self, column: str) -> Any:
        workers = self.market.workers
        if column == "accompanied":
            return workers.companion != -1
        if column == "bound":
            return looks_too(workers.companion)
        if column == "asked":
            everybody = np.arange(len(workers))
            return asked(Pairs(self.market, everybody, np.zeros(len(workers), np.int64)))
        if column == "skills":
            return tuple(map(frozenset, workers.skills))
        return getattr(workers, column)


def _classes(keys: list[Any], rows: int) -> Classes:
    together = np.zeros(rows, np.int64)
    for key in keys:
        if isinstance(key, np.ndarray):
            _, own = np.unique(key, return_inverse=True)
        else:
            own = _numbered(key)
        _, together = np.unique(together * (own.max(initial=0) + 1) + own, return_inverse=True)
    _, first, of = np.unique(together, return_index=True, return_inverse=True)
    return Classes(of, first)


def _numbered(things: tuple[Hashable, ...]) -> IntArray:
    numbers: dict[Hashable, int] = {}
    return np.fromiter((numbers.setdefault(thing, len(numbers)) for thing in things), np.int64, len(things))
