"""留得住 over the employers' door: the employer's own figures from the one table of spells, the place's from the database,
both by one rule."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session

from api.database import Sessions
from models.spell import EmploymentSpell, Precision, SpellKind
from outcomes.calendar import month_start
from outcomes.cohorts import DAYS, by_month, hands_of

from .conftest import World
from .employer_door import Factory, factories

TODAY, SINCE = date(2021, 9, 20), date(2020, 3, 1)
SessionAs = Callable[[str], Session]


@pytest.fixture
def factory(app: FastAPI, sessions: Sessions, world: World, session_as: SessionAs) -> Callable[..., Factory]:
    return factories(app, sessions, world, session_as)


def work(session: Session, worker: int, employer: int, started: date, **told: Any) -> None:
    session.add(
        EmploymentSpell(
            worker_id=worker, employer_id=employer, kind=SpellKind.MARKET, started_on=started,
            **{"region": "320612", **told},
        )
    )  # fmt: skip


def by_chance(session: Session, rng: random.Random, workers: list[int], employers: list[int]) -> None:
    """Histories of every shape: back again, open and seen or not, known to the month, on the very day of a mark."""
    for worker in workers:
        day, going = SINCE + timedelta(days=rng.randrange(100)), True
        while going and day < TODAY - timedelta(days=20):
            days = rng.choice((1, 20, 89, 90, 91, 179, 180, 181, rng.randrange(1, 260)))
            last: date | None = min(day + timedelta(days=days - 1), TODAY)
            seen = last if rng.random() < 0.6 else None
            going = rng.random() < 0.7
            precision = Precision.DAY if rng.random() < 0.8 else Precision.MONTH
            work(
                session, worker, rng.choice(employers), day, ended_on=last if going else None,
                observed_until=last if going else seen, precision=precision,
            )  # fmt: skip
            day = (last or TODAY) + timedelta(days=rng.randrange(1, 60))
    session.commit()


def test_the_place_is_counted_as_ones_own_is(
    factory: Callable[..., Factory], world: World, session_as: SessionAs
) -> None:
    here, *away = (factory(each, f"{each}厂") for each in "abcd")
    workers = [world.worker()["id"] for _ in range(60)]
    session = session_as("zhenba")
    rng = random.Random(5)  # noqa: S311 - the same histories each time
    by_chance(session, rng, workers, [here.number, *(each.number for each in away)])
    stored = workers[0]
    session.connection().execute(text("UPDATE worker SET restricted = true WHERE id = :id"), {"id": stored})
    session.commit()
    everybody = [
        hand
        for factory_of in (here, *away)
        for hand in hands_of(session, factory_of.number)
        if hand.key != stored
    ]
    theirs = {
        each.number: [hand for hand in hands_of(session, each.number) if hand.key != stored] for each in away
    }
    others = [hand for hands in theirs.values() for hand in hands]
    told = session_as(here.username).connection()
    compared = 0
    for days in DAYS:
        wanted = by_month(everybody, days, TODAY)
        of_others = by_month(others, days, TODAY)
        each_of = [by_month(hands, days, TODAY) for hands in theirs.values()]
        rows = told.execute(
            text("SELECT * FROM staying_around_mine(:today, :since, :days)"),
            {"today": TODAY, "since": SINCE, "days": days},
        ).all()
        found = {row.month: (row.cases, row.stayed) for row in rows}
        assert found == {
            month: (each.cases, each.stayed)
            for month, each in wanted.items()
            if month >= SINCE
            and month in of_others
            and of_others[month].cases >= 3
            and sum(month in known for known in each_of) >= 3
        }
        compared += len(found)
    assert compared > 5, "too few months to say that the two agree"
    own = {hand.key for hand in hands_of(session_as(here.username), here.number)}
    assert own == {hand.key for hand in hands_of(session, here.number)} - {stored}


def test_nothing_is_told_of_fewer_than_three_and_small_numbers_lean_on_the_place(
    factory: Callable[..., Factory], world: World, session_as: SessionAs
) -> None:
    own, other = factory("a", "甲厂"), factory("b", "乙厂")
    third, fourth = factory("c", "丙厂"), factory("d", "丁厂")
    session = session_as("zhenba")
    march, april = date(2021, 3, 5), date(2021, 4, 5)

    def hands(employer: int, started: date, *stays: bool) -> None:
        for stay in stays:
            last = started + timedelta(days=119 if stay else 30)
            work(session, world.worker()["id"], employer, started, ended_on=last, observed_until=last)
        session.commit()

    hands(own.number, march, True, True, True, False)
    hands(own.number, april, True, False)
    hands(other.number, march, True)
    hands(third.number, march, False)
    hands(fourth.number, march, False)
    may = date(2021, 5, 5)
    hands(own.number, may, True, True, True)
    hands(other.number, may, True, True)
    hands(third.number, may, False)
    hands(other.number, april, True, False)
    told = own.get("/staying")
    assert (told["as_of"], told["place"]["code"]) == ("2021-09-20", "320612")
    spring = {month["month"]: month for month in told["months"]}
    assert {name: month["began"] for name, month in spring.items()} == {
        "2021-03-01": 4,
        "2021-04-01": 2,
        "2021-05-01": 3,
    }
    assert spring["2021-05-01"]["kept"][0]["around"] is None, "two others would each know the other's"
    [ninety, half_a_year] = spring["2021-03-01"]["kept"]
    assert (ninety["cases"], ninety["stayed"], round(ninety["around"], 3)) == (4, 3, round(4 / 7, 3))
    # Three of four would be 75 %; four people are few, and lean on the place's 57 %.
    assert round(ninety["share"], 3) == round((3 + 10 * 4 / 7) / 14, 3)
    assert (half_a_year["cases"], half_a_year["stayed"]) == (4, 0)
    few = spring["2021-04-01"]["kept"][0]
    assert (few["cases"], few["stayed"], few["share"], few["around"]) == (None, None, None, None)
    # A day of one's own choosing would tell by the difference who left on it.
    assert own.client.get("/employer/v1/staying", params={"as_of": "2021-09-19"}).status_code == 422
    assert month_start(march) == date(2021, 3, 1)
