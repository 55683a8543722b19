"""Ending or correcting work against its own proof: the confirmation that a command carries."""

from pydantic import Field

from api.schemas.base import Told
from models.coded import Coded


class AgainstEvidence(Coded):
    """与佐证不一致的原因."""

    PAID_LATER = "paid_later", "离岗后补发工资、补缴社保"
    TOLD_OTHERWISE = "told_otherwise", "本人或单位说明以这个日期为准"
    DOUBTFUL = "doubtful", "材料有疑问，正在核实"


class Against(Told):
    """Asked for where evidence in force says that the person worked on days that the record is not to have."""

    against_evidence: bool = Field(False, description="知道与佐证不一致，仍按这个日期登记")
    against_because: AgainstEvidence | None = Field(None, description="与佐证不一致的原因")
