"""A service that is killed at random moments, and clients that never are: they write down what was acknowledged."""

import multiprocessing
import os
import random
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from api.postgres.embedded import Cluster
from api.postgres.server import postmaster

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["api.app"])


def _serve(listener: socket.socket, database_url: str, folder: Path, secret: bytes) -> None:
    """The service in a process of its own, on a port that outlives it."""
    import uvicorn

    from api.app import create_app
    from api.settings import Environment, Settings
    from models.sealing import Keyring

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    settings = Settings(
        environment=Environment.DEMONSTRATION,
        data_folder=folder,
        database_url=database_url,
        owner_database_url=database_url,
        business_date=date(2021, 9, 20),
    )
    app = create_app(settings, keyring=Keyring.of_secret(secret))
    uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False)).run(sockets=[listener])


class Victim:
    """The server process; whoever calls where it was reaches the one that came after."""

    def __init__(self, database_url: str, folder: Path, secret: bytes) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._told = (self._listener, database_url, folder, secret)
        self._begin()

    def _begin(self) -> None:
        self._process = _FORKING.Process(target=_serve, args=self._told, daemon=True)
        self._process.start()

    def kill(self) -> None:
        """-9, and another in its place."""
        assert self._process.is_alive()
        self._process.kill()
        self._process.join()
        self._begin()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._listener.close()


def kill_database(cluster: Cluster, _: random.Random) -> None:
    """The server of PostgreSQL itself; its keeper finds it gone."""
    pid, _folder = postmaster(cluster.folder / "cluster")
    assert pid is not None
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_backend(cluster: Cluster, dice: random.Random) -> None:
    """One process of PostgreSQL: it then takes back what all of them had not committed, and begins anew."""
    pid, _folder = postmaster(cluster.folder / "cluster")
    tasks = Path(f"/proc/{pid}/task")
    children = [
        int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()
    ] if tasks.exists() else []  # fmt: skip
    if children:
        with suppress(ProcessLookupError):
            os.kill(dice.choice(children), signal.SIGKILL)


@dataclass
class Acknowledged:
    """What the clients were told is done."""

    workers: dict[int, str] = field(default_factory=dict)
    """Their schooling as it was last acknowledged."""
    started: dict[int, int] = field(default_factory=dict)
    """Application to person."""
    refused: set[int] = field(default_factory=set)
    """Applications whose start was refused for want of a seat."""
    ended: set[int] = field(default_factory=set)
    """Applications whose work has ended."""
    answers: int = 0
    again: int = 0
    """How often a command had to be sent once more."""


class Client:
    """Sends each command until it is answered, under one key."""

    def __init__(self, url: str, authorization: str, told: Acknowledged, seed: int) -> None:
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": authorization}, timeout=20, trust_env=False
        )
        self.told, self.dice = told, random.Random(seed)  # noqa: S311 - no secrets

    def send(
        self, method: str, path: str, body: Any = None, *, patience: float = 90, **headers: str
    ) -> httpx.Response:
        """The answer, which is none of ours that says to try again later."""
        key = {"Idempotency-Key": str(uuid.UUID(int=self.dice.getrandbits(128)))} if method == "POST" else {}
        give_up = time.monotonic() + patience
        while True:
            with suppress(httpx.TransportError):
                answer = self._http.request(method, path, json=body, headers=key | headers)
                if answer.status_code < 500:
                    self.told.answers += 1
                    return answer
                assert answer.status_code == 503, (path, answer.status_code, answer.text)
            assert time.monotonic() < give_up, f"{method} {path} is never answered"
            self.told.again += 1
            time.sleep(0.2)

    def close(self) -> None:
        self._http.close()


@contextmanager
def at_work(*jobs: Any) -> Iterator[None]:
    """Each job over and over in a thread of its own as long as the block lasts; what went wrong in one is raised."""
    ending = threading.Event()
    wrong: list[BaseException] = []

    def go(job: Any) -> None:
        while not ending.is_set() and not wrong:
            try:
                job()
            except BaseException as error:  # the thread ends, and with it the test
                wrong.append(error)

    threads = [threading.Thread(target=go, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join(120)
    if wrong:
        raise wrong[0]
