"""Rows to learn from: intervals and months of stays, townspeople of long ago, posts that no stretch names."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import prior
from matching.columns import Market, Vacancies, Workers
from matching.learning.history import Applications, History, Stays, Stretches
from matching.learning.rows import at_risk, by_month, season, townspeople_then, whole_market
from matching.learning.tallies import month_of


def day(text):
    return np.datetime64(text, "D")


def stretches(rows):
    """(worker, vacancy, employer, started, ended or None)"""
    worker, vacancy, employer, started, ended = zip(*rows, strict=True)
    many = len(rows)
    return Stretches(
        np.array(worker), np.array(vacancy), np.array(employer), np.full(many, 320612000000),
        np.array(started, "datetime64[D]"), np.array(["NaT" if each is None else each for each in ended], "datetime64[D]"),
        np.full(many, "NaT", "datetime64[D]"), np.full(many, np.nan),
    )  # fmt: skip


def test_intervals_that_a_stay_reached():
    of = stretches([(0, 0, 1, "2021-01-01", None)] * 4)
    stays = Stays(of, np.array([30, 31, 100, 5]), np.array([True, True, False, True]))
    risk = at_risk(stays)
    told = list(
        zip(risk.stay.tolist(), risk.interval.tolist(), risk.left.tolist(), risk.share.tolist(), strict=True)
    )
    assert told == [
        (0, 0, 1.0, 1.0),
        (1, 0, 0.0, 1.0), (1, 1, 1.0, 1.0),
        (2, 0, 0.0, 1.0), (2, 1, 0.0, 1.0), (2, 2, 0.0, pytest.approx(9 / 91)),
        (3, 0, 1.0, 1.0),
    ]  # fmt: skip


def test_who_left_after_the_last_interval_was_seen_in_all_of_them():
    of = stretches([(0, 0, 1, "2018-01-01", None)])
    risk = at_risk(Stays(of, np.array([900]), np.array([True])))
    assert risk.interval.tolist() == list(range(len(prior.HAZARDS)))
    assert risk.left.sum() == 0


def test_stays_are_cut_at_the_turns_of_months():
    of = stretches([(0, 0, 1, "2021-01-20", None), (0, 0, 1, "2021-02-01", None)])
    cut = by_month(Stays(of, np.array([30, 3]), np.array([True, False])))
    assert cut.stay.tolist() == [0, 0, 1]
    assert (cut.month - month_of(np.array([day("2021-01-01")]))[0]).tolist() == [0, 1, 1]
    assert cut.begin.tolist() == [0, 12, 0]
    assert cut.end.tolist() == [12, 30, 3]


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 60), st.none() | st.integers(0, 60)), min_size=1, max_size=20),
    st.integers(1, 4),
    st.integers(-5, 130),
)  # fmt: skip
def test_townspeople_are_those_who_had_begun_and_not_ended_before(rows, employer, asked):
    zero = day("2021-01-01")
    made = stretches(
        [
            (at, 0, firm, zero + begin, None if length is None else zero + begin + length)
            for at, (firm, begin, length) in enumerate(rows)
        ]
    )
    homes = np.array([610728 + at % 2 for at in range(len(rows))])
    told = townspeople_then(made, np.array([employer]), np.array([610728]), np.array([zero + asked]), homes)
    there = [
        at for at, (firm, begin, length) in enumerate(rows)
        if firm == employer and at % 2 == 0 and begin < asked and (length is None or begin + length >= asked)
    ]  # fmt: skip
    assert told.tolist() == [len(there)]


def test_a_stretch_that_names_no_post_gets_one_of_its_employer_and_place():
    posts = Vacancies.of([7], employer=[3], region=[320612000000], lon=[121.1], lat=[32.1], pay_min=[5000.0])
    market = Market(Workers.of([1, 2]), posts, date(2021, 9, 20))
    made = stretches(
        [(0, 0, 3, "2021-01-01", None), (1, -1, 3, "2021-01-01", None), (0, -1, 3, "2021-02-01", None)]
    )
    made.income[1:] = [4000.0, 5000.0]
    empty = np.empty(0, np.int64)
    history = History(
        made,
        Applications(
            empty, empty, empty.astype("datetime64[D]"), empty.astype("datetime64[D]"), empty.astype(np.int8)
        ),
    )
    whole, told = whole_market(market, history)
    assert told.stretches.vacancy.tolist() == [0, 1, 1]
    assert whole.vacancies.employer.tolist() == [3, 3]
    assert whole.vacancies.pay_min.tolist() == [5000, 4500]
    assert whole.vacancies.lon.tolist() == [121.1, 121.1]
    assert whole.vacancies.seats[1] == -1
    assert whole.vacancies.required_skills == (frozenset(), frozenset())
    assert whole_market(market, History(made.take(np.array([0])), history.applications))[0] is market


def test_the_season_of_an_interval_is_an_average_of_its_days():
    started = np.array(["2025-03-10", "2024-11-20"], "datetime64[D]")
    told = season(started, np.array([0, 3]))
    for row, (begin, end) in enumerate(((0, 30), (182, 365))):
        days = started[row].astype(float) + np.linspace(begin, end, 20_001)
        for column in range(4):
            turn = 2 * np.pi * (column // 2 + 1) * days / 365.2425
            assert told[row, column] == pytest.approx((np.sin, np.cos)[column % 2](turn).mean(), abs=1e-3)


def test_the_season_counts_the_days_by_the_spring_festival():
    """The first day of 2025's is 29 January: of the 30 days from the 14th, 15 lie before it and 15 after."""
    (told,) = season(np.array(["2025-01-14"], "datetime64[D]"), np.array([0]))
    assert told[4:] == pytest.approx([0, 0, 0, 0.5, 0.5, 0, 0])
    (told,) = season(np.array(["2025-01-14"], "datetime64[D]"), np.array([1]))
    assert told[4:] == pytest.approx([0, 0, 0, 0, 0, 15 / 61, 15 / 61])
