"""疑点: what the rules found, since when, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, Row, Versioned, coded
from models.coded import Coded


class DoubtSeverity(Coded):
    """How grave a finding is."""

    ERROR = "error", "必须更正"
    CHECK = "check", "需要核实"
    SERVICE = "service", "需要服务"


class DoubtState(Coded):
    """What became of a finding."""

    OPEN = "open", "待处理"
    EXPLAINED = "explained", "已说明"
    MENDED = "mended", "已消除"


class Doubt(Versioned, table=True):
    """疑点. `what` says what is wrong without names and with numbers masked; `subject` is the same for the same case.

    A finding that a later run no longer makes is mended; one that comes back is a new row.
    """

    __tablename__ = "doubt"
    __table_args__ = (
        CheckConstraint("(state = 'explained') <= (explanation <> '')", "explained_in_words"),
        CheckConstraint("(state = 'mended') = (mended_on IS NOT NULL)", "mended_with_date"),
        Index(
            "uq_doubt_standing",
            "rule",
            "subject",
            unique=True,
            postgresql_where=text("state <> 'mended'"),
        ),
        Index("ix_doubt_region_state", "region", "state"),
    )

    rule: str = Field(max_length=8)
    severity: DoubtSeverity = Field(sa_type=coded(DoubtSeverity), nullable=False)
    region: str = Field(foreign_key="region.code", description="the township, or what is known of it")
    subject: bytes = Field(sa_type=LargeBinary, description="keyed digest of whom and what it concerns")
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG, index=True)
    household_id: int | None = Field(default=None, foreign_key="household.id", sa_type=BIG, index=True)
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG, index=True)
    import_line: int | None = None
    what: str
    statistics: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    state: DoubtState = Field(default=DoubtState.OPEN, sa_type=coded(DoubtState), nullable=False)
    found_on: date
    seen_on: date = Field(description="the last run that made it")
    mended_on: date | None = None
    explanation: str = ""
    explained_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    explained_at: datetime | None = Field(default=None, sa_type=INSTANT)


class DoubtRun(Row, table=True):
    """One run of the rules over a region's people."""

    __tablename__ = "doubt_run"

    region: str = Field(foreign_key="region.code", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG)
    as_of: date
    people: int
    records: int
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    statistics: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
