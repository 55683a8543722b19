"""What a month shows, one row a case, and months put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matching.columns import BoolArray, FloatArray, SmallArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Rows:
    """Cases: whose each is, of which month (since 1970), its numbers, and who of them belongs to which monitored group:
    1, not 0, unknown -1."""

    worker: IntArray
    month: IntArray
    values: Mapping[str, FloatArray]
    belongs: Mapping[str, SmallArray]

    @property
    def groups(self) -> dict[str, BoolArray]:
        """Who is known to belong to each group."""
        return {name: of == 1 for name, of in self.belongs.items()}

    def __len__(self) -> int:
        return len(self.worker)

    def take(self, rows: Any) -> Self:
        """These rows, by position or mask."""
        return type(self)(
            self.worker[rows],
            self.month[rows],
            {name: column[rows] for name, column in self.values.items()},
            {name: column[rows] for name, column in self.belongs.items()},
        )

    @classmethod
    def of(cls, worker: IntArray, month: int, groups: Mapping[str, SmallArray], **values: FloatArray) -> Self:
        """Of one month; `groups` has one value a worker of the market."""
        return cls(
            worker,
            np.full(len(worker), month),
            values,
            {name: of[worker] for name, of in groups.items()},
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """One after the other; only numbers that all parts with rows have."""
        parts = [part for part in parts if len(part)] or list(parts[:1])

        def together(columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
            return {
                name: np.concatenate([each[name] for each in columns])
                for name in columns[0]
                if all(name in each for each in columns)
            }

        return cls(
            np.concatenate([part.worker for part in parts]),
            np.concatenate([part.month for part in parts]),
            together([part.values for part in parts]),
            together([part.belongs for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that one month, or several, show.

    `applied`: predicted, started, known, stable_said, stable_prior, stable, stable_weight. `stayed`: stay_90, stay_180, prior_180, judge,
    days, left. `lists`: the NDCG of one person's list by each ranker, `wanted` the applications (`stable` the stable starts).
    `plans`: what each plan is worth for each person who looked for work, as the judge estimates.
    """

    applied: Rows
    stayed: Rows
    wanted: Rows
    stable: Rows
    plans: Rows

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Of all the months together."""
        return cls(
            *(
                Rows.joined([getattr(part, name) for part in parts])
                for name in ("applied", "stayed", "wanted", "stable", "plans")
            )
        )
