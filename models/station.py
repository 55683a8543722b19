"""劳务协作工作站: a station in the destination that one origin county keeps, who works there, and what they found."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, Row, Versioned, coded
from models.coded import Coded


class VisitFound(Coded):
    """走访结果."""

    IN_ORDER = "in_order", "用工正常"
    WAGES = "wages", "拖欠工资"
    CONTRACT = "contract", "没签合同或没参保"
    SAFETY = "safety", "安全、食宿问题"
    LAYING_OFF = "laying_off", "裁员或停工"
    OTHER = "other", "其他问题"


class ServiceStation(Versioned, table=True):
    """劳务协作工作站."""

    __tablename__ = "service_station"
    __table_args__ = (
        UniqueConstraint("kept_by", "name"),
        CheckConstraint("closed_on >= opened_on", "dates_in_order"),
    )

    name: str = Field(max_length=100)
    region: str = Field(foreign_key="region.code", index=True, description="where it is")
    kept_by: str = Field(foreign_key="region.code", index=True, description="the origin county that keeps it")
    address: str = Field(default="", max_length=200)
    opened_on: date
    closed_on: date | None = None
    is_demo: bool = False


class StationStaff(Row, table=True):
    """驻站人员: an account that works for a station; until is the last day."""

    __tablename__ = "station_staff"
    __table_args__ = (
        CheckConstraint("until >= since", "dates_in_order"),
        Index(
            "uq_station_staff_at_present",
            "station_id",
            "account_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
    )

    station_id: int = Field(foreign_key="service_station.id", sa_type=BIG, index=True)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    since: date
    until: date | None = None


class StationVisit(Row, table=True):
    """走访记录: of an employer, on a day."""

    __tablename__ = "station_visit"
    __table_args__ = (CheckConstraint("people_seen >= 0", "people_not_negative"),)

    station_id: int = Field(foreign_key="service_station.id", sa_type=BIG, index=True)
    employer_id: int = Field(foreign_key="employer.id", sa_type=BIG, index=True)
    visited_on: date
    found: VisitFound = Field(sa_type=coded(VisitFound), nullable=False)
    people_seen: int | None = Field(default=None, description="见到的本县务工人员")
    note: str = Field(default="", max_length=500)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
