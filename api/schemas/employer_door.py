"""What goes in and out by the employers' own door: 单位, 岗位, 应聘的人, 在岗名册, 留得住."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from api.offering import Standing
from api.schemas.base import Day, LongText, Place, Plain, RowNumber, Title, Told, example
from api.schemas.placement import LeaveReason
from api.schemas.post import PostFacts, ResponsivenessPublic, VacancyPublic, VacancySummary
from ledger.applications import REFUSALS, RefusalReason
from ledger.postings.findings import Ground, Severity
from models.application import ApplicationState, Side
from models.confirmation import StillThere
from models.education import Education
from models.employer import EmployerKind
from models.worker import Sex

_WORDS = {
    "title": "平车工",
    "region": "320612",
    "seats": 20,
    "pay_min": 4500,
    "pay_max": 6500,
    "lodging": True,
    "valid_until": "2021-12-31",
    "text": "负责家纺产品平车缝制，计件工资，包住。",
}


class OwnEmployer(BaseModel):
    """The employer for whom the account speaks, and what waits for it."""

    id: int
    name: str
    uscc: str | None
    kind: EmployerKind
    region: Place
    kept_by: Place = Field(description="管理这家单位档案的人社部门所在地")
    account: str
    applicants_waiting: int = Field(description="等单位答复的人数")
    posts_to_refresh: int = Field(description="快到期、已过期或久未刷新的岗位数")
    at_work: int = Field(description="台账里现在在本单位上班、可以告诉本单位的人数")
    roster_due: bool = Field(description="本月名册还没有核对")
    responsiveness: ResponsivenessPublic = Field(description="答复推荐的情况，人社部门也看得到")


class OwnPostCreate(PostFacts):
    """A post of one's own: a draft until it is published."""

    title: Title

    model_config = example(_WORDS)


class OwnPostUpdate(PostFacts):
    """A JSON merge patch of a post of one's own."""

    title: Title | None = None

    model_config = example({"pay_max": 7000})


class LintAsked(PostFacts):
    """A post as far as it is written, to be read for what the law does not allow. Nothing is kept."""

    title: Annotated[Plain, Field(max_length=100)] = ""
    text: LongText = ""

    model_config = example(_WORDS | {"text": "负责平车缝制，限女性，已婚优先。"})


class DemandPublic(BaseModel):
    """One demand: the words, the rule that they break, and lawful words in their place."""

    severity: Severity
    ground: Ground
    field: str
    phrase: str
    rule: str
    rewording: str


class MissingPublic(BaseModel):
    """What the law wants an advertisement to state."""

    what: Ground
    words: str


class LintPublic(BaseModel):
    """What stands against publishing it (unlawful demands, what is missing), and what needs a reason."""

    publishable: bool
    demands: list[DemandPublic]
    missing: list[MissingPublic]


class OwnPostSummary(VacancySummary):
    """A post of one's own in a list."""

    standing: Standing | None = Field(description="发布后当天的情况；没有发布的为空")
    waiting: int = Field(description="等答复的人数")


class OwnPostPublic(VacancyPublic):
    """A post of one's own."""

    standing: Standing | None = Field(description="发布后当天的情况；没有发布的为空")


class PostRefresh(Told):
    """That the post is still open; of one that has expired until when."""

    valid_until: Day | None = None

    model_config = example({"valid_until": "2021-12-31"})


class ApplicantPerson(BaseModel):
    """What an employer is told of who applies, and nothing besides."""

    name: str
    sex: Sex | None
    age: int | None
    home: Place | None = Field(description="户籍地，到县")
    education: Education | None
    skills: dict[str, int | None]
    experience_months: int | None


class ApplicantPublic(BaseModel):
    """Somebody who was put forward for a post of one's own, or applied for it."""

    id: int
    version: int
    vacancy_id: int
    post: str
    state: ApplicationState
    applied_on: date
    decided_on: date | None
    answered_on: date | None
    answer_until: date | None = Field(description="到这天还没有答复就过期；已答复的为空")
    reason: RefusalReason | None
    side: Side | None
    person: ApplicantPerson | None = Field(
        description="空：已经结束，或本人不再同意告诉本单位。证件号码、家庭困难、残疾情况从不告诉"
    )
    answers: list[ApplicationState] = Field(description="现在可以怎样答复")
    may_ask_telephone: bool = Field(description="接受录用的人可以查看电话；本人没有同意的不给")
    may_undo: bool = Field(description="当天登记的不录用，登记的账号可以撤销")


def _an_employers(reason: RefusalReason) -> RefusalReason:
    if reason not in REFUSALS[Side.EMPLOYER]:
        raise ValueError(f"不录用的原因请选：{'、'.join(each.label for each in REFUSALS[Side.EMPLOYER])}")
    return reason


class ApplicantRefusal(Told):
    """Why the employer does not want this person."""

    reason: Annotated[RefusalReason, AfterValidator(_an_employers)]

    model_config = example({"reason": "skills"})


class ApplicantAnswered(BaseModel):
    """Where the application stands after an answer."""

    id: int
    version: int
    vacancy_id: int
    state: ApplicationState
    reason: RefusalReason | None
    answered_on: date | None


class TelephoneTold(BaseModel):
    """The telephone of somebody who agreed that this employer has it. That it was told is on the person's record."""

    telephone: str | None = Field(description="空：台账里没有电话")


class RosterWord(Told):
    """What the employer says of one line: whether the person is still there; if not, since when and why."""

    spell_id: RowNumber
    found: StillThere
    left_on: Day | None = Field(None, description="最后一天上班的日期，不在岗的必填")
    reason: LeaveReason | None = Field(None, description="离岗原因，不在岗的必填")


class RosterConfirm(Told):
    """The whole roster, every line of it."""

    lines: Annotated[list[RosterWord], Field(max_length=2000, description="名册上没有人了的为空")]

    model_config = example(
        {
            "lines": [
                {"spell_id": 1, "found": "at_work"},
                {"spell_id": 2, "found": "not_at_work", "left_on": "2021-09-10", "reason": "family"},
            ]
        }
    )


class SaidBefore(BaseModel):
    """What the employer said of somebody when it confirmed a roster last."""

    found: StillThere
    found_on: date
    left_on: date | None
    reason: RefusalReason | None


class RosterLine(BaseModel):
    """One person on the roster, and what was said of her."""

    spell_id: int
    name: str
    sex: Sex | None
    home: Place | None
    post: str | None
    started_on: date
    ended_on: date | None = Field(description="人社部门已登记离岗的日期")
    found: StillThere | None
    left_on: date | None
    reason: RefusalReason | None
    before: SaidBefore | None = Field(description="以前核对时说的；没有核对过的为空")


class RosterSummary(BaseModel):
    """A month's roster."""

    id: int
    version: int
    month: date
    opened_on: date
    confirmed_on: date | None = Field(description="空：还没有核对")
    people: int = Field(description="名册上的人数")


class RosterPublic(RosterSummary):
    """A month's roster with its lines. Whoever has refused since is not on it any more."""

    as_of: date = Field(description="说的是到哪天为止的情况：补核对以前的月份，是那个月的最后一天")
    lines: list[RosterLine]


class RosterConfirmed(BaseModel):
    """What was said, in numbers."""

    id: int
    version: int
    confirmed_on: date
    at_work: int
    left: int
    unknown: int


class KeptPublic(BaseModel):
    """Of those who began in a month, how many were still there after so many days; nothing of fewer than three."""

    days: int
    cases: int | None = Field(description="已知去留的人数；不足3人为空")
    stayed: int | None
    share: float | None = Field(description="留下的比例，人少时向本地平均靠拢；不足3人为空")
    around: float | None = Field(description="同一县区各单位合起来的比例；不足3人为空")


class KeptMonth(BaseModel):
    """One month of start."""

    month: date
    began: int
    kept: list[KeptPublic]


class KeptPublicMonths(BaseModel):
    """留得住: one's own people by month of start, the latest first, beside the county's."""

    as_of: date
    place: Place = Field(description="拿来比较的县区")
    months: list[KeptMonth]
