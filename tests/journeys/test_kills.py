"""Server, worker and database are killed at random moments; what was acknowledged is there, once, and every promise of the data
and the chain of the record hold."""

import random
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from api.postgres import embedded
from api.postgres.reviving import kept_up
from api.postgres.roles import connect
from api.worker.sealing import Sealer
from ledger.chain.checking import check
from ledger.chain.reading import at_rest, beside, links

from .acknowledged import Acknowledged, Client, at_work, bring_in, live, post, require_kept
from .conftest import logged_in
from .killing import Labourer, Victim, kill_backend, kill_database

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
        parts = (cluster.service_url("kills"), tmp_path, SECRET)
        with closing(Victim(*parts)) as victim, closing(Labourer(*parts)) as labourer:
            with closing(logged_in(victim.url, "tongzhou", PASSWORD)) as east:
                posts = [post(east) for _ in range(kills * 2 // 3)]
            with closing(logged_in(victim.url, "zhenba", PASSWORD)) as west:
                authorization = west.headers["Authorization"]
            clients = [Client(victim.url, authorization, told, seed) for seed in range(5)]
            ways = (
                victim.kill,
                partial(kill_database, cluster),
                labourer.kill,
                partial(kill_backend, cluster, dice),
            )
            lives = [partial(live, client, posts) for client in clients[1:]]
            with at_work(partial(bring_in, clients[0]), *lives):
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
        with connect(make_url(cluster.service_url("kills")), autocommit=True) as line:
            while Sealer().round(line):
                pass
        with owner.connect() as connection:
            written = connection.scalar(text("SELECT count(*) FROM audit_event"))
            connection.rollback()
            at_rest(connection)
            record = check(links(connection))
            assert record.findings + beside(connection) == []
            assert record.links == written
        owner.dispose()
    assert told.files and labourer.died
    figures = {"kills": kills, "answers": told.answers, "sent again": told.again, "files": len(told.files)}
    for name, value in figures.items():
        record_property(name, value)
