"""The life of a worker: wait for jobs, do them, see to the day's work, and have the record sealed beside."""

import resource
import sys
from pathlib import Path

from sqlalchemy import make_url

from api.database import Sessions, announcing
from api.messages.leaving import send_beside
from api.observing.presence import be_there
from api.postgres.roles import connect
from api.settings import Settings
from api.worker.daily import Daily
from api.worker.sealing import seal_beside
from api.worker.working import work_off
from models.sealing import Keyring

FALLBACK = 5.0
"""Seconds after which it looks for jobs without having been called: one that a dead worker left calls nobody."""

SPENT_MIB = 400
"""A worker that has grown beyond this gives way to a fresh one: what a large file took is then the system's again."""


def attend(sessions: Sessions, keyring: Keyring, settings: Settings) -> None:
    """Work until the process is told to end, or has grown too large.

    Raises
    ------
    psycopg.OperationalError
        when the database goes away; whoever started the process starts another.
    """
    daily = Daily(sessions, settings)
    seal_beside(settings.database_url or "")
    send_beside(sessions, keyring, settings)
    with connect(make_url(settings.database_url or ""), autocommit=True, options=announcing()) as line:
        be_there(line)
        line.execute("LISTEN job")
        while True:
            daily.see_to()
            if work_off(sessions, keyring, settings) and _spent():
                return
            for _ in line.notifies(timeout=FALLBACK, stop_after=1):
                pass


def bound_memory(mebibytes: int) -> None:
    """From here on this process and its children get no more than that: a job that wants it fails, nothing else does."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = mebibytes * 1024 * 1024
    resource.setrlimit(
        resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
    )


def _spent() -> bool:
    return peak_memory() > SPENT_MIB * 1024 * 1024


def peak_memory() -> int:
    """The most bytes that this process has held at once.

    On Linux from the process's own table: what `getrusage` tells there begins with the peak of whoever started it.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
