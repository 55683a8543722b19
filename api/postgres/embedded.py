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
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from api.postgres.programs import PATIENCE, DatabaseNotStarted, programs, run
from api.postgres.roles import APP, OWNER, connect, ensure_database, ensure_roles
from api.postgres.server import PORT, serve, stop_unless_used
from api.postgres.server_account import account_for

ADMINISTRATOR = "postgres"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A migration is one transaction, and each revision takes every policy, trigger and function away and declares it anew.
    "max_locks_per_transaction": "256",
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
    _settings: dict[str, str] = field(default_factory=dict)

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

    def revive(self) -> None:
        """Start the server again where it is gone, under the address it had; nothing where it answers. Raises DatabaseNotStarted."""
        with _locked(self.folder / "starting.lock"):
            if self._presence is not None:
                account = account_for(self.folder / "cluster", passing=[self.folder, programs()])
                serve(self.folder, account, self._settings, PATIENCE, self.socket_folder)

    def stop(self) -> None:
        """Leave; the last one to leave stops the server. Leaving twice is leaving once."""
        if self._presence is None:
            return
        with _locked(self.folder / "starting.lock"):
            os.close(self._presence)
            self._presence = None
            stop_unless_used(self.folder)

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
                socket_folder = serve(folder, account, own, patience)
                presence = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(presence, fcntl.LOCK_SH)
                cluster = Cluster(folder, socket_folder, passwords, presence, own)
                with connect(cluster._url(ADMINISTRATOR, "postgres")) as admin:
                    ensure_roles(admin, owner_password=passwords[OWNER], app_password=passwords[APP])
            except BaseException:  # Ctrl+C too: a server that nobody uses is not left behind
                if presence is not None:
                    os.close(presence)
                stop_unless_used(folder)
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
