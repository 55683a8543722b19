"""Accounts: who is invited by whom, what comes of the link, and that rights take effect at once."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

Clerk = Callable[[str], TestClient]
GOOD = "qingshan-luying-7"


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture
def warden(clerk: Clerk) -> TestClient:
    """The western county's administrator."""
    return clerk("warden")


def invited(by: TestClient, **told: Any) -> Any:
    body = {"display_name": "张三", "role": "township", "region": "610728001"} | told
    return made(by.post("/v1/accounts", json=body))


def accepted(app: FastAPI, code: str, **told: Any) -> Any:
    body = {"code": code, "username": "zhangsan", "password": GOOD} | told
    return TestClient(app).post("/v1/invitations/accept", json=body)


def logged_in(app: FastAPI, username: str, password: str = GOOD) -> TestClient:
    token = made(TestClient(app).post("/v1/token", data={"username": username, "password": password}))
    return TestClient(app, headers={"Authorization": f"Bearer {token['access_token']}"})


def test_who_is_invited_takes_a_name_and_a_password(app: FastAPI, warden: TestClient) -> None:
    asked = invited(warden)
    account = asked["account"]
    assert account["state"]["code"] == "invited" and account["username"] is None and account["mine"]
    assert [(each["role"]["code"], each["region"]["code"]) for each in account["bindings"]] == [
        ("township", "610728001")
    ]
    assert made(accepted(app, asked["code"], username="ZhangSan", display_name="张三丰")) == {
        "username": "zhangsan"
    }
    me = made(logged_in(app, "zhangsan").get("/v1/me"))
    assert (me["display_name"], me["regions"][0]["code"]) == ("张三丰", "610728001")
    again = accepted(app, asked["code"], username="lisi")
    assert (again.status_code, again.json()["type"]) == (410, "/problems/invitation-ended")
    shown = made(warden.get(f"/v1/accounts/{account['id']}"))
    assert (shown["state"]["code"], shown["username"]) == ("active", "zhangsan")
    assert shown["last_login"] and shown["version"] > account["version"]


def test_only_the_hash_of_a_code_is_kept(
    app: FastAPI, warden: TestClient, session_as: Callable[[str], Session]
) -> None:
    key = {"Idempotency-Key": "once"}
    body = {"display_name": "张三", "role": "township", "region": "610728001"}
    first = made(warden.post("/v1/accounts", json=body, headers=key))
    again = made(warden.post("/v1/accounts", json=body, headers=key))
    assert again["account"]["id"] == first["account"]["id"]
    assert (len(first["code"]), again["code"]) == (43, None)
    kept = (
        session_as("warden").connection().execute(text("SELECT access_token::text FROM access_token")).all()
    )
    assert kept and not any(first["code"] in row[0] for row in kept)
    assert made(accepted(app, first["code"]))


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"password": "lu-ying-7"}, "password"),
        ({"password": "Zhangsan@2021"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "P@ssw0rd2021"}, "password"),
        ({"username": "13800138000"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": None}, "username"),
    ],
)
def test_what_is_refused_keeps_the_code_alive(
    app: FastAPI, warden: TestClient, told: dict[str, Any], field: str
) -> None:
    code = invited(warden)["code"]
    answer = accepted(app, code, **told)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert str(told[field]) not in answer.text
    assert made(accepted(app, code))


def test_a_taken_name_is_said_to_be_taken(app: FastAPI, warden: TestClient) -> None:
    code = invited(warden)["code"]
    answer = accepted(app, code, username="zhenba")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/username-taken")
    assert made(accepted(app, code))


def test_a_new_link_voids_the_old_and_a_withdrawn_one_serves_no_more(
    app: FastAPI, warden: TestClient
) -> None:
    asked = invited(warden)
    path = f"/v1/accounts/{asked['account']['id']}"
    second = made(warden.post(f"{path}/invite"))
    assert accepted(app, asked["code"]).status_code == 410
    assert made(warden.post(f"{path}/withdraw-invitation")) == {"ended": 1}
    assert accepted(app, second["code"]).status_code == 410
    assert made(warden.get(path))["state"]["code"] == "lapsed"
    third = made(warden.post(f"{path}/invite"))["code"]
    assert made(accepted(app, third))


def test_a_link_for_somebody_who_has_a_name_sets_the_password_alone(app: FastAPI, warden: TestClient) -> None:
    asked = invited(warden)
    made(accepted(app, asked["code"]))
    before = logged_in(app, "zhangsan")
    code = made(warden.post(f"/v1/accounts/{asked['account']['id']}/invite"))["code"]
    assert before.get("/v1/me").status_code == 200
    new = "luying-qingshan-8"
    assert made(accepted(app, code, username="wangwu", password=new)) == {"username": "zhangsan"}
    assert before.get("/v1/me").status_code == 401
    wrong = {"username": "zhangsan", "password": GOOD}
    assert TestClient(app).post("/v1/token", data=wrong).status_code == 401
    assert made(logged_in(app, "zhangsan", new).get("/v1/me"))["display_name"] == "张三"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"region": "610723001"}, 403),
        ({"role": "city", "region": "6107"}, 403),
        ({"role": "administrator", "region": "61"}, 403),
        ({"role": "county", "region": "610723"}, 403),
        ({"role": "destination_county", "region": "320612"}, 403),
        ({"role": "county", "region": "610728001"}, 422),
        ({"role": "township", "region": "610728"}, 422),
        ({"role": "worker", "region": None}, 422),
        ({"role": "county", "region": None}, 422),
        ({"role": "county", "region": "610799"}, 422),
        ({"role": "station", "region": "610728"}, 422),
        ({"role": "station", "region": None, "station_id": 999}, 422),
        ({"role": "employer", "region": None}, 422),
        ({"role": "employer", "region": None, "employer_id": 2**40}, 422),
    ],
)
def test_an_administrator_gives_what_is_his_to_give(
    warden: TestClient, told: dict[str, Any], status: int
) -> None:
    body = {"display_name": "张三", "role": "township", "region": "610728001"} | told
    before = made(warden.get("/v1/accounts"))["total"]
    assert warden.post("/v1/accounts", json=body).status_code == status
    assert made(warden.get("/v1/accounts"))["total"] == before


def test_a_station_and_an_employer_are_given_by_who_keeps_them(
    app: FastAPI, clerk: Clerk, west: TestClient, east: TestClient, warden: TestClient, world: Any
) -> None:
    told = {"name": "驻通州站", "region": "320612", "opened_on": "2021-03-01"}
    station = made(west.post("/v1/stations", json=told))["id"]
    employer = made(east.post("/v1/employers", json=world.bodies.employer()))["id"]
    at_station = {"role": "station", "region": None, "station_id": station}
    of_employer = {"role": "employer", "region": None, "employer_id": employer}
    [binding] = invited(warden, **at_station)["account"]["bindings"]
    assert (binding["station"], binding["region"]["code"], binding["mine"]) == ("驻通州站", "320612", True)
    [binding] = invited(clerk("east-warden"), **of_employer)["account"]["bindings"]
    assert (binding["employer"], binding["region"], binding["mine"]) == ("测试家纺有限公司", None, True)
    elsewhere = made(west.post("/v1/stations", json=told | {"name": "驻如皋站", "region": "320682"}))["id"]
    unpaired = {"display_name": "张三", "role": "station", "region": None, "station_id": elsewhere}
    refused = warden.post("/v1/accounts", json=unpaired)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "no_pairing")
    for by, what in (("east-warden", at_station), ("warden", of_employer)):
        body = {"display_name": "张三"} | what
        assert clerk(by).post("/v1/accounts", json=body).status_code in (403, 422)


def test_roles_and_the_switch_take_effect_at_once(app: FastAPI, warden: TestClient) -> None:
    asked = invited(warden)
    made(accepted(app, asked["code"]))
    path, them = f"/v1/accounts/{asked['account']['id']}", logged_in(app, "zhangsan")
    assert them.get("/v1/workers").status_code == 200
    assert them.get("/v1/imports").status_code == 403
    more = made(warden.post(f"{path}/bindings", json={"role": "county", "region": "610728"}))["bindings"]
    assert them.get("/v1/imports").status_code == 200
    assert (
        len(made(warden.post(f"{path}/bindings", json={"role": "county", "region": "610728"}))["bindings"])
        == 2
    )
    for binding in more:
        assert warden.delete(f"{path}/bindings/{binding['id']}").status_code == 204
        assert warden.delete(f"{path}/bindings/{binding['id']}").status_code == 404
    assert them.get("/v1/workers").status_code == 403
    assert made(them.get("/v1/me"))["regions"] == []
    assert made(warden.post(f"{path}/switch-off"))["state"]["code"] == "off"
    assert them.get("/v1/me").status_code == 401
    assert warden.post(f"{path}/switch-off").status_code == 409
    assert warden.post(f"{path}/invite").status_code == 409
    wrong = {"username": "zhangsan", "password": GOOD}
    assert TestClient(app).post("/v1/token", data=wrong).status_code == 401
    assert made(warden.post(f"{path}/switch-on"))["state"]["code"] == "active"
    assert them.get("/v1/me").status_code == 401, "what was open stays shut"
    assert logged_in(app, "zhangsan").get("/v1/me").status_code == 200


def test_what_happened_is_on_record(app: FastAPI, warden: TestClient) -> None:
    asked = invited(warden)
    made(accepted(app, asked["code"]))
    made(warden.post(f"/v1/accounts/{asked['account']['id']}/switch-off"))
    events = made(warden.get("/v1/accounts/events"))["items"]
    told = [(event["action"], event["account"], event["by"]) for event in events]
    assert told[:2] == [("switch_off", "张三", "warden"), ("accept", "张三", "张三")]
    assert ("invite", "张三", "warden") in told and ("create", "张三", "warden") in told
    assert "开通“乡镇经办人”权限：陕西省汉中市镇巴县泾洋街道" in [event["words"] for event in events]
    assert all(event["words"] and event["at"].endswith("+08:00") for event in events)
