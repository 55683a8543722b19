"""The embedded server is kept alive: the system may kill it, for want of memory say, and nobody else starts it again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from api.postgres.embedded import Cluster
from api.postgres.programs import DatabaseNotStarted
from api.postgres.server import is_postgres, postmaster

PAUSE = 0.5
"""Seconds between two looks."""

LATER = 10.0
"""Seconds before it is tried again, where it can't be started: a full disk may have room by then."""

_log = structlog.get_logger("wengang.postgres")


@contextmanager
def kept_up(cluster: Cluster) -> Iterator[None]:
    """As long as the block lasts a server that is gone is started again. What was not committed is lost with it, nothing else."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(cluster, ending), name="database-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep(cluster: Cluster, ending: threading.Event) -> None:
    pause = PAUSE
    while not ending.wait(pause):
        try:
            pid, _ = postmaster(cluster.folder / "cluster")
            if pid is not None and is_postgres(pid, cluster.folder / "cluster"):
                pause = PAUSE
                continue
            _log.error("database_gone")
            cluster.revive()
            _log.info("database_revived")
        except (DatabaseNotStarted, OSError) as error:
            pause = LATER
            _log.error("database_not_revived", error=type(error).__name__)
