"""A throw-away cluster with the code tables and work plans; each test's changes are rolled back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine

from api import embedded
from api.database import migrate
from api.seeding.demo import load_demo
from api.seeding.reference import load_reference
from api.seeding.work_plans import load_work_plans
from models.sealing import Keyring

KEYRING = Keyring.of_secret(b"a secret of the tests, of no other use")


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The service's keys in these tests."""
    return KEYRING


@pytest.fixture(scope="session")
def owner() -> Iterator[Engine]:
    """Connections of the tables' owner."""
    with embedded.temporary_cluster() as cluster:
        cluster.ensure_database("seeding")
        engine = create_engine(cluster.owner_url("seeding"))
        with engine.begin() as connection:
            migrate(connection)
            load_reference(connection)
            load_work_plans(connection)
        yield engine
        engine.dispose()


@pytest.fixture
def loaded(owner: Engine) -> Iterator[Connection]:
    """The code tables and work plans, and a transaction that ends with the test."""
    with owner.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def full(owner: Engine, keyring: Keyring) -> Iterator[Connection]:
    """The whole demonstration, loaded once for a file of tests that only look."""
    with owner.connect() as connection:
        load_demo(connection, keyring)
        yield connection
        connection.rollback()
