"""人工复核 over REST."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Remark, RowNumber, Told, example
from models.consent import Speaker
from models.review import ReviewAbout, ReviewOutcome

Said = Annotated[Remark, Field(min_length=2, max_length=500)]


class ReviewCreate(Told):
    """What a human is to look at, and what the person says about it."""

    about: ReviewAbout
    wish: Said
    speaker: Speaker = Speaker.SELF
    vacancy_id: RowNumber | None = Field(None, description="和某个岗位有关的")

    model_config = example({"about": "ranking", "wish": "为什么没有推荐离家近的岗位"})


class ReviewAnswer(Told):
    """What came of it, in words that the person will read."""

    outcome: ReviewOutcome
    answer: Said

    model_config = example({"outcome": "changed", "answer": "意愿地区登记有误，已更正并重新推荐"})


class ReviewPublic(BaseModel):
    """One request, and its answer."""

    id: int
    version: int
    worker_id: int
    worker: str = Field(description="姓名")
    about: ReviewAbout
    wish: str
    speaker: Speaker
    vacancy_id: int | None
    asked_on: date
    due_on: date
    overdue_days: int
    taken_by: str | None
    outcome: ReviewOutcome | None
    answer: str
    answered_on: date | None
    answered_by: str | None
    is_demo: bool
