"""Server and database are killed at random moments; what was acknowledged is there, once, and every promise of the data holds."""

import random
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from api.postgres import embedded
from api.postgres.reviving import kept_up

from .acknowledged import Acknowledged, Client, at_work, live, post, require_kept
from .conftest import logged_in
from .killing import Victim, kill_backend, kill_database

pytestmark = pytest.mark.server

PASSWORD = "right-horse-battery"
SECRET = b"a secret of the tests, of no other use"


def test_what_was_acknowledged_outlives_every_kill(
    fill: Callable[[str], None],
    tmp_path: Path,
    pytestconfig: pytest.Config,
    record_property: Callable[[str, object], None],
) -> None:
    kills = 300 if pytestconfig.getoption("--deep") else 30
    dice, told = random.Random(20_210_920), Acknowledged()  # noqa: S311 - moments, no secrets
    # A cluster that keeps what it says is kept, unlike the other tests' ones.
    with embedded.start(tmp_path / "postgres") as cluster, kept_up(cluster):
        cluster.ensure_database("kills")
        fill(cluster.owner_url("kills"))
        with closing(Victim(cluster.service_url("kills"), tmp_path, SECRET)) as victim:
            with closing(logged_in(victim.url, "tongzhou", PASSWORD)) as east:
                posts = [post(east) for _ in range(kills * 2 // 3)]
            with closing(logged_in(victim.url, "zhenba", PASSWORD)) as west:
                authorization = west.headers["Authorization"]
            clients = [Client(victim.url, authorization, told, seed) for seed in range(4)]
            ways = (victim.kill, partial(kill_database, cluster), partial(kill_backend, cluster, dice))
            with at_work(*(partial(live, client, posts) for client in clients)):
                for number in range(kills):
                    before, end = told.answers, time.monotonic() + 120
                    while told.answers < before + 4:
                        assert time.monotonic() < end, "nobody is answered any more"
                        time.sleep(0.01)
                    time.sleep(dice.random() * 0.2)
                    ways[number % len(ways)]()
            for client in clients:
                client.close()
        owner = create_engine(cluster.owner_url("kills"), pool_pre_ping=True)
        with owner.connect() as connection:
            require_kept(connection, told)
        owner.dispose()
    for name, value in (("kills", kills), ("answers", told.answers), ("sent again", told.again)):
        record_property(name, value)
