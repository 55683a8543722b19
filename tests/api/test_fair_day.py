"""A fair's day from the invitation to the applications: booths, cards, devices, queues, and what becomes of it."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from api.fairs.codes import card_name
from api.fairs.envelopes import to_text
from models.sealing import Keyring

from .conftest import World, made
from .kiosks import FairDay, card_of, secret_of
from .test_consents import say


@pytest.fixture
def day(world: World, app: FastAPI, work: Callable[[], int]) -> FairDay:
    return FairDay(world, app, work)


def test_a_woman_at_a_fair(
    day: FairDay, world: World, west: TestClient, keyring: Keyring, session_as: Callable[[str], Session]
) -> None:
    """Invited, greeted by surname, two wishes with a queue place each, called, settled, and followed up."""
    booths = [
        day.booth(str(number), {"title": "平车工", "lodging": True}, {"title": "包装工", "lodging": True})
        for number in range(1, 5)
    ]
    worker = world.worker(name="王秀兰", id_number=None, sex="female", birth_date="1969-05-01")["id"]
    other = world.worker(name="李建国")["id"]
    day.invite(worker, other)
    kiosk = day.kiosk()

    session = session_as("zhenba")
    secret = secret_of(session, keyring, worker)
    card = card_of(kiosk, secret)
    assert card["greeting"] == "王女士"
    assert card["ranked"] is True
    assert len(card["posts"]) == 6
    first = card["posts"][0]
    assert first["pay"] == "4500—6500元/月"
    assert first["lodging"] == "包住" and first["place"].endswith("通州区")
    assert first["why"] and first["booth"] in {"1", "2", "3", "4"}
    assert card["ruby"]["王女士"] == "wáng nǚ shì"
    # Of what others could read nothing says who holds a card.
    held = "".join(kiosk.client.get(f"/kiosk/v1/{what}").text for what in ("bundle", "cards"))
    assert "王" not in held and "秀兰" not in held

    name = to_text(card_name(secret))
    one, two = (
        card["posts"][0],
        next(p for p in card["posts"] if p["booth_id"] != card["posts"][0]["booth_id"]),
    )
    assert kiosk.say("check_in", card=name)["answer"]["code"] == "counted"
    kiosk.say("intend", card=name, vacancy_id=one["vacancy_id"], ticket="A01")
    kiosk.say("intend", card=name, vacancy_id=two["vacancy_id"], ticket="A02")

    board = day.board()
    assert (board["invited"], board["arrived"], board["with_wish"], board["wishes"]) == (2, 1, 1, 2)
    queue = {booth["id"]: booth for booth in board["booths"]}
    assert queue[one["booth_id"]]["next_ticket"] == "A01"
    assert queue[two["booth_id"]]["waiting"] == 1
    assert "王" not in str(board)
    called = made(west.post(f"{day.path}/booths/{one['booth_id']}/call"))
    assert called == {"ticket": "A01"}
    assert made(west.post(f"{day.path}/booths/{one['booth_id']}/call")) == {"ticket": None}

    result = day.settle()
    assert (result["applications"], result["waiting"]) == (2, 0)
    [visit] = day.visits()
    assert {wish["state"]["code"] for wish in visit["wishes"]} == {"applied"}
    assert visit["due_on"] == "2021-09-23"
    told: Any = made(west.get(f"/v1/workers/{worker}/disclosures"))
    assert len(told) == 2, "employers are told through the one place that writes it down"
    fair = made(west.get(day.path))
    assert (fair["attended"], fair["agreed"], fair["employers"]) == (1, 1, len(booths))
    # The second time there is nothing left to do, and nothing twice.
    assert day.settle()["applications"] == 0


def test_a_command_is_carried_out_once_and_its_key_is_kept(
    day: FairDay, world: World, session_as: Any, keyring: Keyring
) -> None:
    day.booth("1")
    worker = world.worker()["id"]
    day.invite(worker)
    kiosk = day.kiosk()
    name = to_text(card_name(secret_of(session_as("zhenba"), keyring, worker)))
    command = kiosk.command("check_in", card=name)
    first, again = kiosk.send(command), kiosk.send(command)
    assert first.status_code == again.status_code == 200, first.text
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    other = kiosk.send((command[0], kiosk.command("check_in", card=name, key=command[0])[1]))
    assert other.status_code == 422 and other.json()["type"] == "/problems/key-used"
    without = kiosk.client.post("/kiosk/v1/commands", json=command[1])
    assert without.status_code == 422
    assert day.board()["arrived"] == 1


def test_an_id_number_finds_the_invitation_and_one_nobody_has_waits(
    day: FairDay, world: World, west: TestClient
) -> None:
    day.booth("1")
    body = world.bodies.worker(name="欧阳春花")
    worker = made(west.post("/v1/workers", json=body))["id"]
    day.invite(worker)
    kiosk = day.kiosk()
    found = made(kiosk.client.post("/kiosk/v1/cards/find", json={"number": body["id_number"]}))
    assert found["found"] and found["card"]["greeting"] == "欧阳女士"
    stranger = world.bodies.worker()
    assert made(kiosk.client.post("/kiosk/v1/cards/find", json={"number": stranger["id_number"]})) == {
        "found": False, "name": None, "card": None,
    }  # fmt: skip
    post = kiosk.bundle()["posts"][0]["vacancy_id"]
    assert kiosk.say("check_in", number=stranger["id_number"])["answer"]["code"] == "waiting"
    kiosk.say("intend", number=stranger["id_number"], vacancy_id=post, ticket="A01")
    assert day.board()["waiting_for_identity"] == 2
    assert day.settle()["waiting"] == 2
    made(west.post("/v1/workers", json=stranger))
    result = day.settle()
    assert (result["waiting"], result["applications"]) == (0, 1)
    assert day.board()["arrived"] == 1


def test_a_device_is_bound_to_one_fair_and_revoked_at_once(
    day: FairDay, world: World, west: TestClient, app: FastAPI
) -> None:
    day.booth("1")
    told = made(west.post(f"{day.path}/devices", json={"name": "入口"}))
    client = TestClient(app, follow_redirects=False)
    made(client.post("/kiosk/v1/enrol", json={"code": told["code"]}))
    assert client.post("/kiosk/v1/enrol", json={"code": told["code"]}).status_code == 410, "a code works once"
    kiosk = day.kiosk("2号机")
    assert kiosk.told["letter"] == "B"
    for path in ("/v1/workers", "/v1/fairs", "/v1/me"):
        assert kiosk.client.get(path).status_code == 401, "no account has a device's token"
    made(west.post(f"{day.path}/devices/{kiosk.told['device_id']}/revoke"))
    for answer in (
        kiosk.client.get("/kiosk/v1/bundle"),
        kiosk.send(kiosk.command("check_in", number="610728196905010020")),
        kiosk.client.post("/kiosk/v1/cards/find", json={"number": "610728196905010020"}),
    ):
        assert answer.status_code == 401
        assert answer.json()["type"] == "/problems/device-unknown"
    clerk = west.headers["Authorization"]
    assert client.get("/kiosk/v1/bundle", headers={"Authorization": clerk}).status_code == 401


def test_who_is_put_away_or_uninvited_has_no_card(
    day: FairDay, world: World, west: TestClient, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    day.booth("1")
    people = [world.worker()["id"] for _ in range(3)]
    day.invite(*people)
    kiosk = day.kiosk()
    assert len(kiosk.bundle()["cards"]) == 3
    items = made(west.get(f"{day.path}/invitations"))["items"]
    made(west.post(f"{day.path}/invitations/{items[0]['id']}/revoke"))
    assert say(west, people[1], "service", no=True).is_success
    assert [card["name"] for card in kiosk.bundle()["cards"]] == [
        to_text(card_name(secret_of(session_as("zhenba"), keyring, people[2])))
    ]
    left = to_text(card_name(secret_of(session_as("zhenba"), keyring, people[1])))
    assert kiosk.say("check_in", card=left)["answer"]["code"] == "waiting"


def test_who_does_not_want_to_be_ranked_gets_an_unranked_card(
    day: FairDay, world: World, west: TestClient, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    for number in "123":
        day.booth(number)
    worker = world.worker()["id"]
    day.invite(worker)
    assert len(day.kiosk("先").bundle()["cards"]) == 1
    assert say(west, worker, "ranking", no=True).is_success
    assert day.kiosk("后").bundle()["cards"] == [], "what was ranked of her is forgotten at once"
    made(west.post(f"{day.path}/cards"))
    day.work()
    card = card_of(day.kiosk(), secret_of(session_as("zhenba"), keyring, worker))
    assert card["ranked"] is False
    assert [post["booth"] for post in card["posts"]] == ["1", "2", "3"]
    assert all(post["why"] == [] for post in card["posts"])


def test_counts_below_three_are_not_told(
    day: FairDay, world: World, west: TestClient, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    booth = day.booth("1", {"seats": 50})
    post = booth["posts"][0]["vacancy_id"]

    def card() -> dict[str, Any]:
        day.west.post(f"{day.path}/cards")
        day.work()
        return card_of(kiosk, secret)["posts"][0]

    worker = world.worker()["id"]
    day.invite(worker)
    kiosk, secret = day.kiosk(), secret_of(session_as("zhenba"), keyring, worker)
    for at_work in range(1, 4):
        told = {"worker_id": world.worker()["id"], "vacancy_id": post}
        application = made(west.post("/v1/applications", json=told))
        made(west.post(f"/v1/applications/{application['id']}/start", json={}))
        shown = card()
        assert shown["from_home"] == ("您那个乡镇有3人在这里上班" if at_work == 3 else "")
        assert not any("人在这里上班" in why for why in shown["why"])


def test_queues_are_kept_even_among_posts_that_are_as_good(
    day: FairDay, world: World, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    """Eight alike people, four booths with the same post: no booth is first on more cards than it must be."""
    for number in "1234":
        day.booth(number, {"seats": 10})
    people = [world.worker()["id"] for _ in range(8)]
    day.invite(*people)
    kiosk, session = day.kiosk(), session_as("zhenba")
    firsts = [card_of(kiosk, secret_of(session, keyring, each))["posts"][0]["booth"] for each in people]
    counted = {booth: firsts.count(booth) for booth in "1234"}
    assert set(counted.values()) <= {1, 2, 3}, "by scores alone the first booth would be first on all eight"


def test_who_refuses_an_employer_is_told_of_to_nobody_and_the_visit_says_why(
    day: FairDay, world: World, west: TestClient
) -> None:
    booths = [day.booth(number) for number in "123"]
    posts = [booth["posts"][0]["vacancy_id"] for booth in booths]
    body = world.bodies.worker()
    worker = made(west.post("/v1/workers", json=body))["id"]
    already = made(west.post("/v1/applications", json={"worker_id": worker, "vacancy_id": posts[2]}))
    kiosk = day.kiosk()
    for at, post in enumerate(posts):
        kiosk.say("intend", number=body["id_number"], vacancy_id=post, ticket=f"A0{at + 1}")
    assert say(west, worker, "employer", no=True, employer_id=booths[0]["employer_id"]).is_success
    made(world.east.post(f"/v1/vacancies/{posts[1]}/close"))
    result = day.settle()
    assert (result["applications"], result["not_carried_over"]) == (1, 2)
    [visit] = day.visits()
    outcome = {wish["vacancy_id"]: wish for wish in visit["wishes"]}
    assert outcome[posts[0]]["not_carried_over"]["code"] == "refused"
    assert outcome[posts[1]]["not_carried_over"]["code"] == "closed"
    # What the bureau had proposed goes on instead of a second one.
    assert outcome[posts[2]]["application_id"] == already["id"]
    assert outcome[posts[2]]["state"]["code"] == "applied"
    told = made(west.get(f"/v1/workers/{worker}/disclosures"))
    assert [
        each["employer"]["id"] if isinstance(each.get("employer"), dict) else each["employer_id"]
        for each in told
    ] == [booths[2]["employer_id"]]
