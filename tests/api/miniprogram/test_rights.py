"""What the person says of the use of her data is followed at this door as at any."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.dispatch import DispatchMember
from models.ranking import RankingItem
from models.worker import Worker

from .conftest import Someone, made


def test_the_switch_turns_scores_off(
    world: Any, bound: Callable[..., Someone], session_as: Callable[[str], Session]
) -> None:
    world.vacancy(), world.vacancy()
    person = bound()
    mine = person.phone
    assert made(mine.get(f"{mine.mine}/matches"))["ranked"] is True
    said = made(mine.post(f"{mine.mine}/consents/ranking/withdraw"))
    assert (said["means"]["code"], said["speaker"]["code"]) == ("wechat", "self")
    matches = made(mine.get(f"{mine.mine}/matches"))
    assert (matches["ranked"], matches["switched_off"], len(matches["items"])) == (False, True, 2)
    kept = session_as("zhenba").exec(
        select(RankingItem.score).where(RankingItem.worker_id == person.row["id"])
    )
    assert sorted(score is None for score in kept) == [False, False, True, True], "none was computed"
    made(mine.post(f"{mine.mine}/consents/ranking"))
    assert made(mine.get(f"{mine.mine}/matches"))["ranked"] is True


def test_no_to_the_service_stores_only_and_can_be_taken_back(
    world: Any, west: TestClient, bound: Callable[..., Someone], session_as: Callable[[str], Session]
) -> None:
    person = bound()
    mine = person.phone
    application = made(mine.post(f"{mine.mine}/applications", {"vacancy_id": world.vacancy()["id"]}))
    batch = made(
        west.post("/v1/dispatches", json={"region": "610728", "name": "第一批", "departs_on": "2021-09-25"})
    )["id"]
    made(west.post(f"/v1/dispatches/{batch}/members", json={"worker_ids": [person.row["id"]]}))
    made(mine.post(f"{mine.mine}/consents/service/withdraw"))
    session = session_as("zhenba")
    assert session.get_one(Worker, person.row["id"]).restricted
    assert session.exec(select(DispatchMember)).all() == [], "off the list that has not left"
    [row] = made(mine.get(f"{mine.mine}/applications"))["items"]
    assert (row["id"], row["state"]["code"]) == (application["id"], "withdrawn")
    for path in ("/matches", "/vacancies", "/benefits"):
        answer = mine.get(f"{mine.mine}{path}")
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/restricted"), path
    assert mine.post(f"{mine.mine}/applications", {"vacancy_id": 1}).status_code == 409
    assert made(mine.get(mine.mine))["restricted"] is True
    made(mine.post(f"{mine.mine}/consents/service"))
    assert made(mine.get(f"{mine.mine}/matches"))["items"]


def test_no_to_employers_ends_what_is_under_way(world: Any, bound: Callable[..., Someone]) -> None:
    mine = bound().phone
    post = world.vacancy()
    made(mine.post(f"{mine.mine}/applications", {"vacancy_id": post["id"]}))
    made(mine.post(f"{mine.mine}/consents/employer/withdraw", {"employer_id": post["employer_id"]}))
    [row] = made(mine.get(f"{mine.mine}/applications"))["items"]
    assert row["state"]["code"] == "withdrawn"
    again = mine.post(f"{mine.mine}/applications", {"vacancy_id": post["id"]})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/consent-withdrawn")


def test_the_same_key_is_the_same_command_for_ever(world: Any, bound: Callable[..., Someone]) -> None:
    mine = bound().phone
    post, other = world.vacancy()["id"], world.vacancy()["id"]
    first = mine.post(f"{mine.mine}/applications", {"vacancy_id": post}, key="once")
    again = mine.post(f"{mine.mine}/applications", {"vacancy_id": post}, key="once")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    different = mine.post(f"{mine.mine}/applications", {"vacancy_id": other}, key="once")
    assert (different.status_code, different.json()["type"]) == (422, "/problems/key-used")
    bare = mine.client.post(f"/mp/v1{mine.mine}/applications", json={"vacancy_id": other})
    assert bare.status_code == 422, "at this door a command has a key"
    assert len(made(mine.get(f"{mine.mine}/applications"))["items"]) == 1
