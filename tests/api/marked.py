"""Marked people: numbers, telephones and names that are right in form and nobody's, and a watch over where they get to."""

import logging
import os
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from api.cli.log import log_to
from api.postgres.embedded import Cluster
from api.postgres.roles import connect
from models.id_number import demo_id_number
from models.worker import Sex

NAMES = ("测试甲", r"测试\d{3}", "标记[东西南]人", "biaoji(dong|xi|nan)ren", "ceshijia")
MARKS = re.compile(
    rf"(?<![0-9a-f])99\d{{4}}(?:19|20)\d{{9}}[\dXx]|1000000\d{{4}}|139876543\d\d|{'|'.join(NAMES)}",
    re.IGNORECASE,
)
"""Numbers of generated people begin with 99; telephones with 1000000 are given to nobody."""

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_HARMLESS = re.compile(
    r"/__pycache__(/|$)|/dev/(null|shm|pts|tty)|\.nbi$|\.nbc$|memfd:|^/proc/|service\.log$|__numba"
)


@dataclass(frozen=True)
class Marked:
    """One person's marks, by which it is known who was repeated to whom."""

    name: str
    id_number: str
    phone: str

    @property
    def all(self) -> tuple[str, ...]:
        return (self.name, self.id_number, self.phone)


EAST, WEST, SOUTH = (
    Marked(
        f"标记{letter}人", demo_id_number(date(1977, 7, 7), 777 + place, Sex.MALE), f"139876543{20 + place}"
    )
    for place, letter in enumerate("东西南")
)


_opened: list[str] = []
_listening = threading.Event()


def _hear(event: str, told: tuple[Any, ...]) -> None:
    """What this process opens to write; a hook can't be taken away, so it listens only when it is told to. What is open
    already, and named by its number, was heard before."""
    if event != "open" or not _listening.is_set():
        return
    path, _, flags = told
    if isinstance(path, (str, bytes)) and isinstance(flags, int) and flags & _WRITES:
        _opened.append(os.fsdecode(path))


sys.addaudithook(_hear)


@dataclass
class Watch:
    """Everything that is written beside the database, and what of it repeats a mark."""

    log: Path
    scratch: Path
    server_log: Path
    printed: Any
    begins: int
    found: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stopping: threading.Event = field(default_factory=threading.Event)

    def look(self, where: str, text: str | bytes) -> None:
        """Note the marks in `text`, each with what stands around it."""
        told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        for match in MARKS.finditer(told):
            self.found[where].add(told[max(0, match.start() - 60) : match.end() + 20])

    def look_at_scratch(self) -> None:
        """Temporary files come and go: they are looked at all the time."""
        while not self.stopping.wait(0.05):
            for file in self.scratch.rglob("*"):
                try:
                    if file.is_file():
                        self.look(f"temporary file {file.name}", file.read_bytes())
                except OSError:
                    continue

    def statements(self) -> str:
        """What the server has logged since the watch began: every statement, as `pg_stat_activity` shows them too."""
        with self.server_log.open("rb") as file:
            file.seek(self.begins)
            return file.read().decode("utf-8", "replace")

    def everywhere(self) -> dict[str, set[str]]:
        """Where marks were found, all places looked at once more."""
        out, err = self.printed.readouterr()
        self.look("standard output", out)
        self.look("standard error", err)
        self.look("service.log", self.log.read_text(encoding="utf-8"))
        self.look("the server's log", self.statements())
        written = {path for path in _opened if not _HARMLESS.search(path)}
        if written:
            self.found["files that were opened to be written"] |= written
        return dict(self.found)


@contextmanager
def quiet_log(file: Path) -> Iterator[None]:
    """The service's own log at every level, as `up` writes it; what was set before is set again."""
    loggers = [logging.getLogger(name) for name in ("wengang", "uvicorn")]
    before = [(list(each.handlers), each.level, each.propagate) for each in loggers]
    log_to(file)
    for each in loggers:
        each.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        structlog.reset_defaults()
        for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
            for handler in set(logger.handlers) - set(handlers):
                handler.close()
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)


@contextmanager
def watching(cluster: Cluster, folder: Path, printed: Any) -> Iterator[Watch]:
    """Watch until the block ends."""
    server_log, scratch = cluster.folder / "cluster" / "server.log", folder / "scratch"
    scratch.mkdir()
    watch = Watch(folder / "service.log", scratch, server_log, printed, server_log.stat().st_size)
    looking = threading.Thread(target=watch.look_at_scratch)
    looking.start()
    _opened.clear()
    with quiet_log(watch.log):
        _listening.set()
        try:
            yield watch
        finally:
            _listening.clear()
            watch.stopping.set()
            looking.join()


def log_every_statement(cluster: Cluster, database: str) -> None:
    """Let the server log each statement of the service in this database, as an administrator might in search of a fault;
    whatever else the role's own settings keep from the log stays out of it."""
    with connect(cluster.administrator(), autocommit=True) as admin:
        admin.execute(f"ALTER ROLE wengang_app IN DATABASE {database} SET log_statement = 'all'")


def now_running(cluster: Cluster) -> str:
    """The statements that are to be seen by whoever looks after the server."""
    with connect(cluster.administrator(), autocommit=True) as admin:
        time.sleep(0.05)
        rows = admin.execute("SELECT query FROM pg_stat_activity WHERE usename = 'wengang_app'").fetchall()
    return "\n".join(row[0] or "" for row in rows)
