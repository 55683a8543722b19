"""劳动力 over REST."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.base import (
    Day,
    Labelled,
    Name,
    OccupationCode,
    Place,
    Plain,
    RegionCode,
    RowNumber,
    Skill,
    SkillLevel,
    Small,
    Text,
    Told,
    Yuan,
    example,
)
from ledger.identity.correcting import CorrectionReason
from models.coded import Coded
from models.education import Education
from models.household import HardshipCategory
from models.worker import LabourCapability, RelationToHead, Sex, Wants


class IntentionTold(Told):
    """就业意愿, told or changed as a whole."""

    wants: Wants | None = None
    reason: Text | None = None
    accepted_regions: list[RegionCode] = Field(default_factory=list, max_length=50)
    occupations: list[OccupationCode] = Field(default_factory=list, max_length=50)
    pay_floor: Yuan | None = None
    available_from: Day | None = None
    needs_lodging: bool | None = None


class WorkerFacts(Told):
    """What may be told of a person besides the ID number, and changed later."""

    phone: Text | None = None
    household_id: RowNumber | None = None
    relation_to_head: RelationToHead | None = None
    ethnicity: Text | None = None
    education: Education | None = None
    labour_capability: LabourCapability | None = None
    disability_grade: int | None = Field(None, ge=1, le=4)
    speaks_mandarin: bool | None = None
    experience_months: Small | None = None
    last_occupation: OccupationCode | None = None


class IdNumberCorrect(Told):
    """更正证件号码: the right number, and why. The one on record goes on finding the person, unless it is another's."""

    id_number: Plain = Field(min_length=1, max_length=40)
    reason: CorrectionReason

    model_config = example({"id_number": "990101198503150024", "reason": "mistyped"})


class WorkerCreate(WorkerFacts):
    """A person to be registered. Sex and birth date come from the ID number where there is one."""

    name: Name
    region: RegionCode
    id_number: Annotated[Plain, Field(max_length=40)] | None = None
    sex: Sex | None = None
    birth_date: Day | None = None
    skills: dict[Skill, SkillLevel | None] = Field(default_factory=dict, max_length=30)
    intention: IntentionTold | None = None
    handover_reason: Annotated[Plain, Field(max_length=200)] | None = Field(
        None, description="已在外县登记时，请求移交的理由"
    )
    after_deletion: bool = Field(
        False, description="资料已按规定删除的人，本人重新申请登记：另立新档案，不恢复原有资料"
    )

    model_config = example(
        {
            "name": "测试人员",
            "region": "610728",
            "id_number": "990100198003152482",
            "phone": "10000000001",
            "education": "junior_high",
            "skills": {"缝纫工": 3},
            "intention": {"wants": "out", "accepted_regions": ["320612"], "pay_floor": 4000},
        }
    )


class WorkerUpdate(WorkerFacts):
    """A JSON merge patch of a person: what is absent stays, null is unknown."""

    name: Name | None = None
    region: RegionCode | None = None
    at_school: bool | None = None
    skills: dict[Skill, SkillLevel | None] | None = Field(
        None, max_length=30, description="取代原有的全部技能"
    )
    intention: IntentionTold | None = None

    model_config = example({"education": "senior_high", "phone": "10000000002"})


class IntentionPublic(BaseModel):
    """就业意愿."""

    wants: Wants | None
    reason: str | None
    accepted_regions: list[Place]
    occupations: list[Labelled]
    pay_floor: int | None
    available_from: date | None
    needs_lodging: bool | None


class WorkerSummary(BaseModel):
    """A person in a list."""

    id: int
    name: str
    sex: Sex | None
    age: int | None
    region: Place
    education: Education | None
    hardship: HardshipCategory | None
    employed: bool
    restricted: bool = Field(description="已限制使用：不推荐、不修改、不统计")
    is_demo: bool


class WorkerPublic(WorkerSummary):
    """A person's page. ID number and telephone are masked."""

    version: int
    birth_date: date | None
    id_number: str | None
    phone: str | None
    ethnicity: str | None
    household_id: int | None
    relation_to_head: RelationToHead | None
    labour_capability: LabourCapability | None
    disability_grade: int | None
    at_school: bool | None
    speaks_mandarin: bool | None
    experience_months: int | None
    last_occupation: Labelled | None
    skills: dict[str, int | None]
    intention: IntentionPublic | None


class RevealReason(Coded):
    """What the full numbers are needed for; written into the record of who looked."""

    CALL = "call", "打电话联系本人"
    CLAIM = "claim", "办理补贴或社保"
    CHECK = "check", "核对证件"
