"""Types that the schemas share: places, telephones, sane text and numbers."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _plain(text: str) -> str:
    if "\0" in text:
        raise ValueError("不能含有空字符")
    return text.strip()


Text = Annotated[str, AfterValidator(_plain), Field(max_length=2000)]
LongText = Annotated[str, AfterValidator(_plain), Field(max_length=20_000)]
Name = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=50)]
Title = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=100)]
RegionCode = Annotated[str, Field(pattern=r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$", examples=["610728"])]
Yuan = Annotated[int, Field(ge=0, le=1_000_000, description="元/月")]
RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=1_000_000)]
Skill = Annotated[str, AfterValidator(_plain), Field(min_length=1, max_length=40)]
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
