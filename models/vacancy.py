"""岗位: one post description with a number of seats."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlmodel import Field

from models.base import BIG, JSON_OBJECT, TEXTS, Versioned, coded
from models.coded import Coded
from models.education import Education


class VacancyState(Coded):
    """What may be done with a post."""

    DRAFT = "draft", "待补全"
    HELD = "held", "违规待改"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已关闭"


class Shift(Coded):
    """班次."""

    DAY = "day", "常白班"
    TWO = "two", "两班倒"
    THREE = "three", "三班倒"


class Vacancy(Versioned, table=True):
    """岗位. What the law wants of an advertisement is a condition of being published, not of being kept."""

    __tablename__ = "vacancy"
    __table_args__ = (
        CheckConstraint("seats > 0", "seats_positive"),
        CheckConstraint("seats_taken >= 0 AND (seats_taken = 0 OR seats_taken <= seats)", "never_oversold"),
        CheckConstraint("pay_min > 0 AND pay_max >= pay_min AND pay_max <= 1000000", "pay_in_order"),
        CheckConstraint("min_age >= 0 AND max_age >= min_age", "ages_in_order"),
        CheckConstraint("valid_until >= valid_from", "dates_in_order"),
        CheckConstraint("hours_per_week BETWEEN 1 AND 168", "hours_possible"),
        CheckConstraint(
            "state <> 'published' OR (employer_id IS NOT NULL AND seats IS NOT NULL AND region IS NOT NULL "
            "AND pay_min IS NOT NULL AND valid_until IS NOT NULL)",
            "published_is_whole",
        ),
        CheckConstraint(
            "state <> 'published' OR jsonb_array_length(unlawful_demands) = 0", "published_is_lawful"
        ),
        Index("ix_vacancy_open", "region", postgresql_where=sql("state = 'published'")),
    )

    employer_id: int | None = Field(default=None, foreign_key="employer.id", sa_type=BIG, index=True)
    kept_by: str = Field(
        foreign_key="region.code", index=True, description="the region whose bureau keeps this record"
    )
    region: str | None = Field(default=None, foreign_key="region.code")
    title: str = Field(max_length=100)
    occupation: str | None = Field(default=None, foreign_key="occupation.code")
    seats: int | None = None
    seats_taken: int = 0
    pay_min: int | None = Field(default=None, description="yuan a month")
    pay_max: int | None = Field(default=None, description="yuan a month")
    hours_per_week: int | None = None
    min_age: int | None = None
    max_age: int | None = None
    min_education: Education | None = Field(default=None, sa_type=coded(Education))
    required_skills: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    preferred_skills: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    lodging: bool | None = None
    meals: bool | None = None
    social_insurance: bool | None = None
    shift: Shift | None = Field(default=None, sa_type=coded(Shift))
    posted_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    refreshed_on: date | None = None
    state: VacancyState = Field(default=VacancyState.DRAFT, sa_type=coded(VacancyState), nullable=False)
    missing: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    unlawful_demands: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON_OBJECT, nullable=False)
    text: str = ""
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG, index=True)
    import_line: int | None = None
    is_demo: bool = False
