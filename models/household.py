"""户 and its 帮扶类别 over time. Hardship belongs to the household; its members inherit it."""

from datetime import date

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel

from models.base import BIG, TEXTS, Row, Versioned, coded
from models.coded import Coded


class HardshipCategory(Coded):
    """帮扶类别."""

    RELIEVED = "relieved", "脱贫户"
    UNSTABLE = "unstable", "脱贫不稳定户"
    MARGINAL = "marginal", "边缘易致贫户"
    SUDDEN = "sudden", "突发严重困难户"
    SUBSISTENCE = "subsistence", "低保"
    DESTITUTE = "destitute", "特困"


POVERTY_RELIEVED = frozenset({HardshipCategory.RELIEVED, HardshipCategory.UNSTABLE})
"""脱贫劳动力 are the members of these households."""

MONITORED = frozenset({HardshipCategory.UNSTABLE, HardshipCategory.MARGINAL, HardshipCategory.SUDDEN})
"""监测对象 are the members of these while the risk is not cleared."""

BY_URGENCY = (
    HardshipCategory.UNSTABLE,
    HardshipCategory.SUDDEN,
    HardshipCategory.MARGINAL,
    HardshipCategory.RELIEVED,
    HardshipCategory.DESTITUTE,
    HardshipCategory.SUBSISTENCE,
)
"""The order in which categories ask for attention: where a household is in several, the first is shown."""


class Begun(Coded):
    """How the first day of a period is known, where nobody has told it."""

    LISTED = "listed", "最早见于名单"
    DELISTED = "delisted", "最后一批县摘帽"


LAST_DELISTED = date(2020, 12, 31)
"""The last counties ceased to be poor in the course of 2020: whoever is 脱贫户 has been so since then at the latest."""


class Household(Versioned, table=True):
    """户."""

    __tablename__ = "household"
    __table_args__ = (UniqueConstraint("region", "number"),)

    number: str = Field(description="户编号")
    region: str = Field(foreign_key="region.code", index=True, description="the village or township")
    village: str | None = Field(
        default=None, max_length=60, description="行政村, where the region is coarser"
    )
    relocated: bool | None = Field(default=None, description="易地搬迁")
    risks: list[str] = Field(default_factory=list, sa_type=TEXTS, nullable=False, description="致贫/返贫风险")
    measures: list[str] = Field(
        default_factory=list, sa_type=TEXTS, nullable=False, description="就业帮扶措施"
    )
    contacted_on: date | None = Field(
        default=None, description="when the household was last asked about work, because nobody in it had any"
    )
    contact_note: str | None = Field(default=None, max_length=200, description="what came of it")
    is_demo: bool = False


class HardshipPeriod(Row, table=True):
    """帮扶类别时段: in which category a household was, from when to when; never twice in one on a day."""

    __tablename__ = "hardship_period"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", "dates_in_order"),
        CheckConstraint("risk_cleared_on >= from_on", "cleared_after_begun"),
        UniqueConstraint("household_id", "category", "from_on"),
        # Deferrable, since several periods of a household may be moved at once.
        ExcludeConstraint(
            (text("int8range(household_id, household_id, '[]')"), "&&"),
            (text("int4range(hashtext(category), hashtext(category), '[]')"), "&&"),
            (text("daterange(from_on, to_on, '[]')"), "&&"),
            name="ex_hardship_period_no_overlap",
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
        ),
    )

    household_id: int = Field(foreign_key="household.id", sa_type=BIG)
    category: HardshipCategory = Field(sa_type=coded(HardshipCategory), nullable=False)
    from_on: date
    to_on: date | None = None
    risk_cleared_on: date | None = Field(default=None, description="风险消除日期")
    begun: Begun | None = Field(
        default=None, sa_type=coded(Begun), description="how `from_on` is known; empty: somebody told the day"
    )


class HouseholdKey(SQLModel, table=True):
    """The key that seals what the record of changes says of a household, itself sealed under the service's key.

    Made with the first such record. Destroying this row destroys what the record says.
    """

    __tablename__ = "household_key"

    household_id: int = Field(primary_key=True, foreign_key="household.id", sa_type=BIG)
    master_key_id: str
    sealed_key: bytes = Field(sa_type=LargeBinary)
