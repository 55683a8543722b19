"""What lies in the outbox leaves it: taken up in order, tried again after growing pauses, settled when it is done.

An attempt puts the next one off before it begins, so whoever dies in the midst of one leaves nothing to clear up; every
handler may run twice for one message.
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
from models.base import now
from models.sealing import Keyring

EVERY = 5.0
"""Seconds between two looks."""
AT_ONCE = 20
_TAKE = text(
    "SELECT message_id, topic, payload, attempts, created_at FROM take_messages(CAST(:topics AS text[]), :most, :present)"
)
_SETTLE = text("SELECT settle_message(:id, :told, :until)")
_log = structlog.get_logger("wengang.messages")


def office_of(sessions: Sessions, keyring: Keyring, settings: Settings) -> Office | None:
    """What sends, where there is anything to send by."""
    wechat = client_of(settings, sessions, keyring)
    if wechat is None and not settings.sms_url:
        return None
    return Office(sessions, keyring, settings, wechat)


def send_waiting(office: Office, at: datetime | None = None) -> int:
    """One look: try everything that is due; how many were settled. In the quiet hours all of it waits for the morning."""
    present, settled = at or now(), 0
    with office.sessions() as session, session.begin():
        told = {"topics": [TOPIC], "most": AT_ONCE, "present": present}
        taken = session.connection().execute(_TAKE, told).all()
    until = quiet_until(office.settings, present)
    for row in taken:
        outcome = Outcome.LATER if until is not None else _tried(office, row)
        if outcome is Outcome.AGAIN:
            continue
        with office.sessions() as session, session.begin():
            session.connection().execute(
                _SETTLE, {"id": row.message_id, "told": outcome.value, "until": until}
            )
        settled += outcome is Outcome.SENT
    return settled


def _tried(office: Office, row: Any) -> Outcome:
    try:
        return send_notice(office, row.payload, made_at=row.created_at, attempts=row.attempts)
    except Exception as error:
        _log.error("message_failed", message=row.message_id, error=kinds_and_places(error))
        return Outcome.AGAIN


def send_beside(sessions: Sessions, keyring: Keyring, settings: Settings) -> threading.Event | None:
    """Send in a thread of its own until the process ends, or the event that is given back is set; None where nothing is
    set up to send by. A slow WeChat keeps no job waiting."""
    office = office_of(sessions, keyring, settings)
    if office is None:
        return None
    ending = threading.Event()
    threading.Thread(target=_send_on, args=(office, ending), name="sender", daemon=True).start()
    return ending


def _send_on(office: Office, ending: threading.Event) -> None:
    failing = False
    while not ending.is_set():
        try:
            while send_waiting(office) >= AT_ONCE:
                pass
            failing = False
        except Exception as error:
            # The database went, or is of another revision: said once until it is well again.
            if not failing:
                _log.error("sending_failed", error=kinds_and_places(error))
            failing = True
        ending.wait(EVERY)
