"""Who works where on a day, and where the companion was when a stay began."""

import numpy as np
import pytest

from matching.columns import Vacancies, Workers
from matching.learning.at_work import companion_counties, companion_was_there, counties_of_work
from matching.learning.history import Stretches

NANTONG, NINGBO = 320612, 330282


def days(*texts):
    return np.array(["NaT" if text is None else text for text in texts], "datetime64[D]")


@pytest.fixture
def stretches():
    """Worker 1 in Nantong for a year, worker 2 in Ningbo from July, worker 3 where only the post tells."""
    return Stretches(
        np.array([1, 2, 3]), np.array([-1, -1, 0]), np.array([7, 8, 9]), np.array([NANTONG, NINGBO, 0]) * 10**6,
        days("2021-01-01", "2021-07-01", "2021-05-01"), days("2021-12-31", None, None), days(None, None, None), np.full(3, np.nan),
    )  # fmt: skip


@pytest.fixture
def workers():
    return Workers.of(range(6), companion=[1, 0, -1, -2, 2, 3])


@pytest.fixture
def vacancies():
    return Vacancies.of([1], region=[NANTONG * 10**6])


def test_the_county_is_the_stretchs_else_the_posts(stretches, vacancies):
    assert counties_of_work(stretches, vacancies).tolist() == [NANTONG, NINGBO, NANTONG]


def test_where_companions_are_today(stretches, workers, vacancies):
    on = {
        day: companion_counties(stretches, workers, vacancies, np.datetime64(day))
        for day in ("2021-06-01", "2022-06-01")
    }
    assert on["2021-06-01"].tolist() == [NANTONG, 0, 0, 0, 0, NANTONG]
    assert on["2022-06-01"].tolist() == [0, 0, 0, 0, NINGBO, NANTONG]


@pytest.mark.parametrize(
    ("who", "county", "day", "known_on", "there"),
    [
        (0, NANTONG, "2021-03-01", "2021-03-02", 1),
        (0, NINGBO, "2021-03-01", "2021-03-02", 0),
        (0, NANTONG, "2020-12-01", "2022-01-01", 1),  # who begins within sixty days comes along
        (0, NANTONG, "2020-10-01", "2022-01-01", 0),
        (0, NANTONG, "2022-01-01", "2022-06-01", 0),  # who has left is there no more
        (0, NANTONG, "2022-01-01", "2022-02-01", np.nan),  # who may still come
        (4, NINGBO, "2021-06-20", "2021-08-01", 1),
        (2, NANTONG, "2021-03-01", "2022-01-01", np.nan),  # nobody goes with them
        (3, NANTONG, "2021-03-01", "2022-01-01", np.nan),  # somebody who is not known
        (0, 0, "2021-03-01", "2022-01-01", np.nan),
    ],
)  # fmt: skip
def test_where_the_companion_was(stretches, workers, vacancies, who, county, day, known_on, there):
    told = companion_was_there(
        np.array([who, who]),
        np.array([county] * 2),
        days(day, day),
        stretches,
        workers,
        vacancies,
        np.datetime64(known_on),
    )
    assert told == pytest.approx([there] * 2, nan_ok=True)
