"""提供记录: what an employer was told of a person, why, and on what ground."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.base import BIG, TEXTS, Row, coded
from models.coded import Coded

KEPT_YEARS = 3
"""How long a row stays at least (个人信息保护法 art. 56 sets it for assessments and records of processing)."""


class Told(Coded):
    """What of a person an employer may be told."""

    NAME = "name", "姓名"
    SEX = "sex", "性别"
    AGE = "age", "年龄"
    HOME = "home", "户籍县（市、区）"
    EDUCATION = "education", "文化程度"
    SKILLS = "skills", "技能"
    EXPERIENCE = "experience", "务工经验"
    POST = "post", "去的岗位"
    PHONE = "phone", "联系电话"
    ID_NUMBER = "id_number", "证件号码"
    HARDSHIP = "hardship", "帮扶类别"
    DISABILITY = "disability", "残疾等级"
    HOUSEHOLD = "household", "户编号"


SENSITIVE = frozenset({Told.ID_NUMBER, Told.HARDSHIP, Told.DISABILITY, Told.HOUSEHOLD})
"""Told to no employer, but for a claim that needs it, of a person who agreed to just that."""


class DisclosureReason(Coded):
    """Why an employer was told."""

    PROPOSAL = "proposal", "推荐到单位的岗位"
    DISPATCH = "dispatch", "接站和安排住宿"
    CLAIM = "claim", "单位申领补贴"


class Basis(Coded):
    """On what ground of the law (个人信息保护法 art. 13)."""

    CONSENT = "consent", "本人同意"
    CONTRACT = "contract", "为订立、履行劳动合同所必需"
    STATUTORY = "statutory", "为履行法定职责或法定义务所必需"


def _listed(fields: frozenset[Told]) -> str:
    return ", ".join(f"'{field.value}'" for field in Told if field in fields)


class Disclosure(Row, table=True):
    """One person told of to one employer. It holds what was told of, never the values; it is added to, never changed."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint("(basis = 'consent') = (consent_id IS NOT NULL)", "consent_named"),
        CheckConstraint("num_nonnulls(application_id, dispatch_id, claim_id) = 1", "of_one_occasion"),
        CheckConstraint(
            f"cardinality(fields) > 0 AND fields <@ ARRAY[{_listed(frozenset(Told))}]::text[]", "fields_known"
        ),
        CheckConstraint(
            f"NOT fields && ARRAY[{_listed(SENSITIVE)}]::text[] OR (reason = 'claim' AND basis = 'consent')",
            "sensitive_for_a_claim",
        ),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    employer_id: int = Field(foreign_key="employer.id", sa_type=BIG, index=True)
    fields: list[str] = Field(sa_type=TEXTS, nullable=False)
    reason: DisclosureReason = Field(sa_type=coded(DisclosureReason), nullable=False)
    basis: Basis = Field(sa_type=coded(Basis), nullable=False)
    consent_id: int | None = Field(default=None, foreign_key="consent.id", sa_type=BIG)
    application_id: int | None = Field(default=None, foreign_key="application.id", sa_type=BIG, index=True)
    dispatch_id: int | None = Field(default=None, foreign_key="dispatch.id", sa_type=BIG)
    claim_id: int | None = Field(default=None, foreign_key="benefit_claim.id", sa_type=BIG)
    told_on: date
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
