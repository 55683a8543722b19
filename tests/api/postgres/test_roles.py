"""The roles on a server that is not ours, prepared by an administrator who is no superuser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, create_engine

from api.postgres import embedded
from api.postgres.embedded import ADMINISTRATOR
from api.postgres.programs import DatabaseNotStarted
from api.postgres.roles import APP, MARKET, OWNER, SEALER, connect
from api.runtime import require_roles

ROOT = Path(__file__).resolve().parents[3]
AWKWARD = "p%40 ss'w\"ord/€:@?"  # every character that a URL or SQL treats specially


@pytest.fixture(scope="module")
def foreign() -> Iterator[URL]:
    """A server that knows none of our roles, with a cloud's kind of administrator."""
    with embedded.temporary_cluster() as cluster:
        superuser = cluster._url(ADMINISTRATOR, "postgres")
        with connect(superuser) as connection:
            for role in (APP, OWNER, MARKET, SEALER):
                connection.execute(f"DROP ROLE {role}")
            connection.execute(f"CREATE ROLE cloud LOGIN CREATEROLE CREATEDB PASSWORD '{'x' * 20}'")
        yield superuser.set(username="cloud", password="x" * 20)


def prepare(admin: URL, owner: URL, app: URL) -> subprocess.CompletedProcess[str]:
    names = ("WENGANG_ADMIN_DATABASE_URL", "WENGANG_OWNER_DATABASE_URL", "WENGANG_DATABASE_URL")
    urls = (url.render_as_string(hide_password=False) for url in (admin, owner, app))
    return subprocess.run(
        [sys.executable, "-m", "api.postgres.roles"],
        cwd=ROOT,
        env=os.environ | dict(zip(names, urls, strict=True)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_server_that_lacks_a_role_is_told_so_before_anything_is_migrated(foreign: URL) -> None:
    engine = create_engine(foreign)
    with (
        engine.connect() as connection,
        pytest.raises(DatabaseNotStarted, match="wengang_owner、wengang_app、wengang_market、wengang_sealer"),
    ):
        require_roles(connection)
    engine.dispose()


@pytest.mark.parametrize("password", [AWKWARD, "changed"])
def test_both_log_ins_work_with_the_passwords_that_were_given_last(foreign: URL, password: str) -> None:
    owner = foreign.set(username=OWNER, password=password, database="wengang")
    app = foreign.set(username=APP, password=password, database="wengang")
    done = prepare(foreign, owner, app)
    assert done.returncode == 0, done.stderr
    with connect(owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS owned ()")
    with connect(app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT FROM owned")
    with pytest.raises(psycopg.OperationalError, match="password"):
        connect(app.set(password="wrong"))
    with connect(app) as connection:
        connection.execute(f"SET LOCAL ROLE {MARKET}")


def test_other_log_ins_are_refused_in_words_without_the_password(foreign: URL) -> None:
    done = prepare(foreign, foreign.set(username="me", password="hush"), foreign)
    assert done.returncode == 2
    assert "用户名应为 wengang_owner" in done.stderr
    assert "hush" not in done.stderr
