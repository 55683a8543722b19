"""行政区划: where people live and work."""

from sqlmodel import Field, SQLModel

from models.base import coded
from models.coded import Coded


class RegionLevel(Coded):
    """The five levels; the code's length follows from it."""

    PROVINCE = "province", "省级"
    CITY = "city", "地级"
    COUNTY = "county", "县级"
    TOWNSHIP = "township", "乡级"
    VILLAGE = "village", "村级"


class Region(SQLModel, table=True):
    """A GB/T 2260 division. Its code has the natural length: 2, 4, 6, 9 or 12 digits.

    The parent is stored, not derived: 东莞 has no counties, a municipality's county hangs on the province.
    """

    __tablename__ = "region"

    code: str = Field(primary_key=True, max_length=12, regex=r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$")
    name: str
    short_name: str
    level: RegionLevel = Field(sa_type=coded(RegionLevel), nullable=False)
    parent_code: str | None = Field(default=None, foreign_key="region.code", index=True)
    longitude: float | None = None
    latitude: float | None = None
    source: str = Field(description="the reference file and its date, or the ledger that named the village")
