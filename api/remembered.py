"""What takes seconds to reckon over a whole county is kept while nothing of it has changed.

The record of changes tells whether anything has: every command writes rows of it in its own transaction, so that whoever sees
the change sees another mark (`recent_changes`, a door that tells two numbers and the scope). The mark is read before the reckoning:
what is kept is never younger than it says. Sums and lists of numbers are kept, of one scope each, a few of them, for minutes at
most: a day that has passed and a change that is no command's (an advertisement that expires at night) are seen then.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlmodel import Session

Value = TypeVar("Value")
MOST = 8
"""Results of one database that are kept: the longest unasked for goes first."""
_MARK = text("SELECT last, many, scope, speaker FROM recent_changes()")


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: tuple[Any, ...]
    at: float
    value: Any


_stores: WeakKeyDictionary[Engine, OrderedDict[Hashable, _Kept]] = WeakKeyDictionary()
_lock = Lock()


def remembered(session: Session, what: Hashable, make: Callable[[], Value], *, seconds: int) -> Value:
    """What `make` answers in the session's present scope; the same object while nothing there has changed. `what` names
    it, with all that it depends on besides the record: the day, the region that was asked for.

    Nobody may change what is handed out. With 0 seconds nothing is kept.
    """
    if not seconds:
        return make()
    last, many, scope, speaker = session.connection().execute(_MARK).one()
    key, mark = (what, scope, speaker), (last, many)
    engine = session.connection().engine
    with _lock:
        store = _stores.setdefault(engine, OrderedDict())
        found = store.get(key)
        if found is not None and found.mark == mark and time.monotonic() - found.at < seconds:
            store.move_to_end(key)
            value: Value = found.value
            return value
    made, at = make(), time.monotonic()
    with _lock:
        store[key] = _Kept(mark, at, made)
        store.move_to_end(key)
        while len(store) > MOST:
            store.popitem(last=False)
    return made
