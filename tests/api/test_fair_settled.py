"""After the fair: people whose records were merged, wishes taken back late, queues called again, and clocks that were wrong."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from models.sealing import Keyring

from .conftest import Visitor, World, made
from .kiosks import FairDay, card_of, holder, secret_of


@pytest.fixture
def day(world: World, app: FastAPI, work: Callable[[], int]) -> FairDay:
    return FairDay(world, app, work)


def test_who_was_merged_between_the_fair_and_its_end_keeps_the_wishes_and_counts_once(
    day: FairDay, world: World, west: TestClient
) -> None:
    posts = [day.booth(number)["posts"][0]["vacancy_id"] for number in "12"]
    bodies = [world.bodies.worker() for _ in range(2)]
    gone, kept = (made(west.post("/v1/workers", json=body))["id"] for body in bodies)
    kiosk = day.kiosk()
    for at, body in enumerate(bodies):
        kiosk.say("intend", number=body["id_number"], vacancy_id=posts[at], ticket=f"A0{at + 1}")
    made(west.post("/v1/merges", json={"kept_id": kept, "merged_id": gone}))
    assert (day.board()["arrived"], day.board()["with_wish"]) == (1, 1)
    result = day.settle()
    assert (result["applications"], result["not_carried_over"]) == (2, 0)
    applications = made(west.get("/v1/applications", params={"worker_id": kept}))["items"]
    assert {each["vacancy_id"] for each in applications} == set(posts)
    fair = made(west.get(day.path))
    assert (fair["attended"], fair["agreed"]) == (1, 1)


def test_a_word_that_comes_after_the_end_takes_the_application_back(
    day: FairDay, world: World, west: TestClient
) -> None:
    posts = [day.booth(number)["posts"][0]["vacancy_id"] for number in "12"]
    body = world.bodies.worker()
    made(west.post("/v1/workers", json=body))
    kiosk, number = day.kiosk(), body["id_number"]
    for at, post in enumerate(posts):
        kiosk.say("intend", number=number, vacancy_id=post, ticket=f"A0{at + 1}")
    day.settle()
    wishes = {wish["vacancy_id"]: wish for wish in day.visits()[0]["wishes"]}
    made(world.east.post(f"/v1/applications/{wishes[posts[1]]['application_id']}/offer"))
    for post in posts:
        kiosk.say("withdraw", number=number, vacancy_id=post)
    result = day.settle()
    assert (result["withdrawn"], result["applications"]) == (1, 0)
    states = {wish["vacancy_id"]: wish["state"]["code"] for wish in day.visits()[0]["wishes"]}
    assert states == {posts[0]: "withdrawn", posts[1]: "offered"}, "what was answered is for people to settle"
    assert day.settle()["withdrawn"] == 0


def test_who_was_called_and_comes_again_waits_anew_and_anybody_is_called_twice(
    day: FairDay, world: World, west: TestClient, visitor: Callable[[str], Visitor]
) -> None:
    booth = day.booth("1")
    post, path = booth["posts"][0]["vacancy_id"], f"{day.path}/booths/{booth['id']}"
    bodies = [world.bodies.worker() for _ in range(2)]
    for body in bodies:
        made(west.post("/v1/workers", json=body))
    kiosk = day.kiosk()
    kiosk.now()
    for at, body in enumerate(bodies):
        kiosk.say("intend", number=body["id_number"], vacancy_id=post, ticket=f"A0{at + 1}")
    called = [made(west.post(f"{path}/call"))["ticket"] for _ in range(2)]
    assert called == ["A01", "A02"]
    desk = visitor("zhenba")
    page = desk.done(f"/fairs/{day.fair}/booths/{booth['id']}/call-again", ticket="A01")
    assert "再叫一次" in page and day.board()["booths"][0]["last_called"] == "A01"
    assert desk.post(f"/fairs/{day.fair}/booths/{booth['id']}/call-again", ticket="A09").status_code == 404
    # She gives her place up and takes another: by then she was called for the old one.
    kiosk.clock = datetime.now(UTC)
    kiosk.say("withdraw", number=bodies[0]["id_number"], vacancy_id=post)
    kiosk.say("intend", number=bodies[0]["id_number"], vacancy_id=post, ticket="A03")
    assert day.board()["booths"][0]["next_ticket"] == "A03"
    assert made(west.post(f"{path}/call")) == {"ticket": "A03"}


def test_only_what_a_page_offers_is_done_to_a_booth(day: FairDay, visitor: Callable[[str], Visitor]) -> None:
    booth = day.booth("1")
    desk = visitor("zhenba")
    assert desk.post(f"/fairs/{day.fair}/booths/{booth['id']}/anything").status_code in (404, 422)
    assert len(day.board()["booths"]) == 1
    page = desk.get(f"/fairs/{day.fair}")
    assert "确认撤展位" in page
    desk.done(f"/fairs/{day.fair}/booths/{booth['id']}/withdraw")
    assert day.board()["booths"] == []


def test_a_wrong_clock_loses_nothing(day: FairDay, world: World, west: TestClient) -> None:
    post = day.booth("1")["posts"][0]["vacancy_id"]
    bodies = [world.bodies.worker() for _ in range(3)]
    for body in bodies:
        made(west.post("/v1/workers", json=body))
    kiosk = day.kiosk()
    for body, at in zip(bodies, (1970, 2099, 9999), strict=True):
        told = datetime(at, 1, 1, tzinfo=UTC).isoformat()
        kiosk.say("intend", number=body["id_number"], vacancy_id=post, ticket=kiosk.ticket(), at=told)
    arrived = sorted(visit["arrived_at"] for visit in day.visits())
    assert arrived[0] == "2021-09-20T00:00:00+08:00"
    assert all(datetime.fromisoformat(each) <= datetime.now(UTC) for each in arrived)


def test_wishes_that_wait_for_the_end_are_on_todays_list(
    day: FairDay, world: World, west: TestClient, visitor: Callable[[str], Visitor], app: FastAPI
) -> None:
    posts = [day.booth(number)["posts"][0]["vacancy_id"] for number in "12"]
    body = world.bodies.worker()
    made(west.post("/v1/workers", json=body))
    kiosk = day.kiosk()
    for at, post in enumerate(posts):
        kiosk.say("intend", number=body["id_number"], vacancy_id=post, ticket=f"A0{at + 1}")
    desk = visitor("zhenba")
    assert "个意向等会后处理" not in desk.get("/today"), "the fair goes on"
    app.state.settings = app.state.settings.model_copy(update={"business_date": date(2021, 9, 21)})
    page = desk.get("/today")
    assert "个意向等会后处理" in page and f"/fairs/{day.fair}#after" in page
    day.settle()
    assert "个意向等会后处理" not in desk.get("/today")


def test_a_booth_that_comes_or_goes_is_on_the_cards(
    day: FairDay, world: World, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    day.booth("1")
    worker = world.worker()["id"]
    day.invite(worker)
    kiosk, secret = day.kiosk(), secret_of(session_as("zhenba"), keyring, worker)

    def shown() -> list[str]:
        day.work()
        return sorted(post["booth"] for post in card_of(kiosk, secret)["posts"])

    assert shown() == ["1"]
    booth = day.booth("2")
    day.booth("3")
    assert day.work() == 1, "one making for both"
    assert shown() == ["1", "2", "3"]
    made(day.west.post(f"{day.path}/booths/{booth['id']}/withdraw"))
    assert shown() == ["1", "3"]


def test_by_township_everybody_is_asked_who_is_not_asked_to_this_fair(
    day: FairDay, world: World, app: FastAPI, work: Callable[[], int], visitor: Callable[[str], Visitor]
) -> None:
    worker = world.worker(name="吴大山")["id"]
    day.invite(worker)
    other = FairDay(world, app, work)
    # A leap day, on which nobody was born sixteen years before.
    leap = date(2024, 2, 29)
    app.state.settings = app.state.settings.model_copy(update={"business_date": leap})
    made(other.west.patch(other.path, json={"held_on": "2024-03-01"}, headers={"If-Match": _version(other)}))
    desk = visitor("zhenba")
    assert "吴大山" in desk.done(f"/fairs/{other.fair}/invitations", region="610728001")
    again = desk.post(f"/fairs/{other.fair}/invitations", region="610728001")
    assert again.status_code == 422 and "没有还没邀请的" in again.text


def _version(day: FairDay) -> str:
    told: Any = day.west.get(day.path).headers["etag"]
    return str(told)


def test_a_card_tells_of_posts_and_not_of_the_person(
    day: FairDay, world: World, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    for number in "123":
        day.booth(number, {"lodging": True, "required_skills": ["焊工"]})
    worker = world.worker(speaks_mandarin=False, experience_months=0, skills={})["id"]
    day.invite(worker)
    card = card_of(day.kiosk(), secret_of(session_as("zhenba"), keyring, worker))
    lines = [line for post in card["posts"] for line in (*post["why"], *post["mind"])]
    assert lines
    for words in ("普通话", "经验", "技能", "上一份工作"):
        assert not any(words in line for line in lines), words


def test_whose_code_was_read_is_told_by_the_proof_of_a_merged_record_too(
    day: FairDay, world: World, west: TestClient, session_as: Callable[[str], Session], keyring: Keyring
) -> None:
    day.booth("1")
    gone, kept = world.worker()["id"], world.worker()["id"]
    day.invite(gone)
    her = holder(secret_of(session_as("zhenba"), keyring, gone))
    made(west.post("/v1/merges", json={"kept_id": kept, "merged_id": gone}))
    day.kiosk().say("check_in", **her)
    assert [visit["worker"]["id"] for visit in day.visits()] == [kept]
    board = day.board()
    assert (board["invited"], board["arrived_invited"]) == (1, 1)
