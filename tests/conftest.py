"""A real cluster for each test process, built by the migrations; each test's changes are rolled back.

The world: two western counties and an eastern district, each with its clerk, the national code tables and the work
plans. `client` speaks to the service over the service's own, unprivileged role.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session
from starlette.datastructures import State
from starlette.testclient import TestClient

from api.app import create_app
from api.audit import audited
from api.database import CONNECTIONS, Sessions, migrate, owner_connection, sessions_of
from api.deps import act_as
from api.places import Places
from api.postgres import embedded
from api.security import hash_password
from api.seeding.reference import load_reference
from api.seeding.work_plans import load_work_plans
from api.settings import Environment, Settings
from models.account import Account, AccountBinding, Role
from models.sealing import Keyring

TODAY = date(2021, 9, 20)
PASSWORD = "right-horse-battery"
WEST, OTHER_WEST, EAST = "610728", "610723", "320612"
CLERKS = {
    "zhenba": (Role.COUNTY, WEST),
    "yangxian": (Role.COUNTY, OTHER_WEST),
    "tongzhou": (Role.DESTINATION_COUNTY, EAST),
    "station": (Role.STATION, EAST),
    "jingyang": (Role.TOWNSHIP, "610728001"),
    "hanzhong": (Role.CITY, "6107"),
    "auditor": (Role.AUDITOR, WEST),
    "warden": (Role.ADMINISTRATOR, WEST),
    "city-warden": (Role.ADMINISTRATOR, "6107"),
    "other-warden": (Role.ADMINISTRATOR, OTHER_WEST),
    "east-warden": (Role.ADMINISTRATOR, EAST),
    "nobody": (Role.WORKER, None),
}


@dataclass(frozen=True, slots=True)
class Database:
    """One database of the cluster, as its owner and as the service see it."""

    owner: str
    service: str


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The service's keys in tests."""
    return Keyring.of_secret(b"a secret of the tests, of no other use")


@pytest.fixture(scope="session")
def cluster() -> Iterator[embedded.Cluster]:
    """A PostgreSQL server of this test process."""
    with embedded.temporary_cluster() as running:
        yield running


def fill_world(owner_url: str) -> None:
    """Tables, code tables, plans and the accounts of the world."""
    with owner_connection(owner_url) as connection:
        migrate(connection)
        load_reference(connection)
        load_work_plans(connection)
        hashed = hash_password(PASSWORD)
        told = {"west": WEST, "east": EAST}
        paired = connection.scalar(
            text("SELECT id FROM pairing WHERE origin_region = :west AND destination_region = :east"), told
        )
        with sessions_of(connection)() as session:
            for username, (role, region) in CLERKS.items():
                account = Account(
                    username=username, display_name=username, password_hash=hashed, kept_by=region
                )
                session.add(account)
                session.flush()
                # A station looks after people of the county that is paired with where it stands.
                pairing = paired if role is Role.STATION else None
                session.add(
                    AccountBinding(account_id=account.identity, role=role, region=region, pairing_id=pairing)
                )
            session.commit()


@pytest.fixture(scope="session")
def fill() -> Callable[[str], None]:
    """Fills an empty database of a cluster of one's own."""
    return fill_world


@pytest.fixture(scope="session")
def template(cluster: embedded.Cluster) -> str:
    """The name of a database with the code tables, the plans and the accounts; nobody stays connected to it."""
    cluster.ensure_database("template_world")
    fill_world(cluster.owner_url("template_world"))
    return "template_world"


@pytest.fixture(scope="session")
def clone(cluster: embedded.Cluster, template: str) -> Callable[[str], Database]:
    """Makes a database of its own for tests that must commit."""

    def make(name: str) -> Database:
        admin = create_engine(cluster.owner_url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            _drop(connection, name)
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
            connection.execute(text(f"GRANT CONNECT ON DATABASE {name} TO wengang_app"))
        admin.dispose()
        return Database(cluster.owner_url(name), cluster.service_url(name))

    return make


def _drop(connection: Connection, name: str) -> None:
    """The server's own cleaning may be at work there, which is not the owner's to end; it ends soon."""
    for _ in range(60):
        try:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            return
        except ProgrammingError:
            time.sleep(0.5)
    raise TimeoutError(f"{name} is still in use")


@pytest.fixture(scope="session")
def database(clone: Callable[[str], Database]) -> Database:
    """The database of all tests that roll back."""
    return clone("world")


@pytest.fixture(scope="session")
def service_engine(database: Database) -> Iterator[Engine]:
    """Connections of the service's role."""
    engine = create_engine(database.service)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(service_engine: Engine) -> Iterator[Connection]:
    """A connection of the service's role whose transaction ends with the test."""
    with service_engine.connect() as opened:
        transaction = opened.begin()
        yield opened
        transaction.rollback()


@pytest.fixture
def sessions(connection: Connection, keyring: Keyring) -> Sessions:
    """Sessions as the service makes them, inside the test's transaction."""
    return audited(sessions_of(connection, join_transaction_mode="create_savepoint"), keyring)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The demonstration's settings, in a folder of the test's own."""
    return Settings(environment=Environment.DEMONSTRATION, data_folder=tmp_path)


@pytest.fixture(scope="session")
def routes(keyring: Keyring) -> FastAPI:
    """The service's routes, laid once a process: laying them takes a second."""
    return create_app(
        Settings(environment=Environment.DEMONSTRATION), sessions=sessionmaker(), keyring=keyring
    )


@pytest.fixture
def app(routes: FastAPI, settings: Settings, sessions: Sessions, keyring: Keyring) -> Iterator[FastAPI]:
    """The service, with what this test tells it."""
    made, laid = copy(routes), list(routes.router.routes)
    made.state = State(dict(vars(routes.state)["_state"]))
    made.state.settings, made.state.sessions, made.state.keyring = settings, sessions, keyring
    made.state.places, made.state.turns = Places(), asyncio.Semaphore(CONNECTIONS)
    yield made
    if routes.router.routes == laid:
        routes.openapi_schema = made.openapi_schema
    else:
        routes.router.routes[:] = laid


@pytest.fixture
def anonymous(app: FastAPI) -> TestClient:
    """A client that nobody knows. Errors that the service did not expect fail the test."""
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def login(app: FastAPI) -> Callable[[str], TestClient]:
    """Makes a client that is logged in over REST as one of the clerks."""

    def make(username: str) -> TestClient:
        client = TestClient(app, follow_redirects=False)
        answer = client.post("/v1/token", data={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return client

    return make


@pytest.fixture
def client(login: Callable[[str], TestClient]) -> TestClient:
    """The clerk of the western county."""
    return login("zhenba")


@pytest.fixture
def session_as(sessions: Sessions) -> Iterator[Callable[[str], Session]]:
    """Makes a session under a clerk's scope."""
    opened: list[Session] = []

    def make(username: str) -> Session:
        session = sessions()
        opened.append(session)
        found = session.connection().scalar(
            text("SELECT account_id FROM account_by_username(:name)"), {"name": username}
        )
        act_as(session, found)
        return session

    yield make
    for session in reversed(opened):
        session.close()
