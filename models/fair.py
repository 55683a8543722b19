"""招聘会: a recruitment fair, and how many came to it."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.base import Versioned, coded
from models.coded import Coded


class FairKind(Coded):
    """招聘会类型."""

    GENERAL = "general", "综合招聘会"
    SPECIAL = "special", "专题招聘"
    ONLINE = "online", "直播带岗"
    VILLAGE = "village", "送岗下乡"


class Fair(Versioned, table=True):
    """招聘会. One whose day has come and that was not called off has been held; unknown numbers stay unknown."""

    __tablename__ = "fair"
    __table_args__ = (
        CheckConstraint("least(employers, seats, attended, agreed) >= 0", "numbers_not_negative"),
        CheckConstraint("agreed <= attended", "agreed_among_attended"),
    )

    region: str = Field(foreign_key="region.code", index=True, description="the bureau that holds it")
    partner: str | None = Field(default=None, foreign_key="region.code", description="held together with")
    name: str = Field(max_length=100)
    kind: FairKind = Field(sa_type=coded(FairKind), nullable=False)
    held_on: date = Field(index=True)
    place: str = Field(default="", max_length=100)
    employers: int | None = Field(default=None, description="参会单位")
    seats: int | None = Field(default=None, description="提供岗位")
    attended: int | None = Field(default=None, description="到场人数")
    agreed: int | None = Field(default=None, description="达成意向人数")
    called_off: bool = False
    is_demo: bool = False
