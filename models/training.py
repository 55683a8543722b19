"""培训: a course, and who took part."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, Row, Versioned, coded
from models.coded import Coded


class CourseKind(Coded):
    """培训类型."""

    SKILL = "skill", "技能培训"
    TO_ORDER = "to_order", "订单班"
    VENTURE = "venture", "创业培训"
    PRACTICAL = "practical", "实用技术培训"
    SPONSORED = "sponsored", "委培班"
    ONE_PLUS_TWO = "one_plus_two", "“1+2”联合培养"


TO_ORDER = frozenset({CourseKind.TO_ORDER, CourseKind.SPONSORED, CourseKind.ONE_PLUS_TWO})
"""Classes and students that an employer has ordered: each names the post that waits for them."""


class Course(Versioned, table=True):
    """培训班."""

    __tablename__ = "course"
    __table_args__ = (
        CheckConstraint("ended_on >= started_on", "dates_in_order"),
        CheckConstraint(
            "skill_level IS NULL OR (skill_level BETWEEN 1 AND 5 AND skill <> '')", "skill_with_level"
        ),
    )

    region: str = Field(foreign_key="region.code", index=True, description="the bureau that holds it")
    name: str = Field(max_length=100)
    kind: CourseKind = Field(default=CourseKind.SKILL, sa_type=coded(CourseKind), nullable=False)
    organiser: str = Field(default="", max_length=100, description="培训机构")
    occupation: str | None = Field(default=None, foreign_key="occupation.code")
    vacancy_id: int | None = Field(
        default=None,
        foreign_key="vacancy.id",
        sa_type=BIG,
        description="the post that a class is ordered for",
    )
    skill: str = Field(
        default="",
        max_length=40,
        description="what whoever completes it can do",
        sa_column_kwargs={"server_default": ""},
    )
    skill_level: int | None = None
    started_on: date
    ended_on: date | None = None
    is_demo: bool = False


class Enrolment(Row, table=True):
    """参训."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("course_id", "worker_id"),)

    course_id: int = Field(foreign_key="course.id", sa_type=BIG, index=True)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    completed: bool | None = Field(default=None, description="是否结业")
    certificate: str | None = Field(default=None, max_length=60, description="结业证书或技能等级证书编号")
