"""What the service keeps of its own doings: audit, outbox, idempotency keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, Row


class AuditEvent(Row, table=True):
    """One change, written in the transaction that made it. The service may insert, never change or delete.

    What changed of a person or of a household is in `sealed_change`, under the key of that person or household;
    anything else is in `change`.
    """

    __tablename__ = "audit_event"

    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG, index=True)
    request_id: str | None = None
    action: str = Field(max_length=40)
    noun: str = Field(max_length=40)
    row_id: int | None = Field(default=None, sa_type=BIG)
    worker_id: int | None = Field(default=None, sa_type=BIG, index=True)
    household_id: int | None = Field(default=None, sa_type=BIG, index=True)
    import_id: int | None = Field(default=None, sa_type=BIG, description="the file that it came from")
    import_line: int | None = None
    region: str | None = Field(default=None, index=True)
    change: dict[str, Any] | None = Field(default=None, sa_type=JSON_OBJECT)
    sealed_change: bytes | None = Field(default=None, sa_type=LargeBinary)


class OutboxMessage(Row, table=True):
    """Something that is to leave the service; it carries numbers of rows, no personal data."""

    __tablename__ = "outbox_message"

    topic: str = Field(max_length=60)
    payload: dict[str, Any] = Field(sa_type=JSON_OBJECT, nullable=False)
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)


class IdempotencyKey(Row, table=True):
    """A creating command that was carried out, and the answer it got, sealed."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    key: str = Field(max_length=200)
    request_hash: bytes = Field(sa_type=LargeBinary)
    status: int | None = None
    sealed_answer: bytes | None = Field(default=None, sa_type=LargeBinary)
    master_key_id: str | None = Field(
        default=None, description="the service's key, where no person's was used"
    )
    worker_id: int | None = Field(default=None, sa_type=BIG)
