"""The service's log: one file, a line of JSON for each request, job and error, nothing of any person."""

import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler, WatchedFileHandler
from pathlib import Path
from types import TracebackType

import structlog

from api import asked
from api.faults import kinds_and_places

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def log_to(file: Path, *, rotating: bool = True) -> None:
    """Requests, jobs and errors go to a file: standard output is for the caller, who may never read on.

    Several processes may write to it, each a line at a time; only the service turns it over, the others follow.
    """
    handler: logging.Handler = (
        RotatingFileHandler(file, maxBytes=10 * 1024 * 1024, backupCount=3, encoding="utf-8")
        if rotating
        else WatchedFileHandler(file, encoding="utf-8")
    )
    handler.setFormatter(WithoutErrorWords())
    logger = logging.getLogger("wengang")
    for named, level in ((logger, logging.INFO), (logging.getLogger("uvicorn"), logging.WARNING)):
        named.addHandler(handler)
        named.setLevel(level)
        named.propagate = False
    structlog.configure(
        processors=[
            asked.named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: logger,
    )


def end_without_words() -> None:
    """What ends a thread, or is lost while something is cleared away, goes to the log by kind and place: Python itself
    would print the error's words, and a database's tell whose row it was. What ends the command `api.cli` tells itself."""

    def told(error: BaseException | None) -> None:
        if error is not None:
            structlog.get_logger("wengang").error("died", error=kinds_and_places(error))

    threading.excepthook = lambda end: told(end.exc_value)
    sys.unraisablehook = lambda lost: told(lost.exc_value)


class WithoutErrorWords(logging.Formatter):
    """Says of an error its kind and the places it went through: its own words may repeat what somebody typed."""

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - the name that logging calls
        """The traceback of `ei`, without the error's message."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")
