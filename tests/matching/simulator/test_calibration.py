"""What happened in the past years comes about as often as the equations say."""

from itertools import pairwise

import numpy as np
import pytest

from matching.simulator.facts import Facts, facts
from matching.simulator.hiring import chances
from matching.simulator.market import Made
from matching.simulator.past import OFFERED, PENDING
from matching.simulator.places import BoolArray, FloatArray, IntArray
from matching.simulator.reasons import FILLED
from matching.simulator.staying import Ties

from .conftest import whole

FIVE_SIGMA = 5.0


def facts_of(made: Made, worker: IntArray, post: IntArray) -> Facts:
    return facts(made.people, made.firms, made.posts, worker, post)


def agree(chance: FloatArray, came: BoolArray) -> None:
    """In each tenth by the true chance, as many as it says, within the binomial error."""
    for tenth in np.array_split(np.argsort(chance), 10):
        expected, spread = chance[tenth].sum(), np.sqrt((chance[tenth] * (1 - chance[tenth])).sum())
        assert abs(came[tenth].sum() - expected) < FIVE_SIGMA * spread


def true_stay(made: Made, days: int) -> FloatArray:
    spell = made.past.spells
    firm = made.posts.firm[spell.post]
    fact = facts_of(made, spell.worker, spell.post)
    return Ties(made.world, made.as_of, made.firms, firm, fact, spell.started, spell.company).stay(days)


def test_hires(played: Made) -> None:
    asked = played.past.applications
    firm = played.posts.firm[asked.post]
    chance = chances(played.world.hiring, played.firms, firm, facts_of(played, asked.worker, asked.post)).hire
    # With a seat free, and decided whatever the answer is.
    told = (asked.reason != FILLED) & (asked.applied < played.as_of - 31)
    assert not (asked.outcome[told] == PENDING).any()
    agree(chance[told], asked.outcome[told] == OFFERED)
    assert np.ptp(chance) > 0.5


@pytest.mark.parametrize("days", [90, 180])
def test_staying(played: Made, days: int) -> None:
    chance = true_stay(played, days)
    agree(chance, played.past.spells.days >= days)
    assert np.ptp(chance) > 0.3


@pytest.mark.parametrize("days", [90, 180])
def test_staying_as_it_is_known(days: int) -> None:
    """The product-limit estimate over what the folder tells, those lost sight of included, is the mean of the truth."""
    played = whole("mixed")
    spell = played.past.spells
    # The day after which nothing is known; who is seen on a day has worked it.
    known, left = spell.observed - spell.started + 1, spell.ended >= 0
    alive, spread = 1.0, 0.0
    for day in range(1, days):
        risk, leaves = int((known >= day).sum()), int((left & (known == day)).sum())
        alive *= 1 - leaves / risk
        spread += leaves / (risk * max(risk - leaves, 1))
    assert abs(alive - true_stay(played, days).mean()) < FIVE_SIGMA * alive * np.sqrt(spread) + 0.003


def test_the_chance_of_staying_only_falls(played: Made) -> None:
    kept = [true_stay(played, days) for days in (0, 30, 90, 180, 360)]
    assert (kept[0] == 1).all()
    assert all((after < before).all() for before, after in pairwise(kept))
    with pytest.raises(ValueError, match="whole months"):
        true_stay(played, 100)
