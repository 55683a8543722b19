"""常用筛选 over REST."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas.base import Remark, Told, example
from api.schemas.people_filter import PeopleFilter

SearchName = Annotated[Remark, Field(min_length=1, max_length=30)]
"""The name of a filter; no number of anybody stands in it."""


class WorkerSearchCreate(Told):
    """A filter to be kept: the filters of `GET /v1/workers` by name, but for `q`."""

    name: SearchName
    wanted: PeopleFilter
    shared: bool = Field(False, description="本单位的人都能用；要有管理权限")

    model_config = example(
        {"name": "搬迁点没上班的女工", "wanted": {"relocated": True, "employed": False, "sex": "female"}}
    )


class WorkerSearchUpdate(Told):
    """A JSON merge patch of a filter; `wanted` is replaced as a whole."""

    name: SearchName | None = None
    wanted: PeopleFilter | None = None
    shared: bool | None = None

    model_config = example({"name": "搬迁点没上班的"})


class WorkerSearchPublic(BaseModel):
    """A filter under a name."""

    id: int
    version: int
    name: str
    wanted: dict[str, Any] = Field(description="按字段名，可以直接用作 GET /v1/workers 的查询参数")
    words: str
    shared: bool
    own: bool
    removed: bool = Field(description="已删除，可以恢复")
    people: int | None = Field(description="现在找到多少人；列表里要写 counted=true 才数")
