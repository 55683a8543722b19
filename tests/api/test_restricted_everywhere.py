"""限制使用: somebody whose data is only stored is found nowhere but where the law lets it be read."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import SESSION_COOKIE, act_as
from api.doors_to_people import DOORS, NOBODY, STORED
from api.security import account_by_username, issue_token
from api.settings import Environment, Settings
from api.worker.working import work_off
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asks
from models.account import TokenKind
from models.sealing import Keyring

from .conftest import made
from .test_ownership import ELSEWHERE, SEEN, TABLES
from .test_row_security import Placed, guarded, placed

__all__ = ["guarded", "placed"]
NAME = "行权限"
NOT_FETCHED = {
    "/v1/jobs/{job_id}/events": "a stream",
    "/login/{token}": "for whoever has a link",
    "/invitation/{code}": "for whoever has a code",
    "/docs": "the documentation",
    "/healthz": "says that it is there",
}
NOT_IN_THIS_WORLD: dict[str, str] = {}
"""Doors that would show the person, but for what this world lacks."""


def get_routes(app: FastAPI) -> set[str]:
    """The path of everything that is read."""
    return {
        route.path
        for route in app.router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }


def words(content: bytes) -> str:
    """What an answer says; of a workbook all of its cells."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode("utf-8", "replace")


def named(told: Any, worker: int) -> bool:
    """Whether an answer names the person by number."""
    if isinstance(told, dict):
        person = told.get("worker")
        if told.get("worker_id") == worker or (isinstance(person, dict) and person.get("id") == worker):
            return True
        return any(named(each, worker) for each in told.values())
    return isinstance(told, list) and any(named(each, worker) for each in told)


class Reader:
    """The western clerk at both doors, in a transaction of which nothing stays."""

    def __init__(self, app: FastAPI, account: int, worker: int) -> None:
        with app.state.sessions() as session, session.begin():
            act_as(session, account)
            bearer = issue_token(session, account, TokenKind.BEARER)
            cookie = issue_token(session, account, TokenKind.SESSION)
        self.rest = TestClient(app, headers={"Authorization": f"Bearer {bearer}"}, follow_redirects=False)
        self.pages = TestClient(
            app, headers={"Accept": "text/html"}, cookies={SESSION_COOKIE: cookie}, follow_redirects=False
        )
        self.worker = worker

    def shows(self, path: str, numbers: dict[str, Any]) -> bool:
        """Whether the person is found behind a path."""
        client = self.rest if path.startswith("/v1/") else self.pages
        answer = client.get(filled(path, numbers))
        assert answer.status_code < 500, (path, answer.text)
        if answer.status_code >= 400:
            return False
        said = words(answer.content)
        by_number = False
        if answer.headers.get("content-type", "").startswith("application/json"):
            by_number = named(json.loads(said), self.worker)
        return NAME in said or by_number or f'"/workers/{self.worker}"' in said


@pytest.fixture(scope="module")
def stage(
    guarded: Engine, placed: Placed, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FastAPI, Connection]]:
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path_factory.mktemp("data"))
    with guarded.connect() as connection:
        outer = connection.begin()
        sessions = audited(sessions_of(connection, join_transaction_mode="create_savepoint"), keyring)
        yield create_app(settings, sessions=sessions, keyring=keyring), connection
        outer.rollback()


def filled(path: str, numbers: dict[str, Any]) -> str:
    """The path with the numbers that belong there."""
    instead: dict[str, Any] = {}
    if path.startswith(("/v1/comparisons", "/comparisons")):
        instead["import_id"] = numbers["comparison_id"]
    if path.startswith(("/v1/benefits", "/benefits")):
        instead["code"] = "demo_stay"
    if path.startswith(("/v1/workshops", "/workshops")):
        instead["employer_id"] = numbers["workshop_id"]
    return path.format(**numbers | instead)


def numbers_of(connection: Connection, placed: Placed) -> dict[str, Any]:
    """A row of everything that a path names, as the western clerk sees it."""
    found: dict[str, Any] = {"line": 1, "day": "2021-09-20", "kind": "people", "code": "roster"}
    for name in {*SEEN, *TABLES, "evidence_id", "attachment_id", "account_id"} - ELSEWHERE:
        table = TABLES.get(name, name.removesuffix("_id"))
        found[name] = connection.scalar(text(f'SELECT min(id) FROM "{table}"')) or 1
    found |= {
        "target_id": connection.scalar(text("SELECT min(id) FROM target WHERE region = '610728'")),
        "person_id": placed.worker,
        "comparison_id": connection.scalar(text("SELECT min(import_id) FROM comparison_row")),
        "workshop_id": connection.scalar(text("SELECT min(employer_id) FROM workshop_recognition")),
    }
    return found | {
        "worker_id": placed.worker, "household_id": placed.household, "application_id": placed.application,
        "spell_id": placed.spell, "vacancy_id": placed.vacancy, "employer_id": placed.employer,
    }  # fmt: skip


def test_every_door_is_declared(app: FastAPI) -> None:
    """A new list, page or file says whether people are found there, and if so, why those are who are only stored."""
    assert DOORS & STORED.keys() == DOORS & NOBODY == STORED.keys() & NOBODY == set()
    assert DOORS | STORED.keys() | NOBODY == get_routes(app)
    assert all(STORED.values())


def test_somebody_restricted_is_found_behind_no_door(
    stage: tuple[FastAPI, Connection], placed: Placed, keyring: Keyring
) -> None:
    app, connection = stage
    with app.state.sessions() as session:
        account = account_by_username(session, "zhenba")
    assert account is not None
    reader = Reader(app, account, placed.worker)
    with app.state.sessions() as session, session.begin():
        act_as(session, account)
        numbers = numbers_of(session.connection(), placed)
    walked = sorted((DOORS | STORED.keys()) - NOT_FETCHED.keys())

    def shown(paths: list[str]) -> set[str]:
        found = set()
        for path in paths:
            before = connection.begin_nested()
            try:
                if reader.shows(path, numbers):
                    found.add(path)
            finally:
                before.rollback()
        return found

    before = shown([*walked, *sorted(NOBODY - NOT_FETCHED.keys())])
    assert before & NOBODY == set()
    assert DOORS - before == NOT_IN_THIS_WORLD.keys() & DOORS
    with app.state.sessions() as session, session.begin():
        act_as(session, account)
        put_away = text("UPDATE worker SET restricted = true WHERE id = :id")
        session.connection().execute(put_away, {"id": placed.worker})
    assert shown(walked) & DOORS == set()
    # What was made before is not handed out, and what is made from now on has nobody of it.
    assert reader.rest.get(f"/v1/exports/{numbers['export_id']}/file").status_code == 410
    for view in VIEWS.values():
        told = {"view": view.code, "region": "610728"}
        if view.asks is Asks.BATCH:
            told["batch"] = numbers["dispatch_id"]
        asked = made(reader.rest.post("/v1/exports", json=told))
        work_off(app.state.sessions, keyring, app.state.settings)
        content = reader.rest.get(f"/v1/exports/{asked['id']}/file")
        assert content.status_code == 200, (view.code, content.text)
        assert NAME not in words(content.content), view.code
    asked_for = made(reader.rest.get("/v1/workers", params={"restricted": True}))["items"]
    assert [each["name"] for each in asked_for] == [NAME], "asked for as such they are found"
