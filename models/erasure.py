"""删除: whose data was deleted, why, and who approved it."""

from datetime import date

from sqlmodel import Field

from models.base import BIG, Row, coded
from models.coded import Coded


class ErasureReason(Coded):
    """Why."""

    TERM = "term", "保存期限已满"
    REQUEST = "request", "本人申请删除"


class Erasure(Row, table=True):
    """One person's data deleted, for good. It says nothing of who the person was."""

    __tablename__ = "erasure"

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, unique=True)
    reason: ErasureReason = Field(sa_type=coded(ErasureReason), nullable=False)
    approved_on: date
    approved_by: int = Field(foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
