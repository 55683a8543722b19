"""Long work: taken up once, taken up again when its worker died, ended on request, and told of in words."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import Sessions, owner_connection, service_engine, sessions_of
from api.deps import act_as
from api.errors import conflict
from api.jobs import watching
from api.jobs.needing import NEEDING
from api.jobs.running import Cancelled, JobFailed, JobFunction, Running, enqueue
from api.schemas.job import LABELS
from api.security import account_by_username, issue_token
from api.settings import Environment, Settings
from api.worker.kinds import KINDS, function_of
from api.worker.working import MOST_ATTEMPTS, work_off, work_one
from models.account import TokenKind
from models.sealing import Keyring

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret that no message repeats"

WORKER = """
import os, sys, time
from api.audit import audited
from api.database import service_engine, sessions_of
from api.jobs.needing import NEEDING
from api.worker import attending
from api.worker.attending import attend
from api.worker.kinds import KINDS
from api.settings import Settings
from models.sealing import Keyring

def slow(job):
    job.progress(1, 2, "在做", now=True)
    time.sleep(120)

KINDS["slow"], NEEDING["slow"] = "__main__:slow", ()
# It looks by itself no more: what it takes up it was called for.
attending.FALLBACK = 3600.0
keyring = Keyring.of_secret(b"a secret of the tests, of no other use")
url = os.environ["TESTED_DATABASE"]
attend(audited(sessions_of(service_engine(url)), keyring), keyring,
       Settings(database_url=url, owner_database_url=url))
"""


@dataclass
class House:
    """A service over a database of its own, and who works off its jobs."""

    app: FastAPI
    engine: Engine
    sessions: Sessions
    keyring: Keyring
    settings: Settings
    url: str
    owner: str

    def ask(self, kind: str = "test", username: str = "zhenba", **argument: Any) -> int:
        with self.sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            assert account_id is not None
            act_as(session, account_id)
            return enqueue(session, account_id, kind, argument).identity

    def work(self) -> int:
        return work_off(self.sessions, self.keyring, self.settings)

    def one(self) -> bool:
        return work_one(self.sessions, self.keyring, self.settings)

    def client(self, username: str = "zhenba") -> TestClient:
        with self.sessions() as session, session.begin():
            account_id = account_by_username(session, username)
            assert account_id is not None
            act_as(session, account_id)
            token = issue_token(session, account_id, TokenKind.BEARER)
        return TestClient(self.app, headers={"Authorization": f"Bearer {token}"})

    def job(self, number: int) -> dict[str, Any]:
        answer = self.client().get(f"/v1/jobs/{number}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def wait(
        self, number: int, ready: Callable[[dict[str, Any]], bool], seconds: float = 120
    ) -> dict[str, Any]:
        until = time.monotonic() + seconds
        while not ready(found := self.job(number)):
            assert time.monotonic() < until, found
            time.sleep(0.05)
        return found


@pytest.fixture(scope="module")
def engine(clone: Callable[[str], Any]) -> Iterator[tuple[Engine, Any]]:
    database = clone("jobs")
    made = service_engine(database.service)
    yield made, database
    made.dispose()


@pytest.fixture
def house(engine: tuple[Engine, Any], keyring: Keyring, tmp_path: Path) -> House:
    made, database = engine
    with owner_connection(database.owner) as owner:
        owner.execute(text("DELETE FROM job"))
    settings = Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path)
    sessions = audited(sessions_of(made), keyring)
    app = create_app(settings, sessions=sessions, keyring=keyring)
    return House(app, made, sessions, keyring, settings, database.service, database.owner)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[[JobFunction], None]:
    """Makes a function the one that jobs of kind `test` call for."""
    return lambda function: _call_for(monkeypatch, "test", function)


def _call_for(monkeypatch: pytest.MonkeyPatch, name: str, function: JobFunction) -> None:
    monkeypatch.setattr(sys.modules[__name__], f"job_{name}", function, raising=False)
    monkeypatch.setitem(KINDS, name, f"{__name__}:job_{name}")
    monkeypatch.setitem(NEEDING, name, ())


def test_every_kind_has_a_name_in_chinese_and_a_function() -> None:
    assert set(KINDS) == set(LABELS) == set(NEEDING), "each says what its account must be allowed to do"
    assert all(callable(function_of(kind)) for kind in KINDS)


def test_from_the_asking_to_the_result(house: House, kind: Callable[[JobFunction], None]) -> None:
    def function(job: Running) -> dict[str, Any]:
        job.progress(1, 2, "读取中", now=True)
        assert house.job(job.job_id)["message"] == "读取中"
        with job.transaction() as (session, caller):
            assert caller.username == "zhenba"
            assert session.connection().scalar(text("SELECT app_scope()")) is not None
        return {"rows": job.argument["rows"], "link": "/imports/1"}

    kind(function)
    number = house.ask(rows=7)
    asked = house.job(number)
    assert asked["state"] == {"code": "queued", "label": "排队中"}
    assert (asked["started_at"], asked["link"]) == (None, None)
    assert house.work() == 1
    done = house.job(number)
    assert done["state"]["code"] == "done"
    assert (done["done"], done["total"], done["link"], done["result"]) == (2, 2, "/imports/1", {"rows": 7})
    assert done["finished_at"].endswith("+08:00")
    assert house.work() == 0


def test_jobs_are_ones_own(house: House) -> None:
    mine, others = house.ask(), house.ask(username="yangxian")
    client = house.client()
    assert [job["id"] for job in client.get("/v1/jobs").json()["items"]] == [mine]
    for answer in (
        client.get(f"/v1/jobs/{others}"),
        client.get(f"/v1/jobs/{others}/events"),
        client.delete(f"/v1/jobs/{others}"),
    ):
        assert answer.status_code == 404, answer.text
    assert house.client("yangxian").get(f"/v1/jobs/{others}").json()["cancel_asked"] is False


def test_workers_side_by_side_take_each_job_once(house: House, kind: Callable[[JobFunction], None]) -> None:
    taken: list[int] = []

    def function(job: Running) -> dict[str, Any]:
        taken.append(job.job_id)
        time.sleep(0.01)
        return {}

    kind(function)
    asked = [house.ask() for _ in range(24)]
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _: house.work(), range(4)))
    assert sorted(taken) == asked
    assert sum(done) == 24
    assert all(house.job(number)["state"]["code"] == "done" for number in asked)


def test_what_a_killed_worker_left_is_taken_up_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = os.environ | {"TESTED_DATABASE": house.url, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-P", "-c", WORKER], env=environment) as worker:
        try:
            number = house.ask("slow")
            house.wait(number, lambda job: job["done"] == 1)
            # As long as it lives the job is its own.
            assert house.one() is False
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            _call_for(monkeypatch, "slow", lambda _: {"rows": 1})
            killed = time.monotonic()
            while not house.one():
                assert time.monotonic() - killed < 60
        finally:
            worker.kill()
    again = house.job(number)
    assert (again["state"]["code"], again["result"]) == ("done", {"rows": 1})


def test_a_worker_is_called_to_a_new_job(house: House) -> None:
    environment = os.environ | {"TESTED_DATABASE": house.url, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-P", "-c", WORKER], env=environment) as worker:
        try:
            # The first one waits for the process to load; the second is called by name.
            first = house.ask("nothing-of-that-kind")
            house.wait(first, lambda job: job["state"]["code"] == "failed")
            number = house.ask("slow")
            house.wait(number, lambda job: job["state"]["code"] == "running")
        finally:
            worker.kill()


def test_a_job_that_ends_every_worker_is_given_up(house: House, kind: Callable[[JobFunction], None]) -> None:
    kind(lambda _: pytest.fail("it was tried once more"))
    number = house.ask()
    with owner_connection(house.owner) as owner:
        owner.execute(text("UPDATE job SET state = 'running', attempts = :n"), {"n": MOST_ATTEMPTS})
    assert house.one()
    given_up = house.job(number)
    assert given_up["state"]["code"] == "failed"
    assert "多次" in given_up["message"]


def test_one_that_waits_ends_at_once(house: House, kind: Callable[[JobFunction], None]) -> None:
    kind(lambda _: pytest.fail("it was done all the same"))
    number = house.ask()
    client = house.client()
    for _ in range(2):
        ended = client.delete(f"/v1/jobs/{number}")
        assert ended.status_code == 200
        assert ended.json()["state"]["code"] == "cancelled"
    assert house.work() == 0


def test_one_under_way_ends_at_its_next_note(house: House, kind: Callable[[JobFunction], None]) -> None:
    client = house.client()

    def function(job: Running) -> dict[str, Any]:
        with job.transaction() as (session, _):
            session.connection().execute(text("SELECT set_config('app.nothing', 'x', true)"))
        asked = client.delete(f"/v1/jobs/{job.job_id}").json()
        assert (asked["state"]["code"], asked["cancel_asked"]) == ("running", True)
        with pytest.raises(Cancelled):
            job.progress(1, 9, "又一行", now=True)
        job.progress(2, 9, "再一行", now=True)
        raise AssertionError("it went on")

    kind(function)
    number = house.ask()
    house.work()
    ended = house.job(number)
    assert (ended["state"]["code"], ended["message"]) == ("cancelled", "已取消")
    # What has ended stays as it is.
    assert client.delete(f"/v1/jobs/{number}").json() == ended


def test_one_that_was_to_end_is_not_taken_up_again(house: House, kind: Callable[[JobFunction], None]) -> None:
    kind(lambda _: pytest.fail("it was begun again"))
    number = house.ask()
    with owner_connection(house.owner) as owner:
        owner.execute(text("UPDATE job SET state = 'running', cancel_asked = true"))
    assert house.one()
    assert house.job(number)["state"]["code"] == "cancelled"


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (JobFailed("第3行起读不出来，请另存为 xlsx 后再导入。"), "第3行起读不出来，请另存为 xlsx 后再导入。"),
        (conflict("x", "不能这样", "请先核对。"), "请先核对。"),
        (RuntimeError(SECRET), "处理时出了意外"),
    ],
)
def test_a_failure_says_what_to_do(
    house: House,
    kind: Callable[[JobFunction], None],
    failure: Exception,
    words: str,
) -> None:
    def function(job: Running) -> dict[str, Any]:
        with job.transaction() as (session, _):
            session.connection().execute(text("UPDATE job SET done = 5"))
            raise failure

    kind(function)
    number = house.ask()
    house.work()
    failed = house.job(number)
    assert failed["state"]["code"] == "failed"
    assert failed["message"].startswith(words)
    assert SECRET not in str(failed)
    assert failed["done"] == 0


def test_an_account_that_was_closed_meanwhile(house: House, kind: Callable[[JobFunction], None]) -> None:
    def function(job: Running) -> dict[str, Any]:
        with job.transaction():
            pytest.fail("it was done under rights that are gone")
        return {}

    kind(function)
    number = house.ask(username="jingyang")
    switch = text("UPDATE account SET active = :active WHERE username = 'jingyang'")
    with owner_connection(house.owner) as owner:
        owner.execute(switch, {"active": False})
    house.work()
    with owner_connection(house.owner) as owner:
        owner.execute(switch, {"active": True})
    ended = house.client("jingyang").get(f"/v1/jobs/{number}").json()
    assert ended["state"]["code"] == "failed"
    assert "账号已停用" in ended["message"]


def test_a_region_that_was_lost_meanwhile(house: House, kind: Callable[[JobFunction], None]) -> None:
    seen: list[Any] = []

    def function(job: Running) -> dict[str, Any]:
        with job.transaction() as (session, caller):
            seen.append((caller.regions, session.connection().scalar(text("SELECT count(*) FROM household"))))
        return {}

    kind(function)
    house.ask(username="hanzhong")
    with owner_connection(house.owner) as owner:
        lost = owner.execute(
            text(
                "DELETE FROM account_binding USING account WHERE account.id = account_id "
                "AND username = 'hanzhong' RETURNING account_id, role, region, account_binding.created_at"
            )
        ).one()
    house.work()
    with owner_connection(house.owner) as owner:
        owner.execute(
            text(
                "INSERT INTO account_binding (account_id, role, region, created_at) VALUES (:a, :b, :c, :d)"
            ),
            dict(zip("abcd", lost, strict=True)),
        )
    assert seen == [((), 0)]


def test_progress_comes_as_it_happens(
    house: House, kind: Callable[[JobFunction], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.02)
    watched = threading.Event()

    def function(job: Running) -> dict[str, Any]:
        for done in range(3):
            job.progress(done, 3, f"第{done}步", now=True)
            watched.wait(1.0)
        # Between two looks the watcher holds nothing; what is out is the worker's own lock.
        idle.append(house.engine.pool.checkedout())  # type: ignore[attr-defined]
        return {"link": "/x"}

    idle: list[int] = []
    kind(function)
    number = house.ask()
    worker = threading.Thread(target=house.work)
    client = house.client()
    worker.start()
    answer = client.get(f"/v1/jobs/{number}/events")
    worker.join()
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    events = [block.split("\n")[0] for block in answer.text.split("\n\n") if block.startswith("event:")]
    assert events.count("event: progress") >= 2
    assert events[-1] == "event: end"
    assert '"state":{"code":"done"' in answer.text.split("event: end")[1]
    assert idle[0] <= 2
    stop = client.get(f"/v1/jobs/{number}/events", headers={"Last-Event-ID": "end"})
    assert (stop.status_code, stop.content) == (204, b"")
