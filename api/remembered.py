"""What takes seconds to reckon over a whole county is kept while nothing of it has changed, and mended where something has.

The record of changes tells what has: every command writes rows of it in its own transaction, so that whoever sees the change sees
the row (`recent_changes`, a door that tells numbers). It is read before the reckoning: what is kept is never younger than it says.
Sums, lists of numbers and what is told of each person by number are kept, of one scope each, for a while at most: a day that has passed and a
change that is no command's (an advertisement that expires at night) are seen then.
"""

import gc
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sized
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, or_, text
from sqlalchemy import select as columns
from sqlmodel import Session, col

from models.bulk import among
from models.worker import Worker

Value = TypeVar("Value")
MOST = 60
"""Results of one database that are kept: the longest unasked for goes first."""
MOST_ENTRIES = 1_000_000
"""Entries in all that is kept together; as above."""
_LARGE = 10_000
"""Entries of a result from which on it weighs on the collector."""
_MENDED = 200
"""People that are reckoned anew by themselves; after a change of more of them, everybody is."""
_SCOPE = text("SELECT current_setting('app.regions', true), current_setting('app.worker', true)")
_CHANGES = text("SELECT last, many, before, fresh, workers, households, others FROM recent_changes(:since)")
_OF_NOBODY = frozenset(
    {
        "account", "account_binding", "booth", "course", "dispatch", "employer", "fair", "fair_card", "figure_file",
        "frozen_report", "kiosk_device", "match_plan", "service_key", "service_station", "station_staff", "station_visit", "target",
        "target_part", "typed_figure", "vacancy", "webhook", "work_plan",
    }
)  # fmt: skip
"""What is changed without changing what is so of any person; the rest is that of a person, or may be of anybody."""


@dataclass(frozen=True, slots=True)
class _Kept:
    last: int
    many: int
    at: float
    value: Any

    def stands(self, changes: Any, seconds: int) -> bool:
        """Whether all that has changed since is known: none came late, and it was not too long ago."""
        return changes.before == self.many and time.monotonic() - self.at < seconds

    @property
    def entries(self) -> int:
        """How many things are in it."""
        return len(self.value) if isinstance(self.value, Sized) else 1


_stores: WeakKeyDictionary[Engine, OrderedDict[Hashable, _Kept]] = WeakKeyDictionary()
_lock = Lock()


def remembered(
    session: Session,
    what: Hashable,
    make: Callable[[], Value],
    *,
    seconds: int,
    whatever_changes: bool = False,
) -> Value:
    """What `make` answers in the session's present scope; the same object while nothing there has changed. `what` names
    it, with all that it depends on besides the record: the day, the region that was asked for.

    Nobody may change what is handed out. With 0 seconds nothing is kept. `whatever_changes`: it is kept for so long after a
    change too, and whoever shows it says of when it is.
    """
    if not seconds:
        return make()
    key, found, changes = _looked_up(session, what)
    if found is not None and found.stands(changes, seconds) and (whatever_changes or not changes.fresh):
        value: Value = found.value
        return value
    return _made(session, key, changes, make)


def remembered_of_each(
    session: Session,
    what: Hashable,
    make: Callable[[Collection[int] | None], Mapping[int, Value]],
    *,
    seconds: int,
) -> Mapping[int, Value]:
    """What `make` answers of everybody in the session's present scope, by the person's number. After a change of some people it
    is asked of those alone, so what it says of a person may hang on nothing but that person's own rows, her household's, and on what
    `what` names.

    Given numbers, `make` answers of those among them of whom there is anything to say. Nobody may change what is handed out.
    """

    def mend(whole: Mapping[int, Value], people: Collection[int]) -> Mapping[int, Value]:
        mended = dict(whole)
        for number in people:
            mended.pop(number, None)
        mended.update(make(people))
        return mended

    return remembered_mended(session, what, lambda: make(None), mend, seconds=seconds)


def remembered_mended(
    session: Session,
    what: Hashable,
    make: Callable[[], Value],
    mend: Callable[[Value, Collection[int]], Value],
    *,
    seconds: int,
) -> Value:
    """As `remembered`; after a change of some people `mend` is told who they are, and makes of what was kept what `make` would
    answer now."""
    if not seconds:
        return make()
    key, found, changes = _looked_up(session, what)
    if found is not None and found.stands(changes, seconds):
        value: Value = found.value
        people = _people(session, changes) if changes.fresh else set()
        if people is not None:
            if changes.fresh:
                value = mend(value, people) if people else value
                _keep(session, key, replace(found, last=changes.last, many=changes.many, value=value))
            return value
    return _made(session, key, changes, make)


def _made(session: Session, key: Hashable, changes: Any, make: Callable[[], Value]) -> Value:
    """What is reckoned now, and kept."""
    began = time.monotonic()
    made = make()
    kept = _Kept(changes.last, changes.many, began, made)
    _keep(session, key, kept)
    if kept.entries > _LARGE:
        # Many small things that stay: the collector of what is left over would go through all of them again and again.
        gc.collect()
        gc.freeze()
    return made


def _people(session: Session, changes: Any) -> set[int] | None:
    """Of whom something has changed; None where they are many, or nobody knows of whom."""
    if not _OF_NOBODY.issuperset(changes.others) or len(changes.workers) + len(changes.households) > _MENDED:
        return None
    if not changes.workers and not changes.households:
        return set()
    # What is known of a record that went up in another is that other one's.
    named = or_(
        among(Worker.id, changes.workers),
        among(Worker.merged_into, changes.workers),
        among(Worker.household_id, changes.households),
    )
    rows = session.execute(columns(col(Worker.id), col(Worker.merged_into)).where(named)).all()
    return {*changes.workers, *(number for row in rows for number in row if number is not None)}


def _looked_up(session: Session, what: Hashable) -> tuple[Hashable, _Kept | None, Any]:
    connection = session.connection()
    key = (what, *connection.execute(_SCOPE).one())
    with _lock:
        store = _stores.setdefault(connection.engine, OrderedDict())
        found = store.get(key)
        if found is not None:
            store.move_to_end(key)
    changes = connection.execute(_CHANGES, {"since": found.last if found else None}).one()
    return key, found, changes


def _keep(session: Session, key: Hashable, kept: _Kept) -> None:
    with _lock:
        store = _stores.setdefault(session.connection().engine, OrderedDict())
        store[key] = kept
        store.move_to_end(key)
        while len(store) > 1 and (
            len(store) > MOST or sum(each.entries for each in store.values()) > MOST_ENTRIES
        ):
            store.popitem(last=False)
