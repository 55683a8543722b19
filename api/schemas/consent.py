"""同意 and 提供记录 over REST."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from api.schemas.base import Day, Plain, RowNumber, Told, example
from ledger.consents.standing import Standing
from models.coded import Coded
from models.consent import PER_EMPLOYER, ConsentMeans, Purpose, Speaker
from models.disclosure import Basis, DisclosureReason
from models.disclosure import Told as ToldField


def _numbered(text: str) -> str:
    if text and not all(letter.isalnum() or letter in "-_/（）()〔〕号第" for letter in text):
        raise ValueError("编号只写字母、数字、汉字和连字符")
    return text


FormNumber = Annotated[Plain, Field(max_length=40), AfterValidator(_numbered)]


class ConsentTold(Told):
    """What somebody said of one purpose, to whom, and how."""

    purpose: Purpose
    employer_id: RowNumber | None = Field(None, description="只对这一家单位；空着是对任何单位")
    told_on: Day | None = Field(None, description="默认今天")
    speaker: Speaker = Speaker.SELF
    means: ConsentMeans = ConsentMeans.SCREEN
    form_number: FormNumber = Field("", description="纸质同意书的编号")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.employer_id is not None and self.purpose not in PER_EMPLOYER:
            raise ValueError("这项用途不分单位，不填用人单位")
        if self.purpose is Purpose.SENSITIVE and self.employer_id is None:
            raise ValueError("提供敏感信息要对每家单位单独同意，请选用人单位")
        if (self.means is ConsentMeans.PAPER) != bool(self.form_number):
            raise ValueError("纸质同意书要填编号，其他方式不填")
        return self


class ConsentCreate(ConsentTold):
    """A yes, until a day or until it is taken back."""

    until: Day | None = Field(None, description="有效到哪天（含当天），空着是直到撤回")

    model_config = example({"purpose": "employer", "means": "paper", "form_number": "ZB-2021-031"})


class ConsentWithdrawal(ConsentTold):
    """A no: to what was agreed before, or without having been asked."""

    model_config = example({"purpose": "ranking"})


class ConsentPublic(BaseModel):
    """One answer, as it was taken down."""

    id: int
    purpose: Purpose
    employer_id: int | None
    employer: str | None
    given: bool
    told_on: date
    until: date | None
    speaker: Speaker
    means: ConsentMeans
    form_number: str
    taken_by: str | None = Field(description="谁登记的")
    is_demo: bool


class PurposeStanding(BaseModel):
    """How it stands with one purpose today, all employers or one."""

    purpose: Purpose
    employer_id: int | None
    employer: str | None
    what: str
    law: str
    standing: Standing
    until: date | None
    allowed: bool = Field(description="今天能不能用于这项用途")
    without: Basis | None = Field(description="没有登记时的依据；空的是没有同意就不能用")
    stops: str = Field(description="不同意时停下什么")


class ConsentsPublic(BaseModel):
    """What stands, and all that was said, the last first."""

    standing: list[PurposeStanding]
    items: list[ConsentPublic]
    under_care: bool = Field(description="不满14周岁，由监护人表示")


class DisclosurePublic(BaseModel):
    """What an employer was told of."""

    id: int
    worker_id: int
    employer_id: int
    employer: str | None
    fields: list[ToldField]
    reason: DisclosureReason
    basis: Basis
    consent_id: int | None
    application_id: int | None
    dispatch_id: int | None
    claim_id: int | None
    told_on: date
    told_by: str | None = Field(description="谁提供的；空的是系统按批准自动办理")
    is_demo: bool


class CopyReason(Coded):
    """Who asked for a person's file."""

    SELF = "self", "本人要求"
    GUARDIAN = "guardian", "父母或其他监护人要求"
    AUTHORISED = "authorised", "本人书面委托的人要求"
    OVERSIGHT = "oversight", "依法监督检查"
