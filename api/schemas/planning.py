"""计划 and 任务 as they are written over REST."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from api.schemas.base import Day, Plain, RegionCode, Remark, RowNumber, Title, Told, example
from models.spell import SpellKind
from models.target import Indicator, Measure, Population

_Number = Annotated[int, Field(ge=1, le=100_000_000)]
_Sentence = Annotated[Remark, Field(min_length=1)]
_Issuer = Annotated[Plain, Field(min_length=1, max_length=100)]
_Document = Annotated[Plain, Field(min_length=1, max_length=100)]
_Unit = Annotated[Plain, Field(min_length=1, max_length=10)]
_Rule = Annotated[Plain, Field(min_length=1, max_length=40)]


class PlanCreate(Told):
    """A work plan as it was published, of a region of mine; its tasks are added one by one."""

    title: Title
    issuer: _Issuer
    document_number: _Document | None = None
    published_on: Day | None = None
    region: RegionCode | None = Field(None, description="哪个地区的计划；只管一个地区的账号可以不填")
    partner: RegionCode | None = Field(None, description="结对的就业地；计划没有写明的不填")

    model_config = example(
        {
            "title": "镇巴县2022年苏陕协作工作计划",
            "issuer": "镇巴县人力资源和社会保障局",
            "published_on": "2021-09-01",
            "partner": "320612",
        }
    )


class PlanUpdate(Told):
    """What may be changed of a plan (JSON merge patch)."""

    title: Title | None = None
    issuer: _Issuer | None = None
    document_number: _Document | None = None
    published_on: Day | None = None
    partner: RegionCode | None = None

    model_config = example({"document_number": "镇人社发〔2021〕30号"})


class TargetCreate(Told):
    """One task of a plan in the plan's own words. A plan's sentence without a number has none here; nor has it a rule
    where the plan names none."""

    label: Title
    sentence: _Sentence = Field(description="计划原文")
    indicator: Indicator = Field(Indicator.TASK, description="统计什么，见 /v1/indicators")
    population: Population = Population.RURAL
    kinds: list[SpellKind] = Field(
        default_factory=list, max_length=8, description="只计这些就业类型，默认指标的全部"
    )
    rule: _Rule | None = Field(None, description="稳定口径的代码，计划没有写明的不填")
    number: _Number | None = None
    at_least: bool = False
    unit: _Unit | None = Field(None, description="默认指标的单位")
    measure: Measure | None = Field(None, description="默认同指标")
    parent_id: RowNumber | None = Field(None, description="“其中”属于哪项任务")
    from_on: Day
    to_on: Day

    model_config = example(
        {
            "label": "转移就业",
            "sentence": "全年转移就业400人。",
            "indicator": "transfer",
            "number": 400,
            "from_on": "2022-01-01",
            "to_on": "2022-12-31",
        }
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to_on < self.from_on:
            raise ValueError("截止日期不能早于开始日期")
        return self


class TargetUpdate(Told):
    """What may be changed of a task (JSON merge patch); all of it is held to what a new one must fulfil."""

    label: Title | None = None
    sentence: _Sentence | None = None
    indicator: Indicator | None = None
    population: Population | None = None
    kinds: list[SpellKind] | None = Field(None, max_length=8)
    rule: _Rule | None = None
    number: _Number | None = None
    at_least: bool | None = None
    unit: _Unit | None = None
    measure: Measure | None = None
    parent_id: RowNumber | None = None
    from_on: Day | None = None
    to_on: Day | None = None

    model_config = example({"number": 420})
