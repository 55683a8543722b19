"""One message, sent: it may be sent any number of times and is always the same, under the same number."""

from collections.abc import Mapping
from datetime import timedelta
from time import time
from typing import Any

import orjson
from sqlalchemy import text

from api.database import Sessions
from api.messages.sending import Outcome
from api.networks import networks_of
from api.settings import SHANGHAI, Settings
from api.webhooks.calling import Answer, post
from api.webhooks.signing import headers_of
from models.sealing import Keyring, unseal
from models.webhook import DeliveryError, DeliveryState

TOPIC = "webhook"
SECRET = "webhook.secret"  # noqa: S105 - what a sealed value is, not the value
MOST_ATTEMPTS = 20
"""Over about three days; then it is sent again only by hand."""
OFF_AFTER = timedelta(days=3)
"""An address that has taken nothing for so long is sent nothing more."""
_READ = text(
    "SELECT url, event, payload, happened_at, state, is_off, master_key_ids, secrets FROM delivery_to_send(:id)"
)
_NOTE = text("SELECT note_delivery(:id, :state, :code, :error, :off_after)")


def body_of(event: str, happened_at: Any, payload: Mapping[str, Any]) -> bytes:
    """What is sent: the same bytes at every attempt."""
    at = happened_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return orjson.dumps({"type": event, "timestamp": at, "data": payload}, option=orjson.OPT_SORT_KEYS)


def send_delivery(
    sessions: Sessions, keyring: Keyring, settings: Settings, payload: Mapping[str, Any], attempts: int
) -> Outcome:
    """Try one message. No transaction is open while the other side is waited for."""
    number = int(payload["delivery_id"])
    with sessions() as session, session.begin():
        row = session.connection().execute(_READ, {"id": number}).first()
        keys = (
            []
            if row is None
            else [
                unseal(keyring.master(key_id), bytes(sealed), SECRET)
                for key_id, sealed in zip(row.master_key_ids, row.secrets, strict=True)
            ]
        )
    if row is None or row.state == DeliveryState.DELIVERED.value:
        return Outcome.SENT
    if row.is_off:
        _note(sessions, number, DeliveryState.FAILED, Answer(None, DeliveryError.OFF))
        return Outcome.GIVEN_UP
    body = body_of(row.event, row.happened_at, row.payload)
    headers = headers_of(keys, f"msg_{number}", int(time()), body)
    allowed = networks_of(settings.webhook_networks)
    answer = post(row.url, body, headers, allowed, settings.webhook_ca_file)
    last = answer.gone or attempts >= MOST_ATTEMPTS
    state = (
        DeliveryState.DELIVERED if answer.taken else DeliveryState.FAILED if last else DeliveryState.WAITING
    )
    _note(sessions, number, state, answer)
    if answer.taken:
        return Outcome.SENT
    return Outcome.GIVEN_UP if last else Outcome.AGAIN


def _note(sessions: Sessions, number: int, state: DeliveryState, answer: Answer) -> None:
    # Who says 410 wants nothing more: that counts as if it had failed for days.
    off_after = timedelta(seconds=-1) if answer.gone else OFF_AFTER
    with sessions() as session, session.begin():
        session.connection().execute(
            _NOTE,
            {
                "id": number,
                "state": state.value,
                "code": answer.code,
                "error": answer.error.value if answer.error else None,
                "off_after": off_after,
            },
        )
