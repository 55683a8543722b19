"""The embedded database: backed up while it serves, destroyed, restored, to any moment too; damage is refused."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from api.cli.speaking import Refused
from api.keeping.checksums import NAME
from api.postgres import server
from api.postgres.archive import PIECE
from api.postgres.roles import connect
from api.settings import ROOT, SHANGHAI, Settings

from .conftest import Kept, everything, in_folder, restore

Place = Callable[[str], Path]


@pytest.fixture(scope="module")
def backup(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept.back_up(tmp_path_factory.mktemp("backups") / "first")


def without_archive(settings: Settings, folder: Path) -> Settings:
    return in_folder(settings, folder).model_copy(update={"archive_folder": None})


def test_what_was_destroyed_is_there_again(
    kept: Kept, place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    """Copied while it serves, without the key; restored, row for row the same; killed, deleted and restored once more."""
    with kept.owner() as owner:
        before = everything(owner)
    assert before["worker"][0] > 50
    out = kept.back_up(place("backup"))
    assert "密钥不在备份里" in capfd.readouterr().err
    key = place("elsewhere")
    key.write_bytes(kept.key.read_bytes())
    assert not any(kept.key.read_bytes() in path.read_bytes() for path in out.rglob("*") if path.is_file())
    copy = in_folder(kept.settings, place("copy"))
    assert restore(without_archive(copy, copy.data_folder), out, key) == 0
    told = capfd.readouterr().err
    assert "数据核对无误，操作记录链 3 条没有改动" in told
    found = Kept(without_archive(copy, copy.data_folder))
    with found.owner() as owner:
        assert everything(owner) == before
    with found.cluster() as running:
        found.record("没有备份的")
        pid = server.postmaster(running.folder / "cluster")[0]
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        shutil.rmtree(copy.data_folder / "postgres" / "cluster")
    shutil.rmtree(copy.data_folder)
    assert restore(found.settings, out, key) == 0
    with found.owner() as owner:
        assert everything(owner) == before


@pytest.mark.deep
def test_the_commands_say_it_in_json(kept: Kept, backup: Path, place: Place) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "WENGANG_DATA_FOLDER": str(place("by-command")),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = run("restore", str(backup), "--key", str(kept.key), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ok"] and told["links"] == 3 and told["counts"]["worker"] > 50
    again = run("restore", str(backup), "--key", str(kept.key))
    assert again.returncode == 1
    assert "已有内容，不会覆盖" in again.stderr
    verified = run("audit", "verify", "--anchor", str(backup / "anchor.json"), "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["anchors"] == 1


def damage_a_byte(folder: Path) -> None:
    path = max((folder / "cluster" / "base").rglob("*"), key=lambda each: each.stat().st_size)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def cut_off(folder: Path) -> None:
    path = next(each for each in (folder / "cluster" / "pg_wal").iterdir() if each.is_file())
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_a_byte, "与备份时不一样"),
        (cut_off, "与备份时不一样"),
        (lambda folder: (folder / "cluster" / "PG_VERSION").unlink(), "缺少文件 cluster/PG_VERSION"),
        (lambda folder: (folder / "cluster" / "base" / "more").write_text("x"), "多出文件"),
        (lambda folder: (folder / NAME).unlink(), "不是完整的备份"),
        (lambda folder: (folder / NAME).write_text("x"), "备份已损坏"),
        (lambda folder: (folder / "backup.json").unlink(), "不是备份文件夹"),
        (lambda folder: (folder / "backup.json").write_text("{}"), "不是备份文件夹"),
        (lambda folder: (folder / "anchor.json").write_text("{}"), "不是锚点文件"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    kept: Kept, backup: Path, place: Place, damage: Callable[[Path], None], words: str
) -> None:
    damaged = place("damaged")
    shutil.copytree(backup, damaged)
    damage(damaged)
    target = place("target")
    with pytest.raises(Refused, match=words):
        restore(in_folder(kept.settings, target), damaged, kept.key)
    assert not target.exists() or not any(target.iterdir())


def test_nothing_is_written_over(kept: Kept, backup: Path, place: Place) -> None:
    with pytest.raises(Refused, match="已有内容"):
        kept.back_up(backup)
    with kept.owner() as owner:
        before = everything(owner)
    with pytest.raises(Refused, match="已有内容，不会覆盖"):
        restore(kept.settings, backup, kept.key)
    with kept.owner() as owner:
        assert everything(owner) == before
    assert kept.key.exists()
    with pytest.raises(Refused, match="没有密钥"):
        restore(in_folder(kept.settings, place("target")), backup)


def test_another_key_is_refused_and_leaves_nothing(kept: Kept, backup: Path, place: Place) -> None:
    other = place("other.key")
    other.write_text("b" * 43 + "=")
    target = place("target")
    with pytest.raises(Refused, match="密钥与数据库不符"):
        restore(without_archive(kept.settings, target), backup, other)
    assert not any(target.iterdir())


# --- along the log -------------------------------------------------------------------------------------------------


def nouns(kept: Kept) -> list[str]:
    with kept.owner() as owner:
        rows = owner.execute("SELECT noun FROM audit_event ORDER BY id").fetchall()
    return [noun for (noun,) in rows]


@pytest.fixture(scope="module")
def moment(kept: Kept, backup: Path) -> datetime:
    """A moment after the backup, between two things that were recorded; the log of both is archived."""
    kept.record("之前")
    time.sleep(0.2)
    between = datetime.now(SHANGHAI)
    time.sleep(0.2)
    kept.record("之后")
    with kept.cluster() as running, connect(running.administrator(), autocommit=True) as admin:
        [last] = admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or [""]
    archived = kept.settings.archive_folder
    assert archived is not None
    until = time.monotonic() + 60
    while not (archived / f"{last}.gz").exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    assert [path for path in archived.iterdir() if PIECE.fullmatch(path.name)]
    return between


def test_any_moment_after_the_backup_is_restored(
    kept: Kept, backup: Path, moment: datetime, place: Place
) -> None:
    before = in_folder(kept.settings, place("before"))
    assert restore(before, backup, kept.key, moment.replace(tzinfo=None)) == 0
    assert nouns(Kept(without_archive(before, before.data_folder)))[-2:] == ["丙", "之前"]
    last = in_folder(kept.settings, place("last"))
    assert restore(last, backup, kept.key) == 0
    found = Kept(without_archive(last, last.data_folder))
    assert nouns(found)[-2:] == ["之前", "之后"]
    # What was restored goes on as any other.
    found.record("新的")
    assert nouns(found)[-1] == "新的"


@pytest.mark.deep
def test_a_moment_that_the_log_does_not_reach_is_refused(
    kept: Kept, backup: Path, moment: datetime, place: Place
) -> None:
    for when, words in (
        (datetime(2099, 1, 1), "没有到 --until 的时刻"),
        (datetime(2020, 1, 1), "请用更早的备份"),
    ):
        target = place(f"target-{when.year}")
        with pytest.raises(Refused, match=words):
            restore(in_folder(kept.settings, target), backup, kept.key, when)
        assert not target.exists() or not any(target.iterdir())
    with pytest.raises(Refused, match="WENGANG_ARCHIVE_FOLDER"):
        restore(without_archive(kept.settings, place("no-log")), backup, kept.key, moment)


@pytest.mark.deep
def test_a_broken_log_is_refused(kept: Kept, backup: Path, moment: datetime, place: Place) -> None:
    archive = place("archive")
    assert kept.settings.archive_folder is not None
    shutil.copytree(kept.settings.archive_folder, archive)
    told = in_folder(kept.settings, place("target")).model_copy(update={"archive_folder": archive})
    pieces = sorted(path for path in archive.iterdir() if PIECE.fullmatch(path.name))
    content = bytearray(pieces[-1].read_bytes())
    content[len(content) // 2] ^= 1
    pieces[-1].write_bytes(bytes(content))
    with pytest.raises(Refused, match=f"日志归档已损坏：{pieces[-1].name}"):
        restore(told, backup, kept.key)
    number = int(pieces[-1].name[16:24], 16) + 2
    pieces[-1].rename(archive / f"{pieces[-1].name[:16]}{number:08X}.gz")
    with pytest.raises(Refused, match="日志归档不完整"):
        restore(told, backup, kept.key)
