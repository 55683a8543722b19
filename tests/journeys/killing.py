"""A service and a database that are killed at random moments."""

import multiprocessing
import os
import random
import signal
import socket
import threading
from contextlib import suppress
from datetime import date
from multiprocessing.process import BaseProcess
from pathlib import Path

from api.postgres.embedded import Cluster
from api.postgres.server import postmaster
from api.settings import Environment, Settings

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["api.app", "api.worker.attending"])


def told(database_url: str, folder: Path) -> Settings:
    """What service and worker are told, but for the key."""
    return Settings(
        environment=Environment.DEMONSTRATION,
        data_folder=folder,
        database_url=database_url,
        owner_database_url=database_url,
        business_date=date(2021, 9, 20),
    )


def _work(database_url: str, folder: Path, secret: bytes) -> None:
    """The worker in a process of its own."""
    from api.audit import audited
    from api.database import service_engine, sessions_of
    from api.worker.attending import attend
    from models.sealing import Keyring

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    keyring = Keyring.of_secret(secret)
    attend(audited(sessions_of(service_engine(database_url)), keyring), keyring, told(database_url, folder))


def _serve(listener: socket.socket, database_url: str, folder: Path, secret: bytes) -> None:
    """The service in a process of its own, on a port that outlives it."""
    import uvicorn

    from api.app import create_app
    from models.sealing import Keyring

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    settings = told(database_url, folder)
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

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._listener.close()


class Labourer:
    """The worker process, and another whenever it is gone: it is killed, and it dies when the database does."""

    def __init__(self, database_url: str, folder: Path, secret: bytes) -> None:
        self._told = (database_url, folder, secret)
        self._ending = threading.Event()
        self._process = self._begin()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()
        self.died = 0

    def _begin(self) -> BaseProcess:
        process = _FORKING.Process(target=_work, args=self._told, daemon=True)
        process.start()
        return process

    def _keep(self) -> None:
        while not self._ending.wait(0.1):
            if not self._process.is_alive():
                self.died += 1
                self._process = self._begin()

    def kill(self) -> None:
        """-9; its keeper finds it gone."""
        self._process.kill()

    def close(self) -> None:
        self._ending.set()
        self._keeper.join()
        self._process.kill()
        self._process.join()


def kill_database(cluster: Cluster) -> None:
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
    # Nobody's process yet, or none any more, while it recovers from the last kill.
    if children:
        with suppress(ProcessLookupError):
            os.kill(dice.choice(children), signal.SIGKILL)
