"""上报务工记录: what was reported about somebody's work, kept as it was reported, and what was made of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, Row, coded
from models.coded import Coded
from models.intake import ImportKind


class ReportSource(Coded):
    """How a report came."""

    IMPORT = "import", "导入"
    CALL = "call", "回访"
    CHECK_IN = "check_in", "本人报到"
    CORRECTION = "correction", "更正"


class SpellReport(Row, table=True):
    """上报务工记录, kept as it came, contradictions and all.

    `sealed_record` is the part of `ledger.records.reported.Reported` that tells of work and plans, as JSON under the
    person's key; `digest` is keyed, and equal for equal records of one person. A later report of the same kind puts
    earlier ones out of force; nothing is changed or deleted.
    """

    __tablename__ = "spell_report"
    __table_args__ = (
        Index("ix_spell_report_in_force", "worker_id", postgresql_where=text("superseded_at IS NULL")),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    source: ReportSource = Field(sa_type=coded(ReportSource), nullable=False)
    kind: ImportKind | None = Field(
        default=None, sa_type=coded(ImportKind), description="the kind of list it stood in"
    )
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG, index=True)
    import_line: int | None = None
    reported_on: date = Field(description="the day of which it tells the state")
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    sealed_record: bytes = Field(sa_type=LargeBinary)
    digest: bytes = Field(sa_type=LargeBinary)
    superseded_at: datetime | None = Field(default=None, sa_type=INSTANT)


class Outcome(Coded):
    """What a report did to the accepted spells."""

    AGREES = "agrees", "与已有记录一致"
    OPENS = "opens", "新增一段务工"
    EXTENDS = "extends", "证明仍在岗"
    ENDS = "ends", "结束一段务工"
    CONTRADICTS = "contradicts", "与已有记录矛盾，待核实"
    LACKS = "lacks", "内容不全，暂不采纳"
    REFUSED = "refused", "核实后不采纳"
    NONE = "none", "没有务工"


PART_OF_A_SPELL = (Outcome.AGREES, Outcome.OPENS, Outcome.EXTENDS, Outcome.ENDS)
"""Outcomes by which a report is part of the spell that its decision names."""


class ReportDecision(Row, table=True):
    """采纳: by which rule, or by whom, a report became part of an accepted spell; it can be reversed.

    `before` holds what the spell's columns were, for the way back.
    """

    __tablename__ = "report_decision"
    __table_args__ = (
        Index(
            "uq_report_decision_in_force",
            "report_id",
            unique=True,
            postgresql_where=text("reversed_at IS NULL"),
        ),
    )

    report_id: int = Field(foreign_key="spell_report.id", sa_type=BIG, index=True)
    spell_id: int | None = Field(default=None, foreign_key="employment_spell.id", sa_type=BIG, index=True)
    outcome: Outcome = Field(sa_type=coded(Outcome), nullable=False)
    rule: str = Field(max_length=60, description="the rule's code, or `person` where somebody decided")
    reason: str = ""
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    reversed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    reversed_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
