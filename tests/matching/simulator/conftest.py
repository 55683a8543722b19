"""Markets that several tests look at, made once."""

from functools import cache

import pytest

from matching.simulator.market import Made, Sizes, make


@cache
def whole(world: str) -> Made:
    """A world with a past that is long enough to count in."""
    return make(world, 1, Sizes(workers=400, vacancies=60, past=8_000))


@cache
def present(world: str) -> Made:
    """A world as it is now, with hardly any past."""
    return make(world, 1, Sizes(workers=400, vacancies=90, past=60))


@cache
def small(world: str, seed: int = 0) -> Made:
    """A market of which every plan can be looked at."""
    return make(world, seed, Sizes(workers=60, vacancies=12, seats=25, past=40))


@pytest.fixture(params=["mixed", "drift", "companions"])
def played(request: pytest.FixtureRequest) -> Made:
    """Worlds that differ in how the past is played: evenly, changing, in company."""
    return whole(request.param)
