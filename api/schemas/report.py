"""上报与采纳 over REST."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import Day, Instant, Labelled, Place, Plain, RegionCode, RowNumber, Told, example
from ledger.records.reported import Reported
from models.intake import ImportKind
from models.report import Outcome, ReportSource
from models.spell import Precision

Line = Annotated[Plain, Field(min_length=1, max_length=100)]
Month = Annotated[Day, Field(description="精确到月时只看年月")]


class WorkTold(Told):
    """What somebody reports of one stretch of work; what is not known is absent or null."""

    working: bool | None = None
    started: Month | None = None
    ended: Month | None = None
    precision: Precision = Precision.MONTH
    region: RegionCode | None = None
    employer: Line | None = None
    income: Annotated[Decimal | None, Field(ge=0, le=999_999_999, description="元/月")] = None
    industry: Line | None = None
    channel: Line | None = None
    point_to_point: bool | None = None
    form: Line | None = None
    certificate: Annotated[Plain, Field(max_length=60)] | None = None
    post_kinds: Annotated[list[Line], Field(max_length=10, default_factory=list)]
    post_months: Annotated[int | None, Field(ge=0, le=999)] = None

    def reported(self) -> Reported:
        """As the rules and the sealed record take it: the fields that were told are those that were asked."""
        told = {name: getattr(self, name) for name in WorkTold.model_fields}
        told["post_kinds"] = tuple(self.post_kinds)
        return Reported(0, asked=frozenset(told.keys() & self.model_fields_set - {"precision"}), **told)


class ReportCreate(WorkTold):
    """A clerk's own report, in the place of an earlier one if `instead_of` names it."""

    instead_of: RowNumber | None = None

    model_config = example(
        {
            "working": True,
            "started": "2021-03-01",
            "region": "320612",
            "employer": "南通测试有限公司",
            "income": 4500,
            "instead_of": 1,
        }
    )


class Why(Told):
    """Why somebody decided so."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]

    model_config = example({"reason": "已电话联系本人核实"})


class WorkReported(BaseModel):
    """A report of work as it was made; codes that we know with their words."""

    working: bool | None
    started: date | None
    ended: date | None
    precision: Precision
    region: Place | None
    county_text: str | None
    abroad: bool
    employer: str | None
    income: Decimal | None
    industry: str | None
    channel: str | None
    point_to_point: bool | None
    travel_subsidy: Decimal | None
    form: str | None
    certificate: str | None
    plans: bool | None
    needs: str | None
    intention: str | None
    post_kinds: list[str]
    post_months: int | None
    noted: list[str] = Field(default=[], description="来源里另外写明的，原样保存")


class DecisionPublic(BaseModel):
    """By which rule, or by whom, a report became part of an accepted spell, or did not."""

    id: int
    outcome: Outcome
    rule: Labelled
    reason: str
    spell_id: int | None
    account: str | None = Field(description="who decided, or brought the file in by which the rules did")
    decided_at: Instant


class ReportPublic(BaseModel):
    """上报务工记录. `told` is null where the person's data was deleted."""

    id: int
    worker_id: int
    worker: str
    source: ReportSource
    kind: ImportKind | None
    import_id: int | None
    import_line: int | None = Field(description="counts through all sheets of the file")
    file_name: str | None
    sheet: str | None = Field(description="null where the file has only one")
    row: int | None = Field(description="in that sheet, as the workbook counts")
    reported_on: date
    account: str | None
    created_at: Instant
    in_force: bool
    waiting: bool = Field(description="no rule could decide, and nobody has yet")
    told: WorkReported | None
    decision: DecisionPublic | None
