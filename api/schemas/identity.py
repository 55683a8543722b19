"""Bodies of /v1/duplicates, /v1/merges and /v1/handovers."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.base import Instant, Place, RegionCode, Remark, RowNumber, Text, Told, example
from api.schemas.worker import WorkerPublic, WorkerSummary
from models.identity import HandoverState, Likeness, Verdict

Reason = Annotated[Remark, Field(min_length=1, max_length=200)]


class LinePlace(BaseModel):
    """A line of a file that may mean somebody."""

    import_id: int
    line: int
    file_name: str
    row: int | None = Field(description="the row of its sheet")


class DuplicatePublic(BaseModel):
    """疑似重复: a person, and another or a line of a file."""

    id: int
    version: int
    likeness: Likeness
    worker: WorkerSummary
    other: WorkerSummary | None
    line: LinePlace | None
    verdict: Verdict | None
    note: str
    merge_id: int | None = Field(description="the merge that the verdict led to and that still stands")
    created_at: Instant
    decided_at: Instant | None


class Compared(BaseModel):
    """One field of both, in words; numbers masked."""

    field: str
    label: str
    left: str
    right: str
    differs: bool


class WorkSeen(BaseModel):
    """One stretch of work of either."""

    period: str
    employer: str
    place: str


class DuplicateDetail(DuplicatePublic):
    """Both records side by side: `worker` is left. `number_differs_at` counts the places of the ID number from 1."""

    facts: list[Compared]
    number_differs_at: list[int]
    work_left: list[WorkSeen]
    work_right: list[WorkSeen]


class DuplicateDecision(Told):
    """What somebody decided. `keep`, of two records that are one person, is the one that stays: the elder unless said."""

    verdict: Verdict
    keep: RowNumber | None = None
    note: Remark = ""

    model_config = example({"verdict": "same", "keep": 12, "note": "电话问过本人，是同一人"})


class DuplicateSearch(Told):
    """Where to look: a region of the caller's, the first one unless said."""

    region: RegionCode | None = None

    model_config = example({"region": "610728"})


class MergeCreate(Told):
    """Two records of one person."""

    kept_id: RowNumber
    merged_id: RowNumber

    model_config = example({"kept_id": 12, "merged_id": 57})

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.kept_id == self.merged_id:
            raise ValueError("请选择两份不同的档案")
        return self


class MergePublic(BaseModel):
    """合并."""

    id: int
    kept: WorkerSummary
    merged: WorkerSummary
    created_at: Instant
    undone_at: Instant | None


class Claimed(BaseModel):
    """What the county that asks wrote of the person."""

    name: str
    region: Place


class HandoverPublic(BaseModel):
    """移交. `worker` and `from_region` only for those who have the record, `claimed` only for those who ask."""

    id: int
    version: int
    state: HandoverState
    from_region: Place | None
    to_region: Place
    worker: WorkerSummary | None
    claimed: Claimed | None
    reason: str
    answer: str
    may: list[str] = Field(description="what the caller may do now: agree, refuse, withdraw, decide")
    created_at: Instant
    settled_at: Instant | None


class HandoverAnswer(Told):
    """Words to the answer."""

    answer: Text = ""

    model_config = example({"answer": "人已随迁，同意移交"})


class HandoverRefusal(Told):
    """Why not."""

    answer: Reason

    model_config = example({"answer": "本人仍在本县居住，由本县继续服务"})


class HandoverDecision(Told):
    """What the bureau over both counties says."""

    transfer: bool
    answer: Reason

    model_config = example({"transfer": True, "answer": "以户籍迁入地为准"})


class WorkerCreated(WorkerPublic):
    """A person as registered, and the pairs (/v1/duplicates) that somebody should look at: may it be somebody known?"""

    possible_duplicates: list[int]
