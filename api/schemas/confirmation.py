"""双向核实 over REST."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.base import Day, Instant, Place, Told, example
from models.confirmation import ConfirmedBy, ConfirmingSide, StillThere
from models.spell import Precision, SpellKind
from models.worker import Sex


class ConfirmationCreate(Told):
    """What one side found of a spell. Who was found at work is proved for the day, or from `since` on."""

    side: ConfirmingSide | None = Field(None, description="只有一方的账号可以不填")
    found: StillThere
    means: ConfirmedBy
    found_on: Day | None = Field(None, description="默认今天")
    since: Day | None = Field(None, description="核实到从哪天起一直在岗；只见到当天的不填")

    model_config = example({"found": "at_work", "means": "on_site", "since": "2021-09-20"})

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.since is not None and self.found is not StillThere.AT_WORK:
            raise ValueError("连续在岗的起始日期只在核实到在岗时填")
        return self


class ConfirmationPublic(BaseModel):
    """What one side found, on which day and by whom; `contradicted`: the record says otherwise of that day."""

    id: int
    spell_id: int
    side: ConfirmingSide
    found: StillThere
    means: ConfirmedBy
    found_on: date
    since: date | None
    by: str = Field(description="谁核实的")
    contradicted: bool
    created_at: Instant


class SideFinding(BaseModel):
    """The latest of one side."""

    side: ConfirmingSide
    found: StillThere
    found_on: date
    contradicted: bool


class WaitingSpellPublic(BaseModel):
    """A spell that waits to be looked at. `worker_id` is the home county's to know; the others know the name."""

    spell_id: int
    worker_id: int | None
    name: str
    sex: Sex | None
    home: Place = Field(description="户籍地，对就业地和工作站只到县")
    employer: str | None
    region: Place | None
    kind: SpellKind
    started_on: date
    ended_on: date | None
    precision: Precision
    observed_until: date | None
    findings: list[SideFinding]
    differs: bool = Field(description="有一方的核实结果与记录不一致")
