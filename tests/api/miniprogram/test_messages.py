"""What people are told: once, by the way they agreed to, and by a call where there is none; whatever WeChat does meanwhile."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import text
from starlette.testclient import TestClient

from api.messages.leaving import office_of, send_waiting
from api.messages.sending import MOST_ATTEMPTS, quiet_until
from api.settings import Settings

from ..stand_in import Fake
from .conftest import Phone, Someone, made

NOON = datetime(2021, 9, 20, 4, tzinfo=UTC)
SEND = "/cgi-bin/message/subscribe/send"


class Sender:
    """Sends what waits, as the worker does beside its jobs, by a clock of its own."""

    def __init__(self, app: FastAPI) -> None:
        self.app, self.at = app, NOON

    def __call__(self, at: datetime | None = None) -> int:
        state = self.app.state
        office = office_of(state.sessions, state.keyring, state.settings)
        assert office is not None
        return send_waiting(office, at or self.at)

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def send(app: FastAPI) -> Sender:
    return Sender(app)


def subscribe(phone: Phone, fake: Fake, *kinds: str) -> None:
    """Agree to a message of each kind, in WeChat's dialogue and at the service."""
    for kind in kinds:
        fake.tell("consents", openid=phone.openid, template_id=f"t-{kind}")
    made(phone.post("/subscriptions", {"accepted": list(kinds)}))


def notices(phone: Phone) -> list[tuple[str, str, str | None]]:
    return [
        (row["kind"]["code"], row["state"]["code"], row["channel"] and row["channel"]["code"])
        for row in made(phone.get(f"{phone.mine}/notices"))["items"]
    ]


def test_a_proposal_and_an_offer_each_for_its_own_agreement(
    world: Any, east: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    mine = person.phone
    subscribe(mine, fake, "new_match", "offer")
    application = world.application(worker_id=person.row["id"])
    assert fake.state.sent == [], (
        "nothing leaves before its transaction is committed, and by the sender alone"
    )
    assert send() == 1
    [told] = fake.state.sent
    assert told["touser"] == mine.openid
    assert told["data"]["thing1"]["value"] == "平车工"
    assert told["page"] == "pages/notice"
    assert person.row["name"] not in str(told) and person.number not in str(told)
    made(east.post(f"/v1/applications/{application['id']}/offer", json={}))
    assert send() == 1
    assert [each["template_id"] for each in fake.state.sent] == ["t-new_match", "t-offer"]
    assert send() == 0, "each once"
    assert notices(mine) == [("offer", "sent", "wechat"), ("new_match", "sent", "wechat")]
    left = {each["kind"]["code"]: each["left"] for each in made(mine.get("/me"))["subscriptions"]}
    assert (left["new_match"], left["offer"]) == (0, 0), "one message for one agreement"


def test_without_an_agreement_somebody_calls_once_for_all(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    for _ in range(2):
        world_post = world.vacancy()["id"]
        made(west.post("/v1/applications", json={"worker_id": person.row["id"], "vacancy_id": world_post}))
    assert send() == 2
    assert fake.state.sent == []
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert (call["why"]["code"], call["tell"]) == ("message", ["有新岗位推荐"])
    assert {state for _, state, _ in notices(person.phone)} == {"calling"}


def test_what_she_did_herself_she_knows(
    world: Any, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    mine = bound().phone
    made(mine.post(f"{mine.mine}/applications", {"vacancy_id": world.vacancy()["id"]}))
    assert send() == 0
    assert notices(mine) == []


def test_who_has_no_wechat_gets_the_same_by_sms(
    world: Any, west: TestClient, app: FastAPI, fake: Fake, send: Sender
) -> None:
    app.state.settings = app.state.settings.model_copy(
        update={
            "sms_url": f"{fake.url}/sms",
            "sms_key": SecretStr("k"),
            "sms_templates": {"new_match": "SMS_1"},
        }
    )
    agreed, silent = (world.worker(name="测试短", phone="10000000071"), world.worker(phone="10000000072"))
    made(west.post(f"/v1/workers/{agreed['id']}/consents", json={"purpose": "messages"}))
    for each in (agreed, silent):
        world.application(worker_id=each["id"])
    assert send() == 2
    [message] = fake.state.texts
    assert (message["telephone"], message["template"]) == ("+8610000000071", "SMS_1")
    assert message["values"]["post"] == "平车工" and "测试短" not in str(message)
    [call] = made(west.get("/v1/call-requests"))["items"]
    assert call["worker_id"] == silent["id"], "who did not agree to messages is called"


def test_a_no_to_messages_is_a_no_to_wechat_too(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    made(person.phone.post(f"{person.phone.mine}/consents/messages/withdraw"))
    world.application(worker_id=person.row["id"])
    assert send() == 1
    assert fake.state.sent == []
    assert made(west.get("/v1/call-requests"))["total"] == 1


def test_wechat_says_that_nothing_is_agreed_to(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    """43101: it is not tried again, what we believed to have is forgotten, and she is called."""
    person = bound()
    made(person.phone.post("/subscriptions", {"accepted": ["new_match"]}))
    made(person.phone.post("/subscriptions", {"accepted": ["new_match"]}))
    world.application(worker_id=person.row["id"])
    assert send() == 1
    assert fake.state.calls[SEND] == 1
    assert notices(person.phone) == [("new_match", "calling", "call")]
    left = {each["kind"]["code"]: each["left"] for each in made(person.phone.get("/me"))["subscriptions"]}
    assert left["new_match"] == 0
    assert made(west.get("/v1/call-requests"))["total"] == 1


@pytest.mark.parametrize(
    "fault", [{"broken": "page"}, {"broken": "cut"}, {"errcode": -1}, {"errcode": 45009}]
)
def test_while_wechat_is_away_nothing_is_said_to_be_sent(
    world: Any,
    bound: Callable[..., Someone],
    fake: Fake,
    send: Sender,
    app: FastAPI,
    fault: dict[str, Any],
    west: TestClient,
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    world.application(worker_id=person.row["id"])
    fake.fault(SEND, **fault)
    assert send() == 0
    assert notices(person.phone) == [("new_match", "waiting", None)]
    assert send() == 0, "not before its pause is over"
    assert fake.state.calls[SEND] == 1
    send.wait(31)
    assert send() == 1
    assert notices(person.phone) == [("new_match", "sent", "wechat")]
    assert len(fake.state.sent) == 1
    assert made(west.get("/v1/call-requests"))["total"] == 0


def test_wechat_away_for_days_becomes_a_call(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender, app: FastAPI
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    world.application(worker_id=person.row["id"])
    fake.fault(SEND, broken="page", times=1000)
    for attempt in range(MOST_ATTEMPTS):
        assert send() == 0
        assert fake.state.calls[SEND] == attempt + 1
        pause = min(30 * 2**attempt, 6 * 3600)
        send.wait(pause - 1)
        assert (send(), fake.state.calls[SEND]) == (0, attempt + 1), "growing pauses"
        send.wait(2)
        if quiet_until(app.state.settings, send.at):
            send.wait(12 * 3600)
    assert send() == 1
    assert notices(person.phone) == [("new_match", "calling", "call")]
    assert fake.state.calls[SEND] == MOST_ATTEMPTS


def test_what_is_not_so_any_more_is_not_told(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    application = world.application(worker_id=person.row["id"])
    made(west.post(f"/v1/applications/{application['id']}/withdraw", json={"reason": "mistaken"}))
    assert send() == 1
    assert fake.state.sent == []
    assert notices(person.phone) == []
    assert made(west.get("/v1/call-requests"))["total"] == 0


def test_who_is_only_stored_is_told_nothing(
    world: Any, west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    world.application(worker_id=person.row["id"])
    made(person.phone.post(f"{person.phone.mine}/consents/service/withdraw"))
    send()
    assert fake.state.sent == []
    assert made(west.get("/v1/call-requests"))["total"] == 0


def test_nobody_is_disturbed_at_night(
    world: Any, bound: Callable[..., Someone], fake: Fake, send: Sender, app: FastAPI
) -> None:
    person = bound()
    subscribe(person.phone, fake, "new_match")
    world.application(worker_id=person.row["id"])
    assert send(datetime(2021, 9, 20, 14, tzinfo=UTC)) == 0, "22 o'clock in China"
    assert fake.state.calls[SEND] == 0
    assert send(datetime(2021, 9, 20, 23, tzinfo=UTC)) == 0, "7 o'clock"
    assert send(datetime(2021, 9, 21, 1, tzinfo=UTC)) == 1


def test_the_quiet_hours() -> None:
    settings = Settings()
    late = datetime(2021, 9, 20, 13, 30, tzinfo=UTC)  # 21:30 in China
    assert quiet_until(settings, late) == datetime(2021, 9, 21, 0, tzinfo=UTC)
    early = datetime(2021, 9, 20, 22, tzinfo=UTC)  # 6:00 in China
    assert quiet_until(settings, early) == datetime(2021, 9, 21, 0, tzinfo=UTC)
    assert quiet_until(settings, NOON) is None


def test_a_batch_tells_when_it_leaves(
    west: TestClient, bound: Callable[..., Someone], fake: Fake, send: Sender
) -> None:
    person = bound()
    subscribe(person.phone, fake, "start_date")
    told = {"region": "610728", "name": "第一批", "departs_on": "2021-09-25"}
    batch = made(west.post("/v1/dispatches", json=told))["id"]
    made(west.post(f"/v1/dispatches/{batch}/members", json={"worker_ids": [person.row["id"]]}))
    assert send() == 1
    [message] = fake.state.sent
    assert message["data"]["date2"]["value"] == "2021年9月25日"


def test_a_month_without_a_word_is_asked_after_once(
    world: Any,
    west: TestClient,
    bound: Callable[..., Someone],
    fake: Fake,
    send: Sender,
    connection: Any,
    on: Callable[[str], None],
) -> None:
    person = bound()
    subscribe(person.phone, fake, "follow_up")
    application = world.application(worker_id=person.row["id"], vacancy_id=world.vacancy()["id"])
    made(west.post(f"/v1/applications/{application['id']}/start", json={}))
    send()
    remind = text("SELECT remind_check_ins(CAST(:day AS date))")
    assert connection.scalar(remind, {"day": "2021-10-10"}) == 0
    assert connection.scalar(remind, {"day": "2021-10-25"}) == 1
    assert connection.scalar(remind, {"day": "2021-10-26"}) == 0, "not every day"
    on("2021-10-25")
    assert send() == 1
    assert fake.state.sent[-1]["template_id"] == "t-follow_up"
    made(person.phone.post(f"{person.phone.mine}/check-ins"))
    assert connection.scalar(remind, {"day": "2021-11-10"}) == 0, "she has said so"
    assert connection.scalar(remind, {"day": "2021-12-10"}) == 1


def test_the_outbox_holds_numbers_alone(world: Any, bound: Callable[..., Someone], app: FastAPI) -> None:
    person = bound()
    world.application(worker_id=person.row["id"])
    with app.state.sessions() as session, session.begin():
        taken = session.connection().execute(text("SELECT payload FROM take_messages('{notice}', 10, now())"))
        [payload] = taken.scalars()
    assert set(payload) == {"kind", "worker_id", "subject"}
    assert payload["kind"] == "new_match"
