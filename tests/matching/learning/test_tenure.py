"""Learned hazards from the day that a stay has reached on."""

from dataclasses import replace

import numpy as np
import pytest

from matching.columns import NOBODY, Pairs
from matching.learning.ranker import LearnedRanker
from matching.learning.rows import ENDS
from matching.learning.tenure import between, risks
from matching.learning.training import learn

from .town import DAY, town

TODAY = np.datetime64(DAY, "D")


@pytest.fixture(scope="module")
def known():
    made = town(1_500, seed=2)
    return made, learn(made.market, made.history, TODAY, seed=0)


def test_by_hand() -> None:
    """Hazards 0.3 in each interval of 30, 61, 91, 183, 182 and 183 days."""
    risk = np.full((4, len(ENDS)), 0.3)
    found = between(risk, np.array([0, 15, 30, 730]), np.array([30, 30, 91 + 91, 913]))
    assert found.tolist() == pytest.approx([0.3, 0.15, 0.6, 0.3])


def test_whoever_begins_today_stays_as_the_ranker_says(known) -> None:
    """S(t) of the ranker, for people of whom nobody from home is there yet and no other work is on record."""
    made, learned = known
    people, posts = np.arange(40), np.arange(40) % 7
    new = np.full(len(made.market.workers), "")
    market = replace(made.market, workers=replace(made.market.workers, last_occupation=new))
    ranker = LearnedRanker(learned).fit(market)
    pairs = Pairs(market, people, posts)
    alone = replace(market, townspeople=NOBODY)
    risk = risks(learned, alone, people, posts, np.full(40, TODAY))
    there = made.market.townspeople.look_up(made.market.vacancies.employer[posts], np.full(40, 610728))
    none = there == 0
    for days in (90, 180, 900):
        stay = np.exp(-between(risk, np.zeros(40), np.full(40, days)))
        expected = ranker.outlook(pairs).stay(days)
        assert stay[none] == pytest.approx(expected[none], rel=0.02)
        assert np.corrcoef(stay, expected)[0, 1] > 0.9


def test_chances_multiply_over_time(known) -> None:
    made, learned = known
    risk = risks(learned, made.market, np.arange(9), np.arange(9), np.full(9, TODAY - 50))
    whole = between(risk, np.full(9, 10), np.full(9, 400))
    assert whole == pytest.approx(
        between(risk, np.full(9, 10), np.full(9, 77)) + between(risk, np.full(9, 77), np.full(9, 400))
    )
    assert (whole > 0).all() and not between(risk, np.full(9, 10), np.full(9, 10)).any()


def test_of_nobody_nothing(known) -> None:
    made, learned = known
    nobody = np.zeros(0, np.int64)
    assert risks(learned, made.market, nobody, nobody, np.zeros(0, "datetime64[D]")).shape == (0, len(ENDS))
