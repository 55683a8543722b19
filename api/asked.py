"""The request, or the job, that is at work: under which number and for whom. The log and every refusal name it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from structlog.typing import EventDict, WrappedLogger


@dataclass(slots=True)
class Asked:
    """One request or job. The account is not known from the beginning."""

    number: str
    account_id: int | None = None


# Threads that work for a request get a copy of its context, and in it the same object.
_current: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def at_work(number: str, account_id: int | None = None) -> Iterator[Asked]:
    """What is logged and refused within the block belongs to this request or job."""
    asked = Asked(number, account_id)
    token = _current.set(asked)
    try:
        yield asked
    finally:
        _current.reset(token)


def current() -> Asked | None:
    """What is at work here, if anything is."""
    return _current.get()


def named(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A structlog processor: every line says to which request or job it belongs, and who asked."""
    asked = _current.get()
    if asked is not None:
        event.setdefault("request_id", asked.number)
        if asked.account_id is not None:
            event.setdefault("account_id", asked.account_id)
    return event
