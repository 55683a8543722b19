"""展位: an employer's place in a fair, and the posts that are offered there."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import BIG, INSTANT, Row


class Booth(Row, table=True):
    """展位. One that was given up stays, with what people wanted there."""

    __tablename__ = "booth"
    __table_args__ = (
        Index(
            "uq_booth_number_in_use",
            "fair_id",
            "number",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index(
            "uq_booth_employer_in_use",
            "fair_id",
            "employer_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    fair_id: int = Field(foreign_key="fair.id", sa_type=BIG, index=True)
    number: str = Field(max_length=10, description="as it hangs over the table")
    employer_id: int = Field(foreign_key="employer.id", sa_type=BIG)
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)


class BoothPost(Row, table=True):
    """A post that is offered at a booth."""

    __tablename__ = "booth_post"
    __table_args__ = (UniqueConstraint("booth_id", "vacancy_id"),)

    fair_id: int = Field(foreign_key="fair.id", sa_type=BIG, index=True)
    booth_id: int = Field(foreign_key="booth.id", sa_type=BIG)
    vacancy_id: int = Field(foreign_key="vacancy.id", sa_type=BIG)
