"""Near ties change places in a share of the lists, and what is told of the chance is what happens."""

import numpy as np
import pytest

from matching.exploring import drawn
from matching.ranking import Ranked


def lines(*scores: float) -> list[Ranked]:
    return [Ranked(at + 1, at, 100 + at, score, None, None, None, ()) for at, score in enumerate(scores)]


def test_a_share_of_nothing_changes_nothing() -> None:
    shown, chances = drawn(lines(9.0, 8.99, 8.98, 1.0), 3, 0.0, np.random.default_rng(0))
    assert [line.id for line in shown] == [100, 101, 102]
    assert chances == (1.0, 1.0, 1.0)


def test_what_is_farther_apart_never_changes_places() -> None:
    dice = np.random.default_rng(1)
    for _ in range(200):
        shown, chances = drawn(lines(10.0, 5.0, 2.0), 3, 1.0, dice)
        assert [line.id for line in shown] == [100, 101, 102]
        assert chances == (1.0, 1.0, 1.0)


def test_the_chances_told_are_the_chances() -> None:
    dice, many = np.random.default_rng(2), 20_000
    seen: dict[tuple[int, int], int] = {}
    told: dict[tuple[int, int], float] = {}
    for _ in range(many):
        shown, chances = drawn(lines(10.0, 9.95, 9.9, 5.0, 4.99), 4, 0.3, dice)
        for place, (line, chance) in enumerate(zip(shown, chances, strict=True)):
            assert line.rank == place + 1
            seen[place, line.id] = seen.get((place, line.id), 0) + 1
            told[place, line.id] = chance
    for key, count in seen.items():
        assert count / many == pytest.approx(told[key], abs=0.015), key
    # Each place is taken by somebody, and one who nearly ties comes in from behind the last place.
    assert sum(chance for (place, _), chance in told.items() if place == 0) == pytest.approx(1.0)
    assert told[3, 104] == pytest.approx(0.15)


def test_an_empty_list_is_an_empty_list() -> None:
    assert drawn([], 10, 1.0, np.random.default_rng(0)) == ((), ())
