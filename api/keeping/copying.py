"""A backup: the embedded cluster copied file by file while it serves, another server's database dumped.

A backup is a folder: `backup.json` (what it is), `cluster/` or `dump/`, `anchor.json` (the head of the chain over the
record), for a cluster `secrets.json` (its passwords, which open nothing that does not lie beside them) and `SHA256SUMS`.
The key that opens ID numbers and telephones is never in it.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url, text

from api.anchors import write_anchor
from api.keeping.checksums import size_of, write_checksums
from api.postgres.programs import ask
from api.runtime import DATABASE, own_cluster
from api.secret_file import NAME, read_secrets, write_secrets
from api.seeding.copying import Progress
from api.settings import Settings

ABOUT = "backup.json"
ANCHOR = "anchor.json"
CLUSTER, DUMP = "cluster", "dump"
FORMAT = 1


class NotBackedUp(Exception):
    """There is no backup; the message, in Chinese, says why."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What `backup.json` says."""

    kind: str
    made_at: str
    revision: str
    server: str
    size: int
    format: int = FORMAT

    @property
    def made(self) -> datetime:
        """When the copy was whole: what came later is not in it."""
        return datetime.fromisoformat(self.made_at)


def back_up(settings: Settings, out: Path, tell: Progress, *, jobs: int) -> Backup:
    """Copy everything into the empty folder `out`; a copy that fails leaves nothing there.

    Raises
    ------
    NotBackedUp
        when the folder is not empty, there is nothing to copy, or the copying fails.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise NotBackedUp(f"{out} 已有内容，备份请用一个新的文件夹。")
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if settings.owner_database_url is None:
            made = _copy_cluster(settings, out, tell)
        else:
            made = _dump(make_url(settings.owner_database_url), out, tell, jobs)
        (out / ABOUT).write_text(json.dumps(asdict(made), indent=1) + "\n", encoding="utf-8")
        write_checksums(out, tell)
    except BaseException:
        for path in out.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    return made


def _copy_cluster(settings: Settings, out: Path, tell: Progress) -> Backup:
    folder = settings.data_folder / "postgres"
    if not (folder / "cluster").exists():
        raise NotBackedUp(f"{folder} 里还没有数据库，没有可备份的内容。")
    with own_cluster(settings) as cluster:
        owner = make_url(cluster.owner_url(DATABASE))
        _anchor(owner, out)
        whole = int(_one(owner, "SELECT sum(pg_database_size(oid)) FROM pg_database")) // 1_048_576
        done = ask(
            cluster.administrator(),
            "pg_basebackup",
            f"--pgdata={out / CLUSTER}",
            "--wal-method=stream",
            "--checkpoint=fast",
            "--manifest-checksums=SHA256",
            watch=lambda: tell(
                min(size_of(out / CLUSTER) // 1_048_576, whole), whole, "复制数据库（兆字节）"
            ),
        )
        if done.returncode:
            raise NotBackedUp(f"数据库没有复制完，请检查磁盘剩余空间：\n{done.stderr}")
        shutil.copy2(folder / "secrets.json", out / "secrets.json")
        (out / "secrets.json").chmod(0o600)
        # The log, and what the running server holds its socket by: they are that server's, not the data's.
        for path in (out / CLUSTER / "server.log", *(out / CLUSTER).glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)
        return _made(CLUSTER, owner, out)


def _dump(owner: URL, out: Path, tell: Progress, jobs: int) -> Backup:
    _anchor(owner, out)
    done = ask(
        owner,
        "pg_dump",
        "--format=directory",
        f"--jobs={jobs}",
        f"--file={out / DUMP}",
        watch=lambda: tell(0, 0, f"导出数据库，已写 {size_of(out / DUMP) // 1_048_576} 兆字节"),
    )
    if done.returncode:
        raise NotBackedUp(f"数据库没有导出完：\n{done.stderr}")
    return _made(DUMP, owner, out)


def _anchor(owner: URL, out: Path) -> None:
    """The head of the chain before the copy: whatever is copied holds at least that."""
    engine = create_engine(owner, hide_parameters=True)
    try:
        with engine.begin() as connection:
            write_anchor(connection, out / ANCHOR)
    finally:
        engine.dispose()


def _made(kind: str, owner: URL, out: Path) -> Backup:
    made_at: datetime = _one(owner, "SELECT clock_timestamp()")
    return Backup(
        kind=kind,
        made_at=made_at.isoformat(),
        revision=str(_one(owner, "SELECT version_num FROM alembic_version")),
        server=str(_one(owner, "SHOW server_version")),
        size=size_of(out),
    )


def _one(owner: URL, question: str) -> Any:
    engine = create_engine(owner, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return connection.scalar(text(question))
    finally:
        engine.dispose()


def copy_key(settings: Settings, folder: Path, backup: Path) -> Path | None:
    """The service's keys, put into a file in `folder`, away from the backup; None where they lie in no file.

    Keys that lie there already stay: those of the backups before.

    Raises
    ------
    NotBackedUp
        when the two would lie together, or what lies there is of another service.
    """
    source = settings.secret_file
    if not source.exists():
        return None
    present = read_secrets(source.read_text())
    if folder.resolve().is_relative_to(backup.resolve()):
        raise NotBackedUp("密钥不能放进备份文件夹：谁拿到备份，谁就能读出证件号码。请另选一个地方。")
    target, kept = folder / NAME, {}
    if target.exists():
        try:
            kept = read_secrets(target.read_text(errors="replace"))
        except ValueError:
            raise NotBackedUp(f"{target} 已经存在，而且不是密钥文件，没有覆盖。") from None
        if any(kept.get(key_id, secret) != secret for key_id, secret in present.items()):
            raise NotBackedUp(f"{target} 已经存在，而且是另一把密钥，没有覆盖。")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not present.keys() <= kept.keys():
        write_secrets(target, kept | present)
    return target
