"""The sealer: beside the worker's jobs, every second, it has the database chain what was recorded since."""

import threading
import time
from collections import deque
from typing import Any

import psycopg
import structlog
from sqlalchemy import make_url

from api.database import announcing
from api.faults import kinds_and_places
from api.postgres.roles import connect

EVERY = 1.0
"""Seconds between two looks."""

AT_MOST = 5_000
"""Links of one transaction."""

SWEEP_EVERY = 3600.0
"""Seconds after which it looks at all rows again, whatever it believes to be sealed."""

_log = structlog.get_logger("wengang.sealing")


class Sealer:
    """Has everything sealed that is committed, in rounds.

    A row's number is drawn before its transaction is committed, and transactions end in another order than they began.
    Numbers that were drawn before the oldest transaction now at work began can't appear any more: once a round has seen
    them all, it looks only above.
    """

    def __init__(self) -> None:
        self._settled = 0
        self._drawn: deque[tuple[int, int]] = deque()  # a transaction, and the numbers drawn when it began
        self._swept = time.monotonic()

    def round(self, connection: psycopg.Connection[Any]) -> int:
        """Seal all that is there; how many rows that were. `connection` commits by itself."""
        if time.monotonic() - self._swept > SWEEP_EVERY:
            self._settled, self._swept = 0, time.monotonic()
            self._drawn.clear()
        count, after, first = 0, self._settled, True
        while True:
            found = connection.execute(
                "SELECT sealed, reached, drawn, running, ours FROM seal_audit(%s, %s)",
                (after, AT_MOST),
            ).fetchone()
            if found is None:  # another worker is at it
                return count
            sealed, reached, drawn, running, ours = found
            if first:
                settled, first = self._settled_by(running), False
                if ours is not None:
                    self._drawn.append((ours, drawn))
            count += int(sealed)
            if sealed < AT_MOST:
                self._settled = max(self._settled, settled)
                return count
            after = reached

    def _settled_by(self, running: int) -> int:
        """The numbers of which a round sees everything when `running` is the oldest transaction at work."""
        settled = self._settled
        while self._drawn and self._drawn[0][0] <= running:
            settled = self._drawn.popleft()[1]
        return settled


def seal_beside(database_url: str) -> threading.Event:
    """Seal in a thread of its own until the process ends, or the event that is given back is set."""
    ending = threading.Event()
    threading.Thread(target=_seal_on, args=(database_url, ending), name="sealer", daemon=True).start()
    return ending


def _seal_on(database_url: str, ending: threading.Event) -> None:
    failing = False
    while not ending.is_set():
        try:
            with connect(make_url(database_url), autocommit=True, options=announcing()) as connection:
                sealer = Sealer()
                while True:
                    sealer.round(connection)
                    failing = False
                    if ending.wait(EVERY):
                        return
        except Exception as error:
            # Whatever it is, the record must not stay unsealed for want of a thread; said once until it is well again.
            if not failing:
                _log.error("sealing_failed", error=kinds_and_places(error))
            failing = True
            ending.wait(EVERY)
