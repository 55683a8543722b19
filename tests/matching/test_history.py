"""What was known on a day: starts within sixty days of an application, and how long people had been seen at work."""

from datetime import date, timedelta

import numpy as np
import pytest

from matching.columns import Workers
from matching.learning.at_work import at_work, townspeople_on
from matching.learning.history import (
    SUCCESS_WITHIN_DAYS,
    Applications,
    History,
    Outcome,
    Stretches,
    answers_known,
    stays_known,
)

APPLIED = date(2025, 3, 1)
EMPLOYERS = np.array([7, 7, 8])
"""Posts 0 and 1 are of employer 7, post 2 of employer 8."""


def later(days: int) -> str:
    return (APPLIED + timedelta(days=days)).isoformat()


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def stretches(*told: tuple[int, int, int, str, str, str]) -> Stretches:
    """Worker, vacancy, employer, started, ended, observed; '' is unknown."""
    rows = list(zip(*told, strict=True)) if told else [()] * 6
    worker, vacancy, employer = (np.array(column, np.int64) for column in rows[:3])
    started, ended, observed = (
        np.array([text or "NaT" for text in column], "datetime64[D]") for column in rows[3:]
    )
    nothing = np.zeros(len(worker), np.int64)
    return Stretches(worker, vacancy, employer, nothing, started, ended, observed, nothing * np.nan)


def applications(*told: tuple[int, int, str, str, Outcome]) -> Applications:
    """Worker, vacancy, applied, decided, outcome."""
    worker, vacancy, applied, decided, outcome = zip(*told, strict=True)
    days = [np.array([text or "NaT" for text in column], "datetime64[D]") for column in (applied, decided)]
    return Applications(np.array(worker), np.array(vacancy), *days, np.array(outcome, np.int8))


def one_application(
    work: Stretches, on: str, outcome: Outcome = Outcome.OPEN, decided: str = ""
) -> list[bool]:
    """What `on` knew of an application of worker 0 for post 0: [] while it is open."""
    asked = applications((0, 0, APPLIED.isoformat(), decided, outcome))
    return answers_known(History(work, asked), EMPLOYERS, day(on)).led_to_a_start.tolist()


@pytest.mark.parametrize(
    ("after", "known"), [(-1, [False]), (0, [True]), (1, [True]), (60, [True]), (61, [False])]
)
def test_a_start_within_sixty_days_is_a_success(after: int, known: list[bool]) -> None:
    assert SUCCESS_WITHIN_DAYS == 60
    assert one_application(stretches((0, 0, 7, later(after), "", "")), later(300)) == known


@pytest.mark.parametrize(
    ("worker", "vacancy", "employer", "known"),
    [
        (0, 0, 7, [True]),
        (0, 1, 7, [False]),  # another post of the same employer
        (0, -1, 7, [True]),  # no post named, its employer
        (0, -2, 7, [False]),  # a post that the market does not hold
        (0, -1, 8, [False]),
        (0, -1, 0, [False]),
        (1, 0, 7, [False]),  # somebody else
    ],
)
def test_at_that_post_or_where_none_is_named_at_that_employer(
    worker: int, vacancy: int, employer: int, known: list[bool]
) -> None:
    assert one_application(stretches((worker, vacancy, employer, later(5), "", "")), later(300)) == known


def test_nothing_is_said_of_an_application_until_its_days_are_over() -> None:
    nothing = stretches()
    assert [one_application(nothing, later(days)) for days in (-1, 0, 60, 61)] == [[], [], [], [False]]
    begins = stretches((0, 0, 7, later(20), "", ""))
    assert [one_application(begins, later(days)) for days in (20, 60, 61)] == [[], [], [True]]


def test_a_refusal_is_told_no_sooner_than_a_start_and_only_starts_are_successes() -> None:
    for outcome in (
        Outcome.REFUSED_BY_EMPLOYER,
        Outcome.REFUSED_BY_WORKER,
        Outcome.NO_ANSWER,
        Outcome.OFFERED,
    ):
        told = [one_application(stretches(), later(days), outcome, later(10)) for days in (10, 60, 61)]
        assert told == [[], [], [False]]
    starts = stretches((0, 0, 7, later(30), "", ""))
    assert one_application(starts, later(61), Outcome.REFUSED_BY_WORKER, later(10)) == [True]


def test_each_application_has_its_own_start() -> None:
    """Starts long before, between and long after the applications of many people, found by bisection."""
    dice = np.random.default_rng(3)
    work = stretches(
        *(
            (int(dice.integers(0, 9)), int(dice.integers(-1, 3)), int(dice.integers(7, 9)), later(int(at)), "", "")
            for at in dice.integers(-400, 400, 300)
        )
    )  # fmt: skip
    asked = applications(
        *(
            (int(dice.integers(0, 9)), int(dice.integers(0, 3)), later(int(at)), "", Outcome.OPEN)
            for at in dice.integers(-500, 500, 300)
        )
    )
    known = answers_known(History(work, asked), EMPLOYERS, day("2030-01-01"))
    assert len(known.of) == 300 and 0 < known.led_to_a_start.sum() < 300
    for at in range(300):
        waited = (work.started - known.of.applied[at]).astype(int)
        post = known.of.vacancy[at]
        there = (work.vacancy == post) | ((work.vacancy == -1) & (work.employer == EMPLOYERS[post]))
        hit = (work.worker == known.of.worker[at]) & there & (waited >= 0) & (waited <= 60)
        assert known.led_to_a_start[at] == hit.any()


@pytest.mark.parametrize(
    ("ended", "observed", "on", "days", "left"),
    [
        (later(100), "", later(99), 99, False),  # its end is not known yet
        (later(100), "", later(100), 100, True),  # on the day of the end it is
        (later(100), "", later(400), 100, True),
        ("", later(50), later(400), 50, False),  # censored where last seen
        ("", later(50), later(20), 20, False),  # not seen further than the day that is asked
        ("", "", later(70), 70, False),  # nobody wrote down when last seen: believed
        (later(0), "", later(9), 1, True),  # a day is the least
        ("", later(0), later(9), 1, False),
        ("", "", later(0), 1, False),
        (later(100), later(60), later(80), 80, False),  # a later end tells that the person was there
    ],
)
def test_stays_as_a_day_knew_them(ended: str, observed: str, on: str, days: int, left: bool) -> None:
    known = stays_known(stretches((0, 0, 7, later(0), ended, observed)), day(on))
    assert (known.days.tolist(), known.left.tolist()) == ([days], [left])


def test_who_had_not_started_yet_is_in_no_row() -> None:
    work = stretches((0, 0, 7, later(0), "", ""), (1, 0, 7, later(1), "", ""))
    assert stays_known(work, day(later(-1))).days.tolist() == []
    assert stays_known(work, day(later(0))).of.worker.tolist() == [0]


def test_who_is_at_work_on_a_day() -> None:
    work = stretches((0, 0, 7, later(0), later(9), ""), (2, 0, 7, later(5), "", later(6)))
    told = [at_work(work, 3, day(later(days))).tolist() for days in (-1, 0, 9, 10)]
    assert told == [
        [False, False, False],
        [True, False, False],
        [True, False, True],
        [False, False, True],
    ]


def test_townspeople_are_counted_once_at_an_employer() -> None:
    home = 610728000000
    people = Workers.of([1, 2, 3, 4], region=[home, home, 610723000000, 0])
    work = stretches(
        (0, 0, 7, later(0), "", ""),
        (0, 1, 7, later(1), "", ""),
        (1, -1, 7, later(0), "", ""),
        (2, -1, 7, later(0), later(3), ""),
        (3, -1, 7, later(0), "", ""),
        (1, -1, 0, later(0), "", ""),
    )
    there = townspeople_on(work, people, day(later(3)))
    asked = there.look_up(np.array([7, 7, 8]), np.array([610728, 610723, 610728]))
    assert asked.tolist() == [2, 1, 0]
    assert townspeople_on(work, people, day(later(4))).count.tolist() == [2]
    assert len(townspeople_on(work, people, day(later(-1))).count) == 0
