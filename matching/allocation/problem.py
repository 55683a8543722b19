"""What is to be planned, in numbers: who fits where and how well, seats, quotas, companions, buses, and what people have decided already."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from matching.columns import BoolArray, FloatArray
from matching.regions import IntArray


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs that may be: `worker[i]` at `vacancy[i]` is worth `score[i]`, finite and not below 0; a pair stands once."""

    worker: IntArray
    vacancy: IntArray
    score: FloatArray

    def __post_init__(self) -> None:
        if not self.worker.shape == self.vacancy.shape == self.score.shape or self.worker.ndim != 1:
            raise ValueError("as many workers as vacancies and scores are wanted, in one dimension")
        if not (np.isfinite(self.score).all() and (self.score >= 0).all()):
            raise ValueError("a score is finite and not below 0")

    def __len__(self) -> int:
        return len(self.worker)

    def take(self, rows: IntArray | BoolArray) -> "Edges":
        """The edges at these positions, or where the mask is true."""
        return Edges(self.worker[rows], self.vacancy[rows], self.score[rows])


@dataclass(frozen=True, slots=True)
class Quota:
    """At least `people` placed people of a group, or at least `share` (0 to 1) of all placed people; one of the two."""

    group: str
    people: int | None = None
    share: Fraction | None = None

    def __post_init__(self) -> None:
        if (self.people is None) == (self.share is None):
            raise ValueError("a quota is a number of people or a share of the placements")
        if self.people is not None and self.people < 0:
            raise ValueError("a quota of people is not below 0")
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("a share lies between 0 and 1")


@dataclass(frozen=True, slots=True)
class Buses:
    """Which bus (destination and date) brings people to a vacancy, -1 none, and the least people a bus goes with: that many, or nobody."""

    of_vacancy: IntArray
    least: IntArray


@dataclass(frozen=True, slots=True)
class Problem:
    """n workers, m vacancies. Rows are indices 0 … n-1 and 0 … m-1; every array has one value a row.

    Raises
    ------
    ValueError
        when arrays don't fit each other or a quota names a group that isn't given.
    """

    workers: int
    seats: IntArray
    """Free seats, m values; nobody is placed above them."""
    edges: Edges
    place: IntArray | None = None
    """The county (or what else must be common to companions) of each vacancy; needed where there are companions."""
    groups: Mapping[str, BoolArray] = field(default_factory=dict)
    """Who belongs to which group; groups may overlap."""
    quotas: tuple[Quota, ...] = ()
    companion: IntArray | None = None
    """Whom each worker wants to go with, as `matching.columns.Workers.companion` has it: -1 nobody, any other index that isn't here is somebody who is not open."""
    apart_ok: BoolArray | None = None
    """Who agrees to go without the companion named."""
    buses: Buses | None = None
    pinned: IntArray | None = None
    """The vacancy that somebody has decided on for a worker; -1 not decided."""
    kept_out: BoolArray | None = None
    """Workers whom somebody has decided not to place."""
    closed: BoolArray | None = None
    """Vacancies that get nobody."""

    before: IntArray | None = None
    """Where each worker stood in an earlier plan, -1 nowhere: companions stay there together as long as that is as good as the search gets."""
    near: FloatArray | None = None
    """Prices of the seats near which the plan lies, where some are known: the search for companions' places then begins there."""

    def __post_init__(self) -> None:
        posts = len(self.seats)
        for name, values, size in (
            ("place", self.place, posts),
            ("closed", self.closed, posts),
            ("near", self.near, posts),
            ("companion", self.companion, self.workers),
            ("apart_ok", self.apart_ok, self.workers),
            ("pinned", self.pinned, self.workers),
            ("before", self.before, self.workers),
            ("kept_out", self.kept_out, self.workers),
            ("buses", None if self.buses is None else self.buses.of_vacancy, posts),
            *((name, mask, self.workers) for name, mask in self.groups.items()),
        ):
            if values is not None and values.shape != (size,):
                raise ValueError(f"{name}: {size} values are wanted")
        if len(self.edges) and not (
            self.edges.worker.min() >= 0
            and self.edges.worker.max() < self.workers
            and self.edges.vacancy.min() >= 0
            and self.edges.vacancy.max() < posts
        ):
            raise ValueError("edges: a worker or vacancy that is not here")
        keys = np.sort(self.edges.worker.astype(np.int64) * max(posts, 1) + self.edges.vacancy)
        if (keys[1:] == keys[:-1]).any():
            raise ValueError("edges: a pair stands twice")
        if (self.seats < 0).any():
            raise ValueError("seats: none is below 0")
        if self.pinned is not None and (self.pinned >= posts).any():
            raise ValueError("pinned: a vacancy that is not here")
        if self.companion is not None and self.place is None:
            raise ValueError("companions go to one place, so the places of the vacancies are wanted")
        for quota in self.quotas:
            if quota.group not in self.groups:
                raise ValueError(f"quota of {quota.group}, which is no group here")
