"""待核对身份: whose word is taken, what waits for somebody to look at it, and whose it is then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from models.record import AuditEvent
from models.sealing import Keyring

from .conftest import Visitor, World, made
from .kiosks import FairDay, Kiosk, holder, secret_of

SessionAs = Callable[[str], Session]


@pytest.fixture
def day(world: World, app: FastAPI, work: Callable[[], int]) -> FairDay:
    return FairDay(world, app, work)


def _waiting(day: FairDay) -> list[dict[str, Any]]:
    rows: Any = made(day.west.get(f"{day.path}/waiting"))
    return list(rows)


def test_a_cards_name_alone_lets_nobody_speak_for_her(
    day: FairDay, world: World, session_as: SessionAs, keyring: Keyring
) -> None:
    """Whoever has a device has the names of all cards; the proof follows from the paper alone."""
    post = day.booth("1")["posts"][0]["vacancy_id"]
    worker, other = world.worker(name="王秀兰")["id"], world.worker()["id"]
    day.invite(worker, other)
    kiosk, session = day.kiosk(), session_as("zhenba")
    her, hers = holder(secret_of(session, keyring, worker)), holder(secret_of(session, keyring, other))
    for told in ({"card": her["card"]}, {"card": her["card"], "proof": hers["proof"]}):
        kiosk.say("check_in", **told)
        kiosk.say("intend", **told, vacancy_id=post, ticket="A01")
    assert (day.board()["arrived"], day.board()["wishes"]) == (0, 0)
    assert day.settle()["waiting"] == 4, "nor afterwards, by itself"
    kiosk.say("check_in", **her)
    assert day.board()["arrived"] == 1
    rows = _waiting(day)
    assert [(row["by_code"], row["invited"]["name"], len(row["said"])) for row in rows] == [
        (True, "王秀兰", 2)
    ] * 2


def test_one_waits_by_a_number_and_is_given_to_a_person(
    day: FairDay, world: World, west: TestClient, visitor: Callable[[str], Visitor], session_as: SessionAs
) -> None:
    post = day.booth("1")["posts"][0]["vacancy_id"]
    worker = world.worker(name="周小梅")["id"]
    kiosk, number = day.kiosk("2号机"), world.bodies.worker()["id_number"]
    kiosk.say("check_in", number=number)
    kiosk.say("intend", number=number, vacancy_id=post, ticket="A01")
    kiosk.say("check_in", number=world.bodies.worker()["id_number"])
    desk = visitor("zhenba")
    assert f'href="/fairs/{day.fair}/waiting">3条待核对身份' in desk.get(f"/fairs/{day.fair}")
    row = _waiting(day)[0]
    assert row["number_masked"] == number[:6] + "*" * 12
    assert [each["ticket"] for each in row["said"]] == [None, "A01"]
    page = desk.get(f"/fairs/{day.fair}/waiting?at={row['id']}&q=周小梅")
    assert number not in page and "2号机" in page and "平车工" in page and "归到周小梅" in page
    shown = desk.post(f"/fairs/{day.fair}/waiting/{row['id']}/number")
    assert number in shown.text
    looked = select(AuditEvent).where(AuditEvent.action == "reveal", AuditEvent.noun == "kiosk_command")
    assert len(session_as("zhenba").exec(looked).all()) == 1
    assert "已归到" in desk.done(f"/fairs/{day.fair}/waiting/{row['id']}/person", worker=worker)
    [visit] = day.visits()
    assert (visit["worker"]["id"], visit["wishes"][0]["ticket"]) == (worker, "A01")
    assert len(_waiting(day)) == 1, "the other visitor is somebody else"
    again = west.post(f"{day.path}/waiting/{row['id']}/attribute", json={"worker_id": worker})
    assert again.status_code == 404
    assert day.settle()["applications"] == 1


def test_a_revoked_invitation_is_for_somebody_to_look_at(
    day: FairDay, world: World, west: TestClient, session_as: SessionAs, keyring: Keyring
) -> None:
    day.booth("1")
    worker = world.worker(name="吴大山")["id"]
    day.invite(worker)
    kiosk, her = day.kiosk(), holder(secret_of(session_as("zhenba"), keyring, worker))
    [item] = made(west.get(f"{day.path}/invitations"))["items"]
    made(west.post(f"{day.path}/invitations/{item['id']}/revoke"))
    kiosk.say("check_in", **her)
    assert day.settle()["waiting"] == 1 and day.board()["arrived"] == 0
    [row] = _waiting(day)
    assert row["invited"]["name"] == "吴大山"
    # Of somebody whose data is only stored nothing is told here, and nothing put under the name.
    session = session_as("zhenba")
    put_away = session.connection().exec_driver_sql
    put_away("UPDATE worker SET restricted = true WHERE id = %s", (worker,))
    session.commit()
    [row] = _waiting(day)
    assert row["invited"] is None
    refused = west.post(f"{day.path}/waiting/{row['id']}/attribute", json={"worker_id": worker})
    assert refused.status_code == 409


def test_an_opened_card_is_on_record(day: FairDay, world: World, session_as: SessionAs) -> None:
    day.booth("1")
    body = world.bodies.worker()
    worker = made(day.west.post("/v1/workers", json=body))["id"]
    day.invite(worker)
    kiosk = day.kiosk()
    found = made(kiosk.client.post("/kiosk/v1/cards/find", json={"number": body["id_number"]}))
    kiosk.say("check_in", card=found["name"], proof=found["proof"])
    assert day.board()["arrived"] == 1
    opened = select(AuditEvent).where(col(AuditEvent.worker_id) == worker, AuditEvent.noun == "fair_card")
    [row] = session_as("zhenba").exec(opened).all()
    assert (row.action, row.account_id) == ("read", None)


def test_what_a_stolen_device_sent_is_not_believed(
    day: FairDay, world: World, west: TestClient, visitor: Callable[[str], Visitor]
) -> None:
    posts = [day.booth(number)["posts"][0]["vacancy_id"] for number in "12"]
    bodies = [world.bodies.worker() for _ in range(2)]
    for body in bodies:
        made(west.post("/v1/workers", json=body))
    stolen, other = day.kiosk("丢的"), day.kiosk("另一台")
    stolen.say("intend", number=bodies[0]["id_number"], vacancy_id=posts[0], ticket="A01")
    other.say("check_in", number=bodies[0]["id_number"])
    stolen.say("intend", number=bodies[1]["id_number"], vacancy_id=posts[0], ticket="A02")
    stolen.say("intend", number=bodies[0]["id_number"], vacancy_id=posts[1], ticket="A03")
    number = stolen.told["device_id"]
    told = {"since": (datetime.now(UTC) - timedelta(hours=1)).isoformat()}
    early = west.post(f"{day.path}/devices/{number}/discard", json=told)
    assert early.status_code == 409, "while it may still send there is no end to it"
    assert day.settle()["applications"] == 3
    desk, since = visitor("zhenba"), datetime.now(UTC) + timedelta(hours=7)  # 北京时间, an hour ago
    page = desk.done(f"/fairs/{day.fair}/devices/{number}/revoke", since=since.strftime("%Y-%m-%dT%H:%M"))
    assert "不再算数" in page
    board = day.board()
    assert (board["arrived"], board["wishes"]) == (1, 0), "who was at another device has come all the same"
    assert [booth["waiting"] for booth in board["booths"]] == [0, 0]
    [visit] = day.visits()
    assert not any(wish["wanted"] for wish in visit["wishes"])
    assert day.settle()["withdrawn"] == 3
    assert "后来说不去了：已撤回" in desk.get(f"/fairs/{day.fair}/visits")
    assert made(west.post(f"{day.path}/devices/{number}/discard", json=told)) == {"commands": 0}


def test_a_device_ends_by_itself_some_days_after_the_fair(day: FairDay, app: FastAPI) -> None:
    kiosk: Kiosk = day.kiosk()

    def answers(days: int) -> int:
        later = datetime(2021, 9, 20, tzinfo=UTC).date() + timedelta(days=days)
        app.state.settings = app.state.settings.model_copy(update={"business_date": later})
        return int(kiosk.client.get("/kiosk/v1/bundle").status_code)

    assert [answers(days) for days in (0, 14, 15)] == [200, 200, 401]
