"""Leaving as Kaplan–Meier says, and a year's end that covers what comes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.forecast import Starts, forecast, worth_of_a_call
from outcomes.leaving import KaplanMeier, Stays, Waits, fitted

TODAY = 18_890
MANY = 4_000


def stays(days: list[int], left: list[bool], **more: list[int]) -> Stays:
    """Stays that began on one day, of one group and one employer unless told otherwise."""
    zeros = [0] * len(days)
    return Stays(
        np.array(more.get("started", [TODAY - 500] * len(days)), dtype=np.int64),
        np.array(more.get("seen_from", [1] * len(days)), dtype=np.int64),
        np.array(days, dtype=np.int64),
        np.array(left, dtype=np.bool_),
        np.array(more.get("group", zeros), dtype=np.int64),
        np.array(more.get("employer", zeros), dtype=np.int64),
    )


def waits(days: list[int], until: list[int], employer: list[int] | None = None) -> Waits:
    zeros = np.zeros(len(days), dtype=np.int64)
    return Waits(
        TODAY + 1 - np.array(days, dtype=np.int64),
        np.array(days, dtype=np.int64),
        np.array(until, dtype=np.int64),
        zeros,
        np.array(employer) if employer else zeros,
    )


def learned(seen: Stays, employers: int = 1) -> KaplanMeier:
    return fitted(seen, groups=1, employers=employers, ahead=(TODAY, TODAY + 90))


def chances(known: KaplanMeier, of: Waits) -> np.ndarray:
    return known.chances(of, np.random.default_rng(1), MANY)


def test_the_product_limit_worked_by_hand() -> None:
    # 5 people: gone after 10, 20 and 20 days, still there after 15 and 40.
    # S(10) = 4/5; before day 20 one is out of sight: S(20) = 4/5 · 1/3.
    known = learned(stays([10, 20, 20, 15, 40], [True, True, True, False, False]))
    rows = np.flatnonzero(known.leavers[0])
    assert rows.tolist() == [10, 20]
    hazards = known.leavers[0][rows] / known.at_risk[0][rows]
    assert hazards.tolist() == pytest.approx([1 / 5, 2 / 3])


def test_the_chances_lie_around_the_product_limit() -> None:
    rng = np.random.default_rng(3)
    days = np.minimum(rng.geometric(0.01, 2_000), 200)
    known = learned(stays(days.tolist(), (days < 200).tolist()))
    mean = chances(known, waits([0, 50, 50], [100, 51, 150])).mean(axis=1)
    assert mean == pytest.approx([0.99**100, 0.99, 0.99**100], abs=0.02)


def test_whoever_came_into_sight_late_says_nothing_of_the_days_before() -> None:
    known = learned(stays([30, 60], [True, False], seen_from=[1, 50]))
    assert known.leavers[0][30] / known.at_risk[0][30] == 1.0


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_to_stay_longer_is_never_likelier(have: int, sooner: int, later: int) -> None:
    near, far = sorted((have + sooner, have + later))
    known = learned(stays([20, 80, 160, 250, 300], [True, True, True, False, False]))
    found = chances(known, waits([have, have, have], [have, near, far])).mean(axis=1)
    assert found[0] == 1.0
    assert 1.0 >= found[1] >= found[2] - 1e-9 >= -1e-9


def test_an_employer_whom_people_leave_is_told_from_one_where_they_stay() -> None:
    rng = np.random.default_rng(5)
    good, bad = rng.geometric(0.002, 200), rng.geometric(0.03, 200)
    days = np.minimum(np.concatenate([good, bad]), 180)
    employer = [0] * 200 + [1] * 200
    known = learned(stays(days.tolist(), (days < 180).tolist(), employer=employer), employers=2)
    assert known.employers.variance > 0.3
    stays_on, leaves, unknown = chances(known, waits([0, 0, 0], [90, 90, 90], [0, 1, -1])).mean(axis=1)
    assert stays_on > unknown > leaves
    assert (stays_on, leaves) == pytest.approx((0.998**90, 0.97**90), abs=0.12)


def test_where_nothing_was_ever_seen_everybody_stays() -> None:
    known = learned(stays([], []))
    assert (chances(known, waits([5], [100])) == 1.0).all()


def test_nobody_waits_and_nobody_comes() -> None:
    known = learned(stays([10, 20], [True, False]))
    told = forecast(7, waits([], []), None, known, today=TODAY, end=TODAY + 90)
    assert (told.low, told.mid, told.high, told.sure) == (7, 7, 7, 7)


def test_the_same_seed_gives_the_same_figures() -> None:
    known = learned(stays([10, 200, 150, 90], [True, False, True, False]))
    starts = Starts(np.array([3, 4, 2, 6]), 10, 91, np.array([0]), np.array([0]), (20, 5))
    told = [
        forecast(3, waits([40, 60], [91, 91]), starts, known, today=TODAY, end=TODAY + 90, seed=4)
        for _ in range(2)
    ]
    assert (told[0].low, told[0].mid, told[0].high) == (told[1].low, told[1].mid, told[1].high)
    assert 3 <= told[0].low <= told[0].mid <= told[0].high
    assert told[0].chances.tolist() == told[1].chances.tolist()


def test_after_the_latest_start_nobody_new_counts() -> None:
    known = learned(stays([10, 200], [True, False]))
    late = Starts(np.array([30, 30]), 0, 91, np.array([0]), np.array([0]))
    assert forecast(1, waits([], []), late, known, today=TODAY, end=TODAY + 90).high == 1


def test_as_many_come_as_came_lately_turned_by_the_season() -> None:
    known = learned(stays([], []))
    weekly = np.full(8, 20)
    same = Starts(weekly, 28, 91, np.array([0]), np.array([0]))
    half = Starts(weekly, 28, 91, np.array([0]), np.array([0]), (1_600, 400))
    nobody = waits([], [])
    assert forecast(0, nobody, same, known, today=TODAY, end=TODAY + 90).mid == pytest.approx(80, abs=5)
    # A year before, the four coming weeks had a quarter of what the eight before had.
    assert forecast(0, nobody, half, known, today=TODAY, end=TODAY + 90).mid == pytest.approx(40, abs=4)


def test_a_call_is_worth_most_where_it_can_go_either_way() -> None:
    worth = worth_of_a_call(np.array([0.0, 0.05, 0.4, 0.95, 1.0]), 0.3)
    assert worth[0] == worth[4] == 0.0
    assert worth[2] == worth.max()
    assert (worth >= 0).all()


def test_the_fan_opens_with_the_days_on_which_each_can_be_stable() -> None:
    known = learned(stays([], []))
    # Both stay for certain; of their 91 days they have worked 80 and 50.
    told = forecast(
        7,
        waits([80, 50], [91, 91]),
        None,
        known,
        today=TODAY,
        end=TODAY + 90,
        along=[TODAY + 10, TODAY + 11, TODAY + 40],
    )
    assert [(step.day - TODAY, step.low, step.high) for step in told.path] == [
        (10, 7, 7), (11, 8, 8), (40, 8, 8), (90, 9, 9),
    ]  # fmt: skip


def test_the_fan_only_rises_and_ends_at_the_figure() -> None:
    known = learned(stays([10, 200, 150, 90], [True, False, True, False]))
    starts = Starts(np.array([3, 4, 2, 6]), 40, 30, np.array([0]), np.array([0]), (20, 25))
    days = range(TODAY + 1, TODAY + 90, 8)
    told = forecast(
        3, waits([40, 60, 70], [91, 91, 100]), starts, known, today=TODAY, end=TODAY + 90, along=days
    )
    for way in (lambda step: step.low, lambda step: step.mid, lambda step: step.high):
        figures = [way(step) for step in told.path]
        assert figures == sorted(figures)
    assert (told.path[-1].low, told.path[-1].mid, told.path[-1].high) == (told.low, told.mid, told.high)
    assert len(told.path) == len(days) + 1 and told.high > 3
