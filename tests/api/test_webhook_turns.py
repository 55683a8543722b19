"""Webhooks: whose turn it is where one does not answer, and what is told of work that was recorded wrongly."""

import json
import socket

from sqlalchemy import Connection, text
from starlette.testclient import TestClient

from .conftest import World, made
from .receiver import Receiver, receiver
from .test_webhooks import Send, deliveries, hook, send, warden

__all__ = ["receiver", "send", "warden"]


def test_one_that_hangs_keeps_no_other_waiting(
    warden: TestClient,
    world: World,
    receiver: Receiver,
    send: Send,
    connection: Connection,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    away, _ = hook(warden, f"http://127.0.0.1:{closed}/", events=["spell.started"])
    there, _ = hook(warden, receiver.url, events=["spell.started"])
    for _ in range(7):
        world.spell()
    assert send() == 10, "of each receiver a few"
    assert len(receiver.got) == 5
    assert send() == 2, "and the rest of who takes them; the other is not asked again before its time"
    assert len(receiver.got) == 7
    assert sum(each["attempts"] for each in deliveries(warden, away)) == 1
    world.spell()
    assert send() == 1, "nor for what happens meanwhile"
    assert [each["state"]["code"] for each in deliveries(warden, there)] == ["delivered"] * 8
    busy = connection.execute(
        text(
            "SELECT count(*) FROM take_messages('{webhook}', 20, now() + interval '1 hour', ARRAY[:away]::bigint[])"
        ),
        {"away": away},
    ).scalar_one()
    assert busy == 0, "none while it is spoken to"


def test_what_was_corrected_and_voided_is_told_as_that(
    warden: TestClient, world: World, west: TestClient, receiver: Receiver, send: Send
) -> None:
    wanted = ["spell.started", "spell.ended", "spell.corrected", "spell.voided"]
    hook(warden, receiver.url, events=wanted)
    told = {"worker_id": world.worker()["id"], "vacancy_id": world.vacancy(valid_from="2021-08-01")["id"]}
    application = made(west.post("/v1/applications", json=told))["id"]
    begun = {"started_on": "2021-09-10"}
    spell = made(west.post(f"/v1/applications/{application}/start", json=begun))["spell_id"]
    body = {"started_on": "2021-09-11", "reason": "登记错了日期"}
    fresh = made(west.post(f"/v1/spells/{spell}/correct", json=body))["id"]
    made(west.post(f"/v1/spells/{fresh}/void", json={"reason": "mistaken"}))
    while send():
        pass
    bodies = [json.loads(got.body) for got in receiver.got]
    assert [each["type"] for each in bodies] == ["spell.started", "spell.corrected", "spell.voided"]
    assert (bodies[1]["data"]["spell_id"], bodies[1]["data"]["instead_of"]) == (fresh, spell)
    assert bodies[2]["data"]["spell_id"] == fresh
