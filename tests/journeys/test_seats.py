"""Seats are never oversold and nobody starts twice, however many want it at the same instant."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

from .conftest import at_once, logged_in, served

PASSWORD = "right-horse-battery"
_numbers = count(1)


class World:
    """The service over a database that may commit, its clerks, and the truth as the tables' owner sees it."""

    def __init__(self, url: str, owner_url: str) -> None:
        self.url = url
        self.west = logged_in(url, "zhenba", PASSWORD)
        self.east = logged_in(url, "tongzhou", PASSWORD)
        # As many lines at once as are asked for, each a new one: a line kept open may be closed as it is used again.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.many = httpx.Client(
            base_url=url, headers=self.west.headers, timeout=60, trust_env=False, limits=limits
        )
        self._owner = create_engine(owner_url)

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with self._owner.connect() as connection:
            return list(connection.execute(text(statement), values))

    def vacancy(self, seats: int) -> int:
        employer = self.east.post(
            "/v1/employers",
            json={"name": f"测试家纺{next(_numbers)}厂", "kind": "enterprise", "region": "320612"},
        ).json()
        made = self.east.post(
            "/v1/vacancies",
            json={
                "employer_id": employer["id"],
                "title": "平车工",
                "region": "320612",
                "seats": seats,
                "pay_min": 4500,
                "pay_max": 6500,
                "valid_until": "2021-12-31",
                "text": "负责家纺产品平车缝制，计件工资，包住。",
            },
        )
        assert made.status_code == 201, made.text
        published = self.east.post(f"/v1/vacancies/{made.json()['id']}/publish")
        assert published.status_code == 200, published.text
        return int(published.json()["id"])

    def worker(self) -> int:
        made = self.west.post(
            "/v1/workers",
            json={
                "name": "测试甲",
                "region": "610728001",
                "id_number": demo_id_number(date(1985, 3, 15), next(_numbers), Sex.FEMALE),
            },
        )
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def application(self, worker: int, vacancy: int) -> int:
        made = self.west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": vacancy})
        assert made.status_code == 201, made.text
        return int(made.json()["id"])

    def start(self, application: int) -> Callable[[], httpx.Response]:
        address = f"/v1/applications/{application}/start"
        return lambda: self.many.post(address, json={})

    def close(self) -> None:
        for client in (self.west, self.east, self.many):
            client.close()
        self._owner.dispose()


@pytest.fixture(scope="module")
def world(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    database = clone("seats")
    folder: Path = tmp_path_factory.mktemp("seats")
    with served(database.service, keyring, folder) as url:
        world = World(url, database.owner)
        yield world
        world.close()


def refused_in_words(answers: list[httpx.Response]) -> None:
    for answer in answers:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert any("一" <= sign <= "龥" for sign in problem["detail"]), problem


@pytest.mark.parametrize(("clients", "seats"), [(50, 1), (60, 20)])
def test_as_many_start_as_there_are_seats(world: World, clients: int, seats: int) -> None:
    vacancy = world.vacancy(seats)
    applications = [world.application(world.worker(), vacancy) for _ in range(clients)]

    answers = at_once([world.start(application) for application in applications])

    assert Counter(answer.status_code for answer in answers) == {200: seats, 409: clients - seats}
    refused = [answer for answer in answers if answer.status_code == 409]
    refused_in_words(refused)
    assert {answer.json()["type"] for answer in refused} == {"/problems/no-seat-left"}
    assert world.sql("SELECT seats_taken FROM vacancy WHERE id = :id", id=vacancy) == [(seats,)]
    assert world.sql("SELECT count(*) FROM employment_spell WHERE vacancy_id = :id", id=vacancy) == [(seats,)]
    states = dict(
        world.sql("SELECT state, count(*) FROM application WHERE vacancy_id = :id GROUP BY state", id=vacancy)
    )
    assert states == {"started": seats, "proposed": clients - seats}
    # Nothing of those who were refused remains: not a step, not a word in the audit.
    steps = world.sql(
        "SELECT count(*) FROM application_event JOIN application a ON a.id = application_id "
        "WHERE vacancy_id = :id AND to_state = 'started'",
        id=vacancy,
    )
    assert steps == [(seats,)]


def test_one_person_starts_one_of_two_posts(world: World) -> None:
    posts = [world.vacancy(30), world.vacancy(30)]
    for _ in range(20):
        worker = world.worker()
        first, second = (world.application(worker, post) for post in posts)
        answers = at_once([world.start(first), world.start(second), world.start(first), world.start(second)])
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        refused_in_words([answer for answer in answers if answer.status_code == 409])
        states = world.sql("SELECT state FROM application WHERE worker_id = :id ORDER BY state", id=worker)
        assert [state for (state,) in states] == ["obsolete", "started"]
        assert world.sql("SELECT count(*) FROM employment_spell WHERE worker_id = :id", id=worker) == [(1,)]
    taken = world.sql("SELECT sum(seats_taken) FROM vacancy WHERE id = ANY(:posts)", posts=posts)
    assert taken == [(20,)]


def test_many_more_clients_than_connections_are_all_answered(world: World) -> None:
    headers = {"Authorization": world.west.headers["Authorization"]}

    def ask() -> httpx.Response:
        return httpx.get(f"{world.url}/v1/me", headers=headers, timeout=60, trust_env=False)

    answers = at_once([ask] * 150)
    assert Counter(answer.status_code for answer in answers) == {200: 150}


@pytest.mark.deep
def test_two_hundred_want_one_seat_three_hundred_times(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    vacancy = world.vacancy(1)
    applications = {
        worker: world.application(worker, vacancy) for worker in [world.worker() for _ in range(200)]
    }
    got = Counter[int]()
    for _ in range(300):
        answers = at_once([world.start(application) for application in applications.values()])
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 199}
        assert world.sql("SELECT seats_taken FROM vacancy WHERE id = :id", id=vacancy) == [(1,)]
        [(spell, worker)] = world.sql(
            "SELECT id, worker_id FROM employment_spell WHERE vacancy_id = :id AND superseded_at IS NULL",
            id=vacancy,
        )
        # It never was: the seat is free for the next round, and who had it asks again like the others.
        voided = world.west.post(f"/v1/spells/{spell}/void", json={"reason": "mistaken"})
        assert voided.status_code == 200, voided.text
        assert world.sql("SELECT seats_taken FROM vacancy WHERE id = :id", id=vacancy) == [(0,)]
        applications[worker] = world.application(worker, vacancy)
        got[worker] += 1
    record_property("different people who got it", len(got))
