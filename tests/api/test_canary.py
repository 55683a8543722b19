"""Marked people are planted, everything is driven with them (each route, each kind of job, files, faults), and none of
them is found in a log, a traceback, another's answer, an error, a figure, a temporary file or a statement's text."""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.database import Sessions, service_engine
from api.deps import act_as
from api.jobs.running import Running
from api.postgres.embedded import Cluster
from api.security import account_by_username
from api.worker import working
from api.worker.kinds import KINDS, function_of
from models.job import Job
from models.sealing import Keyring

from .conftest import World, made
from .filing import away, workbook
from .ladder_commands import FAIR
from .marked import EAST, SOUTH, WEST, Watch, log_every_statement, now_running, watching
from .marked_requests import marked_in, requests
from .plan_commands import draft
from .test_bad_commands import COMMANDS, Stage
from .test_comparisons import Books, paid
from .test_comparisons import away as reported

DATABASE = "canary"
JOBS = (
    "check_doubts",
    "search_duplicates",
    "create_export",
    "propose_to_leavers",
    "train_ranking_model",
    "settle_comparison",
    "create_comparison",
    "create_match_plan",
    "approve_match_plan_persons",
)
"""Commands behind which there is a job."""
FEW = (
    *JOBS,
    "create_contact",
    "mend_import_line",
    "correct_worker_id_number",
    "decide_duplicate",
    "agree_handover",
)

HONEST = {"/ready", "/mp/v1/login", "/mp/v1/telephone", "/v1/vacancies/{vacancy_id}/poster-code.png"}
"""What may say that something is away: here no mini-program is set up."""


@pytest.fixture(scope="module")
def service_engine_of_canary(clone: Callable[[str], Any], cluster: Cluster) -> Iterator[Engine]:
    database = clone(DATABASE)
    log_every_statement(cluster, DATABASE)
    engine = service_engine(database.service)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(service_engine_of_canary: Engine) -> Iterator[Connection]:
    """A connection as the service has it, in a transaction that ends with the test."""
    with service_engine_of_canary.connect() as opened:
        transaction = opened.begin()
        yield opened
        transaction.rollback()


@pytest.fixture
def watch(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watch]:
    with watching(cluster, tmp_path, capsys) as begun:
        monkeypatch.setattr(tempfile, "tempdir", str(begun.scratch))
        monkeypatch.setenv("TMPDIR", str(begun.scratch))
        yield begun


@pytest.fixture
def staged(
    world: World,
    clerk: Callable[[str], TestClient],
    work: Callable[[], int],
    connection: Connection,
    sessions: Sessions,
    keyring: Keyring,
) -> Callable[[], AbstractContextManager[Stage]]:
    """Makes a stage of which nothing stays, and so no number that another one's people have."""

    @contextmanager
    def make() -> Iterator[Stage]:
        with connection.begin_nested() as before, ExitStack() as opened:

            def session_as(username: str) -> Session:
                session = opened.enter_context(sessions())
                act_as(session, account_by_username(session, username) or 0)
                return session

            yield Stage(world, clerk, work, session_as, keyring)
            opened.close()
            before.rollback()

    return make


def test_every_route(
    app: FastAPI,
    clerk: Callable[[str], TestClient],
    visitor: Callable[[str], Any],
    watch: Watch,
    connection: Connection,
    world: World,
    pytestconfig: pytest.Config,
) -> None:
    world.application()  # somebody is there, whose name is a mark too
    people = [(SOUTH, TestClient(app, client=("10.0.0.7", 1)), TestClient(app), "")]
    deep = pytestconfig.getoption("--deep")
    if deep:
        for who, name in ((WEST, "zhenba"), (EAST, "yangxian")):
            people.append((who, clerk(name), visitor(name).client, visitor(name).token))
    else:
        mine = visitor("yangxian")
        people.append((EAST, clerk("yangxian"), mine.client, mine.token))
    asked, faults = set[str](), set[tuple[str, str, str]]()
    for route in (each for each in app.routes if isinstance(each, APIRoute)):
        # A stream without an end, and a document whose examples are numbers of made-up people.
        if route.operation_id == "watch_job" or route.path == "/mp/v1/openapi.json":
            continue
        for who, rest, pages, form_token in people:
            client = rest if route.path.startswith("/v1") else pages
            client = TestClient(
                app, headers=client.headers, cookies=client.cookies, raise_server_exceptions=False
            )
            asked.add(route.path)
            sent = list(requests(app, route, who, form_token))
            # In small: what reaches furthest, and what is told in the address; of strangers a few.
            few = [sent[len(asked) % 2 * 2]] if who is not SOUTH else sent[-1:] if len(asked) % 5 == 0 else []
            for path, content in sent if deep else few:
                before = connection.begin_nested()
                answer = client.request(min(route.methods), path, follow_redirects=False, **content)
                before.rollback()
                if answer.status_code >= 500 and route.path not in HONEST:
                    faults.add((route.path, path, who.name))
                told = answer.text
                if not route.path.startswith("/v1") or answer.is_success:
                    for own in who.all:  # what one has typed oneself may stand in one's own form again
                        told = told.replace(own, "")
                if who is not WEST:
                    watch.look(f"answer of {route.path} to another", told)
                elif answer.is_error and route.path.startswith("/v1"):
                    watch.look(f"error of {route.path}", told)
    assert sorted(faults) == []
    assert len(asked) > 400
    watch.look("metrics", TestClient(app, client=("127.0.0.1", 1)).get("/metrics").text)
    assert watch.everywhere() == {}
    assert watch.statements().count("statement: ") + watch.statements().count("execute ") > 1000
    assert "/v1/workers/{worker_id}" in watch.log.read_text()


def test_every_kind_of_job_and_command(
    app: FastAPI,
    staged: Callable[[], AbstractContextManager[Stage]],
    clerk: Callable[[str], TestClient],
    cluster: Cluster,
    watch: Watch,
    pytestconfig: pytest.Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: set[str] = set()
    monkeypatch.setattr(working, "function_of", lambda kind: done.add(kind) or function_of(kind))
    chosen = sorted(COMMANDS) if pytestconfig.getoption("--deep") else FEW
    other, nobody = clerk("yangxian"), TestClient(app)
    for name in chosen:
        with staged() as stage:
            carried_out_and_spoiled(app, stage, watch, name, (other, nobody))
    with staged() as stage:
        the_rest(stage)
        for content, file in broken_files():
            sent = stage.west.post("/v1/imports", files={"file": (file, content)})
            if sent.is_error:
                watch.look(f"refusal of {file[-4:]}", sent.text)
                continue
            stage.intake.work()
            for stranger in (other, nobody):
                shown = stranger.get(f"/v1/imports/{sent.json()['id']}")
                assert shown.status_code in (401, 404)
                watch.look("another's import", shown.text)
    watch.look("statements that run", now_running(cluster))
    watch.look("metrics", TestClient(app, client=("127.0.0.1", 1)).get("/metrics").text)
    assert done == set(KINDS)
    assert watch.everywhere() == {}


def carried_out_and_spoiled(
    app: FastAPI, stage: Stage, watch: Watch, name: str, strangers: tuple[TestClient, TestClient]
) -> None:
    """A command with its right body and with wrong ones, by who may and by others, and the job behind it."""
    route = next(each for each in app.routes if getattr(each, "operation_id", None) == name)
    assert isinstance(route, APIRoute)
    client, named, right = COMMANDS[name](stage)
    asked = (min(route.methods), route.path.format(**named))
    for body in (right, marked_in(right, WEST), {**right, WEST.id_number: WEST.name}):
        answer = client.request(*asked, json=body, headers={"If-Match": '"1"'})
        assert answer.status_code < 500
        if answer.is_error:
            watch.look(f"error of {name}", answer.text)
        for stranger in strangers:
            watch.look(f"answer of {name} to another", stranger.request(*asked, json=body).text)
        stage.intake.work()
    watch.look(f"jobs behind {name}", stage.west.get("/v1/jobs", params={"limit": 200}).text)


def the_rest(stage: Stage) -> None:
    """Jobs behind commands whose right body needs more than one of those rows."""
    books = Books(stage.west, stage.intake.work)
    books.ledger([reported(1)])
    listed = books.compared([paid(1, "202103")], "social_insurance")["import_id"]
    made(stage.west.post(f"/v1/comparisons/{listed}/evidence", json={}))
    fair = made(stage.west.post("/v1/fairs", json=FAIR | {"held_on": "2021-09-20"}))["id"]
    made(stage.west.post(f"/v1/fairs/{fair}/invitations", json={"worker_ids": [stage.worker()]}))
    made(stage.west.post(f"/v1/fairs/{fair}/settle"))
    stage.intake.work()
    number, _ = draft(stage)
    version = {"If-Match": stage.west.get(f"/v1/match-plans/{number}").headers["ETag"]}
    made(stage.west.post(f"/v1/match-plans/{number}/approve-all", headers=version))
    assert stage.intake.work() == 1


def broken_files() -> Iterator[tuple[bytes, str]]:
    """Files that are not what they should be, with marks in every place."""
    good = workbook([away(at, 姓名=WEST.name, 证件号码=WEST.id_number[:-1] + "0") for at in range(1, 4)])
    yield good, f"{WEST.name}{WEST.id_number}.xlsx"
    yield good[: len(good) // 2], f"{WEST.name}.xlsx"
    yield workbook([away(1)], headings=(WEST.name, WEST.id_number, WEST.phone)), "名单.xlsx"
    yield f'姓名,证件号码\n{WEST.name},{WEST.id_number}\n"{WEST.name}'.encode(), "名单.csv"
    yield f"{WEST.name}\0{WEST.id_number}".encode(), "名单.csv"
    yield json.dumps({"title": WEST.name, "text": WEST.id_number}).encode()[:-4], "岗位.jsonl"
    yield b"PK\x03\x04" + WEST.id_number.encode() * 100, "名单.xlsx"


def test_faults(
    app: FastAPI,
    west: TestClient,
    watch: Watch,
    sessions: Sessions,
    service_engine_of_canary: Engine,
    session_as: Callable[[str], Session],
    work: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Errors whose own words are somebody's: of the program, of a job, of the database."""
    words = f"{WEST.name} {WEST.id_number}"

    def fault() -> None:
        try:
            int(WEST.id_number + "x")
        except ValueError as error:
            raise RuntimeError(words) from error

    def refused(statement: str) -> Callable[[], None]:
        def ask() -> None:
            with service_engine_of_canary.begin() as connection:
                connection.execute(text(statement), {"told": WEST.id_number})

        return ask

    faults = {
        "/v1/fault": fault,
        "/v1/cast": refused("SELECT CAST(:told AS date)"),
        "/v1/range": refused("SELECT CAST(repeat(:told, 2) AS bigint)"),
        "/v1/json": refused("SELECT CAST(:told || 'x' AS jsonb)"),
        "/v1/double": refused("INSERT INTO daily_run SELECT :told, now()::date FROM generate_series(1, 2)"),
    }
    for path, function in faults.items():
        app.add_api_route(path, function)
        answer = TestClient(app, raise_server_exceptions=False).get(path)
        assert answer.status_code >= 400
        watch.look(path, answer.text)

    def fails(running: Running) -> dict[str, Any]:
        with running.transaction() as (session, _):
            session.connection().execute(text("SELECT CAST(:told AS date)"), {"told": words})
        return {}

    monkeypatch.setattr(working, "function_of", lambda _: fails)
    session = session_as("zhenba")
    session.add(Job(account_id=session.info["actor"].account_id, kind="doubts"))
    session.flush()
    assert work() == 1
    watch.look("job", west.get("/v1/jobs").text)
    assert {"unhandled", "job_failed", "RuntimeError"} <= set(re.findall(r"\w+", watch.log.read_text()))
    assert watch.everywhere() == {}


def test_a_large_file_never_lies_on_the_disk_as_it_came(west: TestClient, watch: Watch) -> None:
    rows = "\n".join(f"{WEST.name},{WEST.id_number},{at}" for at in range(60_000))
    file = BytesIO(f"姓名,证件号码,备注\n{rows}".encode())
    assert len(file.getvalue()) > 2 << 20
    answer = west.post("/v1/imports", files={"file": ("名单.csv", file)})
    assert answer.status_code == 202, answer.text
    assert watch.everywhere() == {}


def test_the_watch_finds_what_is_there(watch: Watch, cluster: Cluster, tmp_path: Path) -> None:
    """A watch that finds nothing must be one that would."""
    sys.stdout.write(WEST.id_number)
    (watch.scratch / "left").write_text(EAST.phone)
    with watch.log.open("a") as log:
        log.write(SOUTH.name)
    watch.look("somewhere", "9901" + "01198003151248")
    watch.look("somewhere", "biaojixiren")
    for _ in range(100):
        if "temporary file left" in watch.found:
            break
        watch.stopping.wait(0.05)
    found = watch.everywhere()
    assert {"standard output", "service.log", "temporary file left"} <= set(found)
    assert any(path.endswith("left") for path in found["files that were opened to be written"])
    assert len(found["somewhere"]) == 2, "the number, and the name by its sound"
