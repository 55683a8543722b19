"""Small markets to reason about, and a generated one to search for exceptions in."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from matching import regions
from matching.columns import Market, Townspeople, Vacancies, Workers

AS_OF = date(2021, 9, 20)
HOMES = (612328101000, 522301001000, 500236100000, 610925000000)
CITIES = (320612000000, 441302000000, 371602000000, 320682000000, 320600000000, 441900000000)
SKILLS = ("平车", "电工", "焊工", "叉车", "烹饪")
OCCUPATIONS = ("", "62001", "62003", "62101", "40602")

MarketOf = Callable[..., Market]


def market_of(
    worker: dict[str, Any] | None = None, vacancy: dict[str, Any] | None = None, **rest: Any
) -> Market:
    """One worker and one vacancy, of which only what is given is known."""
    workers = Workers.of([1], **{name: [value] for name, value in (worker or {}).items()})
    vacancies = Vacancies.of([1], **{name: [value] for name, value in (vacancy or {}).items()})
    return Market(workers, vacancies, rest.pop("as_of", AS_OF), **rest)


def generated(people: int, posts: int, seed: int = 0) -> Market:
    """A market with every kind of value in it, unknowns among them."""
    dice = np.random.default_rng(seed)
    maybe = np.array([0.0, 1.0, np.nan])

    def some(values: Any, size: int, unknown: Any = np.nan) -> Any:
        return np.where(dice.random(size) < 0.25, unknown, values)

    def subsets(size: int) -> list[frozenset[str]]:
        return [
            frozenset(dice.choice(SKILLS, dice.integers(0, 3), replace=False).tolist()) for _ in range(size)
        ]

    born = np.datetime64("1950-01-01") + dice.integers(0, 365 * 58, people)
    workers = Workers.of(
        dice.permutation(people) + 1,
        region=dice.choice([0, *HOMES], people),
        lon=some(107 + dice.random(people), people),
        lat=32 + dice.random(people),
        birth_date=np.where(dice.random(people) < 0.1, np.datetime64("NaT"), born),
        education=dice.integers(-1, 7, people),
        labour_capability=dice.choice(["", "ordinary", "skilled", "weak", "lost", "none"], people),
        last_occupation=dice.choice(OCCUPATIONS, people),
        experience_months=some(dice.integers(0, 200, people), people),
        pay_floor=some(dice.integers(15, 60, people) * 100.0, people),
        needs_lodging=dice.choice(maybe, people),
        speaks_mandarin=dice.choice(maybe, people),
        available_from=np.where(
            dice.random(people) < 0.7,
            np.datetime64("NaT"),
            np.datetime64("2021-08-01") + dice.integers(0, 200, people),
        ),
        wants=dice.choice(["", "out", "near_home", "none"], people),
        companion=dice.integers(-1, people, people),
        restricted=dice.random(people) < 0.05,
        skills=[dict.fromkeys(some_skills) for some_skills in subsets(people)],
        accepted_regions=[
            regions.spans(
                dice.choice(["32", "441302", "3716", "61", "3206"], dice.integers(0, 3), replace=False)
            )
            for _ in range(people)
        ],
        wanted_occupations=[
            tuple(dice.choice(["620", "4", "62101"], dice.integers(0, 2))) for _ in range(people)
        ],
    )
    pay = some(dice.integers(18, 70, posts) * 100.0, posts)
    ages = some(dice.integers(16, 30, posts), posts)
    seats = dice.integers(-1, 12, posts)
    vacancies = Vacancies.of(
        dice.permutation(posts) + 1,
        employer=dice.integers(1, 9, posts),
        region=dice.choice([0, *CITIES, *HOMES], posts),
        lon=some(118 + dice.random(posts), posts),
        lat=31 + dice.random(posts),
        occupation=dice.choice(OCCUPATIONS, posts),
        seats=seats,
        taken=np.maximum(0, seats - dice.integers(0, 8, posts)),
        pay_min=pay,
        pay_max=some(pay + 800, posts),
        hours_per_week=some(dice.integers(40, 84, posts), posts),
        min_age=ages,
        max_age=some(dice.integers(35, 60, posts), posts),
        min_education=dice.integers(-1, 5, posts),
        lodging=dice.choice(maybe, posts),
        meals=dice.choice(maybe, posts),
        social_insurance=dice.choice(maybe, posts),
        shift=dice.choice(["", "day", "two", "three"], posts),
        posted_on=np.where(
            dice.random(posts) < 0.2,
            np.datetime64("NaT"),
            np.datetime64("2021-07-01") + dice.integers(0, 80, posts),
        ),
        valid_from=np.where(dice.random(posts) < 0.9, np.datetime64("NaT"), np.datetime64("2021-10-01")),
        valid_until=np.where(
            dice.random(posts) < 0.3,
            np.datetime64("NaT"),
            np.datetime64("2021-09-10") + dice.integers(0, 120, posts),
        ),
        required_skills=[one if dice.random() < 0.3 else frozenset() for one in subsets(posts)],
        preferred_skills=subsets(posts),
    )
    counties = [code // 10**6 for code in HOMES]
    people_there = {
        (firm, county): int(dice.integers(0, 9)) for firm in range(1, 9, 2) for county in counties
    }
    pairings = ((612328000000, 320612000000), (522300000000, 441300000000))
    return Market(workers, vacancies, AS_OF, Townspeople.of(people_there), pairings, {320600000000: "南通"})


@pytest.fixture(scope="session")
def one() -> MarketOf:
    """`one(worker={…}, vacancy={…})`: a market of one pair."""
    return market_of


@pytest.fixture(scope="session")
def market() -> Market:
    """60 workers and 80 vacancies."""
    return generated(60, 80)


@pytest.fixture(scope="session")
def many() -> MarketOf:
    """`many(people, posts, seed)`: another generated market."""
    return generated
