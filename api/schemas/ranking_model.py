"""推荐模型 over REST: what was learned, how it was judged, what serves."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Labelled, Place, RegionCode, Remark, Told, example
from models.coded import Coded


class ModelState(Coded):
    """What became of a training."""

    SERVING = "serving", "正在使用"
    EARLIER = "earlier", "以前用过"
    REFUSED = "refused", "没有启用"


Reason = Annotated[Remark, Field(min_length=1, max_length=300)]


class ModelTrain(Told):
    """Learn from the people of one of my regions, or of all of them."""

    region: RegionCode | None = Field(None, description="只用其中一个地区的记录；默认为我的全部地区")

    model_config = example({})


class ModelBack(Told):
    """Let what served before serve again."""

    region: RegionCode | None = Field(None, description="只退回其中一个地区；默认为我的全部地区")
    reason: Reason = Field(description="为什么退回，会留在记录里")

    model_config = example({"reason": "推荐的岗位离家太远，先退回上一版"})


class ServingPublic(BaseModel):
    """What ranks for all that I may see; the documented default weights where `model_id` is null."""

    label: str
    model_id: int | None
    as_of: date | None = Field(description="the last day that the model knows of")
    regions: list[Place] = Field(description="where that was decided; empty where nobody ever decided")
    since: Instant | None
    how: Labelled | None
    reason: str
    by: str | None


class ModelSummary(BaseModel):
    """One training, in a list."""

    id: int
    created_at: Instant
    label: str
    regions: list[Place]
    by: str | None
    monthly: bool
    begins: date | None
    as_of: date
    stays: int
    answers: int
    version: str
    state: ModelState
    reasons: list[str]
    faults: list[str] = Field(description="why its file could not be used; empty for a whole one")


class ModelChange(BaseModel):
    """What served from then on."""

    at: Instant
    label: str
    how: Labelled
    reason: str
    by: str | None


class ModelPublic(ModelSummary):
    """The card of a model. `metrics` holds every measure with its 95 % interval, as `wengang backtest --json` tells them."""

    challenged_id: int | None = Field(
        description="the model that served when it was judged; null for the default weights"
    )
    challenged: str
    schema_hash: str
    file_sha256: str | None
    file_bytes: int
    metrics: dict[str, Any]
    not_for: list[str]
    changes: list[ModelChange]
