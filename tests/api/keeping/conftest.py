"""A small service's data, really kept: an embedded cluster of its own that archives its log, with a record of changes."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer
from sqlalchemy import make_url

from api.cli.keeping import make, put_back
from api.postgres import server
from api.postgres.embedded import Cluster
from api.postgres.roles import connect
from api.runtime import DATABASE, own_cluster, prepared
from api.seeding.copying import silent
from api.settings import Environment, Settings
from api.worker.sealing import Sealer

Plain = psycopg.Connection[Any]
OF_A_VERIFICATION = {"audit_check"}


@dataclass
class Kept:
    """The data folder, and what is done with it."""

    settings: Settings

    @contextmanager
    def cluster(self) -> Iterator[Cluster]:
        with own_cluster(self.settings) as running:
            yield running

    @contextmanager
    def owner(self) -> Iterator[Plain]:
        with self.cluster() as running, connect(make_url(running.owner_url(DATABASE))) as connection:
            yield connection

    def record(self, *nouns: str) -> None:
        """Audit rows, sealed."""
        with (
            self.cluster() as running,
            connect(make_url(running.service_url(DATABASE)), autocommit=True) as connection,
        ):
            for noun in nouns:
                connection.execute(
                    "INSERT INTO audit_event (created_at, action, noun) VALUES (now(), 'create', %s)", [noun]
                )
            Sealer().round(connection)

    def back_up(self, out: Path, **told: Any) -> Path:
        make(self.settings, out, keys=None, jobs=1, as_json=False, **told)
        return out

    @property
    def key(self) -> Path:
        return self.settings.data_folder / "secret.key"


def in_folder(settings: Settings, folder: Path) -> Settings:
    """The same settings over another data folder, as somebody has them who starts anew."""
    return settings.model_copy(update={"data_folder": folder})


def restore(settings: Settings, backup: Path, key: Path | None = None, until: datetime | None = None) -> int:
    """`./wengang restore`: its exit code."""
    try:
        put_back(settings, backup, key=key, until=until, jobs=1, as_json=False)
    except typer.Exit as end:
        return end.exit_code
    return 0


def everything(connection: Plain) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and one digest of them all."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    told = {}
    for (table,) in tables:
        if table not in OF_A_VERIFICATION:
            row = connection.execute(
                f"SELECT count(*), coalesce(md5(string_agg(md5(t::text), '' ORDER BY t::text)), '') FROM \"{table}\" t"  # type: ignore[arg-type]
            ).fetchone()
            assert row is not None
            told[table] = (row[0], row[1])
    return told


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """A demonstration of a few people whose server archives its log, and has its socket among its files."""
    with tempfile.TemporaryDirectory(prefix="wengang-") as short:
        yield from _kept(Path(short))


def _kept(folder: Path) -> Iterator[Kept]:
    settings = Settings(
        environment=Environment.DEMONSTRATION,
        data_folder=folder / "data",
        archive_folder=folder / "archive %f's",
        demo_scale=0.01,
    )
    with prepared(settings, silent):
        world = Kept(settings)
        world.record("甲", "乙", "丙")
        yield world


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Folders of one test; a server that was left in one of them is stopped."""
    made: list[Path] = []

    def make_place(name: str) -> Path:
        made.append(tmp_path / name)
        return tmp_path / name

    yield make_place
    for folder in made:
        if (folder / "postgres" / "cluster").exists():
            server.shut_down(folder / "postgres" / "cluster")
        shutil.rmtree(folder, ignore_errors=True)
