"""用人单位."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.base import Versioned, coded
from models.coded import Coded


class EmployerKind(Coded):
    """单位类型."""

    ENTERPRISE = "enterprise", "企业"
    WORKSHOP = "workshop", "就业帮扶车间"
    COMMUNITY_FACTORY = "community_factory", "新社区工厂"
    EMPLOYMENT_BASE = "employment_base", "就业帮扶基地"
    PUBLIC_POST = "public_post", "公益性岗位用人单位"
    COOPERATIVE = "cooperative", "合作社"


OF_THE_COUNTY = frozenset({EmployerKind.WORKSHOP, EmployerKind.COMMUNITY_FACTORY, EmployerKind.PUBLIC_POST})
"""What a county sets up or recognises for its own people: only the bureau of the place registers these."""


class Employer(Versioned, table=True):
    """用人单位. `uscc` is the unified social credit code (GB 32100); an advertisement may not say it."""

    __tablename__ = "employer"
    __table_args__ = (CheckConstraint("size >= 0", "size_not_negative"),)

    name: str = Field(max_length=100, index=True)
    uscc: str | None = Field(default=None, max_length=18, unique=True)
    kind: EmployerKind = Field(default=EmployerKind.ENTERPRISE, sa_type=coded(EmployerKind), nullable=False)
    region: str = Field(foreign_key="region.code", index=True)
    kept_by: str = Field(foreign_key="region.code", description="the region whose bureau keeps this record")
    industry: str | None = Field(default=None, foreign_key="industry.code")
    size: int | None = Field(default=None, description="headcount")
    opened_on: date | None = Field(default=None, description="opened or recognised; counted from this day")
    is_demo: bool = False
