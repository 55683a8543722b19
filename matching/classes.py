"""Rows that look the same to a rule or a feature are looked at once: classes of workers, classes of vacancies, and tables.

A hundred thousand workers have a few dozen pay floors and some hundred sets of accepted regions. What reads only such
columns is computed for each pair of classes by the rule's or the feature's own code, and looked up for each pair of rows.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.columns import Market, Pairs
from matching.eligibility import asked
from matching.regions import IntArray

Columns = tuple[str, ...]

READS: dict[str, tuple[Columns, Columns]] = {
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
    # features in which a worker and a vacancy meet
    "pay_over_floor": (("pay_floor",), ("pay_min", "pay_max")),
    "distance_km": (("lon", "lat"), ("lon", "lat")),
    "way_home_yuan": (("lon", "lat", "region"), ("lon", "lat", "region")),
    "same_county": (("region",), ("region",)),
    "same_province": (("region",), ("region",)),
    "paired": (("region",), ("region",)),
    "near_unasked": (("region", "asked"), ("region",)),
    "paired_unasked": (("region", "asked"), ("region",)),
    "wish": (("region", "wants"), ("region",)),
    "lodging": (("needs_lodging",), ("lodging",)),
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
"""The columns of each side that a rule (by code) or a feature (by name) reads; what is not here meets no other side.

`asked`, `accompanied` and `bound` stand for what the code makes of several columns: whether anything is known of the wishes,
whether there is a companion, and whether one of this market.
"""

_BLOCK = 1_000_000
_MOST_KEPT = 30_000_000
"""Values of one table that are kept; a larger one is computed again for each block."""


@dataclass(frozen=True, slots=True)
class Classes:
    """`of[row]` is the class of each row; `first[class]` a row of it."""

    of: IntArray
    first: IntArray

    def __len__(self) -> int:
        return len(self.first)


class Alike:
    """The classes of a market's rows by the columns asked for, each found once."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self._found: dict[tuple[bool, Columns], Classes] = {}

    def workers(self, columns: Columns) -> Classes:
        """Workers that are alike in these columns."""
        return self._of(columns, self._worker_key, len(self.market.workers), True)

    def vacancies(self, columns: Columns) -> Classes:
        """Vacancies that are alike in these columns."""
        posts = self.market.vacancies
        return self._of(columns, lambda column: getattr(posts, column), len(posts), False)

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
            return workers.companion >= 0
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


class Table:
    """A value of every worker with every vacancy of `vacancies`, computed once for each pair of classes.

    `value` gives one number a pair and reads no columns but those of `reads`.
    """

    def __init__(
        self,
        alike: Alike,
        vacancies: IntArray,
        reads: tuple[Columns, Columns],
        value: Callable[[Pairs], Any],
        dtype: Any,
    ) -> None:
        self._market, self._value = alike.market, value
        self._workers = alike.workers(reads[0])
        classes = alike.vacancies(reads[1])
        used, self._column = np.unique(classes.of[vacancies], return_inverse=True)
        self._posts = classes.first[used]
        size = len(self._workers) * len(self._posts)
        self._kept = np.zeros((len(self._workers) if size <= _MOST_KEPT else 0, len(self._posts)), dtype)
        self._done = np.zeros(len(self._kept), np.bool_)
        self._dtype = dtype

    def block(self, workers: IntArray, columns: IntArray | slice = slice(None)) -> Any:
        """The values, shape (workers, vacancies); not to be written to. Of the vacancies only `columns`, where that is said."""
        classes, row = np.unique(self._workers.of[workers], return_inverse=True)
        if len(self._kept):
            new = classes[~self._done[classes]]
            self._kept[new] = self._computed(new)
            self._done[new] = True
            values = self._kept[classes]
        else:
            values = self._computed(classes)
        column = self._column[columns]
        shape = (len(workers), len(column))
        if len(self._posts) == 1:
            return np.broadcast_to(values[row], shape)
        if len(self._workers) == 1:
            return np.broadcast_to(values[0][column], shape)
        return np.take(values[row], column, axis=1)

    def _computed(self, classes: IntArray) -> Any:
        people = self._workers.first[classes]
        many = max(1, _BLOCK // max(1, len(self._posts)))
        parts = [
            self._value(
                Pairs(self._market, np.repeat(some, len(self._posts)), np.tile(self._posts, len(some)))
            ).reshape(len(some), -1)
            for some in (people[at : at + many] for at in range(0, len(people), many))
        ]
        return (
            np.concatenate(parts).astype(self._dtype)
            if parts
            else np.zeros((0, len(self._posts)), self._dtype)
        )
