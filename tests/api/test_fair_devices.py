"""Devices at a fair: any order of what they send, seats that a plan has for others, and what a device may know."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice, permutations
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, create_engine, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import act_as
from api.fairs.codes import card_name
from api.fairs.envelopes import to_text
from api.security import account_by_username
from api.settings import Settings
from api.worker.working import work_off
from models import security
from models.id_number import demo_id_number
from models.match_plan import MatchPlanPost
from models.sealing import Keyring
from models.worker import Sex

from .conftest import World, client_of, made
from .kiosks import FairDay, Kiosk, card_of, secret_of
from .planned import Planning


@pytest.fixture
def day(world: World, app: FastAPI, work: Callable[[], int]) -> FairDay:
    return FairDay(world, app, work)


def test_whatever_order_two_devices_send_in_it_comes_to_the_same(
    day: FairDay, world: World, connection: Connection, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    posts = [day.booth(number)["posts"][0]["vacancy_id"] for number in "12"]
    worker = world.worker()["id"]
    day.invite(worker)
    name = to_text(card_name(secret_of(session_as("zhenba"), keyring, worker)))
    one, two = day.kiosk("一"), day.kiosk("二")
    two.clock = one.clock  # their clocks agree to the second: the order between them is the keys'
    sent = [
        (one, one.command("check_in", card=name)),
        (two, two.command("intend", card=name, vacancy_id=posts[0], ticket="B01")),
        (one, one.command("intend", card=name, vacancy_id=posts[0], ticket="A01")),
        (two, two.command("withdraw", card=name, vacancy_id=posts[0])),
        (one, one.command("intend", card=name, vacancy_id=posts[1], ticket="A01")),
    ]
    states = set()
    for order in islice(permutations(sent), 0, 120, 11):
        before = connection.begin_nested()
        for device, command in [*order, order[0], order[-1]]:
            assert device.send(command).status_code == 200
        [visit] = day.visits()
        board = day.board()
        states.add(str((visit["arrived_at"], visit["wishes"], board["booths"], board["wishes"])))
        before.rollback()
    assert len(states) == 1


def test_a_card_is_net_of_what_the_plan_has_for_others(
    day: FairDay,
    world: World,
    work: Callable[[], int],
    session_as: Callable[[str], Session],
    keyring: Keyring,
) -> None:
    planning = Planning(world, work, session_as)
    planning.people(3)
    posts = [
        day.booth("1", {"seats": 6, "pay_min": 4500}),
        day.booth("2", {"seats": 6, "pay_min": 5400, "pay_max": 6500}),
    ]
    ids = [booth["posts"][0]["vacancy_id"] for booth in posts]
    guest = planning.people(1)[0]
    day.invite(guest)
    kiosk, session = day.kiosk(), session_as("zhenba")
    secret = secret_of(session, keyring, guest)
    assert [post["vacancy_id"] for post in card_of(kiosk, secret)["posts"]] == [ids[1], ids[0]]
    number = planning.plan(objective="surplus")["id"]
    made(planning.approve(number))
    work()
    session = session_as("zhenba")
    row = session.exec(
        select(MatchPlanPost).where(MatchPlanPost.plan_id == number, MatchPlanPost.vacancy_id == ids[1])
    ).one()
    row.price = 1e6
    session.add(row)
    session.commit()
    made(world.west.post(f"{day.path}/cards"))
    work()
    assert [post["vacancy_id"] for post in card_of(kiosk, secret)["posts"]] == [ids[0], ids[1]]


def test_the_code_of_a_record_that_was_merged_means_the_one_that_stays(
    day: FairDay, world: World, west: TestClient, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    day.booth("1")
    number = world.bodies.worker()["id_number"]
    kept = world.worker(id_number=number, name="同一人")["id"]
    [pair] = made(
        west.post(
            "/v1/workers",
            json={"name": "同一人", "region": "610728", "birth_date": "1985-03-15", "sex": "female"},
        )
    )["possible_duplicates"] or [None]
    if pair is None:
        pytest.fail("the two are not taken for alike")
    gone = next(
        each["id"]
        for each in made(west.get("/v1/workers", params={"q": "同一人"}))["items"]
        if each["id"] != kept
    )
    day.invite(gone)
    kiosk = day.kiosk()
    name = to_text(card_name(secret_of(session_as("zhenba"), keyring, gone)))
    made(west.post(f"/v1/duplicates/{pair}/decide", json={"verdict": "same", "keep": kept}))
    assert kiosk.say("check_in", card=name)["answer"]["code"] == "counted"
    assert kiosk.say("check_in", number=number)["answer"]["code"] == "counted"
    [visit] = day.visits()
    assert visit["worker"]["id"] == kept


def test_a_devices_transaction_sees_its_fair_and_no_person(
    day: FairDay, world: World, connection: Connection
) -> None:
    day.booth("1")
    worker = world.worker()["id"]
    day.invite(worker)
    kiosk = day.kiosk()
    connection.execute(
        text(
            "SELECT set_config('app.regions', '', true), set_config('app.account', '', true),"
            " set_config('app.device', :id, true)"
        ),
        {"id": str(kiosk.told["device_id"])},
    )
    seen = {
        table for table in security.BY_REGION if connection.scalar(text(f'SELECT count(*) FROM "{table}"'))
    }
    assert seen == {"fair", "booth", "booth_post", "kiosk_device"}
    connection.execute(text("SELECT set_config('app.device', '999999', true)"))
    assert connection.scalar(text("SELECT count(*) FROM fair")) == 0


def test_so_many_numbers_an_hour_and_no_more(
    day: FairDay, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.fairs.bundle.LOOKUPS_AN_HOUR", 3)
    kiosk, number = day.kiosk(), world.bodies.worker()["id_number"]
    answers = [
        kiosk.client.post("/kiosk/v1/cards/find", json={"number": number}).status_code for _ in range(5)
    ]
    assert answers == [200, 200, 200, 429, 429]
    assert day.kiosk("另一台").client.post("/kiosk/v1/cards/find", json={"number": number}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"sealed": "A" * 200},
        {"sealed": "-" * 200},
        {"sealed": "x"},
        {"sealed": None},
        {},
        {"sealed": "A" * 5000},
        {"sealed": "A" * 200, "more": 1},
    ],
)
def test_what_is_no_envelope_is_refused_and_keeps_nothing(day: FairDay, body: dict[str, Any]) -> None:
    kiosk = day.kiosk()
    answer = kiosk.client.post("/kiosk/v1/commands", json=body, headers={"Idempotency-Key": "k" * 20})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert day.board()["waiting_for_identity"] == 0


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "intend", "number": "610728196905010020"},
        {"kind": "check_in"},
        {"kind": "check_in", "number": "610728196905010020", "card": "A" * 22},
        {"kind": "check_in", "number": "610728196905010020", "vacancy_id": 1},
        {"kind": "intend", "number": "610728196905010020", "vacancy_id": 2**62, "ticket": "A01"},
        {"kind": "intend", "number": "610728196905010020", "vacancy_id": 1, "ticket": "'; DROP"},
        {"kind": "dance", "number": "610728196905010020"},
        {"kind": "check_in", "number": "610728196905010020", "at": "0001-01-01T00:00:00"},
        {"kind": "check_in", "number": "610728196905010020", "at": "9999-12-31T23:59:59Z"},
    ],
)
def test_what_cannot_be_said_is_refused(day: FairDay, said: dict[str, Any]) -> None:
    kiosk = day.kiosk()
    kind = said.pop("kind")
    answer = kiosk.send(kiosk.command(kind, **said))
    assert answer.status_code == 422, answer.text
    assert "610728196905010020" not in answer.text


def test_an_envelope_of_another_device_or_key_opens_nowhere(day: FairDay) -> None:
    one, two = day.kiosk("一"), day.kiosk("二")
    key, body = one.command("check_in", number="610728196905010020")
    assert two.send((key, body)).status_code == 422
    assert one.send(("another-key-" + "0" * 20, body)).status_code == 422
    assert one.send((key, body)).status_code == 200


def test_cards_are_fetched_once_and_again_when_they_are_made_anew(
    day: FairDay, world: World, west: TestClient, work: Callable[[], int]
) -> None:
    booth = day.booth("1")
    day.invite(world.worker()["id"])
    kiosk = day.kiosk()
    first = kiosk.client.get("/kiosk/v1/cards")
    known = {"If-None-Match": first.headers["etag"]}
    assert kiosk.client.get("/kiosk/v1/cards", headers=known).status_code == 304
    made(west.post(f"{day.path}/booths/{booth['id']}/call"))
    assert kiosk.client.get("/kiosk/v1/cards", headers=known).status_code == 304, (
        "what happens all day is no reason"
    )
    made(west.post(f"{day.path}/cards"))
    work()
    again = kiosk.client.get("/kiosk/v1/cards", headers=known)
    assert again.status_code == 200 and again.json() != first.json()


def test_many_devices_at_once_make_one_visit_and_lose_no_word(
    clone: Callable[[str], Any], keyring: Keyring, settings: Settings
) -> None:
    """Real transactions: four devices, one person, each command three times, all at once."""
    engine = create_engine(clone("fair_at_once").service, pool_size=16)
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    sessions = app.state.sessions
    world = World(client_of(app, sessions, "zhenba"), client_of(app, sessions, "tongzhou"))
    day = FairDay(world, app, lambda: work_off(sessions, keyring, settings))
    posts = [day.booth(number, {"seats": 9})["posts"][0]["vacancy_id"] for number in "1234"]
    number = world.bodies.worker()["id_number"]
    worker = world.worker(id_number=number)["id"]
    day.invite(worker)
    sent = []
    for at, post in enumerate(posts):
        kiosk = day.kiosk(f"{at}号机")
        wish = kiosk.command("intend", number=number, vacancy_id=post, ticket=f"{kiosk.told['letter']}01")
        sent += [(kiosk, kiosk.command("check_in", number=number)), (kiosk, wish)] * 3

    def send(each: tuple[Kiosk, tuple[str, dict[str, str]]]) -> int:
        return int(each[0].send(each[1]).status_code)

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(send, sent))
    assert answers == [200] * 24
    [visit] = day.visits()
    assert sorted(wish["vacancy_id"] for wish in visit["wishes"]) == posts
    assert all(wish["wanted"] and wish["ticket"] for wish in visit["wishes"])
    with sessions() as session, session.begin():
        act_as(session, account_by_username(session, "zhenba") or 0)
        assert session.connection().scalar(text("SELECT count(*) FROM kiosk_command")) == 8
    engine.dispose()


def test_after_the_fair_no_card_is_given_and_what_was_said_still_comes_in(
    day: FairDay, world: World, app: FastAPI
) -> None:
    number = demo_id_number(date(1969, 5, 1), 9, Sex.FEMALE)
    day.booth("1")
    day.invite(world.worker(id_number=number)["id"])
    kiosk = day.kiosk()

    def given() -> tuple[int, bool]:
        found = kiosk.client.post("/kiosk/v1/cards/find", json={"number": number})
        return len(kiosk.bundle()["cards"]), made(found)["found"]

    assert given() == (1, True)
    said = kiosk.command("check_in", number=number)
    app.state.settings = app.state.settings.model_copy(update={"business_date": date(2021, 9, 21)})
    assert given() == (0, False), "a device that was forgotten somewhere gives nobody away"
    assert kiosk.send(said).status_code == 200
    assert len(day.visits()) == 1
