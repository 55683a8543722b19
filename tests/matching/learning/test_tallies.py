"""Employers by their own past: nothing of a month is told within it, and little is made of little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.learning.tallies import Tally, month_of


def of(rows):
    employers, months, events, expected = (np.array(column) for column in zip(*rows, strict=True))
    return Tally.of(employers, months, events.astype(float), expected.astype(float))


def test_a_month_tells_only_of_what_was_before_it():
    tally = of([(5, 100, 3, 1.0), (5, 102, 0, 1.0), (9, 100, 0, 2.0), (9, 101, 1, 1.0)])
    level = tally.level
    ask = tally.log_ratios(np.array([5, 5, 5, 9, 7]), np.array([100, 101, 103, 101, 103]))
    a = tally.strength
    due = [(a, a), (3 + a, level + a), (3 + a, 2 * level + a), (a, 2 * level + a), (1, 1)]
    assert ask == pytest.approx([np.log(seen / expected) for seen, expected in due])
    assert tally.now() == pytest.approx(
        [np.log((3 + a) / (2 * level + a)), np.log((1 + a) / (3 * level + a))]
    )


def test_employers_are_1_in_the_mean_though_the_bad_lose_their_people_soon():
    """A fifth lose three times as many; who has left is at risk no more, so their share of the days is small."""
    dice = np.random.default_rng(2)
    ratio = np.where(np.arange(300) < 60, 3.0, 1.0)
    risk = ratio * 1.2
    expected = 40 * (1 - np.exp(-risk)) / ratio
    tally = Tally.of(
        np.arange(300), np.zeros(300, np.int64), dice.poisson(expected * ratio).astype(float), expected
    )
    assert np.exp(tally.now()).mean() == pytest.approx(1.0, abs=0.02)
    assert tally.level > (expected * ratio).sum() / expected.sum() * 1.05


def test_what_is_long_ago_fades():
    rows = np.array([1, 1, 2, 2]), np.array([0, 12, 0, 12])
    events, expected = np.array([90.0, 10.0, 10.0, 90.0]), np.full(4, 50.0)
    faded = Tally.of(*rows, events, expected, 6.0)
    assert Tally.of(*rows, events, expected).now() == pytest.approx([0, 0], abs=1e-9)
    assert faded.now()[0] < -0.3 < 0.3 < faded.now()[1]
    # By the month before the one asked about, the first had faded by half.
    level, a = faded.level, faded.strength
    wanted = np.log((90 * 0.5 + a) / (50 * level * 0.5 + a))
    assert faded.log_ratios(np.array([1]), np.array([7]))[0] == pytest.approx(wanted)


def test_nothing_known_nothing_told():
    empty = Tally.of(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))
    assert empty.log_ratios(np.array([1, 2]), np.array([3, 4])).tolist() == [0, 0]
    assert len(empty.now()) == 0


def test_employers_that_are_all_alike_are_drawn_together_and_others_left_apart():
    dice = np.random.default_rng(1)
    firms = np.arange(200)
    expected = np.full(200, 20.0)
    same = Tally.of(firms, np.zeros(200, np.int64), dice.poisson(20, 200).astype(float), expected)
    unlike = dice.poisson(20 * dice.gamma(2, 0.5, 200)).astype(float)
    apart = Tally.of(firms, np.zeros(200, np.int64), unlike, expected)
    assert same.strength >= 100
    assert apart.strength <= 4
    assert np.abs(same.now()).max() < 0.15
    assert np.abs(apart.now()).max() > 0.8


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(0, 30), st.integers(0, 3), st.floats(0.01, 5.0)), min_size=1, max_size=40
    ),
    st.integers(1, 5),
    st.integers(-2, 33),
)  # fmt: skip
def test_it_counts_as_one_would_by_hand(rows, employer, month):
    tally = of(rows)
    level = tally.level
    mine = [row for row in rows if row[0] == employer and row[1] < month]
    a = tally.strength
    wanted = np.log((sum(row[2] for row in mine) + a) / (level * sum(row[3] for row in mine) + a))
    told = tally.log_ratios(np.array([employer]), np.array([month]))
    assert told[0] == pytest.approx(wanted, abs=1e-6)


def test_months():
    days = np.array(["1970-01-31", "2021-02-28", "2021-03-01"], "datetime64[D]")
    assert month_of(days).tolist() == [0, 613, 614]
