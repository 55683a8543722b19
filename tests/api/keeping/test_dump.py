"""A database of another server: dumped by its owner, restored into an empty one, or into a data folder of one's own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import URL, create_engine, make_url, text

from api.cli.keeping import make
from api.cli.speaking import Refused
from api.database import owner_connection
from api.keeping.invariants import broken_invariants
from api.postgres.embedded import Cluster
from api.postgres.roles import APP, connect
from api.runtime import fitting_keyring
from api.settings import Environment, Settings
from api.worker.sealing import Sealer

from .conftest import Kept, Plain, everything, restore

SECRET = SecretStr("bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2ggZm9yIGl0IQ==")


@pytest.fixture(scope="module")
def foreign(
    clone: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Path, dict[str, tuple[int, str]]]:
    """A database that is not ours to copy, its backup, and what was in it."""
    database = clone("dumped")
    settings = Settings(
        environment=Environment.DEVELOPMENT,
        data_folder=tmp_path_factory.mktemp("foreign"),
        database_url=database.service,
        owner_database_url=database.owner,
        secret_key=SECRET,
    )
    with owner_connection(database.owner) as owner_of_keys:
        fitting_keyring(owner_of_keys, settings)
    with connect(make_url(database.service), autocommit=True) as service:
        service.execute("INSERT INTO audit_event (created_at, action, noun) VALUES (now(), 'create', '甲')")
        Sealer().round(service)
    out = tmp_path_factory.mktemp("dumps") / "dump"
    make(settings, out, keys=None, jobs=2, as_json=False)
    with connect(make_url(database.owner)) as owner:
        return settings, out, everything(owner)


@contextmanager
def emptied(cluster: Cluster, name: str) -> Iterator[URL]:
    admin = create_engine(cluster.owner_url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    cluster.ensure_database(name)
    yield make_url(cluster.owner_url(name))
    admin.dispose()


def grants(owner: Plain) -> list[Any]:
    """Owners, and what others than these may do."""
    return owner.execute(
        "SELECT name, owner::regrole::text, grantee::regrole::text, privilege_type FROM ("
        "SELECT proname AS name, proowner AS owner, coalesce(proacl, acldefault('f', proowner)) AS acl FROM pg_proc "
        "WHERE pronamespace = 'public'::regnamespace UNION ALL "
        "SELECT relname, relowner, coalesce(relacl, acldefault('r', relowner)) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ") objects LEFT JOIN LATERAL aclexplode(acl) granted ON grantee <> owner ORDER BY 1, 2, 3, 4"
    ).fetchall()


def test_into_an_empty_database_of_the_server(foreign: Any, cluster: Cluster, tmp_path: Path) -> None:
    """With the key from its file, as a machine that takes the place of another is given it."""
    settings, out, before = foreign
    kept = tmp_path / "kept.key"
    kept.write_text(SECRET.get_secret_value())
    with emptied(cluster, "dumped_again") as url:
        told = settings.model_copy(
            update={
                "database_url": cluster.service_url("dumped_again"),
                "owner_database_url": cluster.owner_url("dumped_again"),
                "data_folder": tmp_path / "machine",
                "secret_key": None,
            }
        )
        with pytest.raises(Refused, match="没有密钥，恢复了也读不出"):
            restore(told, out)
        assert restore(told, out, kept) == 0
        assert told.secret_file.read_text() == SECRET.get_secret_value()
        with connect(url) as owner, connect(make_url(settings.owner_database_url)) as first:
            assert everything(owner) == before
            assert grants(owner) == grants(first)
            creating = owner.execute(
                "SELECT has_schema_privilege('wengang_sealer', 'public', 'CREATE')"
            ).fetchone()
            assert creating == (False,)
        with connect(make_url(told.database_url or ""), autocommit=True) as service:
            service.execute("INSERT INTO audit_event (created_at, action, noun) VALUES (now(), 'x', '乙')")
            assert Sealer().round(service) == 1
            assert service.info.user == APP
        with pytest.raises(Refused, match="已经有了，不会覆盖"):
            restore(told, out, kept)
        told.secret_file.unlink()
        with pytest.raises(Refused, match="已有数据表，不会覆盖"):
            restore(told, out, kept)
        assert not told.secret_file.exists(), "what was not restored leaves no key behind"


@pytest.mark.deep
def test_into_a_data_folder_of_ones_own(foreign: Any, place: Callable[[str], Path]) -> None:
    settings, out, before = foreign
    own = settings.model_copy(
        update={"database_url": None, "owner_database_url": None, "data_folder": place("own")}
    )
    assert restore(own, out) == 0
    with Kept(own).owner() as owner:
        assert everything(owner) == before


def test_what_does_not_fit_together_is_said(
    foreign: Any, place: Callable[[str], Path], tmp_path: Path
) -> None:
    settings, _, _ = foreign
    with pytest.raises(Refused, match="连接不上数据库"):
        make(
            settings.model_copy(update={"owner_database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"}),
            tmp_path / "out", keys=None, jobs=1, as_json=False,
        )  # fmt: skip
    assert not any((tmp_path / "out").iterdir())
    nothing = settings.model_copy(
        update={"database_url": None, "owner_database_url": None, "data_folder": tmp_path / "nothing"}
    )
    with pytest.raises(Refused, match="还没有数据库"):
        make(nothing, tmp_path / "out", keys=None, jobs=1, as_json=False)


def test_a_fresh_database_breaks_no_promise(foreign: Any) -> None:
    settings, _, _ = foreign
    engine = create_engine(settings.owner_database_url)
    with engine.connect() as connection:
        assert broken_invariants(connection) == []
    engine.dispose()
