"""Edits say which version they read, and every change makes a new one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import act_as
from api.security import account_by_username, issue_token
from api.settings import Settings
from models.account import TokenKind
from models.sealing import Keyring


@pytest.fixture(params=["workers", "vacancies"])
def record(request: pytest.FixtureRequest, world: Any) -> tuple[TestClient, str, dict[str, Any]]:
    """A record, who may change it, and a change."""
    if request.param == "workers":
        return world.west, f"/v1/workers/{world.worker()['id']}", {"name": "改过的名字"}
    return world.east, f"/v1/vacancies/{world.vacancy()['id']}", {"title": "改过的岗位"}


def test_an_edit_without_a_version_is_refused(record: Any) -> None:
    client, path, change = record
    before = client.get(path)
    answer = client.patch(path, json=change)
    assert answer.status_code == 428
    assert answer.json()["type"] == "/problems/version-required"
    assert client.get(path).content == before.content


@pytest.mark.parametrize(
    "version",
    ['"99"', '"0"', '"-1"', "", '"x"', '"1.0"', '"' + "9" * 30 + '"', '"１"', '"1","2"', "\x00"],
)
def test_a_version_that_is_not_the_last_changes_nothing(record: Any, version: str) -> None:
    client, path, change = record
    before = client.get(path)
    answer = client.patch(path, json=change, headers={"If-Match": version.encode()})
    assert answer.status_code == 412, answer.text
    assert answer.json()["type"] == "/problems/stale"
    assert client.get(path).content == before.content


def test_an_edit_of_whatever_stands_there_names_no_version(record: Any) -> None:
    client, path, change = record
    before = client.get(path)
    answer = client.patch(path, json=change, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/version-required")
    assert client.get(path).content == before.content


def test_the_second_of_two_readers_is_stale(record: Any) -> None:
    client, path, change = record
    read = client.get(path).headers["ETag"]
    first = client.patch(path, json=change, headers={"If-Match": read})
    assert first.status_code == 200, first.text
    assert first.headers["ETag"] == client.get(path).headers["ETag"] != read
    second = client.patch(path, json={next(iter(change)): "再改"}, headers={"If-Match": read})
    assert second.status_code == 412
    assert client.get(path).content == first.content


def test_a_weak_etag_names_the_same_version(record: Any) -> None:
    client, path, change = record
    read = client.get(path).headers["ETag"]
    assert client.patch(path, json=change, headers={"If-Match": f"W/{read}"}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"name": "新名"},
        {"phone": "10000000099"},
        {"phone": None},
        {"education": None},
        {"intention": {"wants": "near_home"}},
        {"intention": None},
        {"skills_": None},
    ],
)
def test_every_change_of_a_person_raises_the_version(
    world: Any, west: TestClient, change: dict[str, Any]
) -> None:
    path = f"/v1/workers/{world.worker()['id']}"
    before = west.get(path)
    answer = west.patch(path, json=change, headers={"If-Match": before.headers["ETag"]})
    if "skills_" in change:
        assert answer.status_code == 422
        assert west.get(path).headers["ETag"] == before.headers["ETag"]
    else:
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] == before.json()["version"] + 1
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"' == west.get(path).headers["ETag"]


def test_every_command_raises_the_version_of_what_it_changes(
    world: Any, west: TestClient, east: TestClient
) -> None:
    application = world.application()
    path = f"/v1/applications/{application['id']}"
    post = f"/v1/vacancies/{application['vacancy_id']}"

    def versions() -> tuple[int, int]:
        return west.get(path).json()["version"], west.get(post).json()["version"]

    for client, command in ((east, "offer"), (west, "accept")):
        applied, posted = versions()
        assert client.post(f"{path}/{command}").status_code == 200
        assert versions() == (applied + 1, posted), command
    applied, posted = versions()
    started = west.post(f"{path}/start", json={})
    assert versions()[0] > applied
    assert versions()[1] > posted
    spell = f"/v1/spells/{started.json()['spell_id']}"
    before = west.get(spell).json()["version"]
    assert (
        west.post(f"{spell}/end", json={"ended_on": "2021-09-20", "leave_reason": "not_asked"}).status_code
        == 200
    )
    assert west.get(spell).json()["version"] == before + 1
    # It was refreshed today already, so that changes nothing; a closed post is not published again.
    for command, raised in (("refresh", 0), ("close", 1), ("publish", 0)):
        before = east.get(post).json()["version"]
        east.post(f"{post}/{command}")
        assert east.get(post).json()["version"] == before + raised, command


def test_one_of_two_edits_at_once_wins(
    clone: Callable[[str], Any], keyring: Keyring, settings: Settings, bodies: Any
) -> None:
    engine = create_engine(clone("raced").service, pool_size=8)
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    with app.state.sessions() as session, session.begin():
        account_id = account_by_username(session, "zhenba")
        assert account_id is not None
        act_as(session, account_id)
        token = issue_token(session, account_id, TokenKind.BEARER)
    client = TestClient(app, headers={"Authorization": f"Bearer {token}"})
    made = client.post("/v1/workers", json=bodies.worker())
    path, read = f"/v1/workers/{made.json()['id']}", {"If-Match": made.headers["ETag"]}
    with ThreadPoolExecutor(6) as threads:
        answers = list(
            threads.map(lambda n: client.patch(path, json={"name": f"第{n}人"}, headers=read), range(6))
        )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [412] * 5
    [won] = [answer for answer in answers if answer.status_code == 200]
    assert client.get(path).json()["name"] == won.json()["name"]
    assert client.get(path).json()["version"] == made.json()["version"] + 1
    engine.dispose()


def test_the_version_is_the_databases_own(world: Any, session_as: Any) -> None:
    """Whatever a statement claims, an update raises it by one."""
    worker = world.worker()
    connection = session_as("zhenba").connection()
    for expected in (worker["version"] + 1, worker["version"] + 2):
        connection.execute(text("UPDATE worker SET ethnicity = '汉族' WHERE id = :id"), {"id": worker["id"]})
        found = connection.scalar(text("SELECT version FROM worker WHERE id = :id"), {"id": worker["id"]})
        assert found == expected
