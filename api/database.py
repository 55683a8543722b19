"""The one place where the database is opened."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

Sessions = sessionmaker[Session]

_MIGRATIONS = Path(__file__).resolve().parent.parent / "alembic.ini"
_ONE_MIGRATION = threading.Lock()
_ADVISORY_LOCK = 20_210_920


CONNECTIONS = 32
"""Of one process. Never more requests are served at once (see `api.middleware`), so that none waits for a connection."""


def service_engine(url: str) -> Engine:
    """A pool of connections of the unprivileged service role."""
    # Parameters are people's names and numbers: they must not stand in an error that somebody logs.
    return create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=4,
        pool_timeout=20,
        pool_pre_ping=True,
        hide_parameters=True,
        # A statement whose asker was killed ends within seconds, and with it what it holds.
        connect_args={"options": "-c client_connection_check_interval=2000"},
    )


def sessions_of(bind: Engine | Connection, **options: Any) -> Sessions:
    """Sessions over `bind`. Rows stay readable after the commit, for the answer that is built from them."""
    return sessionmaker(bind, class_=Session, expire_on_commit=False, **options)


@contextmanager
def owner_connection(url: str) -> Iterator[Connection]:
    """One connection of the tables' owner, for migrations and seeding; committed at the end."""
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database to `revision`; several processes may try at once, one works and the others wait."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
    with _ONE_MIGRATION:
        command.upgrade(alembic_config(connection), revision)


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, bound to a connection that is open already."""
    config = Config(_MIGRATIONS)
    config.attributes["connection"] = connection
    return config
