"""What is told to whom: every kind of message, anew when it has changed, of whom it is, and never twice."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError
from starlette.testclient import TestClient

from api.messages import sending, sms
from api.settings import Settings
from models.id_number import demo_id_number
from models.worker import Sex

from ..stand_in import Fake
from .conftest import Phone, Someone, made
from .test_messages import SEND, Sender, notices, send, subscribe

__all__ = ["send"]
SMS = {"new_match": {"id": "SMS_1", "values": ["post"]}}


def left(phone: Phone, kind: str = "new_match") -> int:
    """How many agreements to messages of a kind are unspent."""
    found = {each["kind"]["code"]: each["left"] for each in made(phone.get("/me"))["subscriptions"]}
    return int(found[kind])


def by_sms(app: FastAPI, fake: Fake) -> None:
    """A county with a gateway."""
    told = {"sms_url": f"{fake.url}/sms", "sms_key": SecretStr("k"), "sms_templates": SMS}
    app.state.settings = app.state.settings.model_copy(update=told)


def test_an_interview(
    world: Any, east: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    subscribe(person.phone, fake, "interview")
    application = world.application(worker_id=person.row["id"])
    send()
    made(east.post(f"/v1/applications/{application['id']}/shortlist"))
    assert send() == 1
    [told] = fake.state.sent
    assert told["template_id"] == "t-interview"
    assert {name: each["value"] for name, each in told["data"].items()} == {
        "thing1": "平车工",
        "thing2": "测试家纺有限公司",
        "phrase3": "已入围",
    }


def test_a_benefit_that_was_paid(people: Any, phone: Callable[..., Phone], fake: Fake, send: Sender) -> None:
    number = demo_id_number(date(1985, 3, 15), 300_065, Sex.FEMALE)
    worker = people.worker(name="测试补", phone="10000000065", id_number=number)
    mine = phone("10000000065")
    mine.log_in()
    mine.verify()
    assert mine.bind({"name": "测试补"}, number)["worker_id"] == worker
    subscribe(mine, fake, "benefit_paid")
    people.paid(people.claimed(worker))
    assert send() == 1
    [told] = fake.state.sent
    data = {name: each["value"] for name, each in told["data"].items()}
    assert (data["amount2"], data["date3"]) == ("500.00元", "2021年9月20日")
    assert data["thing1"].startswith("外出务工交通补助")
    assert send() == 0


def test_somebody_elses_wechat_says_of_whom_and_she_is_told_herself(
    world: Any,
    west: TestClient,
    bound: Callable[..., Someone],
    speaks: Callable[..., Phone],
    fake: Fake,
    send: Sender,
) -> None:
    person = bound(name="测试母")
    daughter = speaks(person)
    subscribe(daughter, fake, "new_match")
    world.application(worker_id=person.row["id"])
    assert send() == 1
    [told] = fake.state.sent
    assert told["touser"] == daughter.openid and "测试母" not in str(told)
    number = int(told["page"].partition("notice=")[2])
    seen = made(daughter.get(f"/notices/{number}"))
    assert (seen["worker_id"], seen["name"], seen["kind"]["code"]) == (
        person.row["id"],
        "测试母",
        "new_match",
    )
    assert seen["state"]["code"] == "calling", "she herself is called"
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert (call["worker_id"], call["tell"]) == (person.row["id"], ["有新岗位推荐"])
    assert bound(name="测试别", phone="10000000068").phone.get(f"/notices/{number}").status_code == 404
    assert send() == 0 and fake.state.calls[SEND] == 1


def test_who_speaks_with_her_own_word_is_told_for_her(
    world: Any,
    west: TestClient,
    bound: Callable[..., Someone],
    speaks: Callable[..., Phone],
    fake: Fake,
    send: Sender,
) -> None:
    person = bound()
    family, guardian = (
        speaks(person, who, number)
        for who, number in (("family", "10000000097"), ("guardian", "10000000098"))
    )
    for each in (family, guardian):
        subscribe(each, fake, "new_match")
    world.application(worker_id=person.row["id"])
    assert send() == 1
    assert [each["touser"] for each in fake.state.sent] == [guardian.openid]
    assert made(west.get("/v1/call-requests"))["total"] == 0


def test_another_day_of_leaving_is_told_and_a_place_given_back(
    west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    for _ in range(3):
        subscribe(person.phone, fake, "start_date")
    told = {"region": "610728", "name": "第一批", "departs_on": "2021-09-25"}
    batch = made(west.post("/v1/dispatches", json=told))
    members = {"worker_ids": [person.row["id"]]}
    made(west.post(f"/v1/dispatches/{batch['id']}/members", json=members))
    assert send() == 1

    def change(**fields: Any) -> None:
        version = made(west.get(f"/v1/dispatches/{batch['id']}"))["version"]
        path = f"/v1/dispatches/{batch['id']}"
        made(west.patch(path, json=fields, headers={"If-Match": f'"{version}"'}))

    change(note="带好身份证")
    assert send() == 0, "nothing of what she was told has changed"
    change(departs_on="2021-09-27")
    assert send() == 1
    days = [each["data"]["date2"]["value"] for each in fake.state.sent]
    assert days == ["2021年9月25日", "2021年9月27日"]
    made(west.post(f"/v1/dispatches/{batch['id']}/remove", json=members))
    made(west.post(f"/v1/dispatches/{batch['id']}/members", json=members))
    assert send() == 1
    assert len(fake.state.sent) == 3
    assert notices(person.phone) == [("start_date", "sent", "wechat")]


def test_what_changed_while_it_was_sent_is_told_anew(
    west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender, app: FastAPI, monkeypatch: Any
) -> None:
    """The bureau changes the day between WeChat's yes and our note of it."""
    person = bound()
    for _ in range(2):
        subscribe(person.phone, fake, "start_date")
    told = {"region": "610728", "name": "第一批", "departs_on": "2021-09-25"}
    batch = made(west.post("/v1/dispatches", json=told))
    made(west.post(f"/v1/dispatches/{batch['id']}/members", json={"worker_ids": [person.row["id"]]}))
    go, changed = sending._go, []

    def going(*told: Any) -> None:
        go(*told)
        if not changed:
            changed.append(True)
            headers = {"If-Match": f'"{batch["version"]}"'}
            made(
                west.patch(
                    f"/v1/dispatches/{batch['id']}", json={"departs_on": "2021-09-28"}, headers=headers
                )
            )

    monkeypatch.setattr(sending, "_go", going)
    send()
    assert [each["data"]["date2"]["value"] for each in fake.state.sent] == ["2021年9月25日", "2021年9月28日"]


def test_a_call_that_was_made_is_told_once(
    world: Any, west: TestClient, east: TestClient, bound: Callable[..., Someone], send: Sender
) -> None:
    person = bound()
    first = world.application(worker_id=person.row["id"])
    made(east.post(f"/v1/applications/{world.application(worker_id=person.row['id'])['id']}/offer", json={}))
    send()
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert set(call["tell"]) == {"有新岗位推荐", "已录用"}
    made(west.post(f"/v1/applications/{first['id']}/withdraw", json={"reason": "mistaken"}))
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert call["tell"] == ["已录用"], "what is not so any more is not told"
    made(west.post(f"/v1/call-requests/{call['id']}/done"))
    assert {(kind, state) for kind, state, _ in notices(person.phone)} == {("offer", "sent")}
    world.application(worker_id=person.row["id"])
    send()
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert call["tell"] == ["有新岗位推荐"], "the new one alone"


def test_an_agreement_that_was_not_used_is_free_again(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    fake.fault(SEND, broken="page")
    application = world.application(worker_id=person.row["id"])
    assert send() == 0
    assert left(person.phone) == 0, "reserved"
    made(west.post(f"/v1/applications/{application['id']}/withdraw", json={"reason": "mistaken"}))
    send.wait(121)
    assert send() == 1
    assert left(person.phone) == 1
    fake.fault(SEND, errcode=47003)
    world.application(worker_id=person.row["id"])
    assert send() == 1
    assert (left(person.phone), made(west.get("/v1/call-requests"))["total"]) == (1, 1)


def test_a_gateway_that_does_not_answer_is_not_asked_again(
    world: Any, west: TestClient, app: FastAPI, fake: Fake, send: Sender, monkeypatch: Any
) -> None:
    by_sms(app, fake)
    monkeypatch.setattr(sms, "_TIMEOUT", httpx.Timeout(0.3))
    worker = world.worker(phone="10000000071")
    made(west.post(f"/v1/workers/{worker['id']}/consents", json={"purpose": "messages"}))
    fake.fault("/sms", wait=0.8)
    world.application(worker_id=worker["id"])
    assert send() == 1
    send.wait(86_400)
    assert send() == 0
    assert fake.state.calls["/sms"] == 1
    assert made(west.get("/v1/call-requests"))["total"] == 1


def test_a_busy_gateway_is_told_the_same_number_again(
    world: Any, west: TestClient, app: FastAPI, fake: Fake, send: Sender, monkeypatch: Any
) -> None:
    by_sms(app, fake)
    worker = world.worker(phone="10000000071")
    made(west.post(f"/v1/workers/{worker['id']}/consents", json={"purpose": "messages"}))
    for _ in range(2):
        world.application(worker_id=worker["id"])
    assert send() == 2
    one, other = fake.state.texts
    assert one["id"] != other["id"]
    asked: list[str] = []
    ask = sending.send_sms

    def noted(settings: Settings, number: str, *told: Any) -> None:
        asked.append(number)
        ask(settings, number, *told)

    monkeypatch.setattr(sending, "send_sms", noted)
    fake.fault("/sms", errcode=503)
    world.application(worker_id=worker["id"])
    assert send() == 0
    send.wait(121)
    assert send() == 1
    assert len(asked) == 2 and len(set(asked)) == 1


def test_with_nothing_to_send_by_everything_is_a_call(
    world: Any, west: TestClient, app: FastAPI, send: Sender
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"wechat_appid": "", "sms_url": ""})
    world.application()
    assert send() == 1
    assert made(west.get("/v1/call-requests"))["total"] == 1


def test_what_waits_over_a_merge_is_the_kept_persons(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    kept, other = bound(name="测试合"), world.worker(name="测试合")
    subscribe(kept.phone, fake, "new_match")
    world.application(worker_id=other["id"])
    made(west.post("/v1/merges", json={"kept_id": kept.row["id"], "merged_id": other["id"]}))
    assert send() == 1
    [told] = fake.state.sent
    assert told["touser"] == kept.phone.openid
    assert notices(kept.phone) == [("new_match", "sent", "wechat")]


@pytest.mark.parametrize(
    "told",
    [
        {"wechat_templates": {"offer": {"id": "t", "fields": {"amount1": "amount"}}}},
        {"wechat_templates": {"offer": {"id": "t", "fields": {"thing1": "name"}}}},
        {"sms_templates": {"benefit_paid": {"id": "t", "values": ["post"]}}},
        {"sms_templates": {"offer": "SMS_1"}},
    ],
)
def test_a_template_that_asks_for_what_its_kind_has_not_is_refused_at_the_start(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"已录用|补贴已发放"):
        Settings(**told)
