"""Lines to the service, and how long they may keep it waiting: who sends or fetches too slowly is let go."""

import asyncio
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 15.0
"""In which a request's headers must be there, from the line's or the request's first byte on."""

FETCH_SECONDS = 60.0
"""For which whoever fetches an answer may take nothing of what waits for them."""


class Line(H11Protocol):
    """One line. uvicorn itself waits for ever for headers to end and for an answer to be fetched."""

    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._headers_due: asyncio.TimerHandle | None = None
        self._fetching_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody has come."""
        super().connection_made(transport)
        self._mind_headers()

    def data_received(self, data: bytes) -> None:
        """Something was sent."""
        super().data_received(data)
        self._mind_headers()

    def pause_writing(self) -> None:
        """What was answered is not fetched."""
        super().pause_writing()
        self._mind_fetching()

    def resume_writing(self) -> None:
        """It is fetched again."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._fetched()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked for: the line is closed when the rest is fetched, or nobody fetches it."""
        super().timeout_keep_alive_handler()
        self._mind_fetching()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have left, or were let go."""
        self._headers_are_there()
        self._fetched()
        super().connection_lost(exc)

    def _mind_headers(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._headers_are_there()
        elif self._headers_due is None:
            self._headers_due = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _headers_are_there(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _mind_fetching(self) -> None:
        if self._fetching_due is None:
            left = self.transport.get_write_buffer_size()
            self._fetching_due = self.loop.call_later(FETCH_SECONDS, self._fetch_is_due, left)

    def _fetch_is_due(self, before: int) -> None:
        """Slowly is well; nothing at all since the last look is not."""
        self._fetching_due = None
        if self.transport.get_write_buffer_size() < before:
            self._mind_fetching()
        else:
            self.transport.abort()

    def _fetched(self) -> None:
        if self._fetching_due is not None:
            self._fetching_due.cancel()
            self._fetching_due = None


def over_lines(app: FastAPI, **options: Any) -> uvicorn.Config:
    """How the service is served: over such lines, saying nothing of itself."""
    return uvicorn.Config(app, http=Line, log_config=None, access_log=False, server_header=False, **options)
