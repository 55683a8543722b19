"""A month learns from what lay before it, and from nothing else; what came of it is told as far as it is known."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from matching.allocation.problem import Edges
from matching.columns import Market, Vacancies, Workers
from matching.judging.estimate import ratio
from matching.judging.known import Ends, as_known, ends_of, last_day
from matching.judging.measures import measures
from matching.judging.month import Past, learned_before, look_at
from matching.judging.plans import Looking, _problem
from matching.learning.history import Applications, History, Stretches
from tests.matching.learning.town import town

FIRST = np.datetime64("2024-06-01")
DAY = np.datetime64("2024-01-01")
NEVER = np.datetime64("NaT", "D")


def days(*numbers: int | None) -> np.ndarray:
    return np.array([NEVER if each is None else DAY + each for each in numbers], "datetime64[D]")


def past_of(history: History, made: object) -> Past:
    market = made.market  # type: ignore[attr-defined]
    return Past(market, history, np.datetime64("2025-01-01"), lambda _: history, lambda _: {}, 0, "surplus")


def spells(
    started: np.ndarray, ended: np.ndarray, observed: np.ndarray, who: list[int], at: list[int]
) -> Stretches:
    vacancy = np.array(at)
    return Stretches(
        np.array(who), vacancy, vacancy + 1, np.zeros(len(who), np.int64), started, ended, observed, np.full(len(who), 5000.0)
    )  # fmt: skip


@pytest.fixture(scope="module")
def made() -> object:
    return town(2_500, seed=1)


def changed_after(history: History) -> History:
    """Who leaves from June on stays on, who starts from June on does so elsewhere and leaves at once, other answers."""
    stretches, made = history.stretches, history.applications
    later = stretches.started >= FIRST
    ended = np.where(stretches.ended >= FIRST, NEVER, stretches.ended)
    young = made.applied >= FIRST
    return History(
        replace(
            stretches,
            ended=np.where(later, stretches.started + 1, ended),
            vacancy=np.where(later, 0, stretches.vacancy),
            income=np.where(later, 99_999.0, stretches.income),
        ),
        replace(made, outcome=np.where(young, 4, made.outcome).astype(np.int8), vacancy=np.where(young, 1, made.vacancy)),
    )  # fmt: skip


def test_the_future_changes_no_prediction_and_the_past_does(made: object) -> None:
    history = made.history  # type: ignore[attr-defined]
    before = learned_before(past_of(history, made), FIRST)
    assert before.stays > 100 and before.answers > 100
    assert learned_before(past_of(changed_after(history), made), FIRST).version == before.version
    late = history.stretches
    other = replace(history, stretches=late.take(late.started < FIRST - 90))
    assert learned_before(past_of(other, made), FIRST).version != before.version


def test_a_month_says_the_same_of_the_same_whatever_comes_of_it(made: object) -> None:
    """Only what came is told differently: who left, who was hired."""
    history = made.history  # type: ignore[attr-defined]
    stayed = replace(
        history, stretches=replace(history.stretches, ended=np.where(history.stretches.ended >= FIRST, NEVER, history.stretches.ended))
    )  # fmt: skip
    one, other = (look_at(past_of(each, made), FIRST, None).evidence for each in (history, stayed))
    assert len(one.applied) > 50 and len(one.stayed) > 20
    for name in ("model", "prior"):
        assert np.array_equal(one.applied.values[name], other.applied.values[name])
    assert np.array_equal(one.stayed.values["model_180"], other.stayed.values["model_180"])
    assert one.stayed.values["left"].sum() > other.stayed.values["left"].sum() == 0
    numbers = {(each.name, each.ranker, each.group): each for each in measures(one, 180, 0)}
    assert 0 < numbers["ndcg_applications", "learned", ""].estimate.value < 1
    assert not any(name == "plan" for name, _, _ in numbers)


def test_what_a_day_knew() -> None:
    """Of four stays one began later; one left later and one was lost sight of before."""
    history = History(
        spells(days(0, 0, 0, 50), days(10, 60, None, None), days(10, 60, 20, 90), [0, 1, 2, 3], [0, 0, 0, 0]),
        Applications(
            np.array([0, 1]), np.array([0, 0]), days(1, 45), days(50, 46), np.array([2, 1], np.int8)
        ),
    )
    known = as_known(history, DAY + 40)
    assert known.stretches.worker.tolist() == [0, 1, 2]
    assert np.isnat(known.stretches.ended).tolist() == [False, True, True]
    assert known.stretches.observed.tolist() == days(10, 40, 20).tolist()
    assert (known.applications.worker.tolist(), known.applications.outcome.tolist()) == ([0], [0])
    assert last_day(history) == DAY + 90
    assert last_day(as_known(history, DAY - 1)) is None


def ends(end: int) -> Ends:
    """Four apply on day 0: one starts and stays, one starts and leaves after 20 days, one starts and is lost on day 30, one does not."""
    made = Applications(
        np.arange(4),
        np.zeros(4, np.int64),
        days(0, 0, 0, 0),
        days(5, 5, 5, 5),
        np.array([1, 1, 1, 2], np.int8),
    )
    history = History(
        spells(days(10, 10, 10), days(None, 30, None), days(400, 30, 40), [0, 1, 2], [0, 0, 0]), made
    )
    return ends_of(made, history, np.array([1]), DAY + end, 180)


def test_what_came_of_applications() -> None:
    found = ends(400)
    assert found.started.tolist() == [1, 1, 1, 0]
    assert found.stable.tolist() == [1, 0, 0, 0]
    # The one who stayed stands for the one who was lost sight of; who left before that for nobody.
    assert found.stable_weight.tolist() == [2, 1, 0, 1]
    shares = ratio(found.stable * found.stable_weight, found.stable_weight, np.arange(4))
    assert shares.value == pytest.approx(0.5)


def test_the_young_are_in_no_number_whatever_came_of_them() -> None:
    assert ends(50).start_known.tolist() == [0] * 4
    assert ends(100).start_known.tolist() == [1] * 4
    assert ends(100).stable_weight.tolist() == [0] * 4


def test_companions_of_a_judged_plan_meet_where_any_plan_lets_them_meet() -> None:
    """At posts of one county, or of one city where no county is told; not at two that are known to the province alone."""
    posts = [
        320612101000,
        320612000000,
        441900000000,
        441900000000,
        320200000000,
        320000000000,
        320000000000,
        0,
        0,
    ]
    market = Market(
        Workers.of([1, 2], companion=[1, 0]),
        Vacancies.of(range(1, len(posts) + 1), region=posts),
        date(2024, 1, 1),
    )
    looking = Looking(np.arange(2), np.arange(len(posts)), np.ones(len(posts), np.int64))
    nobody = Edges(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    place = _problem(market, looking, nobody, together=True).place
    assert place is not None
    same = [(one, other) for other in range(len(posts)) for one in range(other) if place[one] == place[other]]
    assert same == [(0, 1), (2, 3)]
