"""Half of all answers never arrive and every command is sent until one does: nothing is done twice, nothing left undone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from models.sealing import Keyring

from .acknowledged import Acknowledged, Client, live, post, require_kept
from .conftest import logged_in, served

PASSWORD = "right-horse-battery"


def test_commands_whose_answers_are_lost_are_done_once(
    clone: Callable[[str], Any],
    keyring: Keyring,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    commands = 20_000 if pytestconfig.getoption("--deep") else 300
    database, told = clone("lost_answers"), Acknowledged()
    with served(database.service, keyring, tmp_path) as url:
        with closing(logged_in(url, "tongzhou", PASSWORD)) as east:
            posts = [post(east) for _ in range(commands // 20)]
        with closing(logged_in(url, "zhenba", PASSWORD)) as west:
            authorization = west.headers["Authorization"]
        clients = [Client(url, authorization, told, seed, loses=0.5) for seed in range(4)]

        def work(client: Client) -> None:
            while told.commands < commands:
                live(client, posts)

        with ThreadPoolExecutor() as pool:
            list(pool.map(work, clients))
        for client in clients:
            client.close()
    owner = create_engine(database.owner)
    with owner.connect() as connection:
        require_kept(connection, told)
    owner.dispose()
    assert told.again > told.answers / 2
    for name, value in (("commands", told.commands), ("sent again", told.again)):
        record_property(name, value)
