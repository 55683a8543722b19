"""The embedded database on real clusters: closed to everybody else, and hard to kill."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from api.postgres import embedded, server
from api.postgres.embedded import ADMINISTRATOR, Cluster
from api.postgres.programs import DatabaseNotStarted
from api.postgres.roles import APP, MARKET, OWNER, SEALER, connect, ensure_roles
from api.postgres.server_account import let_through

ROOT = Path(__file__).resolve().parents[3]
JOIN = "import sys; from pathlib import Path; from api.postgres import embedded; c = embedded.start(Path(sys.argv[1])); "


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with embedded.temporary_cluster() as running:
        running.ensure_database("wengang")
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "postgres"
    pid = postmaster(tmp_path / "postgres")
    if pid and server.is_postgres(pid, tmp_path / "postgres" / "cluster"):
        os.kill(pid, signal.SIGQUIT)


def service(cluster: Cluster) -> psycopg.Connection[Any]:
    return connect(make_url(cluster.service_url("wengang")))


def owner(cluster: Cluster) -> psycopg.Connection[Any]:
    return connect(make_url(cluster.owner_url("wengang")))


def administrator(cluster: Cluster) -> psycopg.Connection[Any]:
    return connect(cluster._url(ADMINISTRATOR, "postgres"))


def postmaster(folder: Path) -> int | None:
    return server.postmaster(folder / "cluster")[0]


def another_process(code: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", JOIN + code, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def keep(cluster: Cluster) -> None:
    cluster.ensure_database("wengang")
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")


def kept(cluster: Cluster) -> int:
    with owner(cluster) as connection:
        row = connection.execute("SELECT number FROM kept").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("user", [ADMINISTRATOR, OWNER, APP])
@pytest.mark.parametrize("password", [None, "", "postgres"])
@pytest.mark.parametrize("replication", [None, "database"])
def test_nobody_enters_without_the_password(
    cluster: Cluster, user: str, password: str | None, replication: str | None
) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"password|no pg_hba.conf entry"):
        psycopg.connect(
            host=str(cluster.socket_folder),
            user=user,
            password=password,
            dbname="postgres",
            replication=replication,
            passfile=os.devnull,
        )


def test_it_listens_on_its_socket_only_and_trusts_no_line_of_its_rules(cluster: Cluster) -> None:
    with administrator(cluster) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert methods == [("scram-sha-256",)]
    socket = cluster.socket_folder / f".s.PGSQL.{server.PORT}"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700


def test_passwords_are_ours_alone(cluster: Cluster) -> None:
    secrets = cluster.folder / "secrets.json"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert not any(password in repr(cluster) for password in cluster._passwords.values())
    assert len(set(cluster._passwords.values())) == 3
    assert sorted(path.name for path in cluster.folder.iterdir()) == [
        "cluster",
        "secrets.json",
        "starting.lock",
        "users.lock",
    ]


def test_roles_hold_no_more_than_they_need(cluster: Cluster) -> None:
    with administrator(cluster) as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'wengang%%' ORDER BY rolname"
        ).fetchall()
    assert rows == [
        (APP, True, False, False, False, False, False, False),
        (MARKET, False, False, False, False, False, False, False),
        (OWNER, True, False, True, True, True, False, False),
        (SEALER, False, False, False, False, False, False, False),
    ]


def test_the_market_role_works_only_once_it_is_asked_for(cluster: Cluster) -> None:
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE market_only AS SELECT 1 AS number")
        connection.execute(f"GRANT SELECT ON market_only TO {MARKET}")
    with service(cluster) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT * FROM market_only")
        connection.execute(f"SET LOCAL ROLE {MARKET}")
        assert connection.execute("SELECT number FROM market_only").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "forbidden",
    [f"SET ROLE {OWNER}", f"SET ROLE {SEALER}", "CREATE TABLE mine ()", f"ALTER ROLE {APP} BYPASSRLS"],
)
def test_the_service_can_give_itself_nothing(cluster: Cluster, forbidden: str) -> None:
    with service(cluster) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(forbidden)


def test_a_role_that_was_raised_is_brought_back(cluster: Cluster) -> None:
    with administrator(cluster) as connection:
        connection.execute(f"ALTER ROLE {APP} SUPERUSER BYPASSRLS INHERIT CREATEROLE")
        ensure_roles(
            connection, owner_password=cluster._passwords[OWNER], app_password=cluster._passwords[APP]
        )
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole FROM pg_roles WHERE rolname = %s", [APP]
        ).fetchone()
    assert row == (False, False, False, False)


def test_only_the_owner_and_the_service_may_connect_to_our_database(cluster: Cluster) -> None:
    cluster.ensure_database("wengang")  # once more changes nothing
    with administrator(cluster) as connection:
        connection.execute("CREATE ROLE stranger")
        allowed = connection.execute(
            "SELECT rolname, has_database_privilege(rolname, 'wengang', 'CONNECT') FROM pg_roles"
            " WHERE rolname IN ('stranger', 'wengang_app', 'wengang_owner') ORDER BY 1"
        ).fetchall()
        connection.rollback()
    assert allowed == [("stranger", False), (APP, True), (OWNER, True)]


def test_the_log_keeps_no_values_of_failed_statements(cluster: Cluster) -> None:
    with owner(cluster) as connection:
        connection.execute("CREATE TABLE person (number text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('32000019900101001X')")
    with owner(cluster) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("INSERT INTO person VALUES ('32000019900101001X')")
    with owner(cluster) as connection, pytest.raises(psycopg.DataError):
        connection.execute("SELECT CAST('32000019900101001X' AS integer)")
    # Of what somebody else does it tells by the error's own words.
    with administrator(cluster) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT FROM nowhere_to_be_found")
    log = (cluster.folder / "cluster" / "server.log").read_text()
    assert "nowhere_to_be_found" in log
    assert "32000019900101001X" not in log


def test_text_is_unicode_and_ordered_the_same_on_every_machine(cluster: Cluster) -> None:
    with service(cluster) as connection:
        row = connection.execute(
            "SELECT lower('ÄB'), '毕节' < '遵义', current_setting('server_encoding'), current_setting('timezone')"
        ).fetchone()
    assert row == ("äb", True, "UTF8", "UTC")


def test_data_and_passwords_outlive_a_restart(folder: Path) -> None:
    with embedded.start(folder) as first:
        keep(first)
        url = first.service_url("wengang")
    assert postmaster(folder) is None
    with embedded.start(folder) as second:
        assert kept(second) == 7
        assert second.service_url("wengang") == url


def test_a_second_process_joins_and_the_last_to_leave_stops_the_server(folder: Path) -> None:
    first = embedded.start(folder)
    running = postmaster(folder)
    with another_process("print(c.service_url('wengang'), flush=True); input(); c.stop()", folder) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == first.service_url("wengang")
        assert postmaster(folder) == running
        first.stop()
        first.stop()
        assert postmaster(folder) == running
        _, complaints = other.communicate("\n", timeout=30)
    assert complaints == ""  # not even a warning
    assert other.returncode == 0
    assert postmaster(folder) is None


def test_a_killed_user_leaves_a_server_that_the_next_one_joins_and_stops(folder: Path) -> None:
    with another_process("print('up', flush=True); input()", folder) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
        running = postmaster(folder)
        other.kill()
    with embedded.start(folder):
        assert postmaster(folder) == running
    assert postmaster(folder) is None


def test_a_killed_server_is_started_again_with_its_data(folder: Path) -> None:
    first = embedded.start(folder)
    keep(first)
    running = postmaster(folder)
    assert running is not None
    os.kill(running, signal.SIGKILL)
    with embedded.start(folder) as second:
        assert postmaster(folder) != running
        assert kept(second) == 7
        first.stop()
        assert kept(second) == 7


def test_a_server_whose_socket_was_swept_away_is_replaced(folder: Path) -> None:
    first = embedded.start(folder)
    keep(first)
    (first.socket_folder / f".s.PGSQL.{server.PORT}").unlink()
    with embedded.start(folder) as second:
        assert kept(second) == 7
    first.stop()


def test_a_stale_process_number_that_now_belongs_to_somebody_else_is_no_obstacle(folder: Path) -> None:
    with embedded.start(folder) as first:
        keep(first)
    lines = [str(os.getpid()), str(folder / "cluster"), "0", "5432", str(folder / "cluster"), "", "", "ready"]
    (folder / "cluster" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with embedded.start(folder) as second:
        assert kept(second) == 7


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    (folder / "cluster.new" / "base").mkdir(parents=True)
    (folder / "cluster.new" / "PG_VERSION").write_text("18\n")
    with embedded.start(folder) as cluster:
        keep(cluster)
        assert kept(cluster) == 7


@pytest.mark.parametrize("name", ["稳岗 数据", 'it\'s a, "folder" $HOME', "x" * 120])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    with embedded.start(tmp_path / name) as cluster:
        keep(cluster)
        assert kept(cluster) == 7
    if cluster.socket_folder != cluster.folder / "cluster":
        assert not cluster.socket_folder.exists()


def test_lost_passwords_are_explained(folder: Path) -> None:
    embedded.start(folder).stop()
    (folder / "secrets.json").unlink()
    with pytest.raises(DatabaseNotStarted, match="请从备份中恢复"):
        embedded.start(folder)


def test_a_server_that_cannot_start_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded.start(folder, forgetful=True).stop()
    (folder / "cluster" / "postgresql.conf").write_text("no_such_setting = 1\n")
    monkeypatch.setattr(server, "RETRIES", 0.5)
    with pytest.raises(DatabaseNotStarted, match=r"日志在 (?s:.*)no_such_setting"):
        embedded.start(folder)


def test_a_temporary_cluster_leaves_nothing() -> None:
    with embedded.temporary_cluster() as cluster:
        running = postmaster(cluster.folder)
    assert not cluster.folder.exists()
    assert running is not None
    time.sleep(0.2)
    assert not server.is_postgres(running, cluster.folder / "cluster")


def test_a_closed_folder_opens_for_one_account_only(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can act for another account")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "inside").write_text("seen")
    for parent in (tmp_path, *tmp_path.parents):
        let_through(parent, 54321)
        let_through(parent, 54322)
    let_through(closed, 54321)

    def sees(user: int, *command: str) -> bool:
        return (
            subprocess.run(
                command, user=user, group=user, extra_groups=[], capture_output=True, check=False
            ).returncode
            == 0
        )

    assert sees(54321, "cat", str(closed / "inside"))
    assert not sees(54321, "ls", str(closed))
    assert not sees(54322, "cat", str(closed / "inside"))
