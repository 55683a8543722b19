"""One's own account: the password, where one is logged in, keys for programs."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.rights import AREAS, Action, Area

RIGHT, NEW = "right-horse-battery", "luying-qingshan-8"
Login = Callable[[str], TestClient]


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def keyed(app: FastAPI, key: str) -> TestClient:
    return TestClient(app, headers={"Authorization": f"Bearer {key}"})


def test_a_new_password_ends_the_other_log_ins(app: FastAPI, login: Login, client: TestClient) -> None:
    other = login("zhenba")
    key = made(client.post("/v1/me/keys", json={"name": "交换", "areas": ["ledger"]}))["key"]
    assert made(client.post("/v1/me/password", json={"current": RIGHT, "password": NEW})) == {"ended": 1}
    assert client.get("/v1/me").status_code == 200, "here one goes on"
    assert other.get("/v1/me").status_code == 401
    assert keyed(app, key).get("/v1/workers").status_code == 200, "programs go on"
    answer = TestClient(app).post("/v1/token", data={"username": "zhenba", "password": RIGHT})
    assert answer.status_code == 401
    assert made(TestClient(app).post("/v1/token", data={"username": "zhenba", "password": NEW}))


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("wrong", NEW, "current"),
        (RIGHT, "short", "password"),
        (RIGHT, "zhenba-2021-zhenba", "password"),
    ],
)
def test_a_password_that_is_not_changed(
    client: TestClient, login: Login, current: str, new: str, field: str
) -> None:
    other = login("zhenba")
    answer = client.post("/v1/me/password", json={"current": current, "password": new})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert other.get("/v1/me").status_code == 200


def test_whoever_found_an_open_screen_does_not_guess_the_password(client: TestClient) -> None:
    statuses = [
        client.post("/v1/me/password", json={"current": f"guess {number}", "password": NEW}).status_code
        for number in range(7)
    ]
    assert statuses == [422] * 5 + [429] * 2


def test_where_one_is_logged_in_and_no_more(app: FastAPI, login: Login, client: TestClient) -> None:
    other = login("zhenba")
    open_ones = made(client.get("/v1/me/sessions"))
    assert [each["here"] for each in open_ones] == [False, True]
    assert all(
        (each["device"] == "程序" and each["used_at"] is None) or each["used_at"] for each in open_ones
    )
    assert made(client.get("/v1/me/sessions"))[1]["used_at"] is not None
    assert client.delete(f"/v1/me/sessions/{open_ones[0]['id']}").status_code == 204
    assert other.get("/v1/me").status_code == 401
    assert client.delete(f"/v1/me/sessions/{open_ones[0]['id']}").status_code == 404
    third = login("zhenba")
    assert made(third.post("/v1/me/sessions/end")) == {"ended": 1}
    assert client.get("/v1/me").status_code == 401 and third.get("/v1/me").status_code == 200


def test_another_ones_log_in_is_not_there(login: Login, client: TestClient) -> None:
    other = made(login("yangxian").get("/v1/me/sessions"))[0]["id"]
    assert client.delete(f"/v1/me/sessions/{other}").status_code == 404


def test_an_administrator_ends_the_log_ins_of_an_account(login: Login, clerk: Login) -> None:
    warden, them = clerk("warden"), login("zhenba")
    [account] = [each for each in made(warden.get("/v1/accounts"))["items"] if each["username"] == "zhenba"]
    path = f"/v1/accounts/{account['id']}/sessions"
    [one] = made(warden.get(path))
    assert clerk("other-warden").get(path).status_code == 404
    assert clerk("other-warden").post(f"{path}/end").status_code == 404
    assert warden.delete(f"{path}/{one['id']}").status_code == 204
    assert them.get("/v1/me").status_code == 401
    again = login("zhenba")
    assert made(warden.post(f"{path}/end")) == {"ended": 1}
    assert again.get("/v1/me").status_code == 401 and made(warden.get(path)) == []


def test_a_key_is_for_what_it_is_for_and_no_more(app: FastAPI, client: TestClient) -> None:
    told = {"name": "岗位交换", "areas": ["posts", "ledger"], "read_only": False, "days": 30}
    asked = made(client.post("/v1/me/keys", json=told))
    key, shown = keyed(app, asked["key"]), asked["made"]
    assert asked["key"].startswith("wg_") and shown["prefix"] == asked["key"][:8]
    assert [area["code"] for area in shown["areas"]] == ["ledger", "posts"]
    actions = {action["code"] for action in made(key.get("/v1/me"))["actions"]}
    assert actions == {action.value for area in (Area.POSTS, Area.LEDGER) for action in AREAS[area]}
    assert key.get("/v1/workers").status_code == 200
    assert made(key.post("/v1/workers", json={"name": "甲", "region": "610728"}))
    assert key.get("/v1/imports").status_code == 403
    for path in ("/v1/me/keys", "/v1/me/sessions", "/v1/me/second-factor"):
        assert key.get(path).json()["type"] == "/problems/not-by-key"
    body = {"current": RIGHT, "password": NEW}
    assert key.post("/v1/me/password", json=body).json()["type"] == "/problems/not-by-key"
    [listed] = made(client.get("/v1/me/keys"))
    assert listed["used_at"] and "key" not in listed
    assert client.delete(f"/v1/me/keys/{listed['id']}").status_code == 204
    assert key.get("/v1/me").status_code == 401 and made(client.get("/v1/me/keys")) == []


def test_a_key_that_reads_only_changes_nothing(app: FastAPI, client: TestClient) -> None:
    key = keyed(app, made(client.post("/v1/me/keys", json={"name": "读", "areas": ["ledger"]}))["key"])
    assert key.get("/v1/workers").status_code == 200
    answer = key.post("/v1/workers", json={"name": "甲", "region": "610728"})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/key-reads-only")
    assert made(client.get("/v1/workers"))["total"] == 0


def test_a_key_never_does_more_than_its_account(app: FastAPI, clerk: Login) -> None:
    everything = [area.value for area in Area]
    told = {"name": "全部", "areas": everything, "read_only": False}
    auditor, warden = clerk("auditor"), clerk("warden")
    of_people = {Action.MANAGE_ACCOUNTS, Action.GIVE_COPY, Action.ERASE, Action.ASSESS}
    of_auditor = keyed(app, made(auditor.post("/v1/me/keys", json=told))["key"])
    own = [action for action in made(auditor.get("/v1/me"))["actions"] if action["code"] not in of_people]
    assert made(of_auditor.get("/v1/me"))["actions"] == own
    of_warden = keyed(app, made(warden.post("/v1/me/keys", json=told))["key"])
    assert [action["code"] for action in made(of_warden.get("/v1/me"))["actions"]] == ["observe"]
    assert of_warden.get("/v1/accounts").status_code == 403
    assert {action for area in AREAS.values() for action in area} == set(Action) - of_people


def test_a_key_ends_with_its_time_its_account_and_its_roles(
    app: FastAPI, clerk: Login, client: TestClient, session_as: Callable[[str], Session]
) -> None:
    key = keyed(app, made(client.post("/v1/me/keys", json={"name": "读", "areas": ["ledger"]}))["key"])
    warden = clerk("warden")
    [account] = [each for each in made(warden.get("/v1/accounts"))["items"] if each["username"] == "zhenba"]
    path = f"/v1/accounts/{account['id']}"
    [binding] = account["bindings"]
    assert warden.delete(f"{path}/bindings/{binding['id']}").status_code == 204
    assert key.get("/v1/workers").status_code == 403
    made(warden.post(f"{path}/bindings", json={"role": "county", "region": "610728"}))
    assert key.get("/v1/workers").status_code == 200
    made(warden.post(f"{path}/switch-off"))
    assert key.get("/v1/workers").status_code == 401
    made(warden.post(f"{path}/switch-on"))
    assert key.get("/v1/workers").status_code == 401


def test_of_a_key_its_hash_is_kept(client: TestClient, session_as: Callable[[str], Session]) -> None:
    once = {"Idempotency-Key": "a-key"}
    told = {"name": "读", "areas": ["ledger"]}
    first = made(client.post("/v1/me/keys", json=told, headers=once))
    again = made(client.post("/v1/me/keys", json=told, headers=once))
    assert again == first | {"key": None}
    rows = (
        session_as("zhenba").connection().execute(text("SELECT access_token::text FROM access_token")).all()
    )
    assert len(rows) > 1 and not any(first["key"][8:] in row[0] for row in rows)


@pytest.mark.parametrize("told", [{"areas": []}, {"days": 0}, {"days": 367}, {"areas": ["accounts"]}])
def test_a_key_that_can_not_be(client: TestClient, told: dict[str, Any]) -> None:
    body = {"name": "读", "areas": ["ledger"]} | told
    assert client.post("/v1/me/keys", json=body).status_code == 422
