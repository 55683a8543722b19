"""导入批次: a file that came in, and what became of each of its lines."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, JSON_OBJECT, Row, Versioned, coded
from models.coded import Coded


class ImportKind(Coded):
    """What a file holds."""

    POSTINGS = "postings", "招聘广告"
    AWAY = "away", "已外出务工信息"
    PLANNED = "planned", "计划外出务工信息"
    MONITORED = "monitored", "监测对象信息"
    HOUSEHOLD = "household", "户信息"
    ROSTER = "roster", "劳动力花名册"
    POSTS = "posts", "用人单位岗位表"
    SOCIAL_INSURANCE = "social_insurance", "社保缴费名单"
    PAYROLL = "payroll", "工资发放名单"
    STAFF = "staff", "单位在岗花名册"
    EXCHANGE = "exchange", "交换文件夹"


PEOPLE_KINDS = frozenset(
    {ImportKind.AWAY, ImportKind.PLANNED, ImportKind.MONITORED, ImportKind.HOUSEHOLD, ImportKind.ROSTER}
)
"""Files whose rows are people or households: they are taken into the ledger, or compared with it."""

PROOF_KINDS = frozenset({ImportKind.SOCIAL_INSURANCE, ImportKind.PAYROLL, ImportKind.STAFF})
"""Files that prove work: their matches become evidence."""


class ImportPurpose(Coded):
    """What a file is for."""

    APPLY = "apply", "入库"
    COMPARE = "compare", "两本账对账"


class ImportState(Coded):
    """How far a file is."""

    STAGING = "staging", "读取中"
    MAPPING = "mapping", "待对应表头"
    CHECKING = "checking", "核对中"
    READY = "ready", "待确认"
    APPLYING = "applying", "入库中"
    APPLIED = "applied", "已入库"
    FAILED = "failed", "未能读取"
    CANCELLED = "cancelled", "已取消"


class LineStatus(Coded):
    """What became of a line, or will when the file is applied."""

    WHOLE = "whole", "完整入库"
    UNKNOWNS = "unknowns", "有缺项"
    HELD = "held", "违规待改"
    REJECTED = "rejected", "未能读取"
    NEW = "new", "新增"
    CHANGED = "changed", "有变化"
    SAME = "same", "与台账一致"
    POSSIBLE = "possible", "疑似同一人，待判断"
    ELSEWHERE = "elsewhere", "已在其他县登记"
    SKIPPED = "skipped", "不入库"


OF_A_POSTING = (LineStatus.WHOLE, LineStatus.UNKNOWNS, LineStatus.HELD, LineStatus.REJECTED)
"""What can become of an advertisement."""


class Import(Versioned, table=True):
    """One file, for one region's bureau. `shifted_days` tells by how much demonstration mode moved its dates.

    `kind` is unknown until the headings, or the clerk, have told it. `sheets` describes each sheet: `{"name",
    "heading_row", "headings": {column: heading}, "mapping": {column: field}, "staged": last row staged}`; no cell of
    a person. The cells of the lines are sealed under the file's own key.
    """

    __tablename__ = "import"

    kind: ImportKind | None = Field(default=None, sa_type=coded(ImportKind))
    purpose: ImportPurpose = Field(default=ImportPurpose.APPLY, sa_type=coded(ImportPurpose), nullable=False)
    state: ImportState = Field(default=ImportState.APPLIED, sa_type=coded(ImportState), nullable=False)
    file_name: str = Field(max_length=255)
    file_sha256: str = Field(max_length=64)
    region: str = Field(foreign_key="region.code", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    job_id: int | None = Field(default=None, foreign_key="job.id", sa_type=BIG)
    as_of: date
    shifted_days: int = 0
    message: str = ""
    sheets: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON_OBJECT, nullable=False)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    master_key_id: str | None = None
    sealed_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    applied_at: datetime | None = Field(default=None, sa_type=INSTANT)


class ImportPart(SQLModel, table=True):
    """A piece of the file as it was sent, sealed; taken away when the file is applied or given up."""

    __tablename__ = "import_part"

    import_id: int = Field(primary_key=True, foreign_key="import.id", sa_type=BIG)
    part: int = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)


class ImportLine(SQLModel, table=True):
    """One line of the file. `line` counts through the file from 1; `sheet` (from 0) and `row` tell where it stands.

    `status` is empty until the line is checked. `sealed_cells` is the row as it was written, `sealed_judgement`
    what was found: `{"complaints": [[column, reason, refused, lost]], "changes": {field: [before, after]}}`. A `partial`
    line comes in without a cell that could not be taken, and keeps its cells until that is settled.
    """

    __tablename__ = "import_line"
    __table_args__ = (
        Index("ix_import_line_status", "import_id", "status", "line"),
        Index(
            "ix_import_line_content_mark", "content_mark", postgresql_where=text("content_mark IS NOT NULL")
        ),
    )

    import_id: int = Field(primary_key=True, foreign_key="import.id", sa_type=BIG)
    line: int = Field(primary_key=True)
    sheet: int = 0
    row: int | None = None
    status: LineStatus | None = Field(default=None, sa_type=coded(LineStatus))
    reason: str = ""
    partial: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_OBJECT, nullable=False)
    sealed_cells: bytes | None = Field(default=None, sa_type=LargeBinary)
    sealed_judgement: bytes | None = Field(default=None, sa_type=LargeBinary)
    content_mark: bytes | None = Field(
        default=None,
        sa_type=LargeBinary,
        description="keyed: the same for rows that are the same to the last cell",
    )
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG, index=True)
    household_id: int | None = Field(default=None, foreign_key="household.id", sa_type=BIG)
    settled_at: datetime | None = Field(
        default=None, sa_type=INSTANT, description="when a line that was held back was dealt with"
    )


class HeadingMemory(Row, table=True):
    """表头对应: what a bureau said that a heading of its files means; `field` empty: nothing that we keep."""

    __tablename__ = "heading_memory"
    __table_args__ = (UniqueConstraint("region", "kind", "heading"),)

    region: str = Field(foreign_key="region.code")
    kind: ImportKind = Field(sa_type=coded(ImportKind), nullable=False)
    heading: str = Field(max_length=200)
    field: str | None = Field(default=None, max_length=60)


class Standing(Coded):
    """How a row of a comparison stands in the two ledgers."""

    ONLY_HERE = "only_here", "只在本台账"
    ONLY_THERE = "only_there", "只在对方名册"
    DIFFERS = "differs", "两边不一致"
    ODD = "odd", "数值要核对"


class Settlement(Coded):
    """What was done about a row of a comparison."""

    TAKEN = "taken", "按对方更正"
    KEPT = "kept", "以本台账为准"
    REGISTERED = "registered", "已登记"
    EXPLAINED = "explained", "已说明"


class ComparisonRow(Versioned, table=True):
    """两本账对账: one person (or household, in lists of these) in one ledger only, or in whom the two differ.

    `line` is the other ledger's row (empty: only here). `sealed_differences` is `{field: [ours, theirs]}` under the
    file's key. `taken` are the fields in which theirs was put in the place of ours.
    """

    __tablename__ = "comparison_row"
    __table_args__ = (
        CheckConstraint(
            "line IS NOT NULL OR worker_id IS NOT NULL OR household_id IS NOT NULL", "names_somebody"
        ),
        CheckConstraint("(settlement IS NULL) = (settled_at IS NULL)", "settled_with_time"),
        Index("ix_comparison_row_open", "import_id", "standing", postgresql_where=text("settlement IS NULL")),
    )

    import_id: int = Field(foreign_key="import.id", sa_type=BIG, index=True)
    line: int | None = None
    worker_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG, index=True)
    household_id: int | None = Field(default=None, foreign_key="household.id", sa_type=BIG)
    standing: Standing = Field(sa_type=coded(Standing), nullable=False)
    fields: list[str] = Field(default_factory=list, sa_type=JSON_OBJECT, nullable=False)
    sealed_differences: bytes | None = Field(default=None, sa_type=LargeBinary)
    taken: list[str] = Field(default_factory=list, sa_type=JSON_OBJECT, nullable=False)
    settlement: Settlement | None = Field(default=None, sa_type=coded(Settlement))
    note: str = ""
    settled_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    settled_at: datetime | None = Field(default=None, sa_type=INSTANT)
