"""Messages for other systems leave the outbox in threads of their own, one for each receiver that is spoken to: a slow one
keeps neither a job nor a person's notice waiting, and no other receiver."""

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import text

from api.database import Sessions
from api.faults import kinds_and_places
from api.messages.sending import Outcome
from api.settings import Settings
from api.webhooks.sending import TOPIC, send_delivery
from models.base import now
from models.sealing import Keyring

EVERY = 5.0
"""Seconds between two looks where nothing waits."""
AT_ONCE = 20
RECEIVERS = 8
"""How many receivers are spoken to at a time."""
_PAUSE = timedelta(minutes=1)
_TAKE = text(
    "SELECT message_id, payload, attempts FROM take_messages(CAST(:topics AS text[]), :most, :present, "
    "CAST(:busy AS bigint[])) ORDER BY message_id"
)
_SETTLE = text("SELECT settle_message(:id, :told, :until)")
_PUT_OFF = text("SELECT put_off_others(:id)")
_log = structlog.get_logger("wengang.webhooks")


def send_waiting(sessions: Sessions, keyring: Keyring, settings: Settings, at: datetime | None = None) -> int:
    """One look: try what is due, of each receiver a few; how many messages were taken up."""
    taken = _taken(sessions, at=at or now(), most=AT_ONCE)
    for rows in taken.values():
        _send_in_turn(sessions, keyring, settings, rows)
    return sum(map(len, taken.values()))


def _taken(
    sessions: Sessions, *, at: datetime, most: int, busy: Collection[int] = ()
) -> Mapping[int, Sequence[Any]]:
    """By receiver what is due, of none that is spoken to."""
    with sessions() as session, session.begin():
        told = {"topics": [TOPIC], "most": most, "present": at, "busy": list(busy)}
        taken = session.connection().execute(_TAKE, told).all()
    by_receiver: dict[int, list[Any]] = defaultdict(list)
    for row in taken:
        by_receiver[int(row.payload["webhook_id"])].append(row)
    return by_receiver


def _send_in_turn(sessions: Sessions, keyring: Keyring, settings: Settings, rows: Sequence[Any]) -> None:
    """The messages of one receiver; who does not take one is not asked the others until that one is due again."""
    away: int | None = None
    for row in rows:
        outcome = Outcome.LATER if away is not None else _tried(sessions, keyring, settings, row)
        if outcome is Outcome.AGAIN:
            away = row.message_id
            continue
        with sessions() as session, session.begin():
            told = {"id": row.message_id, "told": outcome.value, "until": now() + _PAUSE}
            session.connection().execute(_SETTLE, told)
    if away is not None:
        with sessions() as session, session.begin():
            session.connection().execute(_PUT_OFF, {"id": away})


def _tried(sessions: Sessions, keyring: Keyring, settings: Settings, row: Any) -> Outcome:
    try:
        return send_delivery(sessions, keyring, settings, row.payload, row.attempts)
    except Exception as error:
        _log.error("webhook_failed", message=row.message_id, error=kinds_and_places(error))
        return Outcome.AGAIN


def send_beside(sessions: Sessions, keyring: Keyring, settings: Settings) -> threading.Event:
    """Send in threads of its own until the process ends, or the event that is given back is set."""
    ending = threading.Event()
    told = (sessions, keyring, settings, ending)
    threading.Thread(target=_send_on, args=told, name="webhooks", daemon=True).start()
    return ending


def _send_on(sessions: Sessions, keyring: Keyring, settings: Settings, ending: threading.Event) -> None:
    speaking: dict[int, threading.Thread] = {}
    free = threading.Event()

    def speak(rows: Sequence[Any]) -> None:
        try:
            _send_in_turn(sessions, keyring, settings, rows)
        except Exception as error:
            # What was not settled is due again by itself.
            _log.error("webhooks_failed", error=kinds_and_places(error))
        finally:
            free.set()

    failing = False
    while not ending.is_set():
        free.clear()
        speaking = {number: thread for number, thread in speaking.items() if thread.is_alive()}
        taken: Mapping[int, Sequence[Any]] = {}
        try:
            if left := RECEIVERS - len(speaking):
                # No more than there are threads for: what is in hand waits for nobody.
                taken = _taken(sessions, at=now(), most=left, busy=speaking.keys())
            failing = False
        except Exception as error:
            # The database went, or is of another revision: said once until it is well again.
            if not failing:
                _log.error("webhooks_failed", error=kinds_and_places(error))
            failing = True
        for number, rows in taken.items():
            speaking[number] = threading.Thread(
                target=speak, args=(rows,), name=f"webhook-{number}", daemon=True
            )
            speaking[number].start()
        if not taken:
            free.wait(EVERY)
