"""What a command says of a file that it can't read or write: what is wrong, in Chinese, and of which file."""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from api.cli.files import why
from api.cli.verbs import app

from .filling import FIRMS, PEOPLE, POSTS, fill

Said = Callable[..., str]


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Said:
    """Run a command that must refuse; what it said."""

    def run(*arguments: object) -> str:
        capsys.readouterr()
        with pytest.raises((typer.TyperException, SystemExit, typer.Exit)) as left:
            app([str(each) for each in arguments], standalone_mode=True)
        assert getattr(left.value, "code", 1) == 1
        return capsys.readouterr().err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "market", workers=PEOPLE, employers=FIRMS, vacancies=POSTS)


def _out(tmp_path: Path, kind: str) -> Path:
    if kind == "a folder":
        (tmp_path / "list.csv").mkdir()
    if kind == "under a file":
        (tmp_path / "file").write_text("")
    return {
        "a folder": tmp_path / "list.csv",
        "under a file": tmp_path / "file" / "list.csv",
        "nowhere": tmp_path / "none" / "list.csv",
        "too long": tmp_path / f"{'x' * 300}.csv",
    }[kind]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("a folder", "那是一个文件夹"),
        ("under a file", "路径里有一段不是文件夹"),
        ("nowhere", "没有这个文件或文件夹"),
        ("too long", "文件名太长"),
    ],
)
def test_where_nothing_can_be_written(
    refused: Said, folder: Path, tmp_path: Path, kind: str, words: str
) -> None:
    out = _out(tmp_path, kind)
    said = refused("rank", folder, "--as-of", "2026-02-01", "--worker", "w1", "--out", out)
    assert said.strip().endswith(f"（{words}），请换一个位置。")
    assert f"不能写入 {tmp_path}" in said


def test_a_full_disk(refused: Said, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").symlink_to("/dev/full")
    command = ("rank", folder, "--as-of", "2026-02-01", "--worker", "w1", "--out", tmp_path / "list.csv")
    assert f"不能写入 {tmp_path / 'list.csv'}（磁盘满了）" in refused(*command)


def test_the_file_that_is_named_is_the_one_that_is_in_the_way(
    refused: Said, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "rejected.csv").mkdir()
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"title": "平车工"}\n', encoding="utf-8")
    for command in (
        ("rank", folder, "--as-of", "2026-02-01", "--worker", "w1", "--out", tmp_path / "list.csv"),
        ("plan", folder, "--as-of", "2026-02-01", "--out", tmp_path / "plan.csv"),
        ("lint", posts, "--out", tmp_path / "found.csv"),
    ):
        assert f"不能写入 {tmp_path / 'rejected.csv'}（那是一个文件夹）" in refused(*command)


def test_a_file_of_the_folder_that_is_none(refused: Said, folder: Path) -> None:
    (folder / "workers.csv").unlink()
    (folder / "workers.csv").mkdir()
    said = refused("rank", folder, "--as-of", "2026-02-01", "--worker", "w1")
    assert "workers.csv（那是一个文件夹），请检查文件和权限。" in said


def test_no_word_of_the_systems_own_language() -> None:
    told = {number: why(OSError(number, os.strerror(number))) for number in errno.errorcode}
    assert not [each for each in told.values() if re.search("[A-Za-z]", each)]
    assert told[errno.ENOSPC] == "磁盘满了"


def test_what_a_clerk_can_mend_has_its_own_words() -> None:
    told = {why(PermissionError(number, "")) for number in (errno.EACCES, errno.EPERM)}
    assert told == {"没有权限"}
    assert why(OSError("no number")) == "系统没有说明原因"
