"""`./wengang test` without a browser: loud, skipped with a reason, a failure in CI."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSER_TEST = (
    "import pytest\n@pytest.mark.browser\ndef test_page(): raise AssertionError\ndef test_other(): pass\n"
)


def run(folder: Path, *arguments: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    """The command as it runs on a machine whose PATH holds no browser."""
    (folder / "test_pages.py").write_text(BROWSER_TEST)
    environment = os.environ | {"PATH": str(folder), "PYTHONPATH": str(ROOT), "CI": ci}
    return subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "api.cli.testing",
            *arguments,
            "-n",
            "0",
            "-c",
            str(ROOT / "pyproject.toml"),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_browser_tests_are_skipped_loudly_and_the_count_comes_last(tmp_path: Path) -> None:
    done = run(tmp_path, str(tmp_path / "test_pages.py"))
    assert done.returncode == 0
    assert "*** 浏览器测试未运行" in done.stderr
    assert "apt install chromium fonts-noto-cjk" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout.splitlines()[-1]


def test_a_missing_browser_fails_in_ci(tmp_path: Path) -> None:
    done = run(tmp_path, str(tmp_path / "test_pages.py"), ci="true")
    assert done.returncode == 1
    assert "passed" not in done.stdout


def test_no_tests_at_all_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path, str(tmp_path / "empty")).returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_ci_runs_the_same_command_from_wherever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "wengang").write_text('#!/bin/sh\necho "$CI $PWD $*"; exit 5\n')
    (tmp_path / "wengang").chmod(0o755)
    done = subprocess.run(
        ["bash", tmp_path / ".ci" / "run"], cwd="/", capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (5, f"true {tmp_path} test\n")
