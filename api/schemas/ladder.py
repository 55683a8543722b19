"""公益性岗位, 推荐记录 and 返乡创业 over REST."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from api.schemas.base import Day, Place, Remark, RowNumber, Told, Yuan, example
from api.schemas.worker import WorkerSummary
from ledger.applications import REFUSALS, RefusalReason
from models.application import Side
from models.public_post import (
    POST_KINDS,
    CadreRelation,
    DeclarationChange,
    ExtensionReason,
    OfferAnswer,
    Rung,
)
from models.spell import Precision
from outcomes.ladder.clock import Exit
from outcomes.ladder.eligibility import Verdict

OFFER_REASONS = {
    OfferAnswer.REFUSED: REFUSALS[Side.WORKER],
    OfferAnswer.TURNED_DOWN: tuple(
        reason for reason in REFUSALS[Side.EMPLOYER] if reason is not RefusalReason.DUPLICATE
    ),
}
"""Why nothing came of an offer, by who said no; what was recommended twice was no offer."""
Months = Annotated[int, Field(ge=1, le=60)]


class PublicPostCreate(Told):
    """Place somebody in a public post: a spell is opened, and what the person declared is kept with it."""

    worker_id: RowNumber
    employer_id: RowNumber = Field(description="公益性岗位用人单位")
    post_kind: Remark = Field(
        min_length=1, max_length=36, description=f"岗位种类：{'、'.join(POST_KINDS)}；填别的记作“其他：……”"
    )
    started_on: Day | None = Field(None, description="默认今天")
    cadre_relation: CadreRelation
    reason: DeclarationChange | None = Field(
        None, description="同一次安置里原来申报为村干部或其家属、现在申报都不是的原因"
    )
    monthly_income: Yuan | None = Field(None, description="月补贴，元")
    contract_months: Months | None = None

    model_config = example(
        {
            "worker_id": 1,
            "employer_id": 1,
            "post_kind": "保洁员",
            "cadre_relation": "none",
            "monthly_income": 600,
        }
    )


class CadreDeclared(Told):
    """What somebody declared whose placement came in by a list; why, where that lifts what was declared before."""

    cadre_relation: CadreRelation
    reason: DeclarationChange | None = Field(None, description="原来申报为村干部或其家属、改为都不是的原因")

    model_config = example({"cadre_relation": "none"})


class TermExtended(Told):
    """A longer term: until when, why, and by what document."""

    until: Day
    reason: ExtensionReason
    basis: Remark = Field(min_length=2, max_length=100, description="文号或会议")

    model_config = example({"until": "2022-12-31", "reason": "policy", "basis": "县人社发〔2021〕12号"})


class ExtensionWithdrawn(Told):
    """Why the extension in force is taken back."""

    reason: Remark = Field(min_length=2, max_length=100)

    model_config = example({"reason": "登记错了人"})


class TermPublic(BaseModel):
    """One placement: its first day, the last day of its term (`regular` without extensions), the last day worked."""

    number: int
    began: date
    regular: date
    until: date
    ended: date | None
    to_retirement: bool


class PublicPostPublic(BaseModel):
    """Somebody in a public post."""

    worker: WorkerSummary
    spell_id: int
    employer: str | None
    post_kind: str | None
    term: TermPublic
    days_left: int = Field(description="距期满的天数，过期为负")
    exits: list[Exit]
    cadre_relation: CadreRelation | None = Field(description="没有申报过为空")


class CheckPublic(BaseModel):
    """One condition of a placement."""

    code: str
    verdict: Verdict
    reason: str
    to_do: str


class EligibilityPublic(BaseModel):
    """May this person be placed, and if not, what is to be done."""

    may: bool
    rule: str
    unconfirmed: list[str] = Field(description="规则里尚待核对文件的部分")
    checks: list[CheckPublic]
    terms: list[TermPublic]


class JobOfferCreate(Told):
    """A post that was offered by word of mouth and not taken up. One that is taken up is an application."""

    rung: Rung
    what: Remark = Field(min_length=2, max_length=100, description="推荐的单位和岗位")
    offered_on: Day | None = Field(None, description="默认今天")
    answer: OfferAnswer
    reason: RefusalReason | None = None

    model_config = example(
        {"rung": "market", "what": "通州家纺厂缝纫工", "answer": "refused", "reason": "family"}
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.answer is OfferAnswer.NONE) != (self.reason is None):
            raise ValueError("没有去成的要选原因，没有答复的不选")
        if self.reason is not None and self.reason not in OFFER_REASONS[self.answer]:
            told = "、".join(reason.label for reason in OFFER_REASONS[self.answer])
            raise ValueError(f"“{self.answer.label}”的原因从这些里选：{told}")
        return self


class JobOfferPublic(BaseModel):
    """An offer: by word of mouth (`id`), or by application (`application_id`)."""

    id: int | None
    application_id: int | None
    rung: Rung
    what: str
    offered_on: date
    open: bool = Field(description="还没有答复的推荐")
    answer: OfferAnswer | None
    reason: RefusalReason | None


class EntrepreneurPublic(BaseModel):
    """Somebody who works for themselves in the home county."""

    worker: WorkerSummary
    spell_id: int
    region: Place | None
    started_on: date
    precision: Precision
    returned: bool = Field(description="返乡创业：以前在县外务工，或上报写明返乡")
