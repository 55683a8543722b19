"""身份: other numbers of a person, people who may be one, merging, and the hand-over between counties."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, INSTANT, Row, Versioned, coded
from models.coded import Coded


class NumberOrigin(Coded):
    """Why a person is also known by another number."""

    FORMER_CODE = "former_code", "区划代码变更前后的号码"
    MERGED = "merged", "合并记录的号码"
    MISTYPED = "mistyped", "曾经录错的号码"


class FormerNumber(Row, table=True):
    """曾用证件号码: whoever writes this number means this person."""

    __tablename__ = "former_number"
    __table_args__ = (CheckConstraint("num_nonnulls(id_number_index, id_number_index_2) > 0", "indexed"),)

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    id_number_sealed: bytes = Field(sa_type=LargeBinary)
    id_number_index: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    id_number_index_2: bytes | None = Field(default=None, sa_type=LargeBinary, unique=True)
    origin: NumberOrigin = Field(sa_type=coded(NumberOrigin), nullable=False)


class Likeness(Coded):
    """Why two records may be one person."""

    NUMBER_SLIP = "number_slip", "姓名、出生日期、村相同，证件号码差一两位"
    NO_NUMBER = "no_number", "姓名、出生日期、村相同，一方没有证件号码"
    BAD_NUMBER = "bad_number", "姓名、村相同，证件号码不合规且与已有号码相近"
    OTHER_NAME = "other_name", "证件号码相同，姓名完全不同，户或村也不同"
    SAME_NUMBER = "same_number", "更正一方的证件号码时，发现另一方已用这个号码"


class Verdict(Coded):
    """What somebody decided about two records."""

    SAME = "same", "是同一人"
    DIFFERENT = "different", "不是同一人"


class PossibleDuplicate(Versioned, table=True):
    """疑似重复: a record and another, or a line of a file that is held back, that may be one person."""

    __tablename__ = "possible_duplicate"
    __table_args__ = (
        CheckConstraint(
            "(other_id IS NOT NULL) <> (import_id IS NOT NULL AND import_line IS NOT NULL)", "of_two"
        ),
        CheckConstraint("other_id <> worker_id", "two_records"),
        CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", "decided_with_time"),
        UniqueConstraint("worker_id", "other_id"),
        UniqueConstraint("worker_id", "import_id", "import_line"),
        Index("ix_possible_duplicate_open", "worker_id", postgresql_where=text("verdict IS NULL")),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG)
    other_id: int | None = Field(default=None, foreign_key="worker.id", sa_type=BIG, index=True)
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG, index=True)
    import_line: int | None = None
    likeness: Likeness = Field(sa_type=coded(Likeness), nullable=False)
    verdict: Verdict | None = Field(default=None, sa_type=coded(Verdict))
    decided_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    note: str = ""


class WorkerMerge(Row, table=True):
    """合并: `merged_id`'s record went up in `kept_id`'s; `sealed_before`, under the kept person's key, is all that it
    takes to undo it."""

    __tablename__ = "worker_merge"

    kept_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    merged_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    sealed_before: bytes = Field(sa_type=LargeBinary)
    undone_at: datetime | None = Field(default=None, sa_type=INSTANT)
    undone_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)


class HandoverState(Coded):
    """How far a hand-over is."""

    OPEN = "open", "待答复"
    AGREED = "agreed", "原县已同意"
    REFUSED = "refused", "原县不同意"
    DECIDED = "decided", "上级裁定移交"
    KEPT = "kept", "上级裁定不移交"
    WITHDRAWN = "withdrawn", "已撤回"


class Handover(Versioned, table=True):
    """移交: a second county registered somebody who has a record. Until it is settled the first county counts them.

    What the second county wrote is kept sealed under the hand-over's own key (`sealed_claim`), so that nothing is
    lost and the first county learns nothing but that it was asked.
    """

    __tablename__ = "handover"
    __table_args__ = (
        Index(
            "uq_handover_open",
            "worker_id",
            "to_region",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    from_region: str = Field(foreign_key="region.code", index=True, description="the counting county")
    to_region: str = Field(
        foreign_key="region.code", index=True, description="where the person was registered anew"
    )
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG)
    import_line: int | None = None
    state: HandoverState = Field(default=HandoverState.OPEN, sa_type=coded(HandoverState), nullable=False)
    reason: str = ""
    answer: str = ""
    settled_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    settled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    master_key_id: str
    sealed_key: bytes = Field(sa_type=LargeBinary)
    sealed_claim: bytes = Field(sa_type=LargeBinary)
