"""驻站人员的日常 over REST: firms, the county's people in them, and the problems that a station notes and answers."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.base import Place, Remark, RowNumber, Told, example
from api.schemas.confirmation import WaitingSpellPublic
from models.care import Difficulty, SupportState
from models.station import VisitFound
from models.worker import Sex


class FirmPublic(BaseModel):
    """A firm where people of the county are at work."""

    employer_id: int | None = Field(description="没有登记单位的人合在一起，为空")
    employer: str | None
    people: int = Field(description="本县在岗")
    unconfirmed: int = Field(description="本月还没有核实过")
    doubtful: int = Field(description="有一方的核实结果与记录不一致")
    problems: int = Field(description="没办结的问题")
    visited_on: date | None = Field(description="上次走访")
    found: VisitFound | None = Field(description="上次走访的结果")


class PersonAtWorkPublic(WaitingSpellPublic):
    """Somebody of the county who is at work here."""

    met_on: date | None = Field(description="就业地或工作站最后核实在岗的日期")
    this_month: bool = Field(description="本月已经核实过")
    undo_id: int | None = Field(description="我今天登记的核实，按错了可以撤销")
    problems: list[Difficulty] = Field(description="没办结的问题")


class ProblemNoted(Told):
    """What somebody at work needs help with. The words are read by the home county alone."""

    difficulty: Difficulty
    note: Remark = Field("", max_length=500)

    model_config = example({"difficulty": "unpaid", "note": "8月工资还没有发"})


class StationProblemPublic(BaseModel):
    """A problem that a station noted, or that the home county handed to it."""

    id: int
    version: int
    name: str
    sex: Sex | None
    employer_id: int | None
    employer: str | None
    difficulty: Difficulty
    told_on: date
    due_on: date
    late: bool
    state: SupportState
    handed_on: date | None = Field(description="县里交给工作站办理的日期；空着的由县里办")
    done_on: date | None
    outcome: str
    answer: str = Field(description="工作站退回时的说明")


class GivenBack(Told):
    """Why the station can't see to it."""

    answer: Remark = Field(min_length=2, max_length=500)

    model_config = example({"answer": "单位不让进厂，请县里出面"})


class HandedTo(Told):
    """To which station a problem is handed, or that the home county sees to it again."""

    station_id: RowNumber | None = Field(None, description="本县派驻的工作站；不填是收回")
    take_back: bool = False

    model_config = example({"station_id": 1})

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.station_id is None) != self.take_back:
            raise ValueError("交给哪个工作站和收回，二者填一")
        return self


class StationShort(BaseModel):
    """A station by name and place."""

    id: int
    name: str
    region: Place
