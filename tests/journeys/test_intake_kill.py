"""The worker is killed in the middle of reading, checking and applying a file: nothing is lost, nothing doubled."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import Service, service
from .roster import workbook

pytestmark = pytest.mark.server

ROWS = 1_500
REGION = "610728"
STEPS = ("staging", "checking", "ready", "applying", "applied")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture(scope="module")
def client(running: Service) -> Iterator[httpx.Client]:
    with closing(running.client()) as opened:
        yield opened


def kill_worker(running: Service) -> None:
    """The worker process that the service keeps is gone from one moment to the next."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = [number for number in _children(running.process.pid) if _words(number).endswith(b"\0work\0")]
        if found:
            os.kill(found[0], signal.SIGKILL)
            return
        time.sleep(0.02)
    raise AssertionError("there is no worker")


def _children(parent: int) -> list[int]:
    threads = Path(f"/proc/{parent}/task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def _words(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return b""


def send(client: httpx.Client, content: bytes, **form: str) -> int:
    form = {"kept_by": REGION} | form
    answer = client.post("/v1/imports", files={"file": ("已外出.xlsx", content)}, data=form)
    assert answer.status_code == 202, answer.text
    return int(answer.json()["id"])


def until(client: httpx.Client, number: int, *states: str, least: int | None = None) -> dict[str, Any]:
    """The import when it has come to one of the states, or its job at work has done so many lines."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        found = client.get(f"/v1/imports/{number}").json()
        if found["state"]["code"] in states and (
            least is None or (found["job"] or {}).get("done", 0) >= least
        ):
            return dict(found)
        assert found["state"]["code"] != "failed", found
        if least is not None and STEPS.index(found["state"]["code"]) > max(map(STEPS.index, states)):
            return dict(found)
        time.sleep(0.02)
    raise AssertionError(f"the import stands still: {found}")


def totals(client: httpx.Client) -> dict[str, int]:
    """How many people and households the county has."""
    return {
        noun: client.get(f"/v1/{noun}", params={"limit": 1, "region": REGION}).json()["total"]
        for noun in ("workers", "households")
    }


def test_kills_lose_nothing_and_double_nothing(running: Service, client: httpx.Client) -> None:
    before = totals(client)
    undisturbed = send(client, workbook(1_000, ROWS))
    until(client, undisturbed, "ready")
    client.post(f"/v1/imports/{undisturbed}/apply")
    told = until(client, undisturbed, "applied")
    first = totals(client)
    assert first["workers"] - before["workers"] == ROWS
    assert told["counts"] == {"lines": ROWS, "new": ROWS}

    number = send(client, workbook(2_000, ROWS))
    until(client, number, "staging", least=1)
    kill_worker(running)
    until(client, number, "checking", least=1)
    kill_worker(running)
    found = until(client, number, "ready")
    assert found["counts"] == told["counts"], "no line twice, none left out"
    client.post(f"/v1/imports/{number}/apply")
    until(client, number, "applying", least=1)
    kill_worker(running)
    assert totals(client) == first, "half an import is none"
    client.post(f"/v1/imports/{number}/apply")
    found = until(client, number, "applied")
    assert found["counts"] == told["counts"]
    second = totals(client)
    assert {noun: second[noun] - first[noun] for noun in second} == {
        noun: first[noun] - before[noun] for noun in first
    }


def test_a_file_that_would_do_harm_is_refused_while_the_service_answers(client: httpx.Client) -> None:
    import zipfile

    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 1024 * 1024))
    numbers = [
        send(client, bomb.getvalue()),
        send(
            client, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        ),
    ]
    end = time.monotonic() + 60
    slowest = 0.0
    while time.monotonic() < end:
        begun = time.monotonic()
        states = [client.get(f"/v1/imports/{number}").json() for number in numbers]
        slowest = max(slowest, time.monotonic() - begun)
        if all(each["state"]["code"] == "failed" for each in states):
            break
        time.sleep(0.05)
    assert [each["state"]["code"] for each in states] == ["failed", "failed"]
    assert all(each["message"] for each in states)
    assert "密码" in states[1]["message"]
    assert slowest < 3
