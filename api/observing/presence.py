"""Whether a worker lives: it holds a lock of the database, which falls with its process, as a job's does."""

from typing import Any

import psycopg

_PRESENCE = (3, 1)
"""The two numbers of the lock; attempts to log in have 1 and 2 as their first."""


def be_there(line: psycopg.Connection[Any]) -> None:
    """From now on until the connection ends there is a worker. There may be several."""
    line.execute("SELECT pg_advisory_lock_shared(%s, %s)", _PRESENCE)


def workers(connection: psycopg.Connection[Any]) -> int:
    """How many there are at this moment."""
    row = connection.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = %s AND objid = %s "
        "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        _PRESENCE,
    ).fetchone()
    return int(row[0]) if row else 0
