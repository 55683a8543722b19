"""From a backup back to a database that runs: in a data folder of its own, or in an empty database of another server."""

import json
import os
import pwd
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url, text

from api.database import migrate, owner_connection
from api.keeping.checksums import Damaged, require_unchanged
from api.keeping.copying import ABOUT, CLUSTER, DUMP, FORMAT, Backup
from api.postgres import embedded
from api.postgres.archive import BrokenArchive, recovering, require_whole
from api.postgres.programs import DatabaseNotStarted, ask, programs
from api.postgres.roles import SEALER
from api.postgres.server_account import account_for
from api.runtime import DATABASE, WrongSecret, fitting_keyring, require_roles
from api.secret_file import NAME
from api.seeding.copying import Progress
from api.settings import Settings

LONGEST = 24 * 3600.0
"""Seconds that going along the log may take."""


class NotRestored(Exception):
    """Nothing was restored; the message, in Chinese, says why."""


def read_backup(folder: Path) -> Backup:
    """What the backup says of itself.

    Raises
    ------
    NotRestored
        when it is none.
    """
    try:
        told = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if told["format"] != FORMAT or told["kind"] not in (CLUSTER, DUMP):
            raise NotRestored("这份备份是更新的版本做的，请先更新程序再恢复。")
        return Backup(**told)
    except (OSError, ValueError, KeyError, TypeError):
        raise NotRestored(f"{folder} 不是备份文件夹，或它的 {ABOUT} 已损坏。") from None


@contextmanager
def restored(
    settings: Settings,
    folder: Path,
    tell: Progress,
    *,
    key: Path | None = None,
    until: datetime | None = None,
    jobs: int,
) -> Iterator[Settings]:
    """Settings with the database that was restored, migrated to what this program needs; it runs while the block lasts.

    What could not be restored is taken away again.

    Raises
    ------
    NotRestored
        when it can't be done.
    """
    backup = read_backup(folder)
    _require_sense(settings, backup, until)
    if settings.database_url is None:
        _require_empty(settings.data_folder)
    content = _key(settings, key)
    try:
        require_unchanged(folder, tell)
    except Damaged as damaged:
        raise NotRestored(str(damaged)) from None
    if settings.database_url is not None:
        settings = _with_key(settings, content)
        try:
            _fill(settings.owner_database_url or "", folder, tell, jobs)
        except BaseException:
            if content is not None:
                settings.secret_file.unlink()
            raise
        yield _usable(settings, tell)
        return
    data = settings.data_folder
    _require_empty(data)
    try:
        settings = _with_key(settings, content)
        with _cluster(settings, backup, folder, tell, until, jobs) as cluster:
            ready = settings.model_copy(
                update={
                    "database_url": cluster.service_url(DATABASE),
                    "owner_database_url": cluster.owner_url(DATABASE),
                }
            )
            yield _usable(ready, tell)
    except (DatabaseNotStarted, BrokenArchive) as error:
        _take_away(data)
        raise NotRestored(_why(error, until)) from None
    except (NotRestored, WrongSecret, OSError):
        _take_away(data)
        raise


def _require_sense(settings: Settings, backup: Backup, until: datetime | None) -> None:
    if until is not None:
        if backup.kind == DUMP:
            raise NotRestored("这份备份是导出的，只能恢复到备份时的样子，不能用 --until。")
        if settings.archive_folder is None:
            raise NotRestored("恢复到某一时刻要有日志归档，请设置 WENGANG_ARCHIVE_FOLDER。")
        if until < backup.made:
            raise NotRestored(f"--until 早于这份备份（{backup.made:%Y-%m-%d %H:%M:%S %Z}），请用更早的备份。")
    if settings.database_url is not None and backup.kind == CLUSTER:
        raise NotRestored("这份备份是内置数据库的，只能恢复到数据文件夹：请不要设置 WENGANG_DATABASE_URL。")


def _require_empty(data: Path) -> None:
    # What fails is taken away again: nothing else may lie there.
    if data.exists() and any(data.iterdir()):
        raise NotRestored(f"{data} 已有内容，不会覆盖。请用 WENGANG_DATA_FOLDER 指定一个新的文件夹。")


def _key(settings: Settings, key: Path | None) -> bytes | None:
    """The service's key, which no backup holds, as its file says; None where a setting says it."""
    if key is None:
        if settings.secret_key is None:
            raise NotRestored(
                "没有密钥，恢复了也读不出证件号码和电话。请用 --key 指定另外保管的 secret.key，或设置 WENGANG_SECRET_KEY。"
            )
        return None
    try:
        return key.read_bytes()
    except OSError as error:
        raise NotRestored(f"读不了密钥文件 {key}（{error.strerror}）。") from None


def _with_key(settings: Settings, content: bytes | None) -> Settings:
    if content is None:
        return settings
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    # What was named counts: the setting may hold a later key, which opens nothing of before.
    told = settings.model_copy(update={"secret_key": None})
    place = told.secret_file
    try:
        stream = os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise NotRestored(f"{place} 已经有了，不会覆盖。请先把它移到别处保管好，再恢复。") from None
    with stream:
        stream.write(content)
    try:
        told.secrets()
    except ValueError as error:
        place.unlink()
        raise WrongSecret(f"{error}，请换一个密钥文件。") from None
    return told


@contextmanager
def _cluster(
    settings: Settings, backup: Backup, folder: Path, tell: Progress, until: datetime | None, jobs: int
) -> Iterator[embedded.Cluster]:
    place = settings.data_folder / "postgres"
    if backup.kind == DUMP:
        with embedded.start(place) as cluster:
            cluster.ensure_database(DATABASE)
            _fill(cluster.owner_url(DATABASE), folder, tell, jobs)
            yield cluster
        return
    place.mkdir(mode=0o700, parents=True)
    archive = settings.archive_folder
    if archive is not None:
        tell(0, 0, "核对日志归档")
        require_whole(
            archive, max(each.name for each in (folder / CLUSTER / "pg_wal").iterdir() if each.is_file())
        )
    account = account_for(place / "cluster", passing=[place, programs()])
    _copy(folder, place, account, tell)
    more = recovering(archive, until, account)
    if archive is not None:
        signal = place / "cluster" / "recovery.signal"
        signal.touch(mode=0o600)
        if account is not None:
            os.chown(signal, account.pw_uid, account.pw_gid)
    tell(0, 0, "恢复数据库" if until is None else "沿日志恢复到指定时刻")
    with embedded.start(place, settings=more, patience=LONGEST) as cluster:
        yield cluster


def _copy(folder: Path, place: Path, account: pwd.struct_passwd | None, tell: Progress) -> None:
    """The copied cluster in its place, whole or not at all."""
    files = sum(len(names) for _, _, names in os.walk(folder / CLUSTER))
    done = 0

    def one(source: str, target: str) -> object:
        nonlocal done
        done += 1
        tell(done, files, "写回数据库")
        return shutil.copyfile(source, target)

    new = place / "cluster.new"
    shutil.copytree(folder / CLUSTER, new, copy_function=one)
    for root, folders, names in os.walk(new):
        for path in (Path(root), *(Path(root) / name for name in (*folders, *names))):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if account is not None:
                os.chown(path, account.pw_uid, account.pw_gid)
    shutil.copyfile(folder / "secrets.json", place / "secrets.json")
    (place / "secrets.json").chmod(0o600)
    new.rename(place / "cluster")


def _fill(owner_url: str, folder: Path, tell: Progress, jobs: int) -> None:
    """An empty database filled from a dump."""
    with owner_connection(owner_url) as connection:
        require_roles(connection)
        if connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")):
            raise NotRestored("数据库里已有数据表，不会覆盖。请建一个新的数据库再恢复。")
        # To be given its function, the sealer must be able to create one for that moment.
        connection.execute(text(f"GRANT CREATE ON SCHEMA public TO {SEALER}"))
    try:
        done = ask(
            make_url(owner_url),
            "pg_restore",
            f"--dbname={make_url(owner_url).database}",
            "--exit-on-error",
            f"--jobs={jobs}",
            str(folder / DUMP),
            watch=lambda: tell(0, 0, "写回数据库"),
        )
    finally:
        with owner_connection(owner_url) as connection:
            connection.execute(text(f"REVOKE CREATE ON SCHEMA public FROM {SEALER}"))
    if done.returncode:
        raise NotRestored(f"数据库没有恢复完，请删掉这个数据库，重建后再试：\n{done.stderr}")


def _usable(settings: Settings, tell: Progress) -> Settings:
    tell(0, 0, "升级数据库结构")
    with owner_connection(settings.owner_database_url or "") as connection:
        migrate(connection)
        fitting_keyring(connection, settings)
    return settings


def _why(error: Exception, until: datetime | None) -> str:
    if until is not None and "before configured recovery target" in str(error):
        return "归档的日志没有到 --until 的时刻。请改用更早的时刻，或不写 --until，恢复到日志的末尾。"
    return str(error)


def _take_away(data: Path) -> None:
    """What this restore put there; the folder was empty before."""
    shutil.rmtree(data / "postgres", ignore_errors=True)
    (data / NAME).unlink(missing_ok=True)
