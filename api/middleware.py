"""What every request passes: a number of its own, a limit to its size, safe headers, one line in the log."""

import time
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.asked import at_work
from api.errors import Problem, TooLarge
from api.observing import requests

log = structlog.get_logger()

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Charts set sizes on the elements they draw, so styles may be inline; scripts may not.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


class Gate:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, max_body_bytes: int) -> None:
        self._app = app
        self._max = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        with at_work(request_id):
            await self._serve(scope, receive, send, request_id)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started, seen, status = time.perf_counter(), 0, 0
        requests.began()

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self._max:
                    raise TooLarge(self._max)
            return message

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    # The document's own page brings the looser policy that its scripts need.
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            declared = dict(scope["headers"]).get(b"content-length", b"")
            if declared.isdigit() and int(declared[:20]) > self._max:
                answer = Problem(413, "too-large", "内容过大", TooLarge(self._max).detail).answer()
                await answer(scope, receive, dressed)
            else:
                await self._app(scope, limited, dressed)
        finally:
            # The path as it was sent may hold anything; the route's own holds nothing of anybody.
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", None)
            requests.ended(scope["method"], route, status, seconds)
            told = {"method": requests.known(scope["method"]), "route": route or "?", "status": status}
            log.info("request", **told, ms=round(seconds * 1000, 1))
