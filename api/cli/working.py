"""The worker: a process of its own beside the service, so that an import neither slows a request nor falls with one.

`up` keeps one: it begins with the service, is begun again when it dies, and ends with the service however that ends,
because the pipe between the two closes.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from api.cli.speaking import Refused
from api.settings import ROOT, Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

PAUSE = 1.0
"""Seconds before a worker that died is followed by another; doubled while they die young, up to `LONGEST_PAUSE`."""

LONGEST_PAUSE = 60.0
YOUNG = 30.0
"""Seconds: whoever dies before that may die of the same thing again."""

GRACE = 5.0
"""Seconds in which a worker that was told to end must be gone."""

LOOK_AGAIN = 2.0
"""Seconds between two looks whether the tables are of the worker's own revision."""

_BESIDE_SERVICE = "WENGANG_WORKER_BESIDE_SERVICE"
_log = structlog.get_logger("wengang.worker")


def work(settings: Settings) -> None:
    """Be a worker until told to end.

    Raises
    ------
    Refused
        when no database is named: the embedded one is the service's to start, and its worker with it.
    """
    if settings.database_url is None:
        raise Refused(
            "没有设置 WENGANG_DATABASE_URL。用内置数据库时，./wengang up 会自己启动后台任务，不用单独运行。"
        )
    try:
        keyring = settings.keyring()
    except ValueError as error:
        raise Refused(f"{error}，请设为与网页服务相同的密钥。") from None
    # It must survive a kill anyway: what is not committed the database rolls back, and the job is taken up again.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if os.environ.pop(_BESIDE_SERVICE, None):
        threading.Thread(target=_end_with_service, daemon=True).start()
    # What it works with takes seconds to load.
    from api.audit import audited
    from api.cli.log import end_without_words, log_to
    from api.database import service_engine, sessions_of
    from api.worker.attending import attend, bound_memory

    log_to(settings.data_folder / "service.log", rotating=False)
    end_without_words()
    bound_memory(settings.worker_memory_mb)
    engine = service_engine(settings.database_url)
    _log.info("worker_began")
    try:
        wait_for_own_schema(engine)
        attend(audited(sessions_of(engine), keyring), keyring, settings)
    finally:
        engine.dispose()


def wait_for_own_schema(engine: "Engine") -> None:
    """Until the tables are of the revision that this program was made for: the service migrates, a worker never does."""
    from api.database import SchemaDiffers, code_revision

    told = False
    while True:
        try:
            engine.connect().close()
            return
        except SchemaDiffers as differs:
            if not told:
                _log.error("schema_differs", found=differs.found, ours=code_revision())
            told = True
            time.sleep(LOOK_AGAIN)


def _end_with_service() -> None:
    """Nothing ever comes through the pipe on standard input: it closes when the service is gone, killed too."""
    os.read(0, 1)
    os._exit(0)


@contextmanager
def worker_beside(settings: Settings, log_file: Path) -> Iterator[None]:
    """A worker over the service's own database as long as the block lasts. `settings` name database and secret."""
    keeper = _Keeper(settings, log_file)
    keeper.start()
    try:
        yield
    finally:
        keeper.end()


class _Keeper(threading.Thread):
    """Keeps one worker at work."""

    def __init__(self, settings: Settings, log_file: Path) -> None:
        super().__init__(name="worker-keeper", daemon=True)
        self._environment = _environment(settings)
        self._log_file = log_file
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        pause = PAUSE
        while (worker := self._begin()) is not None:
            began = time.monotonic()
            code = worker.wait()
            if code == 0:  # it had grown too large; the next one waits for nothing
                pause = PAUSE
                continue
            if self._ending.is_set():
                return
            _log.warning("worker_died", code=code)
            if time.monotonic() - began > YOUNG:
                pause = PAUSE
            if self._ending.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)

    def end(self) -> None:
        """Tell the worker to end and wait for it; one that does not is killed."""
        with self._lock:
            self._ending.set()
            worker = self._worker
        if worker is not None:
            worker.terminate()
            try:
                worker.wait(GRACE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
            if worker.stdin is not None:
                worker.stdin.close()
        self.join()

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._lock, self._log_file.open("ab") as errors:
            if self._ending.is_set():
                return None
            if self._worker is not None and self._worker.stdin is not None:
                self._worker.stdin.close()
            self._worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "api.cli", "work"],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                # Ctrl+C is for the service, which ends its worker itself.
                start_new_session=True,
            )
            return self._worker


def _environment(settings: Settings) -> dict[str, str]:
    """Ours, with database and secret; not the owner's password, which a worker never needs. What lies in a file is read
    there: it may be another by the time that a new worker begins."""
    told = {name: value for name, value in os.environ.items() if name != "WENGANG_OWNER_DATABASE_URL"}
    told["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    told["WENGANG_DATABASE_URL"] = settings.database_url or ""
    told["WENGANG_DATA_FOLDER"] = str(settings.data_folder)
    if settings.secret_key is not None:
        told["WENGANG_SECRET_KEY"] = settings.secret_key.get_secret_value()
    # One arena for small pieces instead of one a thread: what a job frees goes back sooner.
    told.setdefault("MALLOC_ARENA_MAX", "2")
    told[_BESIDE_SERVICE] = "1"
    return told
