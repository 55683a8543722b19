"""常用筛选: a filter of the ledger under a name, one's own or the bureau's."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from models.base import BIG, INSTANT, JSON_OBJECT, Versioned


class SavedSearch(Versioned, table=True):
    """常用筛选. It holds places, codes and ages: never whom somebody looked for by name or number.

    One that was removed stays until it is put back or nobody wants it: removing can be undone.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        CheckConstraint("NOT wanted ? 'q'", "of_nobody"),
        Index(
            "uq_saved_search_name",
            "account_id",
            "name",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    region: str = Field(foreign_key="region.code", index=True, description="whose bureau it is shared with")
    name: str = Field(max_length=30)
    wanted: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON_OBJECT, nullable=False, description="the filter by field name"
    )
    shared: bool = False
    removed_at: datetime | None = Field(default=None, sa_type=INSTANT)
