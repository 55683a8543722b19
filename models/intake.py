"""导入批次: a file that came in, and what became of each of its lines."""

from datetime import date
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import BIG, JSON_OBJECT, Row, coded
from models.coded import Coded


class ImportKind(Coded):
    """What a file holds."""

    POSTINGS = "postings", "招聘广告"


class LineStatus(Coded):
    """What became of a line."""

    WHOLE = "whole", "完整入库"
    UNKNOWNS = "unknowns", "有缺项"
    HELD = "held", "违规待改"
    REJECTED = "rejected", "未能读取"


class Import(Row, table=True):
    """One file, for one region's bureau. `shifted_days` tells by how much demonstration mode moved its dates."""

    __tablename__ = "import"

    kind: ImportKind = Field(sa_type=coded(ImportKind), nullable=False)
    file_name: str = Field(max_length=255)
    file_sha256: str = Field(max_length=64)
    region: str = Field(foreign_key="region.code", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    as_of: date
    shifted_days: int = 0
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)


class ImportLine(SQLModel, table=True):
    """One line of the file: read, incomplete, held back or rejected, always with its reason."""

    __tablename__ = "import_line"

    import_id: int = Field(primary_key=True, foreign_key="import.id", sa_type=BIG)
    line: int = Field(primary_key=True)
    status: LineStatus = Field(sa_type=coded(LineStatus), nullable=False)
    reason: str = ""
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
