"""Messages for other systems leave the outbox in a thread of their own: a slow receiver keeps neither a job nor a person's
notice waiting, and no other receiver for long."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
"""Seconds between two looks."""
AT_ONCE = 20
RECEIVERS = 4
"""How many receivers are spoken to at a time."""
_PAUSE = timedelta(minutes=1)
_TAKE = text(
    "SELECT message_id, payload, attempts FROM take_messages(CAST(:topics AS text[]), :most, :present) ORDER BY message_id"
)
_SETTLE = text("SELECT settle_message(:id, :told, :until)")
_log = structlog.get_logger("wengang.webhooks")


def send_waiting(
    sessions: Sessions,
    keyring: Keyring,
    settings: Settings,
    at: datetime | None = None,
    *,
    side_by_side: bool = False,
) -> int:
    """One look: try all that is due; how many messages were taken up."""
    with sessions() as session, session.begin():
        told = {"topics": [TOPIC], "most": AT_ONCE, "present": at or now()}
        taken = session.connection().execute(_TAKE, told).all()
    by_receiver: dict[int, list[Any]] = defaultdict(list)
    for row in taken:
        by_receiver[int(row.payload["webhook_id"])].append(row)

    def to_one(rows: Sequence[Any]) -> None:
        _send_in_turn(sessions, keyring, settings, rows)

    if side_by_side and len(by_receiver) > 1:
        with ThreadPoolExecutor(RECEIVERS) as pool:
            list(pool.map(to_one, by_receiver.values()))
    else:
        for rows in by_receiver.values():
            to_one(rows)
    return len(taken)


def _send_in_turn(sessions: Sessions, keyring: Keyring, settings: Settings, rows: Sequence[Any]) -> None:
    """The messages of one receiver; who does not take one is not asked the others in this round."""
    away = False
    for row in rows:
        outcome = Outcome.LATER if away else _tried(sessions, keyring, settings, row)
        if outcome is Outcome.AGAIN:
            away = True
            continue
        with sessions() as session, session.begin():
            told = {"id": row.message_id, "told": outcome.value, "until": now() + _PAUSE}
            session.connection().execute(_SETTLE, told)


def _tried(sessions: Sessions, keyring: Keyring, settings: Settings, row: Any) -> Outcome:
    try:
        return send_delivery(sessions, keyring, settings, row.payload, row.attempts)
    except Exception as error:
        _log.error("webhook_failed", message=row.message_id, error=kinds_and_places(error))
        return Outcome.AGAIN


def send_beside(sessions: Sessions, keyring: Keyring, settings: Settings) -> threading.Event:
    """Send in a thread of its own until the process ends, or the event that is given back is set."""
    ending = threading.Event()
    told = (sessions, keyring, settings, ending)
    threading.Thread(target=_send_on, args=told, name="webhooks", daemon=True).start()
    return ending


def _send_on(sessions: Sessions, keyring: Keyring, settings: Settings, ending: threading.Event) -> None:
    failing = False
    while not ending.is_set():
        try:
            while send_waiting(sessions, keyring, settings, side_by_side=True) >= AT_ONCE:
                pass
            failing = False
        except Exception as error:
            # The database went, or is of another revision: said once until it is well again.
            if not failing:
                _log.error("webhooks_failed", error=kinds_and_places(error))
            failing = True
        ending.wait(EVERY)
