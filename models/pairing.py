"""结对关系: a western region and the eastern one that is to help it."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.base import Row


class Pairing(Row, table=True):
    """Origin (west), destination (east), the programme's name and the dates it holds."""

    __tablename__ = "pairing"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", "dates_in_order"),)

    origin_region: str = Field(foreign_key="region.code", index=True)
    destination_region: str = Field(foreign_key="region.code", index=True)
    programme: str
    valid_from: date
    valid_until: date | None = None
