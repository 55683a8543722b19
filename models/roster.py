"""在岗名册: once a month an employer is told whom the ledger has at work there, and says who still is.

Of whom it was told are the rows of `disclosure` that name the roster; what it said of each is a `spell_confirmation`.
"""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, Versioned


class EmployerRoster(Versioned, table=True):
    """One employer's roster of one month. It is opened by its own account, and confirmed once."""

    __tablename__ = "employer_roster"
    __table_args__ = (
        UniqueConstraint("employer_id", "month", name="uq_employer_roster_month"),
        CheckConstraint("extract(day FROM month) = 1 AND month <= opened_on", "of_a_month"),
        CheckConstraint("num_nonnulls(confirmed_on, confirmed_by) IN (0, 2)", "confirmed_whole"),
        CheckConstraint("confirmed_on >= opened_on", "confirmed_after_opening"),
    )

    employer_id: int = Field(foreign_key="employer.id", sa_type=BIG)
    month: date = Field(description="its first day")
    opened_on: date
    account_id: int = Field(foreign_key="account.id", sa_type=BIG)
    confirmed_on: date | None = None
    confirmed_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
