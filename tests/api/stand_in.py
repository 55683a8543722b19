"""WeChat's stand-in over real sockets, and what a test tells it."""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn

from api.wechat.fake.serving import fake_wechat
from api.wechat.fake.state import State

APPID, SECRET = "wx-of-tests", "secret-of-tests"


class Fake:
    """A running stand-in, told what to do as a developer would."""

    def __init__(self, url: str, state: State) -> None:
        self.url, self.state = url, state

    def tell(self, name: str, **told: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/_fake/{name}", json=told, trust_env=False)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def person(self, telephone: str = "10000000001", **told: Any) -> str:
        return str(self.tell("people", telephone=telephone, **told)["openid"])

    def login_code(self, openid: str) -> str:
        return str(self.tell("login-codes", openid=openid)["code"])

    def phone_code(self, openid: str) -> str:
        return str(self.tell("phone-codes", openid=openid)["code"])

    def fault(self, path: str, **told: Any) -> None:
        self.tell("faults", path=path, **told)

    def raw(self, method: str, path: str, **told: Any) -> httpx.Response:
        return httpx.request(method, self.url + path, trust_env=False, **told)


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A stand-in of this test's own, on a port of its own."""
    state = State(APPID, SECRET)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(fake_wechat(state), log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Fake(f"http://127.0.0.1:{listener.getsockname()[1]}", state)
    server.should_exit = True
    thread.join()
    listener.close()
