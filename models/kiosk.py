"""自助终端: who is invited to a fair, the devices that stand there, and what was said at them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, INSTANT, Row, coded
from models.coded import Coded


class FairInvitation(Row, table=True):
    """邀请. The QR code holds a random secret: of it follow the name by which the card is asked for, and the card's key.

    The secret lies sealed under the person's key, so that the code can be printed again; the card is sealed under the
    secret's key and, here, under the person's: deleting the person deletes both.
    """

    __tablename__ = "fair_invitation"
    __table_args__ = (
        CheckConstraint("(card_sealed IS NULL) = (card_made_at IS NULL)", "card_made_once"),
        Index(
            "uq_fair_invitation_in_force",
            "fair_id",
            "worker_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    fair_id: int = Field(foreign_key="fair.id", sa_type=BIG)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True, description="the card's name")
    secret_sealed: bytes = Field(sa_type=LargeBinary)
    card_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    card_made_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)


class KioskDevice(Row, table=True):
    """终端. Bound to one fair, enrolled once by a code, known by a token; of both only hashes are kept.

    What is said at it is sealed on the spot for the public key; the private one lies sealed under the service's key.
    """

    __tablename__ = "kiosk_device"
    __table_args__ = (
        UniqueConstraint("fair_id", "letter"),
        CheckConstraint("(token_hash IS NULL) = (enrolled_at IS NULL)", "enrolled_with_token"),
    )

    fair_id: int = Field(foreign_key="fair.id", sa_type=BIG)
    name: str = Field(max_length=30)
    letter: str = Field(max_length=3, description="what its tickets begin with")
    code_hash: bytes = Field(sa_type=LargeBinary, unique=True)
    code_expires_at: datetime = Field(sa_type=INSTANT)
    token_hash: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    enrolled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_seen_at: datetime | None = Field(default=None, sa_type=INSTANT)
    lookups: int = Field(default=0, description="how often a number was asked after in this hour")
    lookups_since: datetime | None = Field(default=None, sa_type=INSTANT)
    public_key: bytes = Field(sa_type=LargeBinary, description="P-256, uncompressed point")
    master_key_id: str
    sealed_key: bytes = Field(sa_type=LargeBinary)


class CommandKind(Coded):
    """What was said at a device."""

    CHECK_IN = "check_in", "到场"
    INTEND = "intend", "选中岗位"
    WITHDRAW = "withdraw", "取消岗位"


class CommandAnswer(Coded):
    """What a device was told of a command."""

    COUNTED = "counted", "已计入"
    WAITING = "waiting", "待核对身份"


class KioskCommand(Row, table=True):
    """One thing said at a device, kept for ever; all that a fair shows of its visitors follows from these rows.

    `sealed` is the command as it came, as long as nobody knows whose it is; afterwards nothing of the person is left here.
    """

    __tablename__ = "kiosk_command"
    __table_args__ = (
        UniqueConstraint("device_id", "key"),
        CheckConstraint("(kind = 'check_in') = (vacancy_id IS NULL)", "about_a_post"),
        CheckConstraint("ticket IS NULL OR kind = 'intend'", "ticket_of_an_intent"),
        CheckConstraint("num_nonnulls(visit_id, sealed) <= 1", "known_or_sealed"),
        Index("ix_kiosk_command_waiting", "fair_id", postgresql_where=text("sealed IS NOT NULL")),
    )

    fair_id: int = Field(foreign_key="fair.id", sa_type=BIG)
    device_id: int = Field(foreign_key="kiosk_device.id", sa_type=BIG)
    key: str = Field(max_length=64, description="the Idempotency-Key")
    request_hash: bytes = Field(sa_type=LargeBinary)
    kind: CommandKind = Field(sa_type=coded(CommandKind), nullable=False)
    happened_at: datetime = Field(sa_type=INSTANT, description="by the device's clock")
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG)
    ticket: str | None = Field(default=None, max_length=10)
    assisted: bool = Field(default=False, description="a helper of the fair typed it")
    answered: CommandAnswer = Field(sa_type=coded(CommandAnswer), nullable=False)
    visit_id: int | None = Field(default=None, foreign_key="visit.id", sa_type=BIG, index=True)
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
