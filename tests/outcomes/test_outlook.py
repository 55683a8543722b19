"""The forecast of a target as its page and REST answer it: who is certain, whose staying decides, whose proof is missing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.employer import Employer, EmployerKind
from models.spell import EmploymentSpell, SpellKind
from models.target import Indicator, Population, Target
from models.worker import Worker
from outcomes.outlook import outlook
from outcomes.progress import progress

TODAY = date(2021, 9, 20)


@pytest.fixture
def session(session_as: Callable[[str], Session]) -> Session:
    return session_as("zhenba")


@pytest.fixture
def target(session: Session) -> Target:
    """镇巴's 370: work in workshops and bases at home, in the year 2021; the plan names no rule."""
    return session.exec(
        select(Target).where(
            Target.region == "610728",
            Target.indicator == Indicator.NEAR_HOME,
            Target.population == Population.RURAL,
        )
    ).one()


@pytest.fixture
def employ(session: Session) -> Callable[..., int]:
    """Somebody at work in the county's workshop from `begun` on, seen there until `seen`."""
    employer = Employer(name="测试车间", kind=EmployerKind.WORKSHOP, region="610728", kept_by="610728")
    session.add(employer)
    session.flush()

    def make(begun: date, *, ended: date | None = None, seen: date | None = TODAY) -> int:
        worker = Worker(name="测试甲", name_pinyin="ce shi jia", region="610728001")
        session.add(worker)
        session.flush()
        spell = EmploymentSpell(
            worker_id=worker.identity,
            employer_id=employer.identity,
            region="610728",
            kind=SpellKind.WORKSHOP,
            started_on=begun,
            ended_on=ended,
            observed_until=None if ended else seen,
        )
        session.add(spell)
        session.flush()
        return worker.identity

    return make


def told(session: Session, target: Target, as_of: date = TODAY) -> Any:
    return outlook(session, target, progress(session, target, as_of), as_of)


def test_who_is_stable_is_certain_and_who_left_is_not_waited_for(
    session: Session, target: Target, employ: Callable[..., int]
) -> None:
    for day in range(1, 21):
        employ(date(2021, 3, day))
    employ(date(2021, 8, 1), ended=date(2021, 8, 20))
    found = told(session, target)
    assert found.stable.sure == 20
    assert found.stable.low >= 20
    assert found.waiting == ()


def test_those_wait_whose_mark_lies_ahead_and_before_the_last_day(
    session: Session, target: Target, employ: Callable[..., int]
) -> None:
    early, late = employ(date(2021, 8, 1)), employ(date(2021, 10, 1), seen=None)
    for each in range(20):
        employ(date(2021, 1, 1) + timedelta(days=each), ended=date(2021, 1, 20) + timedelta(days=3 * each))
    (waiting,) = told(session, target).waiting
    assert (waiting.person.worker_id, waiting.until) == (early, date(2021, 10, 31))
    assert 0.0 < waiting.chance < 1.0
    assert waiting.worth > 0.0
    # Who begins on 1 October is stable on the last day of the year; a day later she no more is.
    on_the_day = told(session, target, date(2021, 10, 1))
    assert {each.person.worker_id for each in on_the_day.waiting} == {early, late}
    employ(date(2021, 10, 2), seen=date(2021, 10, 2))
    assert len(told(session, target, date(2021, 10, 2)).waiting) == 2


def test_the_plan_s_figure_is_who_started_where_it_names_no_rule(
    session: Session, target: Target, employ: Callable[..., int]
) -> None:
    for week in range(8):
        for day in range(3):
            employ(TODAY - timedelta(days=7 * week + day))
    found = told(session, target)
    assert found.done.sure == 24
    # Three a week until the year's end, fourteen and a half weeks later.
    assert found.done.low < 24 + 3 * 14.5 < found.done.high
    assert found.stable.high <= found.done.high


def test_nothing_lies_ahead_of_a_target_that_is_over(
    session: Session, target: Target, employ: Callable[..., int]
) -> None:
    employ(date(2021, 3, 1))
    assert told(session, target, date(2021, 12, 31)) is None
    assert told(session, target, date(2022, 3, 1)) is None


def test_rest_answers_the_forecast_and_the_lists_behind_it(
    login: Callable[[str], TestClient], target: Target
) -> None:
    west = login("zhenba")
    answer = west.get(f"/v1/targets/{target.identity}/progress").json()
    path = answer["forecast"].pop("path")
    assert set(answer["forecast"]) == {"low", "mid", "high", "level"}
    assert answer["forecast"].pop("level") == 0.8
    assert path[-1] == {"on": "2021-12-31", **answer["forecast"]}
    assert [step["on"] for step in path] == sorted(step["on"] for step in path) and path[0]["on"] > str(TODAY)
    for of, count in (("waiting", answer["waiting"]), ("unproven", answer["stable"])):
        listed = west.get(answer["links"][of]).json()
        assert listed["total"] == count - (sum(answer["verified"].values()) if of == "unproven" else 0)


def test_those_who_wait_are_listed_by_where_they_live(
    session: Session, target: Target, employ: Callable[..., int], login: Callable[[str], TestClient]
) -> None:
    here = employ(TODAY - timedelta(days=20))
    told(session, target)
    session.commit()
    west, path = login("zhenba"), f"/v1/targets/{target.identity}/persons?waiting=true"
    everybody = west.get(path).json()
    homes = {each["worker"]["region"]["code"] for each in everybody["items"]}
    assert here in {each["worker"]["id"] for each in everybody["items"]}
    for home in homes:
        listed = west.get(f"{path}&region={home}").json()
        assert {each["worker"]["region"]["code"] for each in listed["items"]} == {home}
    assert west.get(f"{path}&region=610729").json()["total"] == 0
