"""Writing beside: the database writes some rows while the next are made ready."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from sqlalchemy import Connection, TextClause, event

_SENT = "beside"


class _Sent:
    """What was sent on one connection and may not be done yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._thread_id = connection, 0
        # A thread, since a driver's pipeline waits as soon as a socket's buffer is full, and rows fill many.
        self.thread = ThreadPoolExecutor(1, "beside")
        self._sent: list[Future[None]] = []

    def send(self, statement: TextClause, parameters: Mapping[str, Any]) -> None:
        self._sent.append(self.thread.submit(self._execute, statement, parameters))

    def _execute(self, statement: TextClause, parameters: Mapping[str, Any]) -> None:
        self._thread_id = get_ident()
        self._connection.execute(statement, parameters)

    def before(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Whatever else is asked of the connection is asked when all that was sent is done. What goes back to a
        savepoint undoes what was refused as well."""
        if get_ident() != self._thread_id:
            refused = self._ended()
            if refused and not statement.startswith("ROLLBACK TO"):
                raise refused[0]

    def wait(self) -> None:
        if refused := self._ended():
            raise refused[0]

    def _ended(self) -> list[BaseException]:
        sent, self._sent = self._sent, []
        return [error for each in sent if (error := each.exception()) is not None]


@contextmanager
def beside(connection: Connection) -> Iterator[None]:
    """In the block `models.bulk` only sends its rows; every other statement on the connection waits until they are written.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        as the database raised it for rows that were sent: by the next statement, by `done`, or at the block's end.
    """
    # Held here: a connection that was lost meanwhile has it no more.
    sent, info = _Sent(connection), connection.info
    info[_SENT] = sent
    event.listen(connection, "before_cursor_execute", sent.before)
    try:
        yield
        sent.wait()
    finally:
        # Nothing may reach the database after the transaction's end.
        sent.thread.shutdown(wait=True)
        del info[_SENT]
        event.remove(connection, "before_cursor_execute", sent.before)


def send(connection: Connection, statement: TextClause, parameters: Mapping[str, Any]) -> None:
    """Execute the statement, or in `beside` send it."""
    sent: _Sent | None = connection.info.get(_SENT)
    if sent is None:
        connection.execute(statement, parameters)
    else:
        sent.send(statement, parameters)


def done(connection: Connection) -> None:
    """Wait until all that was sent is written; a refusal is raised here.

    To be called before a savepoint's end: one whose release fails is not gone back to.
    """
    sent: _Sent | None = connection.info.get(_SENT)
    if sent is not None:
        sent.wait()
