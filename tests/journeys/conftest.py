"""The service on a real port: in this process over a database of its own, or as the command that people type."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.lines import over_lines
from api.settings import Environment, Settings
from models.sealing import Keyring

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Service:
    """`./wengang up`, running: what it printed, and its process."""

    process: subprocess.Popen[str]
    told: dict[str, str]
    folder: Path
    seconds: float

    def client(self) -> httpx.Client:
        """Logged in over REST as the demonstration account."""
        return logged_in(self.told["url"], self.told["username"], self.told["password"])


def command(*arguments: str, folder: Path, **settings: str) -> subprocess.Popen[str]:
    """`./wengang …` as a process, in a small demonstration of its own."""
    environment = os.environ | {
        "WENGANG_DATA_FOLDER": str(folder),
        "WENGANG_DEMO_SCALE": "0.02",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "api.cli", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str, folder: Path, **settings: str) -> tuple[int, str, str]:
    """A command that ends by itself: its exit code, standard output, standard error."""
    process = command(*arguments, folder=folder, **settings)
    out, err = process.communicate(timeout=90)
    return process.returncode, out, err


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[Service]:
    """The service from its first line of output on; killed if the test leaves it running."""
    began = time.monotonic()
    process = command("up", "--port", "0", "--json", folder=folder, **settings)
    try:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Service(process, json.loads(line), folder, time.monotonic() - began)
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests of a module."""
    with service(tmp_path_factory.mktemp("data")) as started:
        yield started


@contextmanager
def served(database_url: str, keyring: Keyring, folder: Path) -> Iterator[str]:
    """The address of the service in this process, with the real pool of connections."""
    settings = Settings(
        environment=Environment.DEMONSTRATION,
        data_folder=folder,
        database_url=database_url,
        owner_database_url=database_url,
        business_date=date(2021, 9, 20),
        # A clerk here registers thousands by hand.
        lookups_a_day=1_000_000,
    )
    app = create_app(settings, keyring=keyring)
    server = uvicorn.Server(over_lines(app, port=0))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        app.state.sessions.kw["bind"].dispose()


def logged_in(url: str, username: str, password: str) -> httpx.Client:
    """A client with a token of its own."""
    client = httpx.Client(base_url=url, timeout=60, trust_env=False)
    answer = client.post("/v1/token", data={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def at_once(calls: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Every call in a thread of its own, all let go at the same instant."""
    gate = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def go(place: int) -> None:
        gate.wait()
        answers[place] = calls[place]()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert None not in answers
    return answers
