"""Proving who one is: attempts to log in, the second factor, and look-ups by number that are counted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, Row, coded
from models.coded import Coded

_HASHES: Any = ARRAY(LargeBinary)


class LoginOutcome(Coded):
    """What came of an attempt. It counts as failed until it is known to be right."""

    FAILED = "failed", "失败"
    RIGHT = "right", "成功"
    HALF = "half", "密码正确，等待动态口令"
    FORGIVEN = "forgiven", "已解锁"


class LoginAttempt(Row, table=True):
    """One attempt under a name from an address, both kept as keyed digests: people type passwords into the wrong field."""

    __tablename__ = "login_attempt"
    __table_args__ = (
        Index("ix_login_attempt_name", "name_index", "created_at"),
        Index("ix_login_attempt_address", "address_index", "created_at"),
    )

    name_index: bytes = Field(sa_type=LargeBinary)
    address_index: bytes = Field(sa_type=LargeBinary)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG, index=True)
    outcome: LoginOutcome = Field(sa_type=coded(LoginOutcome), nullable=False)


class SecondFactor(Row, table=True):
    """The secret of an account's one-time passwords (RFC 6238), sealed, and what is left of its recovery codes, hashed.

    `last_step` is the step of the last password that was taken: the same one is not taken twice.
    """

    __tablename__ = "second_factor"
    __table_args__ = (CheckConstraint("last_step >= 0", "steps_since_the_epoch"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, unique=True)
    master_key_id: str
    secret_sealed: bytes = Field(sa_type=LargeBinary)
    confirmed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_step: int = Field(default=0, sa_type=BIG)
    recovery_hashes: list[bytes] = Field(default_factory=list, sa_type=_HASHES, nullable=False)


class LookupMeans(Coded):
    """How numbers were asked after."""

    HAND = "hand", "逐个录入"
    FILE = "file", "文件"


class NumberLookup(SQLModel, table=True):
    """How many ID numbers an account has asked after on one day."""

    __tablename__ = "number_lookup"

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_type=BIG)
    day: date = Field(primary_key=True)
    means: LookupMeans = Field(primary_key=True, sa_type=coded(LookupMeans), nullable=False)
    asked: int = Field(sa_type=BIG, description="numbers")
