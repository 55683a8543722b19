"""冻结的报表: figures as they were known at one moment, with the people behind each. Nothing of it is ever changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, Row, coded
from models.coded import Coded
from models.spell import EvidenceGrade


class PeriodKind(Coded):
    """报表周期."""

    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"


class FrozenReport(Row, table=True):
    """One report of a region and a period: what was so by `as_of`, as the record said at `known_on`.

    `content` holds every line with its figures; `content_sha256` is of it and of all rows of people, as they lie sealed.
    """

    __tablename__ = "frozen_report"
    __table_args__ = (CheckConstraint("as_of >= from_on", "dates_in_order"),)

    region: str = Field(foreign_key="region.code", index=True)
    kind: PeriodKind = Field(sa_type=coded(PeriodKind), nullable=False)
    from_on: date
    as_of: date
    known_on: datetime = Field(sa_type=INSTANT)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    content: dict[str, Any] = Field(sa_type=JSON_OBJECT, nullable=False)
    content_sha256: str = Field(max_length=64)
    is_demo: bool = False


class FrozenPerson(Row, table=True):
    """Somebody behind a line. What is told of the person is sealed under the person's key and goes with it; the marks
    by which the line's figures are counted stay."""

    __tablename__ = "frozen_person"
    __table_args__ = (
        UniqueConstraint("report_id", "line", "worker_id"),
        Index("ix_frozen_person_worker_id", "worker_id"),
    )

    report_id: int = Field(foreign_key="frozen_report.id", sa_type=BIG)
    line: int
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG)
    region: str = Field(foreign_key="region.code", description="where the person was registered then")
    stable: bool
    grade: EvidenceGrade | None = Field(default=None, sa_type=coded(EvidenceGrade, "frozen_grade"))
    sealed: bytes = Field(sa_type=LargeBinary)
