"""报表 and 导出 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Day, Instant, Place, Plain, RegionCode, RowNumber, Text, Title, Told, example
from api.schemas.job import JobPublic
from ledger.registers.view import Asks
from models.export import Format


class RegisterPublic(BaseModel):
    """A register or a return that can be looked at and exported."""

    code: str
    title: str
    about: str
    asks: Asks = Field(description="what it is asked for beside the region")
    unit: str


class Heading(BaseModel):
    """One column. `personal` numbers are masked unless the export says otherwise."""

    heading: str
    personal: bool


class PartPublic(BaseModel):
    """How many rows are of a place directly below; no code: of people who are registered no more exactly.

    Below a township are the villages that its ledger names: `code` is the township's, `village` the name to ask with.
    """

    code: str | None
    name: str
    count: int
    village: str | None


class RegisterPreview(BaseModel):
    """The first rows, numbers masked, and how many there are."""

    register_: RegisterPublic = Field(serialization_alias="register")
    region: Place
    village: str | None
    from_on: date
    as_of: date
    columns: list[Heading]
    rows: list[list[str | int | date | None]]
    total: int = Field(description="people (or what `unit` says) that the whole covers")
    parts: list[PartPublic]


class ExportCreate(Told):
    """A file to be made. Numbers are masked unless `masked` is false, and then `reason` says what for."""

    view: Plain = Field(min_length=1, max_length=40)
    region: RegionCode | None = None
    village: Title | None = Field(None, description="一个乡镇的台账里的村名，或“未填村”")
    as_of: Day | None = None
    period: Plain | None = Field(None, max_length=10, description="月份 2025-06 或季度 2025Q2")
    batch: RowNumber | None = Field(None, description="输送批次")
    format: Format = Format.XLSX
    masked: bool = True
    reason: Text = ""

    model_config = example({"view": "transferred", "region": "610728", "as_of": "2021-09-20"})


class ExportPublic(BaseModel):
    """A file that was asked for. `rows` and `size` are empty until it is whole; `file` is gone when it has expired."""

    id: int
    view: str
    title: str
    region: Place
    village: str | None
    as_of: date
    format: Format
    masked: bool
    reason: str
    file_name: str
    rows: int | None
    size: int | None = Field(description="bytes")
    created_at: Instant
    expires_at: Instant | None
    expired: bool
    file: str | None = Field(description="where the file is fetched")
    job: JobPublic | None
