"""What lies in the outbox leaves it: taken up one by one in order, tried again after growing pauses, settled when it is done.

An attempt puts the next one off before it begins, by longer than any call takes. So two senders never have the same one in
hand, and whoever dies in the midst of one leaves nothing to clear up; every handler may run twice for one message.
"""

import threading
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import text

from api.database import Sessions
from api.faults import kinds_and_places
from api.messages.sending import Office, Outcome, quiet_until, send_notice
from api.miniprogram.wechat import client_of
from api.noticing import TOPIC
from api.settings import Settings
from api.wechat.token_row import Gate
from models.base import now
from models.sealing import Keyring

EVERY = 5.0
"""Seconds between two looks."""
_MOST = 1_000
_TAKE = text(
    "SELECT message_id, topic, payload, attempts, created_at FROM take_messages(CAST(:topics AS text[]), 1, :present)"
)
_SETTLE = text("SELECT settle_message(:id, :told, :until)")
_log = structlog.get_logger("wengang.messages")


def office_of(sessions: Sessions, keyring: Keyring, settings: Settings) -> Office:
    """What sends. Where neither WeChat nor SMS is set up, all that it sends becomes a call."""
    return Office(sessions, keyring, settings, client_of(settings, sessions, keyring, Gate()))


def send_next(office: Office, at: datetime | None = None) -> Outcome | None:
    """Take up what has been due longest, and try it; None where nothing is due. In the quiet hours it waits for the morning."""
    present = at or now()
    with office.sessions() as session, session.begin():
        row = session.connection().execute(_TAKE, {"topics": [TOPIC], "present": present}).first()
    if row is None:
        return None
    until = quiet_until(office.settings, present)
    outcome = Outcome.LATER if until is not None else _tried(office, row)
    if outcome is not Outcome.AGAIN:
        with office.sessions() as session, session.begin():
            session.connection().execute(
                _SETTLE, {"id": row.message_id, "told": outcome.value, "until": until}
            )
    return outcome


def send_waiting(office: Office, at: datetime | None = None) -> int:
    """Try all that is due, one after another; how many were settled."""
    settled = 0
    for _ in range(_MOST):
        outcome = send_next(office, at)
        if outcome is None:
            break
        settled += outcome is Outcome.SENT
    return settled


def _tried(office: Office, row: Any) -> Outcome:
    try:
        return send_notice(office, row.payload, made_at=row.created_at, attempts=row.attempts)
    except Exception as error:
        _log.error("message_failed", message=row.message_id, error=kinds_and_places(error))
        return Outcome.AGAIN


def send_beside(sessions: Sessions, keyring: Keyring, settings: Settings) -> threading.Event:
    """Send in a thread of its own until the process ends, or the event that is given back is set. A slow WeChat keeps no job
    waiting."""
    ending = threading.Event()
    office = office_of(sessions, keyring, settings)
    threading.Thread(target=_send_on, args=(office, ending), name="sender", daemon=True).start()
    return ending


def _send_on(office: Office, ending: threading.Event) -> None:
    failing = False
    while not ending.is_set():
        try:
            while not ending.is_set() and send_next(office) is not None:
                pass
            failing = False
        except Exception as error:
            # The database went, or is of another revision: said once until it is well again.
            if not failing:
                _log.error("sending_failed", error=kinds_and_places(error))
            failing = True
        ending.wait(EVERY)
