"""The first administrator comes by a link from the command line; roles that wait for a second factor by the settings."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.cli.inviting import run
from api.cli.speaking import Refused
from api.database import sessions_of
from api.settings import Environment, Settings
from models.account import Role
from models.sealing import Keyring

GOOD = "qingshan-luying-7"


@pytest.fixture
def settings(clone: Callable[[str], Any], tmp_path: Path) -> Settings:
    database = clone("inviting")
    return Settings(
        environment=Environment.DEVELOPMENT,
        data_folder=tmp_path,
        database_url=database.service,
        owner_database_url=database.owner,
    )


def test_the_first_administrator_invites_the_others(
    settings: Settings, keyring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "王管理", Role.ADMINISTRATOR, "610729", as_json=True)
    code = json.loads(capsys.readouterr().out)["path"].removeprefix("/invitation/")
    engine = create_engine(settings.database_url or "")
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    client = TestClient(app)
    told = {"code": code, "username": "guanli", "password": GOOD}
    assert client.post("/v1/invitations/accept", json=told).status_code == 200
    token = client.post("/v1/token", data={"username": "guanli", "password": GOOD}).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    [own] = client.get("/v1/accounts").json()["items"]
    assert (own["display_name"], own["bindings"][0]["role"]["code"]) == ("王管理", "administrator")
    invited = {"display_name": "张三", "role": "county", "region": "610729"}
    assert client.post("/v1/accounts", json=invited).status_code == 201
    events = client.get("/v1/accounts/events").json()["items"]
    assert ("invite", "王管理", "") in {(each["action"], each["account"], each["by"]) for each in events}
    engine.dispose()


@pytest.mark.parametrize(
    ("role", "region", "words"),
    [
        (Role.ADMINISTRATOR, "999999", "没有这个行政区划代码"),
        (Role.CITY, "610728", "不能管辖这一级"),
        (Role.WORKER, "610728", "不能管辖这一级"),
    ],
)
def test_what_can_not_be_is_refused(settings: Settings, role: Role, region: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        run(settings, "王管理", role, region, as_json=True)


def test_which_roles_need_a_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = {"secret_key": "YSBnb29kIHNlY3JldCBvZiB0aGlydHktdHdvIGJ5dGVz"}
    production = Settings.model_validate({"environment": Environment.PRODUCTION} | secret)
    assert production.needing_second_factor() == {Role.ADMINISTRATOR, Role.AUDITOR}
    assert Settings(environment=Environment.DEVELOPMENT).needing_second_factor() == frozenset()
    monkeypatch.setenv("WENGANG_SECOND_FACTOR_ROLES", '["county"]')
    assert Settings(environment=Environment.DEVELOPMENT).needing_second_factor() == {Role.COUNTY}
