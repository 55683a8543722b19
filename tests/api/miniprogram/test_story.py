"""From a code of WeChat's to the first day of work, as somebody with a telephone goes it."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from models.application import ApplicationEvent
from models.disclosure import Disclosure
from models.spell import EmploymentSpell

from .conftest import Phone, Someone, made


def test_from_the_code_to_the_first_day(
    world: Any,
    west: TestClient,
    east: TestClient,
    phone: Callable[..., Phone],
    session_as: Callable[[str], Session],
) -> None:
    body = world.bodies.worker(phone="10000000011")
    person = made(west.post("/v1/workers", json=body))
    post = world.vacancy()
    mine = phone("10000000011")
    told = mine.log_in()
    assert told["me"] == {"telephone": None, "people": [], "subscriptions": told["me"]["subscriptions"]}
    assert "session_key" not in str(told)
    early = mine.post("/bindings", {"name": person["name"], "id_number": body["id_number"]})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/telephone-first")
    mine.verify()
    assert mine.bind(person, body["id_number"])["state"]["code"] == "in_force"
    me = made(mine.get("/me"))
    assert me["telephone"] == "100****0011"
    [only] = me["people"]
    assert (only["worker_id"], only["name"], only["speaker"]["code"]) == (person["id"], "测试甲", "self")

    shown = made(mine.get(mine.mine))
    assert (shown["telephone"], shown["id_number"][6:]) == ("100****0011", "*" * 12)
    matches = made(mine.get(f"{mine.mine}/matches"))
    [first] = matches["items"]
    assert first["vacancy"]["id"] == post["id"]
    assert first["reasons"] and all(reason["sentence"] for reason in first["reasons"])
    assert "score" not in first

    found = made(mine.get(f"{mine.mine}/vacancies", q="平车", pay=6000))
    assert [item["id"] for item in found["items"]] == [post["id"]]
    assert made(mine.get(f"{mine.mine}/vacancies", pay=7000))["items"] == []
    applied = made(mine.post(f"{mine.mine}/applications", {"vacancy_id": post["id"]}))
    assert applied["state"]["code"] == "applied"
    number = applied["id"]
    session = session_as("zhenba")
    [disclosed] = session.exec(select(Disclosure).where(Disclosure.application_id == number)).all()
    assert "phone" not in disclosed.fields
    events = session.exec(select(ApplicationEvent).where(ApplicationEvent.application_id == number)).all()
    assert [event.to_state.value for event in events] == ["proposed", "applied"]

    made(east.post(f"/v1/applications/{number}/offer", json={}))
    [offer] = made(mine.get(f"{mine.mine}/applications"))["items"]
    assert offer["may"] == ["withdraw", "accept", "refuse", "start"]
    assert made(mine.post(f"{mine.mine}/applications/{number}/accept"))["state"]["code"] == "accepted"
    ahead = mine.post(f"{mine.mine}/applications/{number}/start", {"started_on": "2021-09-21"})
    assert ahead.status_code == 422
    said = mine.post(f"{mine.mine}/applications/{number}/start", {"started_on": "2021-09-20"})
    assert said.status_code == 202
    assert said.json()["state"]["code"] == "accepted", "a human records the start"
    session.rollback()
    assert session.exec(select(EmploymentSpell)).all() == []
    begun = made(west.post(f"/v1/applications/{number}/start", json={"started_on": "2021-09-20"}))
    [spell] = made(mine.get(f"{mine.mine}/spells"))["items"]
    assert (spell["id"], spell["goes_on"]) == (begun["spell_id"], True)


def test_an_offer_is_refused_with_a_reason_of_ones_own(
    world: Any, east: TestClient, bound: Callable[..., Someone]
) -> None:
    mine = bound().phone
    first = made(mine.post(f"{mine.mine}/applications", {"vacancy_id": world.vacancy()["id"]}))["id"]
    second = made(mine.post(f"{mine.mine}/applications", {"vacancy_id": world.vacancy()["id"]}))["id"]
    made(east.post(f"/v1/applications/{first}/offer", json={}))
    theirs = mine.post(f"{mine.mine}/applications/{first}/refuse", {"reason": "legal"})
    assert theirs.status_code == 422
    refused = made(mine.post(f"{mine.mine}/applications/{first}/refuse", {"reason": "too_far"}))
    assert (refused["state"]["code"], refused["side"]["code"]) == ("refused", "worker")
    taken = made(mine.post(f"{mine.mine}/applications/{second}/withdraw", {"reason": "family"}))
    assert (taken["state"]["code"], taken["may"]) == ("withdrawn", [])
    again = mine.post(f"{mine.mine}/applications/{second}/withdraw", {"reason": "family"})
    assert again.status_code == 409


def test_what_the_bureau_proposed_is_said_yes_to(
    world: Any, west: TestClient, bound: Callable[..., Someone]
) -> None:
    person = bound()
    proposed = world.application(worker_id=person.row["id"])
    mine = person.phone
    told = made(mine.post(f"{mine.mine}/applications", {"vacancy_id": proposed["vacancy_id"]}))
    assert (told["id"], told["state"]["code"]) == (proposed["id"], "applied")
    twice = mine.post(f"{mine.mine}/applications", {"vacancy_id": proposed["vacancy_id"]})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/already-applied")


def test_benefits_and_what_is_missing(
    app: FastAPI, people: Any, phone: Callable[..., Phone], bound: Any
) -> None:
    mine = bound().phone
    items = made(mine.get(f"{mine.mine}/benefits"))["items"]
    assert items
    assert all(item["name"] and item["label"] for item in items)
    waiting = [item for item in items if item["state"] != "eligible"]
    assert waiting and all(item["missing"] for item in waiting)


def test_a_code_for_a_poster(world: Any, west: TestClient, east: TestClient, anonymous: TestClient) -> None:
    post = world.vacancy()
    path = f"/v1/vacancies/{post['id']}/poster-code.png"
    answer = west.get(path)
    assert answer.content.startswith(b"\x89PNG")
    assert answer.headers["content-type"] == "image/png"
    assert anonymous.get(path).status_code == 401
    assert west.get("/v1/vacancies/999999/poster-code.png").status_code == 404
    made(east.post(f"/v1/vacancies/{post['id']}/close"))
    assert west.get(path).json()["type"] == "/problems/not-published"
