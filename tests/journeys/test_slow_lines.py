"""Slow lines: half-sent requests keep nobody waiting, and whoever sends or fetches too slowly is let go."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api import lines, middleware
from api.database import CONNECTIONS
from models.sealing import Keyring

from .conftest import served

pytestmark = pytest.mark.server
LENGTH = b"POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
HALF = LENGTH + b"100\r\n\r\na"


@pytest.fixture(scope="module")
def address(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    with served(clone("slow_lines").service, keyring, tmp_path_factory.mktemp("data")) as url:
        yield url


@pytest.fixture
def line(address: str) -> Iterator[Callable[[], socket.socket]]:
    at = urlsplit(address)
    with ExitStack() as opened:

        def another() -> socket.socket:
            made = opened.enter_context(socket.create_connection((at.hostname, at.port)))
            made.settimeout(20)
            return made

        yield another


def rest(line: socket.socket) -> bytes:
    """All that comes until the other side ends it; what is cut off ends it too."""
    told = b""
    try:
        while piece := line.recv(1 << 16):
            told += piece
    except ConnectionResetError:
        pass
    return told


def test_half_sent_requests_do_not_stop_the_service(address: str, line: Callable[[], socket.socket]) -> None:
    for _ in range(CONNECTIONS + 8):
        line().sendall(HALF)
    assert httpx.get(f"{address}/health", timeout=60).status_code == 200
    assert httpx.get(f"{address}/login", timeout=60).status_code == 200
    wrong = httpx.post(f"{address}/v1/token", data={"username": "x", "password": "y"}, timeout=60)
    assert wrong.status_code == 401


@pytest.mark.parametrize("begun", [b"", b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: b", b"G"])
def test_headers_that_never_end(
    address: str, line: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(lines, "HEADER_SECONDS", 0.6)
    slow, began = line(), time.monotonic()
    slow.sendall(begun)
    # A letter now and then does not help.
    time.sleep(0.3)
    if begun:
        slow.sendall(b"E")
    assert rest(slow) == b""
    assert 0.5 < time.monotonic() - began < 10
    # Nor does a good request before.
    again = line()
    again.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert again.recv(4096).startswith(b"HTTP/1.1 200")
    again.sendall(begun or b"G")
    assert b"HTTP/1.1" not in rest(again)


def test_a_body_that_does_not_come(
    address: str, line: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "PAUSE", 0.5)
    slow = line()
    slow.sendall(HALF)
    told = rest(slow)
    assert told.startswith(b"HTTP/1.1 408") and b"application/problem+json" in told
    assert "提交得太慢".encode() in told and b"/problems/http-408" in told


def test_a_body_that_comes_letter_by_letter(
    address: str, line: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "PAUSE", 1.0)
    monkeypatch.setattr(middleware, "SLOWEST", 100)
    body = b"username=x&password=" + b"y" * 60
    for every, status in ((0.1, b"408"), (0.002, b"401")):
        slow = line()
        slow.sendall(LENGTH + str(len(body)).encode() + b"\r\n\r\n")
        try:
            for letter in body:
                slow.sendall(bytes([letter]))
                time.sleep(every)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert rest(slow).startswith(b"HTTP/1.1 " + status)


def test_an_answer_that_nobody_fetches(
    address: str, line: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "FETCH_SECONDS", 0.5)
    whole = len(httpx.get(f"{address}/openapi.json", timeout=60).content)
    slow = line()
    # More than the system holds for a line: the rest waits in the service.
    slow.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * (64_000_000 // whole))
    time.sleep(4)
    assert 0 < len(rest(slow)) < 60_000_000
    assert httpx.get(f"{address}/health").status_code == 200
