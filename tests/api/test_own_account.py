"""One's own account: the password, where one is logged in, keys for programs."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.rights import AREAS, Action, Area
from api.second_factors import password_at, present_step

RIGHT, NEW = "right-horse-battery", "luying-qingshan-8"
KEY: dict[str, Any] = {"name": "读", "areas": ["ledger"], "password": RIGHT}
Login = Callable[[str], TestClient]


def made(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def keyed(app: FastAPI, key: str) -> TestClient:
    return TestClient(app, headers={"Authorization": f"Bearer {key}"})


def test_a_new_password_ends_the_other_log_ins(app: FastAPI, login: Login, client: TestClient) -> None:
    other = login("zhenba")
    key = made(client.post("/v1/me/keys", json=KEY))["key"]
    kept = {"current": RIGHT, "password": NEW, "end_keys": False}
    assert made(client.post("/v1/me/password", json=kept)) == {"ended": 1}
    assert client.get("/v1/me").status_code == 200, "here one goes on"
    assert other.get("/v1/me").status_code == 401
    assert keyed(app, key).get("/v1/workers").status_code == 200, "programs go on where one says so"
    answer = TestClient(app).post("/v1/token", data={"username": "zhenba", "password": RIGHT})
    assert answer.status_code == 401
    assert made(TestClient(app).post("/v1/token", data={"username": "zhenba", "password": NEW}))
    made(client.post("/v1/me/password", json={"current": NEW, "password": f"{NEW}-anders"}))
    assert keyed(app, key).get("/v1/workers").status_code == 401, "else they end as well"


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


def test_whoever_found_an_open_screen_does_not_guess_the_password(app: FastAPI, client: TestClient) -> None:
    app.state.settings = app.state.settings.model_copy(update={"login_failures": 3})
    statuses = [
        client.post("/v1/me/password", json={"current": f"guess {number}", "password": NEW}).status_code
        for number in range(6)
    ]
    assert set(statuses) == {422, 429} and statuses.count(422) <= 3 and statuses[-1] == 429


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
    told = KEY | {"areas": ["posts", "ledger"], "read_only": False, "days": 30}
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
    key = keyed(app, made(client.post("/v1/me/keys", json=KEY))["key"])
    assert key.get("/v1/workers").status_code == 200
    answer = key.post("/v1/workers", json={"name": "甲", "region": "610728"})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/key-reads-only")
    assert made(client.get("/v1/workers"))["total"] == 0


def test_a_key_never_does_more_than_its_account(app: FastAPI, clerk: Login) -> None:
    everything = [area.value for area in Area]
    told = KEY | {"areas": everything, "read_only": False}
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
    key = keyed(app, made(client.post("/v1/me/keys", json=KEY))["key"])
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
    first = made(client.post("/v1/me/keys", json=KEY))
    rows = (
        session_as("zhenba").connection().execute(text("SELECT access_token::text FROM access_token")).all()
    )
    assert len(rows) > 1 and not any(first["key"][8:] in row[0] for row in rows)


@pytest.mark.parametrize("told", [{"areas": []}, {"days": 0}, {"days": 367}, {"areas": ["accounts"]}])
def test_a_key_that_can_not_be(client: TestClient, told: dict[str, Any]) -> None:
    assert client.post("/v1/me/keys", json=KEY | told).status_code == 422


def test_whoever_found_an_open_screen_makes_no_key(app: FastAPI, client: TestClient) -> None:
    app.state.settings = app.state.settings.model_copy(update={"login_failures": 3})
    bare = {name: value for name, value in KEY.items() if name != "password"}
    refused = client.post("/v1/me/keys", json=bare)
    assert [error["field"] for error in refused.json()["errors"]] == ["password"]
    tries = [client.post("/v1/me/keys", json=KEY | {"password": f"guess {number}"}) for number in range(6)]
    statuses = [answer.status_code for answer in tries]
    assert set(statuses) == {422, 429} and statuses.count(422) <= 3 and statuses[-1] == 429
    assert client.post("/v1/me/keys", json=KEY).status_code == 429, "the right one opens it no sooner"
    assert made(client.get("/v1/me/keys")) == []


def test_who_has_a_second_factor_makes_keys_by_it(
    client: TestClient,
) -> None:
    secret = base64.b32decode(made(client.post("/v1/me/second-factor"))["secret"])
    codes = made(
        client.post("/v1/me/second-factor/confirm", json={"code": password_at(secret, present_step())})
    )["codes"]
    refused = client.post("/v1/me/keys", json=KEY)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "code")
    assert client.post("/v1/me/keys", json=KEY | {"code": "000000"}).status_code == 422
    assert made(client.post("/v1/me/keys", json=KEY | {"code": codes[0], "password": None}))["key"]
    assert client.post("/v1/me/keys", json=KEY | {"code": codes[0]}).status_code == 422, "once"


def test_an_administrator_lists_and_revokes_the_keys_of_an_account(
    app: FastAPI, clerk: Login, client: TestClient
) -> None:
    keys = [keyed(app, made(client.post("/v1/me/keys", json=KEY))["key"]) for _ in range(2)]
    warden = clerk("warden")
    [account] = [each for each in made(warden.get("/v1/accounts"))["items"] if each["username"] == "zhenba"]
    path = f"/v1/accounts/{account['id']}/keys"
    second, first = made(warden.get(path))
    assert clerk("other-warden").get(path).status_code == 404
    assert clerk("other-warden").delete(f"{path}/{first['id']}").status_code == 404
    assert warden.delete(f"{path}/{first['id']}").status_code == 204
    assert [key.get("/v1/workers").status_code for key in keys] == [401, 200]
    assert [each["id"] for each in made(warden.get(path))] == [second["id"]]
    assert warden.delete(f"{path}/{first['id']}").status_code == 404
    login = made(client.get("/v1/me/sessions"))[0]["id"]
    assert warden.delete(f"{path}/{login}").status_code == 404, "a log-in is no key"
    assert made(warden.post(f"/v1/accounts/{account['id']}/sessions/end"))["ended"] == 2
    assert keys[1].get("/v1/workers").status_code == 401, "the measure for an emergency leaves nothing open"


def test_what_others_did_to_an_account_its_owner_reads(clerk: Login, client: TestClient) -> None:
    warden = clerk("warden")
    [account] = [each for each in made(warden.get("/v1/accounts"))["items"] if each["username"] == "zhenba"]
    path = f"/v1/accounts/{account['id']}"
    before = made(client.get("/v1/me/events"))
    made(warden.post(f"{path}/invite"))
    more = made(warden.post(f"{path}/bindings", json={"role": "auditor", "region": "610728"}))["bindings"][-1]
    assert warden.delete(f"{path}/bindings/{more['id']}").status_code == 204
    told = made(client.get("/v1/me/events"))
    found = [(each["words"], each["by"], each["alarming"]) for each in told[: len(told) - len(before)]]
    assert found == [
        ("取消“审计”权限：陕西省汉中市镇巴县", "warden", False),
        ("开通“审计”权限：陕西省汉中市镇巴县", "warden", False),
        ("发重设密码的链接", "warden", True),
    ]
    # So do the other administrators, among what is to be looked at.
    alarms = made(clerk("city-warden").get("/v1/accounts/events?alarms=true"))["items"]
    assert ("发重设密码的链接", "zhenba", "warden") in [
        (each["words"], each["account"], each["by"]) for each in alarms
    ]
    assert made(clerk("yangxian").get("/v1/me/events")) == []
