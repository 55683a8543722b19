"""劳动力: one person, one ID number, one record."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from models.base import BIG, TEXTS, Row, Versioned, coded
from models.coded import Coded
from models.education import Education


class Sex(Coded):
    """性别."""

    FEMALE = "female", "女"
    MALE = "male", "男"


class LabourCapability(Coded):
    """劳动能力."""

    ORDINARY = "ordinary", "普通劳动力"
    SKILLED = "skilled", "技能劳动力"
    WEAK = "weak", "弱劳动力或半劳动力"
    LOST = "lost", "丧失劳动力"
    NONE = "none", "无劳动力"


class RelationToHead(Coded):
    """与户主关系, in the national system's words and the shorter ones of hand-made lists."""

    HEAD = "head", "户主"
    SPOUSE = "spouse", "配偶"
    SON = "son", "之子"
    DAUGHTER = "daughter", "之女"
    CHILD = "child", "子女"
    DAUGHTER_IN_LAW = "daughter_in_law", "之儿媳"
    SON_IN_LAW = "son_in_law", "之女婿"
    CHILD_IN_LAW = "child_in_law", "儿媳或女婿"
    GRANDSON = "grandson", "之孙子"
    GRANDDAUGHTER = "granddaughter", "之孙女"
    DAUGHTERS_SON = "daughters_son", "之外孙子"
    DAUGHTERS_DAUGHTER = "daughters_daughter", "之外孙女"
    FATHER = "father", "之父"
    MOTHER = "mother", "之母"
    PARENT = "parent", "父母"
    FATHER_IN_LAW = "father_in_law", "之岳父"
    MOTHER_IN_LAW = "mother_in_law", "之岳母"
    HUSBANDS_FATHER = "husbands_father", "之公公"
    HUSBANDS_MOTHER = "husbands_mother", "之婆婆"
    GRANDFATHER = "grandfather", "之祖父"
    GRANDMOTHER = "grandmother", "之祖母"
    MOTHERS_FATHER = "mothers_father", "之外祖父"
    MOTHERS_MOTHER = "mothers_mother", "之外祖母"
    GREAT_GRANDCHILD = "great_grandchild", "之曾孙子女"
    SIBLING = "sibling", "之兄弟姐妹"
    NEPHEW_OR_NIECE = "nephew_or_niece", "之侄子女"
    OTHER = "other", "其他"


INDEXES = ("id_number_index", "id_number_index_2", "phone_index", "phone_index_2")
"""The columns of `Worker` by which somebody is found: they follow from what is sealed, and from the look-up key."""


class Worker(Versioned, table=True):
    """One person. The ID number and the telephone are sealed under a key of that person (`PersonKey`).

    Of each there are two columns for look-ups, of which one is empty but while the look-up key is changed.
    """

    __tablename__ = "worker"
    __table_args__ = (
        CheckConstraint("disability_grade BETWEEN 1 AND 4", "disability_grade_known"),
        CheckConstraint("experience_months >= 0", "experience_not_negative"),
        CheckConstraint(
            "(id_number_sealed IS NULL) = (num_nonnulls(id_number_index, id_number_index_2) = 0)",
            "id_number_indexed",
        ),
        CheckConstraint("merged_into <> id", "merged_into_another"),
        # Few, and asked for by every list.
        Index("ix_worker_restricted", "id", postgresql_where=text("restricted")),
    )

    region: str = Field(
        foreign_key="region.code", index=True, description="village, township or county of register"
    )
    household_id: int | None = Field(default=None, foreign_key="household.id", sa_type=BIG, index=True)
    village: str | None = Field(
        default=None, max_length=60, description="行政村, where the region is coarser"
    )
    national_number: str | None = Field(
        default=None, max_length=40, index=True, description="人编号 of the national system"
    )
    name: str = Field(max_length=50)
    name_pinyin: str = Field(description="sort key; the database has no Chinese collation", index=True)
    sex: Sex | None = Field(default=None, sa_type=coded(Sex))
    birth_date: date | None = None
    id_number_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_number_index: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    id_number_index_2: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    phone_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    phone_index: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    phone_index_2: bytes | None = Field(default=None, sa_type=LargeBinary, index=True)
    ethnicity: str | None = None
    political_status: str | None = Field(default=None, max_length=20, description="政治面貌")
    at_school: bool | None = Field(default=None, description="在校生状况")
    health: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False, description="健康状况")
    education: Education | None = Field(default=None, sa_type=coded(Education))
    labour_capability: LabourCapability | None = Field(default=None, sa_type=coded(LabourCapability))
    relation_to_head: RelationToHead | None = Field(default=None, sa_type=coded(RelationToHead))
    disability_grade: int | None = None
    speaks_mandarin: bool | None = None
    experience_months: int | None = None
    last_occupation: str | None = Field(default=None, foreign_key="occupation.code")
    merged_into: int | None = Field(
        default=None,
        foreign_key="worker.id",
        sa_type=BIG,
        index=True,
        description="the record that this one went up in; it is no person of its own any more",
    )
    restricted: bool = Field(
        default=False, description="no use but storage: not ranked, not exported, not counted"
    )
    is_demo: bool = False


class PersonKey(SQLModel, table=True):
    """The key that seals one person's values, itself sealed under the service's key `master_key_id`.

    Destroying this row destroys what the person's history, audit and stored answers say of them.
    """

    __tablename__ = "person_key"

    worker_id: int = Field(primary_key=True, foreign_key="worker.id", sa_type=BIG)
    master_key_id: str
    sealed_key: bytes = Field(sa_type=LargeBinary)


class WorkerSkill(SQLModel, table=True):
    """技能: 1 (beginner) to 5 (technician); the level may be unknown."""

    __tablename__ = "worker_skill"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", "level_known"),)

    worker_id: int = Field(primary_key=True, foreign_key="worker.id", sa_type=BIG)
    skill: str = Field(primary_key=True, max_length=40)
    level: int | None = None


class Wants(Coded):
    """Where somebody wants to work."""

    OUT = "out", "愿意外出"
    NEAR_HOME = "near_home", "就近就业"
    NONE = "none", "暂不就业"


class WorkIntention(Row, table=True):
    """就业意愿, as it stands; one a person."""

    __tablename__ = "work_intention"
    __table_args__ = (CheckConstraint("pay_floor BETWEEN 0 AND 1000000", "pay_floor_plausible"),)

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, unique=True)
    wants: Wants | None = Field(default=None, sa_type=coded(Wants))
    reason: str | None = None
    accepted_regions: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    occupations: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False)
    pay_floor: int | None = Field(default=None, description="yuan a month")
    available_from: date | None = None
    needs_lodging: bool | None = None
    companion_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG)
