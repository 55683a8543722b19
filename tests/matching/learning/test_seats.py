"""Applications that came when the last seat was gone say nothing of who made them."""

from datetime import date

import numpy as np

from matching.columns import Market, Vacancies, Workers
from matching.learning.hiring import _with_a_seat
from matching.learning.history import Answers, Applications, History, Stretches

ZERO = np.datetime64("2025-01-01", "D")


def test_what_came_after_the_last_seat_or_just_before_is_left_out():
    posts = Vacancies.of([1, 2, 3], seats=[2, 2, -1])
    market = Market(Workers.of(range(9)), posts, date(2026, 1, 1))
    # The second seat of the first post is taken on day 50; of the second post one only; the third names no number.
    started = ZERO + np.array([10, 50, 20, 1, 2, 3])
    post = np.array([0, 0, 1, 2, 2, 2])
    never = np.full(6, "NaT", "datetime64[D]")
    stretches = Stretches(np.arange(6), post, post, post, started, never, never, np.full(6, np.nan))
    applied = ZERO + np.array([0, 35, 36, 60, 60, 60])
    where = np.array([0, 0, 0, 0, 1, 2])
    made = Applications(np.arange(6), where, applied, applied, np.zeros(6, np.int8))
    kept = _with_a_seat(market, History(stretches, made), Answers(made, np.arange(6) < 3))
    assert kept.of.worker.tolist() == [0, 1, 4, 5]
    assert kept.led_to_a_start.tolist() == [True, True, False, False]
