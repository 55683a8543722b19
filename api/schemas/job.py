"""任务 over REST."""

from typing import Any

from pydantic import BaseModel, Field

from api.schemas.base import Instant, Labelled
from models.job import Job, JobState

LABELS = {
    "import.stage": "读取文件",
    "import.check": "核对文件",
    "import.apply": "导入台账",
    "doubts": "查疑点",
    "export": "导出",
    "duplicates": "查找疑似重复",
    "models.train": "训练推荐模型",
    "compare": "两本账对账",
    "fair.cards": "制作招聘会岗位卡",
    "fair.settle": "招聘会会后处理",
    "leavers.propose": "给离岗的人推荐岗位",
    "plan.make": "编制方案",
    "plan.approve": "批准方案",
    "compare.evidence": "转为佐证",
    "compare.settle": "一起处理对账结果",
}
"""The Chinese word of every kind in `api.worker.kinds`."""


class JobPublic(BaseModel):
    """Long work: what it is, how far it is, and where to look when it is done.

    `total` is 0 while nobody knows how much there is. `result` holds numbers of rows and codes, nothing of a person.
    """

    id: int
    kind: Labelled
    state: JobState
    done: int
    total: int
    message: str = Field(description="what is under way, or why it was not done and what to do")
    result: dict[str, Any]
    link: str | None = Field(description="the page or address to look at when it is done")
    cancel_asked: bool
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None


def public_job(job: Job) -> JobPublic:
    """The job as its account is told of it."""
    return JobPublic(
        id=job.identity,
        kind=Labelled(code=job.kind, label=LABELS.get(job.kind, "后台任务")),
        state=job.state,
        done=job.done,
        total=job.total,
        message=job.message,
        result={name: value for name, value in job.result.items() if name != "link"},
        link=job.result.get("link"),
        cancel_asked=job.cancel_asked,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
    )
