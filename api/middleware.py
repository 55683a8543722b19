"""What every request passes: a number of its own, limits to its size and slowness, safe headers, one line in the log."""

import asyncio
import time
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.asked import at_work
from api.errors import Problem, TooLarge, TooSlow
from api.observing import requests

log = structlog.get_logger()

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Charts set sizes on the elements they draw, so styles may be inline; scripts may not.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
}


PAUSE = 30.0
"""Seconds for which nothing of a body may come."""

SLOWEST = 2_000
"""Bytes a second, on the whole, beyond the first pause: a poor line has ten times as much."""


MOST_CREDIT = 120.0
"""Seconds of pauses that whoever sent fast at first may have beyond the first: a held body is held memory."""

MOST_OF_FORMS = 1_048_576
"""Bytes of a body that is read as a whole before it is known who sends it; files come in parts of a form."""

_WHOLE = (b"application/json", b"application/merge-patch+json", b"application/x-www-form-urlencoded")


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

        waited, more = 0.0, True
        sent = dict(scope["headers"])
        kind = sent.get(b"content-type", b"").partition(b";")[0].strip().lower()
        # Without a type it is read as JSON.
        most = (
            min(self._max, MOST_OF_FORMS)
            if not kind or kind in _WHOLE or kind.endswith(b"+json")
            else self._max
        )

        async def limited() -> Message:
            nonlocal seen, waited, more
            if not more:  # whoever listens now, listens for the end of the line
                return await receive()
            began, left = time.monotonic(), PAUSE + min(seen / SLOWEST, MOST_CREDIT) - waited
            try:
                message = await asyncio.wait_for(receive(), min(PAUSE, max(left, 0.001)))
            except TimeoutError:
                raise TooSlow from None
            waited += time.monotonic() - began
            more = message["type"] == "http.request" and message.get("more_body", False)
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > most:
                    raise TooLarge(most)
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
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            declared = sent.get(b"content-length", b"")
            if declared.isdigit() and int(declared[:20]) > most:
                answer = Problem(413, "too-large", "内容过大", TooLarge(most).detail).answer()
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
