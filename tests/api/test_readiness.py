"""Whether the service can serve: each thing is really broken, and readiness says which, and what to do."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from fastapi import FastAPI
from sqlalchemy import make_url, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.cli import working
from api.database import (
    SchemaDiffers,
    alembic_config,
    announcing,
    code_revision,
    migrate,
    owner_connection,
    service_engine,
    sessions_of,
)
from api.learned import serving
from api.observing.presence import be_there
from api.postgres.embedded import Cluster
from api.postgres.roles import connect
from api.settings import Environment, Settings
from api.worker.sealing import Sealer
from models.sealing import Keyring

from .conftest import client_of

OLDER = "0016"
"""A revision whose tables know nothing of the guard."""


class Machine:
    """A service over a database of its own, and the owner who breaks things."""

    def __init__(self, app: FastAPI, owner: str, service: str) -> None:
        self.app, self.owner, self.service = app, owner, service
        self.client = TestClient(app)

    def ready(self, status: int = 200) -> dict[str, dict[str, str]]:
        """What was found, by name, looked at anew."""
        self.app.state.looked = None
        answer = self.client.get("/ready")
        assert answer.status_code == status, answer.text
        assert (answer.json()["status"] == "not_ready") is (status == 503)
        return {each["name"]: each for each in answer.json()["checks"]}

    def broken(self, status: int = 200) -> set[str]:
        """What is not as it should be; each says what to do, or waits for another that does."""
        found = self.ready(status)
        wrong = {name: each for name, each in found.items() if each["state"] != "ok"}
        assert all(each["to_do"] or each["state"] == "unknown" for each in wrong.values())
        assert not any(each["to_do"] for each in found.values() if each["state"] == "ok")
        return set(wrong)

    @contextmanager
    def working(self) -> Iterator[psycopg.Connection[Any]]:
        """There is a worker; its line to the database."""
        with connect(make_url(self.service), autocommit=True, options=announcing()) as line:
            be_there(line)
            yield line

    def run(self, statement: str, **told: Any) -> None:
        with owner_connection(self.owner) as owner:
            owner.execute(text(statement), told)


@pytest.fixture(scope="module")
def machine(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    database = clone("readiness")
    folder = tmp_path_factory.mktemp("data")
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=folder, disk_free_mb=0)
    engine = service_engine(database.service)
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    made = Machine(app, database.owner, database.service)
    with made.working() as line:
        Sealer().round(line)
        yield made
    engine.dispose()


def test_all_is_well(machine: Machine) -> None:
    found = machine.ready()
    assert list(found) == ["database", "disk", "schema", "record", "worker", "model"]
    assert {each["state"] for each in found.values()} == {"ok"}
    assert found["model"]["words"] == "用默认权重"


def test_a_worker_that_is_gone_is_missed_at_once(clone: Callable[[str], Any], machine: Machine) -> None:
    assert "worker" not in machine.broken()
    other = clone("nobody_works")
    engine = service_engine(other.service)
    lonely = Machine(machine.app, other.owner, other.service)
    own = machine.app.state.sessions
    try:
        machine.app.state.sessions = sessions_of(engine)
        # A worker of another database on the same server is none of ours.
        assert machine.broken() == {"worker"}
        with lonely.working():
            assert machine.broken() == set()
        assert machine.broken() == {"worker"}
    finally:
        machine.app.state.sessions = own
        engine.dispose()


def test_a_record_that_waits_to_be_sealed(machine: Machine) -> None:
    machine.run(
        "INSERT INTO audit_event (created_at, action, noun) VALUES (now() - interval '5 minutes', 'x', 'account')"
    )
    found = machine.ready()
    assert found["record"]["state"] == "degraded" and "等了5分钟" in found["record"]["words"]
    assert machine.broken() == {"record"}
    with connect(make_url(machine.service), autocommit=True) as line:
        assert Sealer().round(line) == 1
    assert machine.broken() == set()


def test_a_disk_that_fills_up(machine: Machine, tmp_path: Path) -> None:
    settings = machine.app.state.settings
    free = os.statvfs(settings.data_folder)
    free_mb = free.f_bavail * free.f_frsize >> 20
    filler = settings.data_folder / "filler"
    try:
        for threshold, state in ((free_mb - 256, "degraded"), ((free_mb - 256) * 10, "failed")):
            told = {"disk_free_mb": threshold}
            machine.app.state.settings = settings.model_copy(update=told)
            if state == "degraded":
                assert machine.broken() == set()
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, 512 << 20)
            found = machine.ready(503 if state == "failed" else 200)
            assert found["disk"]["state"] == state and "磁盘" in found["disk"]["to_do"]
            filler.unlink()
    finally:
        filler.unlink(missing_ok=True)
        machine.app.state.settings = settings
    assert machine.broken() == set()


def test_a_model_whose_file_is_broken(machine: Machine) -> None:
    machine.run(
        "INSERT INTO ranking_model (created_at, regions, account_id, monthly, as_of, stays, answers, version, "
        "schema_hash, file, file_sha256, may_serve, reasons, metrics) SELECT now(), '{610728}', id, false, "
        "'2021-08-31', 1, 1, 'v', 'h', 'a model', encode(sha256('a model'), 'hex'), true, '{}', '{}' "
        "FROM account WHERE username = 'zhenba'"
    )
    machine.run(
        "INSERT INTO ranking_change (created_at, regions, model_id, may_serve, kind, reason, account_id) "
        "SELECT now(), regions, id, true, 'promoted', '', account_id FROM ranking_model"
    )
    assert machine.broken() == set(), "nobody has tried it, and its bytes are those that were recorded"
    zhenba = client_of(machine.app, machine.app.state.sessions, "zhenba")
    worker = zhenba.post("/v1/workers", json={"name": "某人", "region": "610728"})
    assert zhenba.get(f"/v1/workers/{worker.json()['id']}/matches").status_code == 200
    found = machine.ready()["model"]
    assert found["state"] == "degraded" and "第1号" in found["words"], "it was no model at all"
    serving.forget()
    assert machine.broken() == {"model"}, "another process has it from the record"
    machine.run("ALTER TABLE ranking_fault DISABLE TRIGGER USER; DELETE FROM ranking_fault")
    assert machine.broken() == set()
    machine.run("ALTER TABLE ranking_model DISABLE TRIGGER USER; UPDATE ranking_model SET file = 'another'")
    assert machine.broken() == {"model"}
    machine.run(
        "INSERT INTO ranking_change (created_at, regions, model_id, may_serve, kind, reason, account_id) "
        "SELECT now(), regions, NULL, true, 'back', '坏了', account_id FROM ranking_model"
    )
    assert machine.broken() == set(), "the documented prior serves, as recorded"


def test_a_database_that_is_away(machine: Machine, cluster: Cluster) -> None:
    name = make_url(machine.owner).database
    zhenba = client_of(machine.app, machine.app.state.sessions, "zhenba")
    with connect(cluster.administrator(), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            found = machine.ready(503)
            assert found["database"]["state"] == "failed" and "数据库" in found["database"]["to_do"]
            assert {found[name]["state"] for name in ("schema", "record", "worker", "model")} == {"unknown"}
            assert found["disk"]["state"] == "ok"
            assert machine.client.get("/health").json() == {"status": "ok"}, "the process lives all the same"
            away = zhenba.get("/v1/workers")
            assert (away.status_code, away.json()["type"]) == (503, "/problems/database-away")
            figures = TestClient(machine.app, client=("127.0.0.1", 1)).get("/metrics")
            assert figures.status_code == 200 and "does not answer" in figures.text
        finally:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert zhenba.get("/v1/workers").status_code == 200
    assert machine.broken() == {"worker"}, "its line was cut too"
    with machine.working():
        assert machine.broken() == set()


def registered(client: TestClient, name: str = "某人") -> Any:
    return client.post("/v1/workers", json={"name": name, "region": "610728"})


def differs(answer: Any) -> None:
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/schema-differs"), answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_old_code_writes_nothing_into_a_newer_schema(machine: Machine) -> None:
    zhenba = client_of(machine.app, machine.app.state.sessions, "zhenba")
    assert registered(zhenba).status_code == 201
    before = zhenba.get("/v1/workers").json()["total"]
    machine.run(
        "INSERT INTO job (created_at, account_id, kind, argument, state, attempts, done, total, message, result, "
        "cancel_asked) SELECT now(), id, 'doubts', '{}', 'queued', 0, 0, 0, '', '{}', false FROM account LIMIT 1"
    )
    # As after another process has migrated, while the lines of this one are open.
    machine.run("UPDATE alembic_version SET version_num = '9999'")
    try:
        found = machine.ready(503)
        assert found["schema"]["state"] == "failed" and "9999" in found["schema"]["words"]
        differs(registered(zhenba))
        with machine.working() as line:
            for door in ("SELECT claim_job()", "SELECT begin_day('x', '2021-09-20')"):
                with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
                    line.execute(door)
        machine.app.state.sessions.kw["bind"].dispose()
        differs(zhenba.get("/v1/workers"))
    finally:
        machine.run("UPDATE alembic_version SET version_num = :right", right=code_revision())
    assert zhenba.get("/v1/workers").json()["total"] == before
    with machine.working():
        assert machine.broken() == set()


def test_a_program_that_is_older_than_its_database_does_not_begin(machine: Machine) -> None:
    machine.run("UPDATE alembic_version SET version_num = '9999'")
    try:
        with (
            owner_connection(machine.owner) as owner,
            pytest.raises(SchemaDiffers, match=r"9999.*不是同一版"),
        ):
            migrate(owner)
    finally:
        machine.run("UPDATE alembic_version SET version_num = :right", right=code_revision())


def test_new_code_does_nothing_with_an_older_schema(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = clone("older_schema")
    with owner_connection(database.owner) as owner:
        command.downgrade(alembic_config(owner), OLDER)
    engine = service_engine(database.service)
    settings = Settings(
        environment=Environment.DEMONSTRATION, data_folder=tmp_path, business_date=date(2021, 9, 20)
    )
    app = create_app(settings, sessions=audited(sessions_of(engine), keyring), keyring=keyring)
    machine = Machine(app, database.owner, database.service)
    found = machine.ready(503)
    assert found["schema"]["state"] == "failed" and OLDER not in found["schema"]["to_do"]
    differs(machine.client.post("/v1/token", data={"username": "zhenba", "password": "right-horse-battery"}))
    monkeypatch.setattr(working, "LOOK_AGAIN", 0.05)
    worker = threading.Thread(target=working.wait_for_own_schema, args=(engine,))
    worker.start()
    time.sleep(0.3)
    assert worker.is_alive(), "it takes up nothing"
    with owner_connection(database.owner) as owner:
        migrate(owner)
    worker.join(10)
    assert not worker.is_alive()
    assert machine.broken() == {"worker"}
    assert registered(client_of(app, app.state.sessions, "zhenba")).status_code == 201
    engine.dispose()


def test_whoever_asks_often_does_not_keep_the_database_busy(machine: Machine) -> None:
    machine.app.state.looked = None
    first = machine.client.get("/ready").json()
    began = time.monotonic()
    machine.run("UPDATE alembic_version SET version_num = '9999'")
    try:
        if time.monotonic() - began < 0.8:
            assert machine.client.get("/ready").json() == first
        time.sleep(1.1)
        assert machine.client.get("/ready").status_code == 503
    finally:
        machine.run("UPDATE alembic_version SET version_num = :right", right=code_revision())
