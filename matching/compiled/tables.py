"""What classes of workers and vacancies have in common, computed once for each pair of classes and looked up for each pair of rows.

All tables stand one after the other; a pair of rows has one cell in each.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.abreast import abreast
from matching.classes import Alike, Reads
from matching.columns import Pairs
from matching.compiled.machine import compiled
from matching.regions import IntArray

_AT_ONCE = 100_000
"""Pairs of classes looked at together."""

Rows = NDArray[np.int32]


class Tables(NamedTuple):
    """Where the cells are: of `worker` and `vacancy` rows, (rows, tables), the classes; of each table, where it begins and how
    many vacancy classes it has. The last `begin` is the end."""

    worker: Rows
    vacancy: Rows
    begin: IntArray
    wide: IntArray


@compiled
def cell(tables: Tables, table: int, worker: Any, vacancy: Any) -> Any:
    """The cell of a pair of rows, counted over all tables."""
    return (
        tables.begin[table]
        + tables.worker[worker, table] * tables.wide[table]
        + tables.vacancy[vacancy, table]
    )


class Laid:
    """The tables over `workers` and `vacancies` (indices of the market), one for each of `reads`."""

    def __init__(self, alike: Alike, workers: IntArray, vacancies: IntArray, reads: Sequence[Reads]) -> None:
        self._market = alike.market
        people = [_used(alike.workers(ours), workers) for ours, _ in reads]
        posts = [_used(alike.vacancies(theirs), vacancies) for _, theirs in reads]
        self._people, self._posts = [first for first, _ in people], [first for first, _ in posts]
        wide = np.array([len(first) for first in self._posts], np.int64)
        high = np.array([len(first) for first in self._people], np.int64)
        begin = np.concatenate([[0], np.cumsum(wide * high)])
        self.tables = Tables(
            np.column_stack([of for _, of in people]), np.column_stack([of for _, of in posts]), begin, wide
        )

    def __len__(self) -> int:
        return len(self._people)

    def size(self, table: int) -> int:
        """The cells of a table."""
        return int(self.tables.begin[table + 1] - self.tables.begin[table])

    def computed(self, table: int, value: Callable[[Pairs], Any]) -> Any:
        """`value` of a pair of each cell of a table, in the cells' order; it gives one row of an array a pair."""
        people, posts = self._people[table], self._posts[table]
        if not self.size(table):
            return value(Pairs(self._market, np.empty(0, np.int64), np.empty(0, np.int64)))

        def some(begin: int) -> Any:
            at = np.arange(begin, min(begin + _AT_ONCE, self.size(table)))
            return value(Pairs(self._market, people[at // len(posts)], posts[at % len(posts)]))

        return np.concatenate(list(abreast(some, range(0, self.size(table), _AT_ONCE))))


def _used(classes: Any, rows: IntArray) -> tuple[IntArray, Rows]:
    """A row of each class that these rows are of, and which class each of them is."""
    used, at = np.unique(classes.of[rows], return_inverse=True)
    return classes.first[used], at.astype(np.int32)
