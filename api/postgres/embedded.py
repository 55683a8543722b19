"""PostgreSQL 18 from a Python wheel, for a machine that has no database of its own.

Everything lives in one folder: `cluster/` (the server's files), `secrets.json` (its passwords, for us
only) and two lock files. No connection is trusted, not for a moment: the cluster is created with SCRAM
passwords, listens on a socket alone, and only the account that runs it may open that socket.

Who stops it: every process of ours that uses the cluster holds a shared lock on `users.lock`; the one
that leaves last stops the server. The system drops the lock of a process that is killed, and a server
that was left behind is simply joined by the next one.

The wheel's own start-up code is not used: it trusts every local process, opens the parent folders to
everybody when root starts it, and prints warnings.
"""

import fcntl
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from psycopg.pq import PGconn, Ping
from sqlalchemy import URL

from api.postgres.programs import PATIENCE, DatabaseNotStarted, programs, run
from api.postgres.roles import APP, OWNER, connect, ensure_database, ensure_roles
from api.postgres.server_account import account_for

ADMINISTRATOR = "postgres"
PORT = 5432  # names the socket's file; nothing listens on the network
LONGEST_SOCKET_PATH = 103  # bytes that every Unix accepts (macOS 103, Linux 107)
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - each use makes a folder of its own there
RETRIES = 10.0  # seconds in which a killed server's last processes have let go of its memory
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A failed statement and its detail ("Key (...) already exists") can hold personal data.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Cluster:
    """A running server that this process uses until `stop`."""

    folder: Path
    socket_folder: Path
    _passwords: dict[str, str] = field(repr=False)
    _presence: int | None = field(repr=False)

    def owner_url(self, database: str) -> str:
        """SQLAlchemy URL of the role that owns the tables and migrates."""
        return self._url(OWNER, database).render_as_string(hide_password=False)

    def service_url(self, database: str) -> str:
        """SQLAlchemy URL of the role that obeys row security."""
        return self._url(APP, database).render_as_string(hide_password=False)

    def administrator(self) -> URL:
        """The server's superuser, for what concerns the whole cluster: copying it."""
        return self._url(ADMINISTRATOR, "postgres")

    def ensure_database(self, database: str) -> None:
        with connect(self._url(OWNER, "postgres"), autocommit=True) as owner:
            ensure_database(owner, database)

    def stop(self) -> None:
        """Leave; the last one to leave stops the server. Leaving twice is leaving once."""
        if self._presence is None:
            return
        with _locked(self.folder / "starting.lock"):
            os.close(self._presence)
            self._presence = None
            _stop_unless_used(self.folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _url(self, role: str, database: str) -> URL:
        return URL.create(
            "postgresql+psycopg",
            username=role,
            password=self._passwords[role],
            database=database,
            query={"host": str(self.socket_folder)},
        )


def start(
    folder: Path,
    *,
    forgetful: bool = False,
    settings: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Cluster:
    """Start the cluster in `folder`, creating it the first time, or join it where it already runs.

    `forgetful` never waits for the disk: for tests, whose data nobody misses. `settings` are those of the server beside
    our own, where it is not running already; `patience` is how many seconds it may take to be ready.
    Raises DatabaseNotStarted.
    """
    folder = folder.resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder / "starting.lock"):
            passwords = _passwords(folder)
            account = account_for(folder / "cluster", passing=[folder, programs()])
            if not (folder / "cluster").exists():
                _initialise(folder, account, passwords[ADMINISTRATOR], forgetful)
            presence: int | None = None
            try:
                own = SETTINGS | (FORGETFUL if forgetful else {}) | dict(settings or {})
                socket_folder = _serve(folder, account, own, patience)
                presence = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(presence, fcntl.LOCK_SH)
                cluster = Cluster(folder, socket_folder, passwords, presence)
                with connect(cluster._url(ADMINISTRATOR, "postgres")) as admin:
                    ensure_roles(admin, owner_password=passwords[OWNER], app_password=passwords[APP])
            except BaseException:  # Ctrl+C too: a server that nobody uses is not left behind
                if presence is not None:
                    os.close(presence)
                _stop_unless_used(folder)
                raise
            return cluster
    except PermissionError as error:
        raise DatabaseNotStarted(
            f"无权使用 {error.filename or folder}：数据库由另一个系统账户建立，请用原来的账户（或 root）运行。"
        ) from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time starts or stops the cluster."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def temporary_cluster() -> Iterator[Cluster]:
    """A fast cluster for tests, gone afterwards with all that it held."""
    with (
        tempfile.TemporaryDirectory(prefix="wengang-") as folder,
        start(Path(folder), forgetful=True) as cluster,
    ):
        yield cluster


def _initialise(folder: Path, account: pwd.struct_passwd | None, password: str, forgetful: bool) -> None:
    """Create the cluster beside its place and move it there whole, so that a kill leaves no half of one."""
    new = folder / "cluster.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=folder) as secret:
        secret.write(password)
        secret.flush()
        if account:
            os.chown(new, account.pw_uid, account.pw_gid)
            os.fchown(secret.fileno(), account.pw_uid, account.pw_gid)
        options = ["--username", ADMINISTRATOR, "--pwfile", secret.name, "--auth=scram-sha-256"]
        options += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = run(folder, account, "initdb", "-D", new.name, *options, *(["--no-sync"] if forgetful else []))
    if done.returncode:
        raise DatabaseNotStarted(f"无法建立数据库，请检查磁盘剩余空间：\n{done.stdout}")
    new.rename(folder / "cluster")


def _serve(
    folder: Path, account: pwd.struct_passwd | None, settings: dict[str, str], patience: float
) -> Path:
    """The folder of the socket on which the server answers, after starting it where it does not run."""
    cluster = folder / "cluster"
    give_up = time.monotonic() + patience
    launch_until = give_up
    silent_until = time.monotonic() + 3
    while time.monotonic() < give_up:
        pid, socket_folder = _postmaster(cluster)
        answer = _ping(socket_folder) if socket_folder else Ping.NO_RESPONSE
        if socket_folder and answer == Ping.OK:
            return socket_folder
        if answer == Ping.REJECT:  # starting up, recovering or shutting down
            time.sleep(0.05)
        elif pid and _is_postgres(pid):
            if time.monotonic() > silent_until:  # its socket was swept away: it can serve nobody
                os.kill(pid, signal.SIGINT)
                silent_until = give_up
            time.sleep(0.05)
        elif time.monotonic() > launch_until:
            break
        else:
            if pid:  # left by a kill; its number may by now belong to anybody
                (cluster / "postmaster.pid").unlink(missing_ok=True)
                if socket_folder:
                    _sweep(socket_folder)
            launch_until = min(launch_until, time.monotonic() + RETRIES)
            _launch(folder, account, settings, patience)
            time.sleep(0.05)
    raise DatabaseNotStarted(f"数据库没有启动，日志在 {cluster / 'server.log'}：\n{_log_end(cluster)}")


def _launch(
    folder: Path, account: pwd.struct_passwd | None, settings: dict[str, str], patience: float
) -> None:
    """Start the server on its way; whoever calls looks whether it answers."""
    socket_folder = folder / "cluster"
    path = os.fsencode(socket_folder / f".s.PGSQL.{PORT}")
    if len(path) > LONGEST_SOCKET_PATH or b"," in path or b'"' in path:
        socket_folder = Path(tempfile.mkdtemp(prefix="wengang-", dir=SHORT_FOLDER))
        if account:
            os.chown(socket_folder, account.pw_uid, account.pw_gid)
    settings = settings | {"unix_socket_directories": f'"{socket_folder}"'}
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    run(
        folder,
        account,
        "pg_ctl",
        "start",
        "-w",
        "-s",
        "-D",
        "cluster",
        "-l",
        "cluster/server.log",
        "-o",
        options,
        patience=patience,
    )


def _stop_unless_used(folder: Path) -> None:
    """Stop the server unless another process holds its presence; the caller holds the starting lock."""
    with (folder / "users.lock").open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _, socket_folder = _postmaster(folder / "cluster")
        _shut_down(folder / "cluster")
        if socket_folder:
            _sweep(socket_folder)


def _shut_down(cluster: Path) -> None:
    for order in (signal.SIGINT, signal.SIGQUIT):  # cleanly; at once, to be recovered at the next start
        pid, _ = _postmaster(cluster)
        if pid is None or not _is_postgres(pid):
            return
        os.kill(pid, order)
        give_up = time.monotonic() + PATIENCE / 2
        while time.monotonic() < give_up:
            if _postmaster(cluster)[0] != pid:
                return
            time.sleep(0.02)


def _postmaster(cluster: Path) -> tuple[int | None, Path | None]:
    """What `postmaster.pid` says: the server's process and its socket's folder, None where it says nothing."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None, None
    pid = int(lines[0]) if lines and lines[0].isdigit() else None
    return pid, Path(lines[4]) if len(lines) > 4 and lines[4] else None


def _ping(socket_folder: Path) -> int:
    return PGconn.ping(
        f"host='{_escaped(socket_folder)}' port={PORT} user=x dbname=x connect_timeout=5".encode()
    )


def _escaped(value: Path) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "\\'")


def _is_postgres(pid: int) -> bool:
    """Whether that process is a live PostgreSQL; a dead one that nobody has collected yet is not."""
    try:
        name, state = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rsplit(") ", 1)
        return name == "postgres" and state[0] not in "ZX"
    except OSError:
        if Path("/proc/self").exists():
            return False
    try:  # no /proc to tell its name: a process of that number is all there is to know
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _sweep(socket_folder: Path) -> None:
    """Remove a folder that was made because the cluster's own path is too long for a socket."""
    if socket_folder.parent == SHORT_FOLDER:
        shutil.rmtree(socket_folder, ignore_errors=True)


def _log_end(cluster: Path) -> str:
    try:
        return (cluster / "server.log").read_text(errors="replace")[-2000:]
    except FileNotFoundError:
        return ""


def _passwords(folder: Path) -> dict[str, str]:
    """The passwords by role, made the first time; the file appears whole or not at all."""
    path = folder / "secrets.json"
    if path.exists():
        try:
            passwords: dict[str, str] = json.loads(path.read_text())
        except ValueError:
            raise DatabaseNotStarted(f"{path} 已损坏，没有它就打不开数据库，请从备份中恢复该文件。") from None
        return passwords
    if (folder / "cluster").exists():
        raise DatabaseNotStarted(f"缺少 {path}，没有它就打不开数据库，请从备份中恢复该文件。")
    passwords = {role: secrets.token_urlsafe(32) for role in (ADMINISTRATOR, OWNER, APP)}
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    with fresh.open("w") as file:
        json.dump(passwords, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    return passwords
