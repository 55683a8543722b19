"""输送批次: a group sent together on a date, with its list."""

from datetime import date

from sqlmodel import Field, SQLModel

from models.base import BIG, Versioned, coded
from models.coded import Coded


class Transport(Coded):
    """交通方式."""

    BUS = "bus", "包车"
    TRAIN = "train", "火车"
    PLANE = "plane", "飞机"
    OTHER = "other", "其他"


class Dispatch(Versioned, table=True):
    """输送批次, of the county that sends."""

    __tablename__ = "dispatch"

    region: str = Field(foreign_key="region.code", index=True)
    name: str = Field(max_length=100)
    departs_on: date = Field(index=True)
    destination: str | None = Field(default=None, foreign_key="region.code")
    transport: Transport = Field(default=Transport.BUS, sa_type=coded(Transport), nullable=False)
    point_to_point: bool = Field(default=True, description="点对点输送")
    note: str = ""


class DispatchMember(SQLModel, table=True):
    """One person of a batch, and to which post, where that is known."""

    __tablename__ = "dispatch_member"

    dispatch_id: int = Field(primary_key=True, foreign_key="dispatch.id", sa_type=BIG)
    worker_id: int = Field(primary_key=True, foreign_key="worker.id", sa_type=BIG, index=True)
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG)
    departed: bool | None = Field(default=None, description="whether the person really left")
