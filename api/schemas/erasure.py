"""删除 over REST."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas.base import Told, example
from models.erasure import ErasureReason


class ErasureApproved(Told):
    """Why a person's data is deleted for good."""

    reason: ErasureReason

    model_config = example({"reason": "request"})


class ErasurePublic(BaseModel):
    """A deletion that was approved and done."""

    id: int
    worker_id: int
    reason: ErasureReason
    approved_on: date
    approved_by: str | None


class DueForErasure(BaseModel):
    """Somebody of whom nothing has happened for the term."""

    worker_id: int
    name: str
    region: str = Field(description="户籍地")
    registered_on: date
    is_demo: bool
