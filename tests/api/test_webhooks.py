"""消息推送: what happens is told to whose region it is, signed, again until it is taken, and to no internal machine."""

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.webhooks import calling, leaving, sending
from models.base import now

from .conftest import Visitor, World, made
from .receiver import Receiver, receiver, verified
from .test_evidence import problem

__all__ = ["receiver"]
EVENTS = [
    "vacancy.published", "vacancy.closed", "application.changed", "spell.started", "spell.ended", "import.finished",
    "report.frozen",
]  # fmt: skip
Send = Callable[..., int]


@pytest.fixture
def warden(clerk: Callable[[str], TestClient], app: FastAPI) -> TestClient:
    """镇巴's administrator, where loopback may be called."""
    app.state.settings = app.state.settings.model_copy(update={"webhook_networks": ("127.0.0.0/8",)})
    return clerk("warden")


@pytest.fixture
def send(app: FastAPI) -> Send:
    """One look of the sender, some hours ahead."""

    def look(hours: float = 0) -> int:
        state = app.state
        return leaving.send_waiting(
            state.sessions, state.keyring, state.settings, now() + timedelta(hours=hours)
        )

    return look


def hook(warden: TestClient, url: str, **told: Any) -> tuple[int, str]:
    """A new address: its number and its secret."""
    body = {"name": "县平台", "region": "610728", "url": url, "events": EVENTS} | told
    answer = made(warden.post("/v1/webhooks", json=body))
    return int(answer["webhook"]["id"]), str(answer["secret"])


def deliveries(warden: TestClient, number: int, **asked: Any) -> list[dict[str, Any]]:
    return list(made(warden.get(f"/v1/webhooks/{number}/deliveries", params=asked))["items"])


def test_what_happens_is_told_by_number_and_signed(
    warden: TestClient, world: World, west: TestClient, receiver: Receiver, send: Send
) -> None:
    _, secret = hook(warden, receiver.url + "/in?from=wengang")
    person = world.worker(name="不能出去的名字")
    post = world.vacancy()  # the district's own: none of this county's business
    told = {"worker_id": person["id"], "vacancy_id": post["id"]}
    application = made(west.post("/v1/applications", json=told))["id"]
    spell = made(west.post(f"/v1/applications/{application}/start", json={}))["spell_id"]
    over = {"ended_on": "2021-09-20", "leave_reason": "not_asked"}
    made(west.post(f"/v1/spells/{spell}/end", json=over))
    made(west.post("/v1/frozen-reports", json={"kind": "month"}))
    while send():
        pass
    bodies = [json.loads(got.body) for got in receiver.got]
    assert [body["type"] for body in bodies] == [
        "application.changed", "application.changed", "spell.started", "spell.ended", "report.frozen",
    ]  # fmt: skip
    assert [body["data"]["to"] for body in bodies[:2]] == ["proposed", "started"]
    assert bodies[0]["data"]["worker_id"] == person["id"] and bodies[0]["timestamp"].endswith("+08:00")
    assert bodies[3]["data"] == {
        "spell_id": spell, "worker_id": person["id"], "employer_id": post["employer_id"],
    }  # fmt: skip
    assert all(verified(secret, got) for got in receiver.got)
    assert {got.path for got in receiver.got} == {"/in?from=wengang"}
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 5
    everything = b"".join(got.body for got in receiver.got).decode()
    assert not any(word in everything for word in ("不能出去的名字", "1985", "10000000001"))
    altered = receiver.got[0]
    altered.body += b" "
    assert not verified(secret, altered)


def test_each_address_is_told_of_its_own_region_and_of_what_it_asked(
    warden: TestClient, clerk: Callable[[str], TestClient], world: World, receiver: Receiver, send: Send
) -> None:
    one, _ = hook(warden, receiver.url, events=["spell.started"])
    two, _ = hook(clerk("other-warden"), receiver.url, region="610723")
    three, _ = hook(clerk("city-warden"), receiver.url, region="6107", events=["spell.started"])
    east, _ = hook(clerk("east-warden"), receiver.url, region="320612", events=["vacancy.published"])
    world.spell()
    send()
    told = {number: deliveries(clerk("city-warden"), number) for number in (one, two, three)}
    assert {number: [each["event"]["code"] for each in found] for number, found in told.items()} == {
        one: ["spell.started"], two: [], three: ["spell.started"],
    }  # fmt: skip
    found = deliveries(clerk("east-warden"), east)
    assert [each["event"]["code"] for each in found] == ["vacancy.published"]
    assert clerk("other-warden").get(f"/v1/webhooks/{one}").status_code == 404
    assert warden.get(f"/v1/webhooks/{three}").status_code == 404
    assert clerk("zhenba").get("/v1/webhooks").status_code == 403
    problem(warden.post("/v1/webhooks", json={
        "name": "x", "region": "610723", "url": receiver.url, "events": ["spell.started"],
    }), 403, "outside-scope")  # fmt: skip


def test_what_is_not_taken_is_sent_again_after_growing_pauses_under_its_own_number(
    warden: TestClient, world: World, receiver: Receiver, send: Send, connection: Connection
) -> None:
    number, secret = hook(warden, receiver.url, events=["spell.started"])
    world.spell()
    receiver.answers = [500, 429, 302]
    pauses = []
    for hours in (0, 1, 2):
        assert send(hours) == 1
        assert send(0) == 0, "not before its time"
        [waiting] = deliveries(warden, number)
        pauses.append((waiting["state"]["code"], waiting["attempts"], waiting["code"]))
    assert pauses == [("waiting", 1, 500), ("waiting", 2, 429), ("waiting", 3, 302)]
    assert made(warden.get(f"/v1/webhooks/{number}"))["failing_since"] is not None
    assert {got.path for got in receiver.got} == {"/"}, "nobody is followed elsewhere"
    send(9)
    [done] = deliveries(warden, number)
    assert (done["state"]["code"], done["attempts"], done["code"]) == ("delivered", 4, 204)
    assert {got.headers["webhook-id"] for got in receiver.got} == {done["message_id"]}
    assert len({got.body for got in receiver.got}) == 1 and all(verified(secret, got) for got in receiver.got)
    told = made(warden.get(f"/v1/webhooks/{number}"))
    assert (told["failing_since"], told["waiting"]) == (None, 0)
    assert send(24) == 0


def test_who_dies_between_sending_and_noting_sends_the_same_again(
    warden: TestClient, world: World, receiver: Receiver, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, _ = hook(warden, receiver.url, events=["spell.started"])
    world.spell()

    def die(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_note", die)
        send()
    assert deliveries(warden, number)[0]["state"]["code"] == "waiting"
    send(1)
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] and first.body == second.body
    assert deliveries(warden, number)[0]["state"]["code"] == "delivered"


def test_a_slow_receiver_and_none_at_all(
    warden: TestClient,
    world: World,
    receiver: Receiver,
    send: Send,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calling, "WITHIN", 2.0)
    slow, _ = hook(warden, receiver.url, events=["spell.started"])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    away, _ = hook(warden, f"http://127.0.0.1:{closed}/", events=["spell.started"])
    receiver.wait = 4.0
    world.spell()
    world.spell()
    assert send() == 4
    found = [deliveries(warden, number) for number in (slow, away)]
    assert [[each["error"] and each["error"]["code"] for each in each_] for each_ in found] == [
        [None, "timeout"], [None, "connection"],
    ], "who did not take one is not asked the next in the same round"  # fmt: skip


def test_who_says_gone_or_fails_for_days_is_switched_off_and_told(
    warden: TestClient,
    world: World,
    receiver: Receiver,
    send: Send,
    session_as: Callable[[str], Session],
    visitor: Callable[[str], Visitor],
) -> None:
    number, _ = hook(warden, receiver.url, events=["spell.started"])
    world.spell()
    receiver.answers = [410]
    send()
    told = made(warden.get(f"/v1/webhooks/{number}"))
    assert (told["switched_on"], told["given_up"]) == (False, True)
    problem(warden.post(f"/v1/webhooks/{number}/test"), 409, "webhook-off")
    # What it misses meanwhile can be sent later.
    world.spell()
    assert send(1) == 0
    assert [each["error"]["code"] for each in deliveries(warden, number)] == ["off", "answer"]
    headers = {"If-Match": f'"{told["version"]}"'}
    made(warden.patch(f"/v1/webhooks/{number}", json={"switched_on": True}, headers=headers))
    since = {"since": "2021-01-01T00:00:00+08:00", "failed_only": True}
    assert made(warden.post(f"/v1/webhooks/{number}/replay", json=since)) == {"changed": 2}
    receiver.answers = [503]
    send()
    session = session_as("warden")
    session.connection().execute(text("UPDATE webhook SET failing_since = failing_since - interval '4 days'"))
    session.commit()
    receiver.answers = [503]
    send(1)
    assert made(warden.get(f"/v1/webhooks/{number}"))["given_up"] is True
    page = visitor("warden").get(f"/accounts/webhooks/{number}")
    assert "连续三天没有送达" in page and "启用" in page
    send(2)
    assert {each["error"]["code"] for each in deliveries(warden, number)} == {"off"}


def test_a_secret_is_told_once_and_changed_without_a_gap(
    warden: TestClient, receiver: Receiver, send: Send, session_as: Callable[[str], Session]
) -> None:
    number, old = hook(warden, receiver.url)
    assert old.startswith("whsec_") and old not in warden.get(f"/v1/webhooks/{number}").text
    fresh = made(warden.post(f"/v1/webhooks/{number}/secret"))
    assert fresh["secret"] != old and fresh["webhook"]["changing_until"] is not None
    made(warden.post(f"/v1/webhooks/{number}/test"))
    send()
    [got] = receiver.got
    assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert verified(old, got) and verified(fresh["secret"], got)
    session = session_as("warden")
    gone = "UPDATE webhook_secret SET good_until = now() - interval '1 second' WHERE good_until IS NOT NULL"
    session.connection().execute(text(gone))
    session.commit()
    made(warden.post(f"/v1/webhooks/{number}/test"))
    send()
    assert verified(fresh["secret"], receiver.got[1]) and not verified(old, receiver.got[1])
    # A command that is sent again is answered without the secret, and makes no second address.
    body = {"name": "另一个", "url": receiver.url, "events": ["spell.started"]}
    key = {"Idempotency-Key": "once"}
    first = made(warden.post("/v1/webhooks", json=body, headers=key))
    again = made(warden.post("/v1/webhooks", json=body, headers=key))
    assert first["secret"] and again["secret"] is None and first["webhook"] == again["webhook"]


def test_a_message_is_sent_again_by_hand(
    warden: TestClient, world: World, receiver: Receiver, send: Send, connection: Connection
) -> None:
    number, _ = hook(warden, receiver.url, events=["spell.started"])
    other, _ = hook(warden, receiver.url, events=["spell.ended"])
    world.spell()
    send()
    [message] = deliveries(warden, number)
    path = f"deliveries/{message['id']}/replay"
    assert warden.post(f"/v1/webhooks/{other}/{path}").status_code == 404
    assert made(warden.post(f"/v1/webhooks/{number}/{path}")) == {"changed": 1}
    assert made(warden.post(f"/v1/webhooks/{number}/{path}")) == {"changed": 0}, "it waits already"
    send()
    assert [got.headers["webhook-id"] for got in receiver.got] == [message["message_id"]] * 2
    later = {"since": "2199-01-01T00:00:00+08:00"}
    assert made(warden.post(f"/v1/webhooks/{number}/replay", json=later)) == {"changed": 0}
    connection.execute(text("SELECT purge_deliveries(30)"))
    assert len(deliveries(warden, number)) == 1
    assert warden.delete(f"/v1/webhooks/{number}").status_code == 204
    assert warden.get(f"/v1/webhooks/{number}/deliveries").status_code == 404


def test_an_address_that_leads_inside_is_refused(
    warden: TestClient, app: FastAPI, send: Send, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (
        "http://example.org/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://localhost/",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "ftp://example.org/",
        "https://",
        "https://exa mple.org/",
        "https://例子.中国/",
        "https://example.org:99999/",
    ):
        body = {"name": "x", "url": url, "events": ["spell.started"]}
        told = problem(warden.post("/v1/webhooks", json=body), 422, "invalid")
        assert [each["field"] for each in told["errors"]] == ["url"], url
    # Who lies behind a name is looked at when it is called, and the call goes to that very address.
    number, _ = hook(warden, f"https://inside.example:{receiver.port}/", events=["spell.started"])
    plain = socket.getaddrinfo

    def inside(host: Any, *told: Any, **more: Any) -> Any:
        return plain("10.0.0.5" if host == "inside.example" else host, *told, **more)

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    made(warden.post(f"/v1/webhooks/{number}/test"))
    send()
    [message] = deliveries(warden, number)
    assert message["error"]["code"] == "forbidden" and receiver.got == []


def test_rights_are_asked_and_a_key_cannot_say_where_messages_go(
    warden: TestClient, clerk: Callable[[str], TestClient], anonymous: TestClient
) -> None:
    told = {"name": "k", "areas": ["ledger"], "read_only": False, "password": "right-horse-battery"}
    key = made(warden.post("/v1/me/keys", json=told))["key"]
    answer = anonymous.get("/v1/webhooks", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 403


def test_the_administrators_page(
    warden: TestClient, visitor: Callable[[str], Visitor], receiver: Receiver, send: Send
) -> None:
    desk = visitor("warden")
    assert "还没有系统会收到消息" in desk.get("/accounts/webhooks")
    typed = {"name": "县平台", "url": "ftp://x", "region": "610728", "events": ["spell.started"]}
    refused = desk.post("/accounts/webhooks", **typed)
    assert refused.status_code == 422 and 'value="ftp://x"' in refused.text
    answer = desk.post("/accounts/webhooks", **typed | {"url": receiver.url})
    assert answer.status_code == 200 and "whsec_" in answer.text
    [row] = made(warden.get("/v1/webhooks"))["items"]
    path = f"/accounts/webhooks/{row['id']}"
    assert "whsec_" not in desk.get(path)
    desk.done(f"{path}/test")
    send()
    page = desk.get(path)
    assert "测试消息" in page and "已送达" in page and len(receiver.got) == 1
    today = now().date().isoformat()
    desk.done(f"{path}/replay", since=today)
    send()
    assert len(receiver.got) == 2
    version = str(made(warden.get(f"/v1/webhooks/{row['id']}"))["version"])
    desk.done(f"{path}/switch", version=version, on="0")
    assert "已停用" in desk.get(path)
    stale = desk.post(f"{path}/switch", version=version, on="1")
    assert stale.status_code == 412
    assert "whsec_" in desk.post(f"{path}/secret").text
    assert "已删除" in desk.done(f"{path}/delete")
    assert visitor("zhenba").client.get("/accounts/webhooks").status_code == 403
