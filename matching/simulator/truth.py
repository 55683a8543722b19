"""What is true of the open workers and the vacancies on offer, and of no file of the folder."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.simulator.conditions import eligible
from matching.simulator.facts import facts
from matching.simulator.files import vacancy_ids, worker_ids
from matching.simulator.hiring import chances
from matching.simulator.liking import utility
from matching.simulator.market import Made, Sizes, make
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.staying import Ties

BLOCK = 1_000
"""Workers whose pairs are computed at once."""


@dataclass(frozen=True, slots=True)
class TruePairs:
    """True of each pair, in the shape of the indices asked about.

    Who has a companion has them in the same county here: no valid plan has it otherwise.
    """

    eligible: BoolArray
    p_hire: FloatArray
    stay_90: FloatArray
    stay_180: FloatArray
    utility: FloatArray
    """Yuan a month."""

    @property
    def stable(self) -> FloatArray:
        """p_hire · S(180): the expected stable placements of the pair, eligible or not."""
        return self.p_hire * self.stay_180


class Truth:
    """The truth of one market. Workers are counted as in open_workers.csv, vacancies as the folder's ones on offer.

    `companion` is the row of each worker's companion among the open ones, -1 for none; `county` the place of each vacancy.
    """

    def __init__(self, made: Made) -> None:
        self.made = made
        self.people = made.people.take(made.open)
        self.posts = made.posts.take(np.arange(made.first_open, len(made.posts)))
        self.worker_ids = worker_ids(made.open)
        self.vacancy_ids = vacancy_ids(np.arange(made.first_open, len(made.posts)))
        row_of = np.full(len(made.people), -1)
        row_of[made.open] = np.arange(len(made.open))
        self.companion = np.where(self.people.companion >= 0, row_of[self.people.companion], -1)
        self.seats, self.county = self.posts.seats, self.posts.place

    @classmethod
    def of(cls, world: str, seed: int = 0, sizes: Sizes | None = None) -> "Truth":
        """Make the market again and tell its truth."""
        return cls(make(world, seed, sizes))

    def __len__(self) -> int:
        return len(self.people)

    @property
    def available(self) -> IntArray:
        """From when each worker is free; who has not said is free at once."""
        return np.where(self.people.available < 0, self.made.as_of, self.people.available)

    def pairs(self, workers: IntArray, vacancies: IntArray) -> TruePairs:
        """The truth of pairs, by indices that are broadcast against each other."""
        w, v, made = workers, vacancies, self.made
        fact = facts(self.people, made.firms, self.posts, w, v)
        firm = self.posts.firm[v]
        start = np.maximum(self.available, made.as_of)[w]
        company = (self.companion >= 0).astype(np.int64)[w]
        ties = Ties(made.world, made.as_of, made.firms, firm, fact, start, company)
        return TruePairs(
            eligible=eligible(self.people, self.posts, w, v, made.as_of),
            p_hire=chances(made.world.hiring, made.firms, firm, fact).hire,
            stay_90=ties.stay(90),
            stay_180=ties.stay(180),
            utility=utility(self.people, self.posts, w, v, fact),
        )

    def blocks(self, rows: int = BLOCK) -> Iterator[tuple[IntArray, TruePairs]]:
        """All pairs, some workers at a time: the workers, and arrays of the shape (these workers, vacancies)."""
        for begin in range(0, len(self), rows):
            workers = np.arange(begin, min(len(self), begin + rows))
            yield workers, self.pairs(workers[:, None], np.arange(len(self.posts))[None, :])


def true_pairs(
    world: str, seed: int, workers: IntArray, vacancies: IntArray, sizes: Sizes | None = None
) -> TruePairs:
    """The truth of pairs of a world's market; see `Truth`, which is to be kept where more than one question is asked."""
    return Truth.of(world, seed, sizes).pairs(workers, vacancies)


@dataclass(frozen=True, slots=True)
class Edges:
    """The eligible pairs of a market, by worker and then vacancy, with what a placement is worth and liked."""

    worker: IntArray
    vacancy: IntArray
    stable: FloatArray
    utility: FloatArray
    begins: IntArray
    """Where each worker's edges begin, and one more: the end."""

    def of(self, worker: int) -> slice:
        """The edges of one worker."""
        return slice(int(self.begins[worker]), int(self.begins[worker + 1]))


def edges(truth: Truth) -> Edges:
    """Every pair that no hard condition rules out."""
    found: list[tuple[IntArray, IntArray, FloatArray, FloatArray]] = []
    for workers, true in truth.blocks():
        row, vacancy = np.nonzero(true.eligible)
        found.append((workers[row], vacancy, true.stable[row, vacancy], true.utility[row, vacancy]))
    worker, vacancy, stable, liked = (np.concatenate(part) for part in zip(*found, strict=True))
    return Edges(worker, vacancy, stable, liked, np.searchsorted(worker, np.arange(len(truth) + 1)))
