"""Wrong passwords are counted under the name and the address, slow down whoever tries, and lock for a while."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, text
from starlette.requests import Request
from starlette.testclient import TestClient

from api.app import create_app
from api.attempts import address_of
from api.audit import audited
from api.database import owner_connection, sessions_of
from api.settings import Environment, Settings
from models.sealing import Keyring

from .conftest import client_of

RIGHT, WRONG = "right-horse-battery", "wrong"


class Door:
    """A service whose transactions commit, and the clock of what it has counted."""

    def __init__(self, app: FastAPI, owner: str) -> None:
        self.app, self.owner = app, owner
        self.client = TestClient(app)

    def tries(self, username: str, password: str = WRONG, address: str = "10.0.0.1") -> Any:
        client = TestClient(self.app, client=(address, 50000))
        return client.post("/v1/token", data={"username": username, "password": password})

    def later(self, minutes: float) -> None:
        """As if all that was counted had been so many minutes earlier."""
        with owner_connection(self.owner) as owner:
            moved = text("UPDATE login_attempt SET created_at = created_at - make_interval(secs => :seconds)")
            owner.execute(moved, {"seconds": minutes * 60})

    def asked(self, statement: str) -> Any:
        with owner_connection(self.owner) as owner:
            return owner.execute(text(statement)).all()


@pytest.fixture(scope="module")
def engine(clone: Callable[[str], Any]) -> Iterator[tuple[Engine, str]]:
    database = clone("attempts")
    made = create_engine(database.service, pool_size=32)
    yield made, database.owner
    made.dispose()


@pytest.fixture
def door(engine: tuple[Engine, str], keyring: Keyring, tmp_path: Any) -> Iterator[Door]:
    settings = Settings(
        environment=Environment.DEMONSTRATION,
        data_folder=tmp_path,
        login_failures=4,
        login_failures_of_address=12,
        login_minutes=15,
    )
    app = create_app(settings, sessions=audited(sessions_of(engine[0]), keyring), keyring=keyring)
    yield Door(app, engine[1])
    with owner_connection(engine[1]) as owner:
        owner.execute(text("DELETE FROM login_attempt"))


def test_an_account_slows_down_is_locked_and_opens_again(door: Door) -> None:
    for _ in range(2):
        assert door.tries("zhenba").status_code == 401
    slow = door.tries("zhenba")
    assert slow.status_code == 429 and 1 <= int(slow.headers["Retry-After"]) <= 2
    for _ in range(2):
        door.later(0.1)
        assert door.tries("zhenba").status_code == 401
    locked = door.tries("zhenba", RIGHT)
    assert locked.status_code == 429, "the right password does not open what is locked"
    assert 890 <= int(locked.headers["Retry-After"]) <= 900
    assert locked.json()["type"] == "/problems/too-many-attempts" and "分钟" in locked.json()["detail"]
    assert door.tries("zhenba", RIGHT, "10.9.9.9").status_code == 429, "from wherever it is tried"
    door.later(14)
    assert door.tries("zhenba", RIGHT).status_code == 429
    door.later(1.1)
    assert door.tries("zhenba", RIGHT).status_code == 200
    [[change, region]] = door.asked("SELECT change, region FROM audit_event WHERE action = 'lock'")
    assert (change, region) == ({"failures": 4, "minutes": 15}, "610728")


def test_a_right_password_forgets_the_wrong_ones(door: Door) -> None:
    for _ in range(3):
        assert door.tries("zhenba").status_code == 401
        assert door.tries("zhenba", RIGHT).status_code == 200


def test_nobody_learns_here_who_has_an_account(door: Door) -> None:
    told = []
    for name in ("yangxian", "no-such-account"):
        answers = []
        for _ in range(4):
            answers.append(door.tries(name, address="10.0.0.2"))
            door.later(0.1)
        answers.append(door.tries(name, RIGHT + "x", address="10.0.0.2"))
        told.append([(answer.status_code, answer.json() | {"request_id": None}) for answer in answers])
    assert told[0] == told[1]
    assert [status for status, _ in told[0]] == [401, 401, 401, 401, 429]


def test_one_address_that_tries_many_names_must_wait_and_others_need_not(door: Door) -> None:
    for number in range(12):
        assert door.tries(f"name-{number}", address="10.0.0.3").status_code == 401
    assert door.tries("tongzhou", RIGHT, "10.0.0.3").status_code == 429
    assert door.tries("tongzhou", RIGHT, "10.0.0.4").status_code == 200


def test_many_at_once_get_no_more_tries_than_one_after_the_other(door: Door) -> None:
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: door.tries("hanzhong").status_code, range(24)))
    assert answers.count(401) == 2, "from the second on one must wait between two tries"
    assert answers.count(429) == 22


def test_neither_names_nor_addresses_are_kept(door: Door) -> None:
    door.tries("my-password-in-the-wrong-field", address="10.11.12.13")
    kept = "".join(row[0] for row in door.asked("SELECT login_attempt::text FROM login_attempt"))
    assert kept and "wrong-field" not in kept and "10.11.12.13" not in kept
    assert b"wrong-field".hex() not in kept


def test_the_administrator_unlocks(door: Door) -> None:
    for _ in range(4):
        door.tries("auditor")
        door.later(0.1)
    [[account]] = door.asked("SELECT id FROM account WHERE username = 'auditor'")
    sessions = door.app.state.sessions
    warden, other = (client_of(door.app, sessions, name) for name in ("warden", "other-warden"))
    shown = warden.get(f"/v1/accounts/{account}").json()
    assert shown["state"]["code"] == "locked" and shown["locked_until"]
    alarms = warden.get("/v1/accounts/events", params={"alarms": True}).json()["items"]
    assert ("lock", "auditor") in {(event["action"], event["account"]) for event in alarms}
    assert other.post(f"/v1/accounts/{account}/unlock").status_code == 404
    assert door.tries("auditor", RIGHT).status_code == 429
    assert warden.post(f"/v1/accounts/{account}/unlock").json() == {"ended": 4}
    assert warden.get(f"/v1/accounts/{account}").json()["state"]["code"] == "active"
    assert door.tries("auditor", RIGHT).status_code == 200


def test_the_page_says_it_too(door: Door) -> None:
    client = TestClient(door.app, headers={"Accept": "text/html"}, client=("10.0.0.5", 1))
    for _ in range(4):
        door.tries("jingyang", address="10.0.0.5")
        door.later(0.1)
    answer = client.post("/login", data={"username": "jingyang", "password": RIGHT})
    assert answer.status_code == 429 and "登录尝试过多" in answer.text
    assert int(answer.headers["Retry-After"]) > 60


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_of_ipv6_the_network_counts(host: str, counted: str) -> None:
    asked = Request({"type": "http", "client": (host, 1), "headers": []})
    assert address_of(asked) == counted


def test_attempts_are_kept_for_half_a_year(door: Door) -> None:
    door.tries("zhenba")
    with owner_connection(door.owner) as owner:
        assert owner.scalar(text("SELECT purge_login_attempts(180)")) == 0
        owner.execute(text("UPDATE login_attempt SET created_at = now() - interval '181 days'"))
        assert owner.scalar(text("SELECT purge_login_attempts(180)")) == 1
