"""Half-sent requests keep nobody waiting: a turn is taken when the body is there."""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.database import CONNECTIONS
from models.sealing import Keyring

from .conftest import served

HALF = (
    b"POST /v1/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100\r\n\r\na"
)


@pytest.mark.server
def test_half_sent_requests_do_not_stop_the_service(
    clone: Callable[[str], Any], keyring: Keyring, tmp_path: Path
) -> None:
    with served(clone("slow_lines").service, keyring, tmp_path) as address, ExitStack() as lines:
        at = urlsplit(address)
        for _ in range(CONNECTIONS + 8):
            line = lines.enter_context(socket.create_connection((at.hostname, at.port)))
            line.sendall(HALF)
        assert httpx.get(f"{address}/health", timeout=60).status_code == 200
        assert httpx.get(f"{address}/login", timeout=60).status_code == 200
        wrong = httpx.post(f"{address}/v1/token", data={"username": "x", "password": "y"}, timeout=60)
        assert wrong.status_code == 401
