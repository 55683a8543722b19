"""Backups and the key: of before its change, from the midst of it, and of after; each with what opens it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.keeping import make
from api.cli.keys import change, tell_of
from api.cli.speaking import Refused
from api.runtime import prepared
from api.secret_file import read_secrets
from api.seeding.copying import silent
from api.service_keys import moving
from api.service_keys.rotating import rotate
from api.settings import Settings

from .conftest import Kept, in_folder, restore

ROOT = Path(__file__).resolve().parents[3]
OPENED = (
    "SELECT count(*), count(*) FILTER (WHERE k.master_key_id = %s), "
    "count(*) FILTER (WHERE worker.id_number_index IS NOT NULL), "
    "count(*) FILTER (WHERE worker.id_number_index_2 IS NOT NULL) "
    "FROM worker JOIN person_key k ON k.worker_id = worker.id"
)


class Killed(BaseException):
    pass


@pytest.fixture(scope="module")
def story(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The key changed, killed in the midst and gone on with; a backup of each stage, the keys put aside each time."""
    folder, keys = tmp_path_factory.mktemp("backups"), tmp_path_factory.mktemp("keys")

    def back_up(name: str) -> Path:
        make(kept.settings, folder / name, keys=keys, jobs=1, as_json=True)
        return folder / name

    told: dict[str, Any] = {"keys": keys / "secret.key", "before": back_up("before")}
    told["first"] = tmp_path_factory.mktemp("first") / "secret.key"
    told["first"].write_bytes(kept.key.read_bytes())
    many, patch = 0, pytest.MonkeyPatch()

    def die(done: int, _total: int, words: str) -> None:
        nonlocal many
        many += words.startswith("换用")
        if many == 4:
            raise Killed

    with patch.context() as patched, prepared(kept.settings, silent) as ready:
        patched.setattr(moving, "BATCH", 10)
        with pytest.raises(Killed):
            rotate(ready, die)
    told["midst"] = back_up("midst")
    change(kept.settings, out=None, keep=None, as_json=True)
    told["after"] = back_up("after")
    yield told


def alone(kept: Kept, folder: Path) -> Settings:
    """Over a folder of its own, and as the backup is: along the log it would become what the key's change made of it."""
    return in_folder(kept.settings, folder).model_copy(update={"archive_folder": None})


def people(settings: Any, key: str) -> tuple[int, ...]:
    with Kept(settings).owner() as owner:
        row = owner.execute(OPENED, [key]).fetchone()
        assert row is not None
        return tuple(row)


def test_one_of_before(kept: Kept, story: dict[str, Any], place: Callable[[str], Path]) -> None:
    settings = alone(kept, place("before"))
    with pytest.raises(Refused, match="密钥与数据库不符"):
        restore(settings, story["before"], kept.key)
    assert restore(settings, story["before"], story["first"]) == 0
    count, under, first, second = people(settings, "1")
    assert count == under == first > 20
    assert second == 0
    # It serves, and its key can be changed in its turn.
    with prepared(settings, silent) as ready:
        assert rotate(ready, silent).new == "2"


def test_one_from_the_midst_goes_on(kept: Kept, story: dict[str, Any], place: Callable[[str], Path]) -> None:
    settings = alone(kept, place("midst"))
    # The keys that were put aside are all that there were; here the first alone leads to the other.
    assert restore(settings, story["midst"], story["first"]) == 0
    count, under, first, second = people(settings, "1")
    assert 0 < under < count == first
    assert second < count
    assert set(read_secrets(settings.secret_file.read_text())) == {"1"}
    with prepared(settings, silent) as ready:
        done = rotate(ready, silent)
    assert (done.new, done.waits) == ("2", True)
    count, under, first, second = people(settings, "2")
    assert (under, first, second) == (count, 0, count)


@pytest.mark.parametrize(
    "name", ["midst", *(pytest.param(name, marks=pytest.mark.deep) for name in ("before", "after"))]
)
def test_the_keys_that_were_put_aside_open_every_one(
    kept: Kept, story: dict[str, Any], place: Callable[[str], Path], name: str
) -> None:
    assert set(read_secrets(story["keys"].read_text())) == {"1", "2"}
    settings = alone(kept, place(f"{name}-again"))
    assert restore(settings, story[name], story["keys"]) == 0


def test_keys_of_another_service_are_not_mixed(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text("2:" + "QUFB" * 12)
    with pytest.raises(Refused, match="另一把密钥"):
        make(kept.settings, tmp_path / "out", keys=tmp_path / "keys", jobs=1, as_json=True)


def test_the_list_tells_everything_but_the_key(
    kept: Kept, story: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    tell_of(kept.settings, as_json=False)
    tell_of(kept.settings, as_json=True)
    out, err = capsys.readouterr()
    assert "密钥“2”：使用中" in err
    assert "密钥“1”：已停用" in err
    assert "AES-256-GCM" in out
    for file in (story["keys"], kept.key):
        for told in file.read_text().split():
            assert told.rpartition(":")[2] not in out + err


def test_killed_for_real_it_goes_on(kept: Kept, story: dict[str, Any]) -> None:
    """Kill -9 while `./wengang keys rotate` is at it."""
    environment = os.environ | {
        "WENGANG_DATA_FOLDER": str(kept.settings.data_folder),
        "WENGANG_ARCHIVE_FOLDER": str(kept.settings.archive_folder),
        "WENGANG_DEMO_SCALE": "0.01",
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", "from api.service_keys import moving; moving.BATCH = 1; "
         "from api.cli.verbs import app; app(['keys', 'rotate'])"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    with kept.owner() as owner:
        owner.autocommit = True
        while True:
            row = owner.execute("SELECT count(*) FROM person_key WHERE master_key_id = '3'").fetchone()
            assert row and time.monotonic() < until and process.poll() is None
            if row[0]:
                break
            time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    count, moved, *_ = people(kept.settings, "3")
    assert 0 < moved < count
    with prepared(kept.settings, silent) as ready:
        assert rotate(ready, silent).new == "3"
    assert people(kept.settings, "3") == (count, count, count, 0)
