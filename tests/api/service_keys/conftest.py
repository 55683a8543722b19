"""Servers over one database of their own, each with its own knowledge of the keys, as processes have it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, create_engine, text
from starlette.datastructures import State
from starlette.testclient import TestClient

from api.audit import audited
from api.database import CONNECTIONS, Sessions, owner_connection, sessions_of
from api.places import Places
from api.runtime import draw_secret, fitting_keyring
from api.service_keys.rotating import Rotated, rotate
from api.settings import Environment, Settings
from models.base import metadata
from models.sealing import Keyring
from tests.api.conftest import client_of
from tests.api.filing import number

_names = count(1)


@dataclass
class Server:
    """One process of the service's: its sessions, its keys."""

    engine: Engine
    sessions: Sessions
    keyring: Keyring
    client: TestClient

    def register(self, sequence: int, **told: Any) -> Any:
        """What the service answers when the person of this sequence is registered."""
        return self.client.post("/v1/workers", json=person(sequence) | told)


def person(sequence: int) -> dict[str, Any]:
    return {
        "name": f"某{sequence:05d}",
        "region": "610728001",
        "id_number": number(sequence),
        "phone": f"1000{sequence:07d}",
    }


@dataclass
class World:
    """The database, and whoever is at work over it."""

    settings: Settings
    routes: FastAPI
    servers: list[Server] = field(default_factory=list)

    def server(self) -> Server:
        """Another process: what it knows of the keys it learned by itself."""
        keyring, engine = self.settings.keyring(), create_engine(self.settings.database_url or "")
        sessions = audited(sessions_of(engine), keyring)
        app = copy(self.routes)
        app.state = State(dict(vars(self.routes.state)["_state"]))
        app.state.settings, app.state.sessions, app.state.keyring = self.settings, sessions, keyring
        app.state.places, app.state.turns = Places(), asyncio.Semaphore(CONNECTIONS)
        made = Server(engine, sessions, keyring, client_of(app, sessions, "zhenba"))
        self.servers.append(made)
        return made

    @contextmanager
    def owner(self) -> Iterator[Connection]:
        with owner_connection(self.settings.owner_database_url or "") as connection:
            yield connection

    def rotate(self, tell: Callable[[int, int, str], None] = lambda *_: None, **told: Any) -> Rotated:
        return rotate(self.settings, tell, **told)

    def told_by_setting(self) -> None:
        """The key stands in WENGANG_SECRET_KEY from now on, and in no file."""
        written = self.settings.secret_file.read_text()
        self.settings.secret_file.unlink()
        self.settings = self.settings.model_copy(update={"secret_key": SecretStr(written)})


def naming(connection: Connection, key_id: str) -> dict[str, int]:
    """Rows that name the key, asked of every table that there is, whatever is declared."""
    tables = [name for name, table in metadata.tables.items() if "master_key_id" in table.c]
    counted = {
        name: connection.scalar(
            text(f'SELECT count(*) FROM "{name}" WHERE master_key_id = :key'), {"key": key_id}
        )
        for name in tables
    }
    return {name: rows for name, rows in counted.items() if rows}


@pytest.fixture
def world(clone: Callable[[str], Any], routes: FastAPI, tmp_path: Path) -> Iterator[World]:
    database = clone(f"keys{next(_names)}")
    settings = Settings(
        environment=Environment.DEMONSTRATION,
        data_folder=tmp_path,
        database_url=database.service,
        owner_database_url=database.owner,
    )
    draw_secret(settings)
    made = World(settings, routes)
    with made.owner() as connection:
        fitting_keyring(connection, settings)
    yield made
    for server in made.servers:
        server.engine.dispose()
