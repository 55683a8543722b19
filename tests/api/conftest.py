"""A small world for the REST tests: who asks, and the bodies that are right."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import Sessions, owner_connection
from api.deps import SESSION_COOKIE, act_as
from api.security import account_by_username, form_token, issue_token
from api.settings import Settings
from api.worker.working import work_off
from models.account import TokenKind
from models.id_number import demo_id_number
from models.worker import Sex

_numbers = count(1)


def client_of(app: FastAPI, sessions: Sessions, username: str) -> TestClient:
    """A client with a token of the clerk's, without the second that a password costs."""
    with sessions() as session, session.begin():
        account_id = account_by_username(session, username)
        assert account_id is not None
        act_as(session, account_id)
        token = issue_token(session, account_id, TokenKind.BEARER)
    return TestClient(app, follow_redirects=False, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def clerk(app: FastAPI, sessions: Sessions) -> Callable[[str], TestClient]:
    """Makes a client that is logged in as one of the clerks."""
    return lambda username: client_of(app, sessions, username)


@pytest.fixture
def west(clerk: Callable[[str], TestClient]) -> TestClient:
    """The western county's clerk."""
    return clerk("zhenba")


@pytest.fixture
def east(clerk: Callable[[str], TestClient]) -> TestClient:
    """The eastern district's clerk."""
    return clerk("tongzhou")


class Bodies:
    """Bodies that the service takes, each new."""

    def worker(self, **changes: Any) -> dict[str, Any]:
        """A person with everything."""
        return {
            "name": "测试甲",
            "region": "610728001",
            "id_number": demo_id_number(date(1985, 3, 15), 100_000 + next(_numbers), Sex.FEMALE),
            "phone": "10000000001",
            "education": "junior_high",
            "skills": {"平车": 3},
            "intention": {"wants": "out", "accepted_regions": ["320612"], "pay_floor": 4000},
        } | changes

    def household(self, **changes: Any) -> dict[str, Any]:
        """A household in one period of hardship."""
        return {
            "number": f"TEST-{next(_numbers)}",
            "region": "610728001",
            "hardship": [{"category": "marginal", "from_on": "2020-06-01"}],
        } | changes

    def employer(self, **changes: Any) -> dict[str, Any]:
        """A workshop in the east."""
        return {"name": "测试家纺有限公司", "kind": "workshop", "region": "320612"} | changes

    def vacancy(self, employer: int, **changes: Any) -> dict[str, Any]:
        """A post that may be published."""
        return {
            "employer_id": employer,
            "title": "平车工",
            "region": "320612",
            "seats": 2,
            "pay_min": 4500,
            "pay_max": 6500,
            "valid_until": "2021-12-31",
            "text": "负责家纺产品平车缝制,计件工资,包住。",
        } | changes


@pytest.fixture
def bodies() -> Bodies:
    """Bodies that the service takes."""
    return Bodies()


class World:
    """Makes rows over REST, so that they came in as everything does."""

    def __init__(self, west: TestClient, east: TestClient) -> None:
        self.west, self.east, self.bodies = west, east, Bodies()

    def worker(self, **changes: Any) -> dict[str, Any]:
        """A registered person."""
        return made(self.west.post("/v1/workers", json=self.bodies.worker(**changes)))

    def household(self, **changes: Any) -> dict[str, Any]:
        """A registered household."""
        return made(self.west.post("/v1/households", json=self.bodies.household(**changes)))

    def vacancy(self, **changes: Any) -> dict[str, Any]:
        """A published post."""
        employer = made(self.east.post("/v1/employers", json=self.bodies.employer()))
        post = made(self.east.post("/v1/vacancies", json=self.bodies.vacancy(employer["id"], **changes)))
        return made(self.east.post(f"/v1/vacancies/{post['id']}/publish"))

    def application(self, **changes: Any) -> dict[str, Any]:
        """A person put forward for a post."""
        told = {"worker_id": self.worker()["id"], "vacancy_id": self.vacancy()["id"]} | changes
        return made(self.west.post("/v1/applications", json=told))

    def spell(self) -> dict[str, Any]:
        """A person at work."""
        started = made(self.west.post(f"/v1/applications/{self.application()['id']}/start", json={}))
        return made(self.west.get(f"/v1/spells/{started['spell_id']}"))


def made(answer: Any) -> dict[str, Any]:
    """The body of an answer that must be good."""
    assert answer.status_code in (200, 201, 202), answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def world(west: TestClient, east: TestClient) -> World:
    """Makes rows over REST."""
    return World(west, east)


class Visitor:
    """Somebody at a browser: a cookie, and forms that carry their token."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client, self.token = client, form_token(token)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path: str, **told: Any) -> Any:
        return self.client.post(path, data=told | {"form_token": self.token})

    def done(self, path: str, **told: Any) -> str:
        """The page after a command that was carried out."""
        answer = self.post(path, **told)
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])


@pytest.fixture
def visitor(app: FastAPI, sessions: Sessions) -> Callable[[str], Visitor]:
    """Makes a browser that is logged in as one of the clerks."""

    def make(username: str) -> Visitor:
        with sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            assert account_id is not None
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.SESSION)
        client = TestClient(
            app, follow_redirects=False, headers={"Accept": "text/html"}, cookies={SESSION_COOKIE: token}
        )
        return Visitor(client, token)

    return make


@pytest.fixture
def work(app: FastAPI) -> Callable[[], int]:
    """Does every job that waits; the number done."""
    return lambda: work_off(app.state.sessions, app.state.keyring, app.state.settings)


@pytest.fixture
def people(west: TestClient, session_as: Callable[[str], Session]) -> Any:
    """People who are entitled to a benefit."""
    from .claiming import Claimants  # it makes its people as this module does

    return Claimants(west, session_as)


@pytest.fixture
def on(app: FastAPI, settings: Settings) -> Callable[[str], None]:
    """Sets the business date."""

    def set_to(day: str) -> None:
        app.state.settings = settings.model_copy(update={"business_date": date.fromisoformat(day)})

    return set_to


@pytest.fixture
def bound(database: Any) -> Iterator[Callable[[list[tuple[str, str]]], None]]:
    """Binds the western county's clerk to other roles and regions, until the test ends."""
    mine = "account_id = (SELECT id FROM account WHERE username = 'zhenba')"
    binding = text(
        "INSERT INTO account_binding (created_at, account_id, role, region) "
        "SELECT now(), id, :role, :region FROM account WHERE username = 'zhenba'"
    )

    def bind(wanted: list[tuple[str, str]]) -> None:
        with owner_connection(database.owner) as owner:
            owner.execute(text(f"DELETE FROM account_binding WHERE {mine}"))
            for role, region in wanted:
                owner.execute(binding, {"role": role, "region": region})

    yield bind
    bind([("county", "610728")])
