"""Whatever leaves the service is first written here, in the transaction that gives rise to it."""

from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from models.record import OutboxMessage


def enqueue(session: Session, topic: str, payload: dict[str, Any]) -> None:
    """Have `payload`, numbers of rows without personal data, sent when this transaction is committed."""
    session.execute(insert(OutboxMessage).values(topic=topic, payload=payload).inline())
