"""匹配方案 over REST."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.base import Day, Instant, Place, RegionCode, RowNumber, Title, Told, example
from api.schemas.job import JobPublic
from api.schemas.placement import Reason
from api.schemas.post import VacancySummary
from api.schemas.worker import WorkerSummary
from models.coded import Coded
from models.match_plan import DecisionKind, LineState, Objective, PlanState
from models.worker import Wants


class QuotaGroup(Coded):
    """Groups that may have a quota, and by which people may be chosen."""

    POVERTY_RELIEVED = "poverty_relieved", "脱贫劳动力"
    MONITORED = "monitored", "监测对象"
    RELOCATED = "relocated", "易地搬迁劳动力"
    DISABLED = "disabled", "残疾劳动力"


class QuotaTold(Told):
    """At least so many people of a group, or at least that share of everybody placed; one of the two."""

    group: QuotaGroup
    people: Annotated[int, Field(ge=0, le=100_000)] | None = None
    percent: Annotated[float, Field(ge=0, le=100)] | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.people is None) == (self.percent is None):
            raise ValueError("人数和百分比填一个，不能都填或都不填")
        return self


class BusTold(Told):
    """A bus on the day of leaving: nobody is sent to its destination, or at least so many."""

    place: RegionCode = Field(description="开到哪里：省、市或县（市、区）的代码")
    least: Annotated[int, Field(ge=2, le=500)] = Field(description="至少坐多少人才开")


class MatchPlanChoice(Told):
    """Who, which posts, what for. Of several conditions all hold; a list left out leaves everything in."""

    region: RegionCode | None = Field(None, description="哪个地区的人，默认本单位的地区")
    within: list[RegionCode] = Field(default_factory=list, max_length=100, description="只要这些乡镇或村的人")
    wants: list[Wants] = Field(
        default_factory=lambda: [Wants.OUT],
        min_length=1,
        max_length=3,
        description="只要有这些意愿的人；暂不就业的人不安排",
    )
    unasked: bool = Field(False, description="没有问过意愿的人也要")
    groups: list[QuotaGroup] = Field(default_factory=list, max_length=4, description="只要属于其中一类的人")
    worker_ids: list[RowNumber] = Field(default_factory=list, max_length=5_000, description="只要这些人")
    vacancy_ids: list[RowNumber] = Field(default_factory=list, max_length=2_000, description="只要这些岗位")
    employer_ids: list[RowNumber] = Field(
        default_factory=list, max_length=500, description="只要这些单位的岗位"
    )
    places: list[RegionCode] = Field(default_factory=list, max_length=100, description="只要这些地方的岗位")
    paired: bool = Field(False, description="只要结对地区的岗位")
    departs_on: Day
    together: bool = Field(True, description="同行的人安排在同一个县，不能同去就都不安排")
    objective: Objective = Objective.STABLE
    quotas: list[QuotaTold] = Field(default_factory=list, max_length=8)
    buses: list[BusTold] = Field(
        default_factory=list, max_length=10, description="包车：凑不够人数的，那个地方这次不安排人"
    )

    model_config = example(
        {
            "region": "610728",
            "departs_on": "2021-09-25",
            "quotas": [{"group": "monitored", "percent": 20}],
            "buses": [{"place": "320612", "least": 30}],
            "paired": True,
        }
    )


class MatchPlanCreate(MatchPlanChoice):
    """A plan to be made. `seed` decides among equals; the same choice and seed make the same plan."""

    name: Title | None = None
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    model_config = example(
        {
            "name": "2021年秋季第一批",
            "region": "610728",
            "departs_on": "2021-09-25",
            "quotas": [{"group": "monitored", "percent": 20}],
        }
    )


class ChosenPublic(BaseModel):
    """How many a choice would plan with. `left_out` says of whom and what it takes nothing, in words."""

    people: int
    groups: dict[str, int] = Field(description="其中各类的人数")
    with_companion: int
    posts: int
    employers: int
    seats: int
    left_out: list[str]


class QuotaPublic(BaseModel):
    """A quota and what became of it. `one_more` is what one more person would cost, `whole` what all of it costs
    beside a plan without it (as of the plan's making); both in the unit of the objective, null where unknown, and where the
    quota is not met: `most` is then how many people can be placed at most."""

    group: QuotaGroup
    words: str
    asked: int
    reached: int
    met: bool
    most: int | None
    one_more: float | None
    whole: float | None
    costs: str


class BusPublic(BaseModel):
    """A bus and how many go by it; 0 where it does not go."""

    place: Place
    least: int
    aboard: int
    words: str


class NotePublic(BaseModel):
    """Something that holds of so many people."""

    code: str
    people: int
    sentence: str


class OutcomePublic(BaseModel):
    """What is expected of a plan, by the ranker's own estimate."""

    placed: int
    starts: float
    stable: float
    groups: dict[str, int]


class MatchPlanSummary(BaseModel):
    """One plan in a list."""

    id: int
    version: int
    region: Place
    name: str
    by: str | None
    created_at: Instant
    departs_on: date
    objective: Objective
    state: PlanState
    people: int | None
    seats: int | None
    placed: int | None
    stable: float | None
    is_demo: bool


class MatchPlanPublic(MatchPlanSummary):
    """One plan. `plan` and `first_come` are estimates by the ranker named; the second takes the same people in the
    order in which they were registered, and is left out (`not_comparable` says why) once some of them can't be placed any
    more. `job` is told to whom it is of."""

    as_of: date
    ranker: str
    ranker_version: str
    seed: int
    choice: MatchPlanChoice
    posts: int | None
    plan: OutcomePublic | None
    first_come: OutcomePublic | None
    not_comparable: str | None = Field(description="为什么不再和先来先得比较")
    total: float | None
    bound: float | None
    gap: float | None
    quotas: list[QuotaPublic]
    shortfalls: list[str]
    left_empty: list[str] = Field(description="为什么有人有名额却没有安排满")
    buses: list[BusPublic]
    notes: list[NotePublic]
    unplaced: list[NotePublic] = Field(description="没有安排的人，各因为什么")
    nobody: str | None = Field(description="为什么一个人也没有安排")
    lines: dict[str, int] = Field(description="各种情况的人数")
    dispatch_id: int | None
    job: JobPublic | None


class PostPublic(BaseModel):
    """A post of a plan. `price` is what a seat costs whoever takes it, `seat_worth` what one more would add, both in the
    unit of the objective; `worth` says the second in words. `first_come` is as of when the plan was made."""

    vacancy: VacancySummary
    seats: int
    filled: int
    free: int
    stable: float
    first_come: int
    first_come_stable: float
    price: float
    seat_worth: float
    worth: str
    closed_by: int | None = Field(description="关闭它的人工决定")


class LinePublic(BaseModel):
    """A person of a plan. `worker` is null once the person is not the caller's to read any more; `decision` is what was
    decided by hand and is in force, `net` the score less the price of the seat."""

    worker_id: int
    worker: WorkerSummary | None
    vacancy: VacancySummary | None
    state: LineState
    together: list[str]
    together_ids: list[int] = Field(description="同行的人的编号")
    p_hire: float | None
    p_stay_90: float | None
    p_stay_180: float | None
    score: float | None
    net: float | None
    reasons: list[Reason]
    decision: DecisionKind | None
    decision_id: int | None
    not_held: str | None = Field(description="人工决定没有照办的原因")
    application_id: int | None


class OptionPublic(BaseModel):
    """Where a person of a plan might go. `eligible` is false where the plan's rules rule it out, or nobody looked: a human
    may still decide so, and nothing is expected of it then."""

    vacancy: VacancySummary
    seats: int
    free: int
    eligible: bool
    p_hire: float | None
    p_stay_180: float | None
    score: float | None
    net: float | None = Field(description="减去名额的价格：对大家最好的在前")


class MovePublic(BaseModel):
    """Somebody who would stand elsewhere if another is moved. `name` is masked, and null once the person is not the caller's
    to read; `after` is null without a post, and `why` says so where the person can't be placed any more for another reason."""

    worker_id: int
    name: str | None
    displaced: bool = Field(description="原来在那个岗位，要让出名额")
    before: VacancySummary | None
    after: VacancySummary | None
    why: str | None


class MoveForeseen(BaseModel):
    """What moving somebody to `vacancy` would bring once the rest is settled anew; nothing has been changed. `stable` is how
    many of the plan are expected to stay 180 days then, `stable_before` now."""

    vacancy: VacancySummary
    carried_out: bool = Field(description="现在有名额给本人")
    stable_before: float
    stable: float
    moved: list[MovePublic]


class DecisionTold(Told):
    """One decision: a person to a post (`move`), a person where they are (`pin`), a person nowhere, or nobody to a post."""

    kind: DecisionKind
    worker_id: RowNumber | None = None
    vacancy_id: RowNumber | None = None


class DecisionsTold(Told):
    """Decisions that are settled together."""

    items: list[DecisionTold] = Field(min_length=1, max_length=200)

    model_config = example({"items": [{"kind": "move", "worker_id": 1, "vacancy_id": 1}]})


class DecisionPublic(BaseModel):
    """A decision, by whom and when; `undone_at` once it was taken back."""

    id: int
    kind: DecisionKind
    worker_id: int | None
    vacancy_id: int | None
    by: str | None
    created_at: Instant
    undone_by: str | None
    undone_at: Instant | None


class SettledPublic(BaseModel):
    """The plan after decisions, and how many people stand elsewhere than before; the plan's version is `version`."""

    version: int
    changed: int
    decision_ids: list[int]
    plan: MatchPlanPublic


class ApprovedTold(Told):
    """Some people of a plan."""

    worker_ids: list[RowNumber] = Field(min_length=1, max_length=100)

    model_config = example({"worker_ids": [1]})


class ApprovedPublic(BaseModel):
    """What became of them: how many are on the list of `dispatch_id`, and who is not, and why."""

    version: int
    approved: int
    no_seat: list[int]
    ineligible: list[int]
    dispatch_id: int | None
