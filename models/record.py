"""What the service keeps of its own doings: audit and the chain over it, outbox, idempotency keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import BIG, BIGS, INSTANT, JSON_OBJECT, Row


class AuditEvent(Row, table=True):
    """One change, written in the transaction that made it. The service may insert, never change or delete.

    What changed of a person or of a household is in `sealed_change`, under the key of that person or household;
    anything else is in `change`.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_of_account", "row_id", postgresql_where=text("noun = 'account'")),
        Index("ix_audit_event_of_binding", "row_id", postgresql_where=text("noun = 'account_binding'")),
    )

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


class AuditSeal(SQLModel, table=True):
    """One link of the chain over the audit rows: its hash is over the row, the link itself and the hash before.

    Links are added by the sealer alone (`models.chain`), each behind the last; nobody changes or deletes one.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (
        CheckConstraint("sequence > 0", "counted_from_one"),
        CheckConstraint("octet_length(hash) = 32", "hash_whole"),
    )

    sequence: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    # No foreign key: it would lock, and so write, every audit row once more. That a row stays, triggers see to.
    event_id: int = Field(sa_type=BIG, unique=True)
    sealed_at: datetime = Field(sa_type=INSTANT)
    hash: bytes = Field(sa_type=LargeBinary)


class AuditCheck(Row, table=True):
    """One verification of the chain, and what it found."""

    __tablename__ = "audit_check"
    __table_args__ = (CheckConstraint("least(sequence, anchors, findings) >= 0", "numbers_not_negative"),)

    sequence: int = Field(sa_type=BIG, description="the last link that was looked at")
    anchors: int = Field(description="how many anchors the chain was held against")
    findings: int


class OutboxMessage(Row, table=True):
    """Something that is to leave the service; it carries numbers of rows, no personal data."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index(
            "ix_outbox_message_waiting",
            "topic",
            "id",
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    topic: str = Field(max_length=60)
    payload: dict[str, Any] = Field(sa_type=JSON_OBJECT, nullable=False)
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)
    attempts: int = Field(default=0, nullable=False, sa_column_kwargs={"server_default": text("0")})
    due_at: datetime | None = Field(default=None, sa_type=INSTANT, description="not before; empty is at once")
    given_up_at: datetime | None = Field(default=None, sa_type=INSTANT)


class IdempotencyKey(Row, table=True):
    """A creating command that was carried out, and the answer it got, sealed."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index("ix_idempotency_key_told_of", "told_of", postgresql_using="gin"),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    key: str = Field(max_length=200)
    request_hash: bytes = Field(sa_type=LargeBinary)
    status: int | None = None
    sealed_answer: bytes | None = Field(default=None, sa_type=LargeBinary)
    master_key_id: str | None = Field(
        default=None, description="the service's key, where no person's was used"
    )
    worker_id: int | None = Field(default=None, sa_type=BIG, description="whose key seals the answer")
    told_of: list[int] = Field(
        default_factory=list,
        sa_type=BIGS,
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'")},
        description="of whom an answer under the service's key tells: it goes with any of them",
    )
