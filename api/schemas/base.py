"""Types that the schemas share: places, telephones, sane text and numbers."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from api.words import REGION_CODE

_CHINA = ZoneInfo("Asia/Shanghai")


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("不能含有空字符")
    return text


Plain = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_without_nul)]
"""Text that the database can keep, without white space around it."""


def _visible(text: str) -> str:
    if not any(letter.isprintable() and not letter.isspace() and letter not in _BLANK for letter in text):
        raise ValueError("应有看得见的文字")
    return text


def _stated(pay: int) -> int:
    if pay == 0:
        raise ValueError("填0等于没有写明工资，请填写实际工资，不清楚的请留空")
    return pay


_PERSONAL = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|1[0-9]{10})(?![0-9Xx])")


def _of_nobody(text: str) -> str:
    if _PERSONAL.search(unicodedata.normalize("NFKC", text)):
        raise ValueError("不要写证件号码或电话号码，写明原因即可")
    return text


_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that draw nothing."""

Text = Annotated[Plain, Field(max_length=2000)]
Remark = Annotated[Text, AfterValidator(_of_nobody)]
"""A remark that others read: no number of a person stands in it."""
LongText = Annotated[Plain, Field(max_length=20_000)]
Name = Annotated[Plain, Field(min_length=1, max_length=50), AfterValidator(_visible)]
Title = Annotated[Plain, Field(min_length=1, max_length=100), AfterValidator(_visible)]
Sought = Annotated[Plain, Field(max_length=100)]
RegionCode = Annotated[str, Field(pattern=REGION_CODE, examples=["610728"])]
OccupationCode = Annotated[Plain, Field(min_length=1, max_length=8)]
IndustryCode = Annotated[Plain, Field(min_length=1, max_length=4)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
"""A day in the life of somebody living: further away it is a slip of the pen, and arithmetic could leave the calendar."""
Yuan = Annotated[int, Field(ge=0, le=1_000_000, description="元/月")]
Pay = Annotated[Yuan, AfterValidator(_stated)]
"""Pay that somebody states: 0 states none."""
RowNumber = Annotated[int, Field(ge=1, le=2**63 - 1)]
Small = Annotated[int, Field(ge=0, le=1_000_000)]
Skill = Annotated[Plain, Field(min_length=1, max_length=40)]
Instant = Annotated[
    datetime,
    PlainSerializer(
        lambda at: at.astimezone(_CHINA).isoformat(timespec="seconds"), return_type=str, when_used="json"
    ),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""An instant of an answer, RFC 3339 with China's offset."""
SkillLevel = Annotated[int, Field(ge=1, le=5)]
Skills = Annotated[list[Skill], Field(max_length=30)]


class Told(BaseModel):
    """The body of a command: a field that the service does not know is an error, not ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def example(body: dict[str, Any]) -> ConfigDict:
    """The configuration of a body that shows `body` in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"example": body})


class Labelled(BaseModel):
    """A code of a national table with its words."""

    code: str
    label: str


class Place(BaseModel):
    """A region by code and by its full name."""

    code: str
    name: str
