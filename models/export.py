"""导出: a register or a return as a file, made for one account."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, JSON_OBJECT, Row
from models.coded import Coded


class Format(Coded):
    """What a file is."""

    XLSX = "xlsx", "Excel工作簿"
    CSV = "csv", "CSV"


class Export(Row, table=True):
    """One file that was asked for. Unmasked needs a reason. The file lies sealed in its parts until it expires."""

    __tablename__ = "export"
    __table_args__ = (CheckConstraint("masked OR reason <> ''", "unmasked_with_reason"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    job_id: int | None = Field(default=None, foreign_key="job.id", sa_type=BIG)
    view: str = Field(max_length=40, description="which register or return (`ledger.registers`)")
    region: str = Field(foreign_key="region.code")
    as_of: date
    options: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    masked: bool = True
    reason: str = ""
    file_name: str = Field(default="", max_length=255)
    rows: int | None = Field(default=None, description="empty until the file is whole")
    size: int | None = Field(default=None, description="bytes")
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
    master_key_id: str
    sealed_key: bytes = Field(sa_type=LargeBinary)


class ExportPart(SQLModel, table=True):
    """A piece of the file, sealed."""

    __tablename__ = "export_part"

    export_id: int = Field(primary_key=True, foreign_key="export.id", sa_type=BIG)
    part: int = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
