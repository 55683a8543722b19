"""The one place where the database is opened."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

Sessions = sessionmaker[Session]

_MIGRATIONS = Path(__file__).resolve().parent.parent / "alembic.ini"
_ONE_MIGRATION = threading.Lock()
_ADVISORY_LOCK = 20_210_920


CONNECTIONS = 32
"""Of one process. Never more requests are served at once (see `api.middleware`), so that none waits for a connection."""


class SchemaDiffers(Exception):
    """The tables are of another revision than this program was made for; the message, in Chinese, says what to do."""

    def __init__(self, found: str | None) -> None:
        self.found = found
        super().__init__(
            f"数据库结构（{found or '无'}）与程序（{code_revision()}）不是同一版。请让所有进程用同一版程序，再重新启动。"
        )


@cache
def code_revision() -> str:
    """The revision of the schema that this program was made for."""
    return str(ScriptDirectory.from_config(Config(_MIGRATIONS)).get_current_head())


def announcing() -> str:
    """What a connection says when it begins: the database lets it write only while its tables are of that revision.
    A statement whose asker was killed ends within seconds, and with it what it holds."""
    return f"-c client_connection_check_interval=2000 -c app.revision={code_revision()}"


def service_engine(url: str) -> Engine:
    """A pool of connections of the unprivileged service role; none to a database of another revision."""
    # Parameters are people's names and numbers: they must not stand in an error that somebody logs.
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=4,
        pool_timeout=20,
        pool_pre_ping=True,
        hide_parameters=True,
        # A server on another machine that is gone without a word is given up: its connections would hold a turn for hours.
        connect_args={"options": announcing(), "connect_timeout": 10, "tcp_user_timeout": 30_000},
    )
    event.listen(engine, "connect", _require_same_revision)
    return engine


def _require_same_revision(connection: psycopg.Connection[Any], _: object) -> None:
    found = found_revision(connection)
    connection.rollback()
    if found != code_revision():
        raise SchemaDiffers(found)


def found_revision(connection: psycopg.Connection[Any]) -> str | None:
    """The revision of the tables, None where they are older than the question."""
    try:
        row = connection.execute("SELECT schema_revision()").fetchone()
    except (psycopg.errors.UndefinedFunction, psycopg.errors.InsufficientPrivilege):
        row = None
    return row[0] if row else None


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
    """Bring the database to `revision`; several processes may try at once, one works and the others wait.

    Raises
    ------
    SchemaDiffers
        when it is further than this program knows.
    """
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
    with _ONE_MIGRATION:
        try:
            command.upgrade(alembic_config(connection), revision)
        except CommandError as error:
            found = connection.exec_driver_sql("SELECT min(version_num) FROM alembic_version").scalar()
            raise SchemaDiffers(found) from error


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration, bound to a connection that is open already."""
    config = Config(_MIGRATIONS)
    config.attributes["connection"] = connection
    return config
