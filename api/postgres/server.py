"""The server process of a cluster's folder: whether it is there, how it is started and stopped."""

import fcntl
import os
import pwd
import shlex
import shutil
import signal
import tempfile
import time
from pathlib import Path

from psycopg.pq import PGconn, Ping

from api.postgres.programs import PATIENCE, DatabaseNotStarted, run

PORT = 5432  # names the socket's file; nothing listens on the network
LONGEST_SOCKET_PATH = 103  # bytes that every Unix accepts (macOS 103, Linux 107)
SHORT_FOLDER = Path("/tmp")  # noqa: S108 - each use makes a folder of its own there
RETRIES = 10.0  # seconds in which a killed server's last processes have let go of its memory


def serve(
    folder: Path,
    account: pwd.struct_passwd | None,
    settings: dict[str, str],
    patience: float,
    named: Path | None = None,
) -> Path:
    """The folder of the socket on which the server answers, after starting it where it does not run; there, where one is named."""
    cluster = folder / "cluster"
    give_up = time.monotonic() + patience
    launch_until = give_up
    silent_until = time.monotonic() + 3
    while time.monotonic() < give_up:
        pid, socket_folder = postmaster(cluster)
        answer = _ping(socket_folder) if socket_folder else Ping.NO_RESPONSE
        if socket_folder and answer == Ping.OK:
            return socket_folder
        if answer == Ping.REJECT:  # starting up, recovering or shutting down
            time.sleep(0.05)
        elif pid and is_postgres(pid, cluster):
            if time.monotonic() > silent_until:  # its socket was swept away: it can serve nobody
                os.kill(pid, signal.SIGINT)
                silent_until = give_up
            time.sleep(0.05)
        elif time.monotonic() > launch_until:
            break
        else:
            if pid:  # left by a kill; its number may by now belong to anybody
                (cluster / "postmaster.pid").unlink(missing_ok=True)
                if socket_folder and socket_folder != named:
                    sweep(socket_folder)
            launch_until = min(launch_until, time.monotonic() + RETRIES)
            _launch(folder, account, settings, patience, named)
            time.sleep(0.05)
    raise DatabaseNotStarted(f"数据库没有启动，日志在 {cluster / 'server.log'}：\n{_log_end(cluster)}")


def _launch(
    folder: Path,
    account: pwd.struct_passwd | None,
    settings: dict[str, str],
    patience: float,
    named: Path | None,
) -> None:
    """Start the server on its way; whoever calls looks whether it answers."""
    socket_folder = named or folder / "cluster"
    path = os.fsencode(socket_folder / f".s.PGSQL.{PORT}")
    if len(path) > LONGEST_SOCKET_PATH or b"," in path or b'"' in path:
        socket_folder = Path(tempfile.mkdtemp(prefix="wengang-", dir=SHORT_FOLDER))
    if not socket_folder.is_dir():  # swept away with what lies in /tmp for long
        socket_folder.mkdir(mode=0o700)
    if account and socket_folder.parent == SHORT_FOLDER:
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


def stop_unless_used(folder: Path) -> None:
    """Stop the server unless another process holds its presence; the caller holds the starting lock."""
    with (folder / "users.lock").open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _, socket_folder = postmaster(folder / "cluster")
        shut_down(folder / "cluster")
        if socket_folder:
            sweep(socket_folder)


def shut_down(cluster: Path) -> None:
    for order in (signal.SIGINT, signal.SIGQUIT):  # cleanly; at once, to be recovered at the next start
        pid, _ = postmaster(cluster)
        if pid is None or not is_postgres(pid, cluster):
            return
        os.kill(pid, order)
        give_up = time.monotonic() + PATIENCE / 2
        while time.monotonic() < give_up:
            if postmaster(cluster)[0] != pid:
                return
            time.sleep(0.02)


def postmaster(cluster: Path) -> tuple[int | None, Path | None]:
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


def is_postgres(pid: int, cluster: Path) -> bool:
    """Whether that process is the live PostgreSQL of this cluster; a dead one that nobody has collected yet is not, nor is
    another one that got the number after the machine was started anew."""
    process = Path(f"/proc/{pid}")
    try:
        name, state = (process / "stat").read_text().partition("(")[2].rsplit(") ", 1)
        return name == "postgres" and state[0] not in "ZX" and (process / "cwd").samefile(cluster)
    except OSError:
        if Path("/proc/self").exists():
            return False
    try:  # no /proc to tell its name: a process of that number is all there is to know
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def sweep(socket_folder: Path) -> None:
    """Remove a folder that was made because the cluster's own path is too long for a socket."""
    if socket_folder.parent == SHORT_FOLDER:
        shutil.rmtree(socket_folder, ignore_errors=True)


def _log_end(cluster: Path) -> str:
    try:
        return (cluster / "server.log").read_text(errors="replace")[-2000:]
    except FileNotFoundError:
        return ""
