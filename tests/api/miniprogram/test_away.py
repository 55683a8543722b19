"""WeChat gone, slow or broken: what those with a telephone in hand are told, and what goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from ..stand_in import Fake
from .conftest import Phone, Someone, made


@pytest.mark.parametrize(
    "fault", [{"broken": "page"}, {"broken": "cut"}, {"errcode": -1}, {"errcode": 45011}]
)
def test_nobody_logs_in_while_wechat_is_away(
    fake: Fake, phone: Callable[..., Phone], fault: dict[str, Any]
) -> None:
    mine = phone()
    code = fake.login_code(mine.openid)
    fake.fault("/sns/jscode2session", **fault)
    answer = mine.client.post("/mp/v1/login", json={"code": code})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/wechat-away")
    assert answer.headers["Retry-After"]
    assert "没有保存任何内容" in answer.json()["detail"]
    made(mine.client.post("/mp/v1/login", json={"code": code}))


def test_a_code_that_is_spent_and_an_account_that_is_blocked(
    app: FastAPI, fake: Fake, phone: Callable[..., Phone]
) -> None:
    mine = phone()
    code = fake.login_code(mine.openid)
    made(mine.client.post("/mp/v1/login", json={"code": code}))
    again = mine.client.post("/mp/v1/login", json={"code": code})
    assert (again.status_code, again.json()["type"]) == (422, "/problems/wechat-code")
    risky = fake.person("10000000009", risky=True)
    blocked = mine.client.post("/mp/v1/login", json={"code": fake.login_code(risky)})
    assert (blocked.status_code, blocked.json()["type"]) == (403, "/problems/wechat-blocked")


def test_made_up_codes_from_one_place_are_stopped_before_wechat_is_asked(
    app: FastAPI, fake: Fake, phone: Callable[..., Phone]
) -> None:
    """Asking has a quota, which is everybody's. That WeChat is away is nobody's failure."""
    app.state.settings = app.state.settings.model_copy(update={"login_failures_of_address": 10})
    mine = phone()
    fake.fault("/sns/jscode2session", errcode=-1, times=20)
    away = [mine.client.post("/mp/v1/login", json={"code": f"away-{at}"}).status_code for at in range(20)]
    assert set(away) == {503}
    wrong = [mine.client.post("/mp/v1/login", json={"code": f"made-up-{at}"}).status_code for at in range(10)]
    assert set(wrong) == {422}
    code = fake.login_code(mine.openid)
    stopped = mine.client.post("/mp/v1/login", json={"code": code})
    assert (stopped.status_code, stopped.json()["type"]) == (429, "/problems/too-many-attempts")
    assert int(stopped.headers["Retry-After"]) > 0
    app.state.settings = app.state.settings.model_copy(update={"login_failures_of_address": 100})
    (
        made(mine.client.post("/mp/v1/login", json={"code": code})),
        "WeChat was not asked: the code is good still",
    )


def test_what_is_ours_to_mend_is_said_to_be_ours(fake: Fake, phone: Callable[..., Phone]) -> None:
    mine = phone()
    fake.fault("/sns/jscode2session", errcode=40125)
    answer = mine.client.post("/mp/v1/login", json={"code": fake.login_code(mine.openid)})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/wechat-settings")
    assert "我们这边" in answer.json()["detail"]


def test_who_is_logged_in_needs_no_wechat(fake: Fake, world: Any, bound: Callable[..., Someone]) -> None:
    mine = bound().phone
    post = world.vacancy()["id"]
    fake.fault("*", broken="page", times=1000)
    made(mine.get(f"{mine.mine}/matches"))
    made(mine.post(f"{mine.mine}/applications", {"vacancy_id": post}))
    verified = mine.post("/telephone", {"code": "whatever"})
    assert verified.status_code == 503


def test_a_county_without_a_mini_program_says_so(app: FastAPI, phone: Callable[..., Phone]) -> None:
    mine = phone()
    app.state.settings = app.state.settings.model_copy(update={"wechat_appid": ""})
    answer = mine.client.post("/mp/v1/login", json={"code": "x"})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/mini-program-closed")


def test_the_credential_is_one_for_all_and_sealed(
    app: FastAPI, fake: Fake, phone: Callable[..., Phone], connection: Any
) -> None:
    one, other = phone("10000000061"), phone("10000000062")
    for each in (one, other):
        each.log_in()
        each.verify()
    assert fake.state.calls["/cgi-bin/stable_token"] == 1
    [sealed] = connection.scalars(text("SELECT token_sealed FROM wechat_token"))
    assert fake.state.tokens[0].value.encode() not in bytes(sealed)
    fake.tell("forget-tokens")
    one.verify()
    assert fake.state.calls["/cgi-bin/stable_token"] == 2
    fake.fault("/wxa/business/getuserphonenumber", errcode=40001, times=5)
    again = one.post("/telephone", {"code": fake.phone_code(one.openid)})
    assert (again.status_code, again.json()["type"]) == (503, "/problems/wechat-away")


def test_nothing_of_who_it_is_stands_in_the_clear(
    app: FastAPI, fake: Fake, phone: Callable[..., Phone], connection: Any
) -> None:
    mine = phone("10000000063")
    mine.log_in()
    mine.verify()
    rows = connection.execute(
        text(
            "SELECT set_config('app.account', (SELECT max(account_id)::text FROM token_use JOIN access_token ON id = token_id), true)"
        )
    )
    assert rows.all()
    held = str(connection.execute(text("SELECT * FROM wechat_account")).all())
    assert mine.openid not in held
    assert "10000000063" not in held


def test_a_telephone_code_sent_twice_is_answered_twice(phone: Callable[..., Phone], fake: Fake) -> None:
    mine = phone("10000000064")
    mine.log_in()
    code = fake.phone_code(mine.openid)
    first = made(mine.post("/telephone", {"code": code}, key="same"))
    assert made(mine.post("/telephone", {"code": code}, key="same")) == first
    spent = mine.post("/telephone", {"code": code})
    assert (spent.status_code, spent.json()["type"]) == (422, "/problems/wechat-code")


def test_a_stranger_makes_no_call(client: TestClient, anonymous: TestClient, fake: Fake) -> None:
    answer = anonymous.post(
        "/mp/v1/telephone", json={"code": "x"}, headers={"Idempotency-Key": "k", "Authorization": "Bearer x"}
    )
    assert answer.status_code == 401
    assert fake.state.calls["/wxa/business/getuserphonenumber"] == 0
