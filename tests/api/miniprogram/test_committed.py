"""What only shows where transactions commit: several at once, and what is counted though it was refused."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import owner_connection, sessions_of
from api.messages.leaving import office_of, send_waiting
from api.settings import Settings
from api.wechat.client import Fetch
from api.wechat.codes import Kind, WeChatError
from api.wechat.token_row import Gate, TokenRow
from models.id_number import demo_id_number
from models.sealing import Keyring
from models.worker import Sex

from ..conftest import World, client_of
from ..stand_in import Fake
from .conftest import Phone, made
from .test_messages import NOON, SEND


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
        return TokenRow(sessions_of(engine), keyring, Gate()).current(call, stale)

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


def test_trying_numbers_ends_and_is_told_to_somebody(service: Service) -> None:
    """A WeChat account has no administrator: to those of her for whom it speaks, else to the highest there are."""
    body = service.world.bodies.worker(phone="10000000083")
    person = made(service.world.west.post("/v1/workers", json=body))
    mine = service.phone("10000000083")
    mine.log_in()
    mine.verify()

    def try_numbers(times: int) -> None:
        for number in range(times):
            stranger = demo_id_number(date(1990, 1, 1), 400_010 + number, Sex.FEMALE)
            assert mine.post("/bindings", {"name": "测试甲", "id_number": stranger}).status_code == 404
        most = mine.post("/bindings", {"name": "测试甲", "id_number": body["id_number"]})
        assert (most.status_code, most.json()["type"]) == (429, "/problems/too-many-lookups")
        assert "微信号" in most.json()["detail"], "in words for who tries"

    def alarms(name: str) -> list[tuple[str, str]]:
        client = client_of(service.app, service.app.state.sessions, name)
        found = made(client.get("/v1/accounts/events", params={"alarms": True}))["items"]
        return [(each["words"], each["account"]) for each in found]

    told = ("按证件号码查询过多", "微信小程序")
    try_numbers(10)
    assert {name: alarms(name) for name in ("city-warden", "warden")} == {"city-warden": [told], "warden": []}
    with owner_connection(service.owner) as owner:
        owner.execute(text("UPDATE number_lookup SET day = day - 1"))
    assert mine.bind(person, body["id_number"])["state"]["code"] == "in_force"
    try_numbers(9)
    assert alarms("warden") == [told]


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
    gone = mine.get("/me")
    assert (gone.status_code, gone.json()["type"]) == (401, "/problems/not-logged-in")
    with owner_connection(service.owner) as owner:
        assert owner.scalar(text("SELECT count(*) FROM wechat_account")) == 0
        assert owner.scalars(text("SELECT state FROM worker_binding")).all() == ["ended"]
    [row] = made(service.world.west.get("/v1/call-requests"))["items"]
    assert (row["wish"], row["telephone"]) == ("已删除", None)


def test_who_waits_for_another_binding_stays_known(service: Service) -> None:
    """She spoke for somebody who was deleted, and asks to speak for somebody else: her account is not forgotten."""
    body, other = (service.world.bodies.worker(phone=f"1000000008{end}") for end in (6, 7))
    person, _ = (made(service.world.west.post("/v1/workers", json=each)) for each in (body, other))
    mine = service.phone("10000000086")
    mine.log_in()
    mine.verify()
    mine.bind(person, body["id_number"])
    assert mine.bind(other, other["id_number"], speaker="family")["state"]["code"] == "waiting"
    made(service.world.west.post(f"/v1/workers/{person['id']}/erase", json={"reason": "request"}))
    [left] = made(mine.get("/me"))["people"]
    assert left["state"]["code"] == "waiting"


def test_a_slow_wechat_lets_no_two_senders_have_one_message(service: Service) -> None:
    """One sends while the other comes by a minute later: what the first has in hand, and has not reached yet."""
    body = service.world.bodies.worker(phone="10000000084")
    person = made(service.world.west.post("/v1/workers", json=body))
    mine = service.phone("10000000084")
    mine.log_in()
    mine.verify()
    mine.bind(person, body["id_number"])
    for _ in range(4):
        service.fake.tell("consents", openid=mine.openid, template_id="t-new_match", times=2)
        made(mine.post("/subscriptions", {"accepted": ["new_match"]}))
        service.world.application(worker_id=person["id"])
    state = service.app.state
    office = office_of(state.sessions, state.keyring, state.settings)
    service.fake.fault(SEND, wait=0.7, times=8)

    def later() -> int:
        time.sleep(0.3)
        return send_waiting(office, NOON + timedelta(seconds=90))

    assert sum(at_once(lambda: send_waiting(office, NOON), later)) == 4
    assert service.fake.state.calls[SEND] == 4
    assert len(service.fake.state.sent) == 4


def test_a_fetch_that_failed_answers_for_those_behind_it(service: Service, keyring: Keyring) -> None:
    tried: list[bool] = []

    def fetch(force: bool) -> tuple[str, int]:
        tried.append(force)
        time.sleep(0.2)
        raise WeChatError(Kind.LATER)

    row = TokenRow(service.app.state.sessions, keyring, Gate())

    def ask() -> Any:
        with pytest.raises(WeChatError) as caught:
            row.current(fetch)
        return caught.value.kind

    assert set(at_once(*(ask for _ in range(6)))) == {Kind.LATER}
    assert tried == [False]


def test_by_force_only_what_is_not_young(service: Service, keyring: Keyring) -> None:
    asked: list[bool] = []

    def fetch(force: bool) -> tuple[str, int]:
        asked.append(force)
        return ("forced" if force else "same"), 7200

    def row() -> TokenRow:
        return TokenRow(service.app.state.sessions, keyring, Gate())

    assert row().current(fetch) == "same"
    with pytest.raises(WeChatError) as caught:
        row().current(fetch, "same")
    assert (caught.value.kind, asked) == (Kind.LATER, [False, False]), "WeChat gives twenty a day by force"
    with owner_connection(service.owner) as owner:
        owner.execute(text("UPDATE wechat_token SET fetched_at = fetched_at - interval '11 minutes'"))
    assert row().current(fetch, "same") == "forced"
    assert asked == [False, False, False, True]


def test_four_taps_are_one_check_in(service: Service) -> None:
    body = service.world.bodies.worker(phone="10000000088")
    person = made(service.world.west.post("/v1/workers", json=body))
    started = service.world.application(worker_id=person["id"])
    made(service.world.west.post(f"/v1/applications/{started['id']}/start", json={}))
    mine = service.phone("10000000088")
    mine.log_in()
    mine.verify()
    mine.bind(person, body["id_number"])
    answers = at_once(*(lambda: mine.post(f"{mine.mine}/check-ins") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    with owner_connection(service.owner) as owner:
        for table in ("check_in", "contact", "evidence"):
            assert owner.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table


def test_while_wechat_hangs_the_bureau_works(service: Service) -> None:
    """Over real sockets: forty-five telephones wait for WeChat, more than there are threads or connections."""
    phones = [service.phone(f"100000002{number:02}") for number in range(4)]
    for each in phones:
        each.log_in()
    tokens = [each.client.headers["Authorization"] for each in phones]
    service.fake.fault("*", wait=4.5, times=200)
    with served(service.app) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        west = {"Authorization": service.world.west.headers["Authorization"]}
        assert client.get("/v1/me", headers=west).status_code == 200

        def ask(number: int) -> int:
            if number % 2:
                return httpx.post(
                    f"{url}/mp/v1/login", json={"code": f"c-{number}"}, trust_env=False, timeout=60
                ).status_code
            headers = {"Authorization": tokens[number % 4], "Idempotency-Key": f"hang-{number}"}
            body = {"code": f"c-{number}"}
            return httpx.post(
                f"{url}/mp/v1/telephone", json=body, headers=headers, trust_env=False, timeout=60
            ).status_code

        with ThreadPoolExecutor(45) as pool:
            waiting = [pool.submit(ask, number) for number in range(45)]
            time.sleep(0.5)
            began = time.monotonic()
            assert client.get("/v1/workers", headers=west).status_code == 200
            took = time.monotonic() - began
            assert not all(each.done() for each in waiting), "they wait still"
            service.fake.state.faults.clear()
        assert took < 3.5, f"{took:.1f}s: as long as WeChat hangs"
        assert {each.result() for each in waiting} <= {422, 503}


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application over a socket, with one loop and its threads, as it is run."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()
