"""推荐记录: every list that was shown, as it was shown."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Field, SQLModel

from models.base import BIG, INSTANT, JSON_OBJECT, coded, now
from models.coded import Coded


class RankingSide(Coded):
    """Which side was listed."""

    VACANCIES = "vacancies", "为人找岗"
    WORKERS = "workers", "为岗找人"


class Ranking(SQLModel, table=True):
    """One shown list: whose, by which ranker, as of which date."""

    __tablename__ = "ranking"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=INSTANT, nullable=False)
    account_id: int = Field(foreign_key="account.id", sa_type=BIG, index=True)
    side: RankingSide = Field(sa_type=coded(RankingSide), nullable=False)
    ranker: str
    ranker_version: str
    as_of: date
    ranked: bool = True


class RankingItem(SQLModel, table=True):
    """One line of a shown list; `region` is the worker's, for row security."""

    __tablename__ = "ranking_item"

    ranking_id: UUID = Field(primary_key=True, foreign_key="ranking.id")
    position: int = Field(primary_key=True)
    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    vacancy_id: int = Field(foreign_key="vacancy.id", sa_type=BIG, index=True)
    region: str = Field(foreign_key="region.code")
    propensity: float | None = Field(
        default=None, description="how likely this line stood here; null where no order was drawn"
    )
    score: float | None = None
    p_hire: float | None = None
    p_stay_90: float | None = None
    p_stay_180: float | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON_OBJECT, nullable=False)
