"""限制使用: somebody whose data is only stored is found nowhere but where the law lets it be read."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, get_type_hints

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import sessions_of
from api.deps import SESSION_COOKIE, act_as
from api.doors_to_people import DOORS, NOBODY, POSTED, STORED
from api.security import account_by_username, issue_token
from api.settings import Environment, Settings
from api.worker.working import work_off
from ledger.registers.catalogue import VIEWS
from ledger.registers.view import Asks
from models.account import TokenKind
from models.sealing import Keyring

from .conftest import World, made
from .test_ownership import ELSEWHERE, SEEN, TABLES
from .test_row_security import Placed, guarded, placed

__all__ = ["guarded", "placed"]
NAME = "行权限"
NAMES = {"left": "离岗某", "at_work": "在岗某", "reported": "上报某", "applied": "推荐某", "idle": "闲户某"}
NOT_FETCHED = {
    "/v1/jobs/{job_id}/events": "a stream",
    "/login/{token}": "for whoever has a link",
    "/invitation/{code}": "for whoever has a code",
    "/docs": "the documentation",
    "/v1/vacancies/{vacancy_id}/poster-code.png": "a picture of a number, made by WeChat",
    "/health": "says that it is there",
    "/ready": "says whether it may be asked",
    "/metrics": "figures, to this machine or a key",
}
OF_WORK = {
    "/v1/leavers": "left",
    "/follow-ups/leavers": "left",
    "/v1/benefits/demo_travel/entitled": "left",
    "/benefits/demo_travel": "left",
    "/v1/vacancies/{vacancy_id}/matches": "left",
    "/vacancies/{vacancy_id}": "left",
    "/v1/follow-ups?due=false": "at_work",
    "/follow-ups?due=false": "at_work",
    "/v1/confirmations": "at_work",
    "/confirmations": "at_work",
    "/v1/reports": "reported",
    "/reports": "reported",
    "/applications": "applied",
    "/households/idle": "idle",
}
"""Doors to people of a second world, by whom they show there."""
NOT_IN_THIS_WORLD: dict[str, str] = {
    **dict.fromkeys(("/applications", "/benefits/{code}", "/confirmations", "/follow-ups", "/follow-ups/leavers", "/households/idle", "/v1/benefits/{code}/entitled", "/v1/confirmations", "/v1/follow-ups", "/v1/leavers", "/v1/vacancies/{vacancy_id}/matches", "/vacancies/{vacancy_id}"), "in the second world, below"),
    **dict.fromkeys(
        ("/benefits/batches/{batch_id}/payment-file", "/v1/claims/batches/{batch_id}/payment-file"),
        "tests/api/test_claims.py: nothing is approved here",
    ),
    **dict.fromkeys(
        ("/benefits/claims/to-recover", "/v1/claims/to-recover"), "tests/api/test_recovering.py: nothing is paid here"
    ),
    **dict.fromkeys(
        ("/benefits/employers/{employer_id}", "/v1/benefits/employers/{employer_id}/workers"),
        "of firms_of, tests/api/test_claims.py: the employer is kept elsewhere",
    ),
    **dict.fromkeys(
        ("/comparisons/{import_id}", "/v1/comparisons/{import_id}/rows"), "what was found is settled by a proof"
    ),
    **dict.fromkeys(("/doubts/services", "/duplicates"), "the list of /v1/doubts and /v1/duplicates"),
    **dict.fromkeys(
        ("/entrepreneurs", "/v1/entrepreneurs", "/public-posts", "/public-posts/file", "/v1/public-posts",
         "/v1/public-posts.xlsx", "/v1/workshops/{employer_id}/workers", "/workshops/{employer_id}"),
        "of outcomes.ladder, whose queries leave them out: the work here is a market job",
    ),
    **dict.fromkeys(
        ("/frozen-reports/{frozen_id}/lines/{line}", "/v1/frozen-reports/{frozen_id}/lines/{line}/persons"),
        "tests/api/test_erasing.py: line 1 counts nobody",
    ),
    **dict.fromkeys(
        ("/targets/{target_id}", "/targets/{target_id}/calls", "/v1/targets/{target_id}/persons"),
        "of outcomes.target_spells, which leaves them out: the first target counts nobody",
    ),
    **dict.fromkeys(
        ("/v1/match-plans/{match_plan_id}/persons/{worker_id}/options",
         "/v1/match-plans/{match_plan_id}/persons/{worker_id}/options/{vacancy_id}"),
        "names posts, for a person who is named in the address",
    ),
    **dict.fromkeys(
        ("/mp/v1/people/{worker_id}/benefits", "/mp/v1/people/{worker_id}/matches"),
        "the person's own door: tests/api/miniprogram/test_rights.py",
    ),
    "/registers/{code}/print": "asks for a column; the rows are those of /registers/{code}",
}  # fmt: skip
"""Doors that would show the person, but for what this world lacks: and where they are shown instead."""


def get_routes(app: FastAPI) -> set[str]:
    """The path of everything that is read."""
    return {
        route.path
        for route in app.router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }


def showing_routes(app: FastAPI) -> set[str]:
    """The path of everything that is sent and answered by a page or a file, not by what became of a record."""
    sent = [
        route
        for route in app.router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    ]
    found = {
        route.path
        for route in sent
        if get_type_hints(route.endpoint).get("return") is HTMLResponse
        or any("json" not in media for told in route.responses.values() for media in told.get("content", ()))
    }
    # A page's button for a file of the other door.
    return found | {route.path for route in sent if f"/v1{route.path}" in found}


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
    assert POSTED.keys() == showing_routes(app) and all(POSTED.values())


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
                # Reading tells no employer of anybody.
                assert disclosed() == told, path
            finally:
                before.rollback()
        return found

    def disclosed() -> int:
        with app.state.sessions() as session, session.begin():
            act_as(session, account)
            return session.connection().scalar(text("SELECT count(*) FROM disclosure")) or 0

    told = disclosed()
    assert told, "somebody was put forward"
    before = shown([*walked, *sorted(NOBODY - NOT_FETCHED.keys())])
    assert before & NOBODY == set()
    assert sorted(DOORS - before) == sorted(NOT_IN_THIS_WORLD)
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


def test_nor_behind_those_that_tell_of_work(
    world: World, people: Any, west: TestClient, visitor: Any, session_as: Any
) -> None:
    """Five people, each on the lists of their own; put away, they are on none."""
    home = world.household()["id"]
    names = {
        "left": people.worker(name="离岗某"),
        "at_work": people.worker(name="在岗某", started="2021-05-01", ended=None),
        "reported": world.worker(name="上报某")["id"],
        "applied": world.worker(name="推荐某")["id"],
        "idle": world.worker(name="闲户某", household_id=home)["id"],
    }
    made(west.post(f"/v1/workers/{names['reported']}/reports", json={"started": "2021-03-01"}))
    post = world.vacancy()["id"]
    made(west.post("/v1/applications", json={"worker_id": names["applied"], "vacancy_id": post}))
    desk = visitor("zhenba")

    def shown() -> set[str]:
        found = set()
        for path, who in OF_WORK.items():
            there = path.format(vacancy_id=post)
            answer = (west if path.startswith("/v1/") else desk.client).get(there)
            assert answer.status_code == 200, (path, answer.text)
            by_number = path.startswith("/v1/") and named(answer.json(), names[who])
            if by_number or f"{NAMES[who]}" in answer.text:
                found.add(path)
        return found

    assert sorted(shown()) == sorted(OF_WORK)
    session = session_as("zhenba")
    session.connection().execute(text("UPDATE worker SET restricted = true"))
    assert shown() == set()
