"""One-time passwords: by the standard's own examples, taken once, and needed where the setting says so."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api import second_factors
from api.deps import SESSION_COOKIE
from api.second_factors import password_at
from models.account import Role

RIGHT = {"username": "zhenba", "password": "right-horse-battery"}


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


class Phone:
    """An authenticator whose clock the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.step, self.secret = 1_000_000, b""
        monkeypatch.setattr(second_factors, "present_step", lambda: self.step)

    def enrolled(self, client: TestClient) -> list[str]:
        told = made(client.post("/v1/me/second-factor"))
        self.secret = base64.b32decode(told["secret"])
        asked = parse_qs(urlsplit(told["uri"]).query)
        assert told["uri"].startswith("otpauth://totp/") and asked["secret"] == [told["secret"]]
        return list(made(client.post("/v1/me/second-factor/confirm", json={"code": self.code()}))["codes"])

    def code(self, ahead: int = 0) -> str:
        return password_at(self.secret, self.step + ahead)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(monkeypatch)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_examples_of_the_standard(seconds: int, digits: str) -> None:
    """RFC 6238, appendix B: the last six of its eight digits."""
    assert password_at(b"12345678901234567890", seconds // 30) == digits[2:]


def test_the_password_alone_does_no_more(app: FastAPI, client: TestClient, phone: Phone) -> None:
    phone.enrolled(client)
    door = TestClient(app)
    answer = door.post("/v1/token", data=RIGHT)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/code-wanted")
    answer = door.post("/v1/token", data=RIGHT | {"code": "000000"})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/wrong-code")
    phone.step += 1
    assert made(door.post("/v1/token", data=RIGHT | {"code": phone.code()}))


def test_a_code_is_taken_once_and_none_before_it(app: FastAPI, client: TestClient, phone: Phone) -> None:
    phone.enrolled(client)
    door, now = TestClient(app), {"code": phone.code()}
    assert door.post("/v1/token", data=RIGHT | now).status_code == 401, "it was taken to confirm"
    phone.step += 1
    late, early = phone.code(-1), phone.code(1)
    assert made(door.post("/v1/token", data=RIGHT | {"code": early})), "a clock may be a little ahead"
    for code in (early, phone.code(), late):
        assert door.post("/v1/token", data=RIGHT | {"code": code}).status_code == 401
    phone.step += 5
    assert door.post("/v1/token", data=RIGHT | {"code": phone.code(-2)}).status_code == 401
    assert door.post("/v1/token", data=RIGHT | {"code": phone.code(2)}).status_code in (401, 429)


def test_codes_are_not_guessed(app: FastAPI, client: TestClient, phone: Phone) -> None:
    """The right password between two guesses gives no new tries."""
    phone.enrolled(client)
    door, statuses = TestClient(app), []
    for number in range(8):
        statuses.append(door.post("/v1/token", data=RIGHT | {"code": f"{number:06d}"}).status_code)
        door.post("/v1/token", data=RIGHT)
    assert statuses == [401] * 5 + [429] * 3


def test_a_recovery_code_serves_once(app: FastAPI, client: TestClient, phone: Phone) -> None:
    codes = phone.enrolled(client)
    assert len(set(codes)) == 10
    door = TestClient(app)
    assert made(door.post("/v1/token", data=RIGHT | {"code": codes[0].upper().replace("-", " ")}))
    assert door.post("/v1/token", data=RIGHT | {"code": codes[0]}).status_code == 401
    assert made(client.get("/v1/me/second-factor"))["recovery_codes_left"] == 9


def test_it_is_taken_away_by_a_code_or_by_the_administrator(
    app: FastAPI, client: TestClient, phone: Phone, clerk: Callable[[str], TestClient]
) -> None:
    codes = phone.enrolled(client)
    assert client.post("/v1/me/second-factor").json()["type"] == "/problems/factor-in-force"
    assert client.post("/v1/me/second-factor/remove", json={"code": "1"}).status_code == 422
    assert made(client.post("/v1/me/second-factor/remove", json={"code": codes[0]})) == {"ended": 1}
    assert made(TestClient(app).post("/v1/token", data=RIGHT))
    phone.step += 10
    phone.enrolled(client)
    warden = clerk("warden")
    [them] = [each for each in made(warden.get("/v1/accounts"))["items"] if each["username"] == "zhenba"]
    assert them["second_factor"]
    path = f"/v1/accounts/{them['id']}/reset-second-factor"
    assert clerk("east-warden").post(path).status_code == 404
    assert made(warden.post(path))["ended"] >= 1
    assert client.get("/v1/me").status_code == 401, "whoever was in must log in again"
    assert made(TestClient(app).post("/v1/token", data=RIGHT))


def test_the_secret_is_sealed_and_on_no_record(
    client: TestClient, phone: Phone, session_as: Callable[[str], Session]
) -> None:
    codes = phone.enrolled(client)
    connection = session_as("zhenba").connection()
    rows = connection.execute(text("SELECT second_factor::text FROM second_factor")).all()
    rows += connection.execute(text("SELECT audit_event::text FROM audit_event")).all()
    told = "".join(row[0] for row in rows)
    assert "enrol" in told
    for secret in (phone.secret.hex(), base64.b32encode(phone.secret).decode(), codes[0]):
        assert secret not in told


def test_roles_that_need_it_wait_for_it(
    app: FastAPI, login: Callable[[str], TestClient], phone: Phone
) -> None:
    needing = {"second_factor_roles": (Role.ADMINISTRATOR, Role.AUDITOR)}
    app.state.settings = app.state.settings.model_copy(update=needing)
    warden, clerk = login("warden"), login("zhenba")
    assert clerk.get("/v1/workers").status_code == 200, "others do without"
    assert warden.get("/v1/accounts").status_code == 403
    assert made(warden.get("/v1/me"))["actions"] == []
    assert made(warden.get("/v1/me/second-factor"))["required"] is True
    phone.enrolled(warden)
    assert warden.get("/v1/accounts").status_code == 200


def test_the_page_asks_for_it_in_a_second_step(app: FastAPI, client: TestClient, phone: Phone) -> None:
    phone.enrolled(client)
    phone.step += 1
    browser = TestClient(app, follow_redirects=False, headers={"Accept": "text/html"})
    page = browser.post("/login", data=RIGHT | {"next": "/workers"})
    assert page.status_code == 200 and "输入动态口令" in page.text
    assert SESSION_COOKIE not in page.cookies
    token = page.text.split('name="token" value="')[1].split('"')[0]
    step = {"token": token, "next": "/workers"}
    wrong = browser.post("/login/code", data=step | {"code": "000000"})
    assert wrong.status_code == 401 and "动态口令不对" in wrong.text and token in wrong.text
    right = browser.post("/login/code", data=step | {"code": phone.code()})
    assert (right.status_code, right.headers["location"]) == (303, "/workers")
    assert browser.get("/workers").status_code == 200
    phone.step += 1
    late = browser.post("/login/code", data=step | {"code": phone.code()})
    assert late.status_code == 401 and "重新输入用户名和密码" in late.text
