"""A whole market of a world: the same world, sizes and seed make the same market."""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from matching.simulator import firms as employers
from matching.simulator import past as years
from matching.simulator import people as workers
from matching.simulator import posts as vacancies
from matching.simulator.days import number
from matching.simulator.firms import Firms
from matching.simulator.past import Past
from matching.simulator.people import People
from matching.simulator.places import IntArray
from matching.simulator.posts import Posts
from matching.simulator.worlds import WORLDS, World

_YEARS = 3
_SEARCHERS = 1.7
"""People who look for work for each placement of the past, to begin with: more where these find too little."""
_SEATS = 3.5
"""Seats for each: those of the people of other counties are among them."""
_PLACED_BEFORE = 0.3
"""The share of open workers who had work before, at most."""
_FEWEST = 60
"""Past vacancies at least, so that on each day of the years some were on offer."""
_WITH_PAST = 0.9
"""The share of employers who have hired before."""


AS_OF = date(2026, 3, 1)
"""Two weeks after the Spring Festival, when most look for work."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a market is. `past` counts spells; where it is None the world says how many."""

    workers: int = 3_000
    vacancies: int = 90
    seats: int | None = None
    """Ten times the vacancies where it is None."""
    past: int | None = None
    as_of: date = AS_OF


@dataclass(frozen=True)
class Made:
    """A market. `posts` are the past ones, then those on offer from row `first_open` on; `open` are rows of `people`."""

    world: World
    sizes: Sizes
    seed: int
    people: People
    firms: Firms
    posts: Posts
    first_open: int
    open: IntArray = field(repr=False)
    past: Past = field(repr=False)

    @property
    def as_of(self) -> int:
        """Days since 1970."""
        return number(self.sizes.as_of)

    @property
    def recipe(self) -> dict[str, Any]:
        """What `make` needs to make it again."""
        return {"world": self.world.name, "seed": self.seed, **asdict(self.sizes)}


def make(world: str, seed: int = 0, sizes: Sizes | None = None) -> Made:
    """Draw a market.

    Raises
    ------
    KeyError
        when there is no such world.
    ValueError
        when a size cannot be.
    """
    of, sizes = WORLDS[world], sizes or Sizes()
    wanted = of.past if sizes.past is None else sizes.past
    seats = 10 * sizes.vacancies if sizes.seats is None else sizes.seats
    if min(wanted, sizes.workers, sizes.vacancies) < 1 or seats < sizes.vacancies:
        raise ValueError(
            "at least one worker, vacancy and past spell are wanted, and a seat for each vacancy"
        )
    as_of = number(sizes.as_of)
    span = (as_of - 365 * _YEARS, as_of)
    # Each part has a stream of its own, so that another size of one leaves the others as they are.
    streams = [np.random.default_rng([seed, part]) for part in range(5)]
    firms = employers.draw(streams[0], max(3, round(sizes.vacancies * 0.8)))
    known = min(max(2, round(len(firms) * _WITH_PAST)), wanted)
    earlier = max(round(wanted / 25), min(known, round(wanted / 3)), _FEWEST)
    before = vacancies.past(streams[1], firms, known, earlier, round(_SEATS * wanted), span)
    searchers, played = _played(seed, of, firms, before, wanted, as_of)
    again = _looking_again(streams[2], searchers, played, int(sizes.workers * _PLACED_BEFORE))
    newcomers = workers.draw(streams[3], sizes.workers - len(again), of.companions, as_of)
    now = vacancies.current(streams[4], firms, sizes.vacancies, seats, as_of)
    return Made(
        world=of, sizes=sizes, seed=seed, people=workers.joined(searchers, newcomers), firms=firms,
        posts=vacancies.joined(before, now), first_open=len(before),
        open=np.concatenate([again, len(searchers) + np.arange(len(newcomers))]), past=played,
    )  # fmt: skip


def _played(
    seed: int, world: World, firms: Firms, posts: Posts, wanted: int, as_of: int
) -> tuple[People, Past]:
    """So many people as make up the spells that are wanted, and their past.

    Raises
    ------
    ValueError
        when so many spells don't come about, because there are too few employers.
    """
    many = wanted * _SEARCHERS + 20
    for _ in range(6):
        searchers = workers.draw(
            np.random.default_rng([seed, 5]), 2 * round(many / 2), world.companions, as_of
        )
        # From when they are free now says nothing of the past.
        then = replace(searchers, available=np.full(len(searchers), -1))
        rng = np.random.default_rng([seed, 6])
        played = years.play(rng, world, then, firms, posts, (as_of - 365 * _YEARS, as_of))
        if len(played.spells) >= wanted:
            kept, played = years.first(played, wanted, len(searchers))
            return searchers.take(np.arange(kept)), played
        many *= 1.6
    raise ValueError("so many past spells do not come about with so few employers")


def _looking_again(rng: np.random.Generator, searchers: People, played: Past, most: int) -> IntArray:
    """Some of those who have no work: with their companions, if these have none either, and else not."""
    free, other = played.free, searchers.companion
    both = free & ((other < 0) | free[other])
    # Twos are neighbours: an even number of rows keeps them together.
    pairs = np.flatnonzero(both.reshape(-1, 2).all(axis=1))
    chosen = np.sort(rng.permutation(pairs)[: most // 2])
    return (2 * chosen[:, None] + np.arange(2)).ravel()
