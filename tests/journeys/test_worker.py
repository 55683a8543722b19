"""The worker beside the service: it comes back when it is killed and goes on, and never outlives the service."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, text

from api.database import owner_connection
from api.postgres import embedded
from api.runtime import DATABASE

from .conftest import Service, service

pytestmark = pytest.mark.server


def workers_of(folder: Path) -> list[int]:
    """The processes that work over the folder's database, by what they were told."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if not (entry.name.isdigit() and (entry / "cmdline").read_bytes().endswith(b"api.cli\0work\0")):
                continue
            if f"WENGANG_DATA_FOLDER={folder}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def soon(what: Callable[[], Any], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def ask(owner: Connection, username: str) -> int:
    """A job as a route asks for it."""
    asked = owner.scalar(
        text(
            "INSERT INTO job (created_at, account_id, kind, argument, state, attempts, done, total, message, result, "
            "cancel_asked) SELECT now(), id, 'doubts', '{\"region\": \"610728\"}', 'queued', 0, 0, 0, '', '{}', false "
            "FROM account WHERE username = :name RETURNING id"
        ),
        {"name": username},
    )
    owner.execute(text("NOTIFY job"))
    assert asked is not None
    return asked


def state(client: httpx.Client, number: int) -> str:
    return str(client.get(f"/v1/jobs/{number}").json()["state"]["code"])


def works(client: httpx.Client) -> bool:
    """Whether readiness says that somebody works."""
    answer = client.get("/ready")
    assert answer.status_code == 200, answer.text
    [told] = [each for each in answer.json()["checks"] if each["name"] == "worker"]
    return bool(told["state"] == "ok")


def killed_in_the_middle(started: Service, client: httpx.Client, owner_url: str) -> None:
    soon(lambda: works(client))
    [first] = soon(lambda: workers_of(started.folder))
    nothing_secret_on_its_command_line(first)
    with owner_connection(owner_url) as blocking:
        # Whatever reads people waits for us: the job is in its middle for as long as we like.
        blocking.execute(text("LOCK TABLE worker IN ACCESS EXCLUSIVE MODE"))
        with owner_connection(owner_url) as owner:
            number = ask(owner, started.told["username"])
        soon(lambda: state(client, number) == "running")
        os.kill(first, signal.SIGKILL)
        soon(lambda: not works(client))
        [second] = soon(lambda: [pid for pid in workers_of(started.folder) if pid != first])
        assert client.get("/health").json() == {"status": "ok"}
        soon(lambda: works(client))
        assert state(client, number) == "running"
    soon(lambda: state(client, number) == "done")
    with owner_connection(owner_url) as owner:
        assert owner.scalar(text("SELECT attempts FROM job WHERE id = :id"), {"id": number}) == 2
    assert workers_of(started.folder) == [second]


def nothing_secret_on_its_command_line(pid: int) -> None:
    told = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    assert told[1:-1] == [b"-P", b"-m", b"api.cli", b"work"]
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"WENGANG_DATABASE_URL=" in environment
    assert b"OWNER_DATABASE_URL" not in environment


def watched(client: httpx.Client, owner_url: str, username: str) -> None:
    """Progress arrives while the job is under way, over a real line; one who leaves holds up nothing."""
    with owner_connection(owner_url) as blocking:
        blocking.execute(text("LOCK TABLE worker IN ACCESS EXCLUSIVE MODE"))
        with owner_connection(owner_url) as owner:
            number = ask(owner, username)
        with client.stream("GET", f"/v1/jobs/{number}/events") as stream:
            lines = stream.iter_lines()
            assert next(line for line in lines if line.startswith("event:")) == "event: progress"
            # The stream is left open on purpose: the service answers others, and ends all the same.
            assert state(client, number) in ("queued", "running")
    soon(lambda: state(client, number) == "done")


@pytest.mark.parametrize("stop", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.deep)])
def test_the_worker_comes_back_and_goes_with_the_service(tmp_path: Path, stop: signal.Signals) -> None:
    with service(tmp_path) as started:
        with embedded.start(tmp_path / "postgres") as cluster, closing(started.client()) as client:
            if stop is signal.SIGTERM:
                killed_in_the_middle(started, client, cluster.owner_url(DATABASE))
                watched(client, cluster.owner_url(DATABASE), started.told["username"])
        log = tmp_path / "service.log"
        soon(lambda: "purge_abandoned_imports" in log.read_text())
        started.process.send_signal(stop)
        _, err = started.process.communicate(timeout=60)
        assert err == ""
        soon(lambda: not workers_of(started.folder), 10)
        logged = log.read_text()
        assert "worker_began" in logged
        assert "expire_applications" in logged
        assert "Traceback" not in logged
    with embedded.start(tmp_path / "postgres"):
        pass  # joined and left as the last: a server that the kill left behind is stopped
