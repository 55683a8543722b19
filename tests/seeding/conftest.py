"""A database of the loaders' own, as its owner sees it; what a test writes is rolled back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine

from api.seeding.demo import load_demo
from models.sealing import Keyring


@pytest.fixture(scope="session")
def owner(clone: Callable[[str], Any]) -> Iterator[Engine]:
    """Connections of the tables' owner to a database with the code tables and the work plans."""
    engine = create_engine(clone("seeding").owner)
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
