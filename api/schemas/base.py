"""Types that the schemas share: places, telephones, sane text and numbers."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("不能含有空字符")
    return text


Plain = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_without_nul)]
"""Text that the database can keep, without white space around it."""

Text = Annotated[Plain, Field(max_length=2000)]
LongText = Annotated[Plain, Field(max_length=20_000)]
Name = Annotated[Plain, Field(min_length=1, max_length=50)]
Title = Annotated[Plain, Field(min_length=1, max_length=100)]
Sought = Annotated[Plain, Field(max_length=100)]
RegionCode = Annotated[
    str, Field(pattern=r"^[0-9]{2}([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?$", examples=["610728"])
]
OccupationCode = Annotated[Plain, Field(min_length=1, max_length=8)]
IndustryCode = Annotated[Plain, Field(min_length=1, max_length=4)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
"""A day in the life of somebody living: further away it is a slip of the pen, and arithmetic could leave the calendar."""
Yuan = Annotated[int, Field(ge=0, le=1_000_000, description="元/月")]
RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=1_000_000)]
Skill = Annotated[Plain, Field(min_length=1, max_length=40)]
SkillLevel = Annotated[int, Field(ge=1, le=5)]
Skills = Annotated[list[Skill], Field(max_length=30)]


class Told(BaseModel):
    """The body of a command: a field that the service does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def example(body: dict[str, Any]) -> ConfigDict:
    """The configuration of a body that shows `body` in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"example": body})


class Place(BaseModel):
    """A region by code and by its full name."""

    code: str
    name: str
