"""What only shows where transactions commit: several at once, and what is counted though it was refused."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import owner_connection, sessions_of
from api.messages.leaving import office_of, send_waiting
from api.settings import Settings
from api.wechat.client import Fetch
from api.wechat.token_row import TokenRow
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

from ..conftest import World, client_of
from ..stand_in import Fake
from .conftest import Phone, made
from .test_messages import NOON


class Service:
    """A service over a database of its own."""

    def __init__(self, app: FastAPI, owner: str, fake: Fake) -> None:
        self.app, self.owner, self.fake = app, owner, fake
        self.world = World(*(client_of(app, app.state.sessions, name) for name in ("zhenba", "tongzhou")))

    def phone(self, number: str) -> Phone:
        return Phone(self.app, self.fake, number)


@pytest.fixture
def service(
    clone: Callable[[str], Any], keyring: Keyring, settings: Settings, fake: Fake
) -> Iterator[Service]:
    database = clone("mini")
    engine = create_engine(database.service)
    sessions = audited(sessions_of(engine), keyring)
    yield Service(create_app(settings, sessions=sessions, keyring=keyring), database.owner, fake)
    engine.dispose()


def at_once(*commands: Callable[[], Any]) -> list[Any]:
    """All of them at the same time."""
    found: list[Any] = []
    ready = threading.Barrier(len(commands))

    def run(command: Callable[[], Any]) -> None:
        ready.wait()
        found.append(command())

    threads = [threading.Thread(target=run, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_many_processes_fetch_one_credential(service: Service, keyring: Keyring) -> None:
    """Each with an engine of its own, as processes have; one fetches, the others take what it has fetched."""
    url = service.app.state.sessions.kw["bind"].url
    engines = [create_engine(url) for _ in range(6)]
    fetched: list[bool] = []

    def fetch(force: bool) -> tuple[str, int]:
        fetched.append(force)
        return f"token-{len(fetched)}", 7200

    def ask(engine: Any, stale: str | None) -> str:
        call: Fetch = fetch
        return TokenRow(sessions_of(engine), keyring).current(call, stale)

    first = at_once(*(lambda each=each: ask(each, None) for each in engines))
    assert (set(first), fetched) == ({"token-1"}, [False])
    second = at_once(*(lambda each=each: ask(each, "token-1") for each in engines))
    assert (set(second), fetched) == ({"token-2"}, [False, False])
    for engine in engines:
        engine.dispose()


def test_two_first_log_ins_make_one_account(service: Service) -> None:
    mine = service.phone("10000000081")
    codes = [service.fake.login_code(mine.openid) for _ in range(4)]
    answers = at_once(
        *(
            lambda code=code: TestClient(service.app).post("/mp/v1/login", json={"code": code})
            for code in codes
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    with owner_connection(service.owner) as owner:
        assert owner.scalar(text("SELECT count(*) FROM wechat_account")) == 1


def test_one_command_sent_at_once_is_carried_out_once(service: Service) -> None:
    body = service.world.bodies.worker(phone="10000000082")
    person = made(service.world.west.post("/v1/workers", json=body))
    mine = service.phone("10000000082")
    mine.log_in()
    mine.verify()
    mine.bind(person, body["id_number"])
    post = service.world.vacancy()["id"]
    answers = at_once(
        *(
            lambda: mine.post(f"{mine.mine}/applications", {"vacancy_id": post}, key="the same")
            for _ in range(4)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    with owner_connection(service.owner) as owner:
        owner.execute(text("UPDATE idempotency_key SET created_at = now() - interval '400 days'"))
        assert owner.scalar(text("SELECT purge_answers(30)")) is not None
    late = mine.post(f"{mine.mine}/applications", {"vacancy_id": post}, key="the same")
    assert late.json() == answers[0].json(), "at this door a key is kept for ever"


def test_trying_numbers_ends(service: Service) -> None:
    body = service.world.bodies.worker(phone="10000000083")
    made(service.world.west.post("/v1/workers", json=body))
    mine = service.phone("10000000083")
    mine.log_in()
    mine.verify()
    for number in range(10):
        stranger = demo_id_number(date(1990, 1, 1), 400_010 + number, Sex.FEMALE)
        assert mine.post("/bindings", {"name": "测试甲", "id_number": stranger}).status_code == 404
    most = mine.post("/bindings", {"name": "测试甲", "id_number": body["id_number"]})
    assert (most.status_code, most.json()["type"]) == (429, "/problems/too-many-lookups")


def test_two_senders_send_once(service: Service) -> None:
    body = service.world.bodies.worker(phone="10000000084")
    person = made(service.world.west.post("/v1/workers", json=body))
    mine = service.phone("10000000084")
    mine.log_in()
    mine.verify()
    mine.bind(person, body["id_number"])
    for _ in range(3):
        service.fake.tell("consents", openid=mine.openid, template_id="t-new_match")
        made(mine.post("/subscriptions", {"accepted": ["new_match"]}))
        service.world.application(worker_id=person["id"])
    state = service.app.state
    office = office_of(state.sessions, state.keyring, state.settings)
    assert office is not None
    settled = at_once(*(lambda: send_waiting(office, NOON) for _ in range(3)))
    assert sum(settled) == 3
    assert len(service.fake.state.sent) == 3
    with owner_connection(service.owner) as owner:
        left = text("SELECT count(*) FROM message_subscription WHERE spent_at IS NULL")
        assert owner.scalar(left) == 0


def test_nobody_who_was_deleted_is_reached(service: Service) -> None:
    body = service.world.bodies.worker(phone="10000000085")
    person = made(service.world.west.post("/v1/workers", json=body))
    mine = service.phone("10000000085")
    mine.log_in()
    mine.verify()
    mine.bind(person, body["id_number"])
    made(mine.post(f"{mine.mine}/calls", {"words": "请回电"}))
    made(service.world.west.post(f"/v1/workers/{person['id']}/erase", json={"reason": "request"}))
    assert mine.get(mine.mine).status_code == 404
    with owner_connection(service.owner) as owner:
        assert owner.scalar(text("SELECT count(*) FROM wechat_account")) == 0
        assert owner.scalars(text("SELECT state FROM worker_binding")).all() == ["ended"]
    [row] = made(service.world.west.get("/v1/call-requests"))["items"]
    assert (row["wish"], row["telephone"]) == ("已删除", None)
