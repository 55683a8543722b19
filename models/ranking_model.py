"""推荐模型: what was learned, how it was judged, and which of it served when. Nothing of it is ever changed."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, JSON_OBJECT, TEXTS, Row, coded
from models.coded import Coded


class RankingModel(Row, table=True):
    """One training: by whom, from what, what came of it. `file` is what `matching.learning.keeping` packs; none where there
    was nothing to learn from. Only one that may serve ever serves (see `RankingChange`).

    `challenged_id` is the model that served when this one was judged, null for the documented prior; going back leads there.
    """

    __tablename__ = "ranking_model"
    __table_args__ = (
        CheckConstraint("(file IS NULL) = (file_sha256 IS NULL)", "file_with_its_hash"),
        CheckConstraint("NOT may_serve OR file IS NOT NULL", "serves_from_a_file"),
        CheckConstraint("may_serve OR cardinality(reasons) > 0", "refused_with_reasons"),
        CheckConstraint("challenged_id < id", "challenged_was_before"),
        UniqueConstraint("id", "may_serve"),
    )

    regions: list[str] = Field(
        sa_type=TEXTS, nullable=False, description="whose people it learned from and may serve, ascending"
    )
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    monthly: bool = Field(description="asked for by the calendar")
    begins: date | None = Field(default=None, description="the first day that it learned from")
    as_of: date = Field(description="the last day of which it knows")
    stays: int
    answers: int
    version: str = Field(default="", max_length=12, description="names the numbers, as lists log it")
    schema_hash: str = Field(max_length=64)
    file: bytes | None = Field(default=None, sa_type=LargeBinary)
    file_sha256: str | None = Field(default=None, max_length=64)
    challenged_id: int | None = Field(default=None, foreign_key="ranking_model.id", sa_type=BIG)
    may_serve: bool
    reasons: list[str] = Field(sa_type=TEXTS, nullable=False)
    metrics: dict[str, Any] = Field(sa_type=JSON_OBJECT, nullable=False)


class ChangeKind(Coded):
    """How what serves came to serve."""

    PROMOTED = "promoted", "训练后启用"
    BACK = "back", "退回上一版"


class RankingChange(Row, table=True):
    """What serves in these regions from then on: a model, or the documented prior where `model_id` is null. The last one counts,
    of the narrowest regions that hold all that an account may see."""

    __tablename__ = "ranking_change"
    __table_args__ = (
        CheckConstraint("may_serve", "only_what_may_serve"),
        CheckConstraint("kind <> 'back' OR reason <> ''", "back_with_reason"),
        # A refused model is no model that this row could name; nor one that knows nothing of the regions (a trigger).
        ForeignKeyConstraint(["model_id", "may_serve"], ["ranking_model.id", "ranking_model.may_serve"]),
    )

    regions: list[str] = Field(sa_type=TEXTS, nullable=False)
    model_id: int | None = Field(default=None, sa_type=BIG)
    may_serve: bool = True
    kind: ChangeKind = Field(sa_type=coded(ChangeKind), nullable=False)
    reason: str = Field(default="", max_length=300)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)


class RankingFault(Row, table=True):
    """A model that was to serve and could not, and why; once a reason."""

    __tablename__ = "ranking_fault"
    __table_args__ = (UniqueConstraint("model_id", "reason"),)

    model_id: int = Field(foreign_key="ranking_model.id", sa_type=BIG)
    reason: str = Field(max_length=300)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
