"""乡村公益性岗位: the last rung of the ladder, what was offered before it, and how long somebody may stay on it."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import BIG, Row, Versioned, coded
from models.coded import Coded


class CadreRelation(Coded):
    """与村干部的关系, as the person declares it."""

    NONE = "none", "都不是"
    CADRE = "cadre", "本人是村干部"
    FAMILY = "family", "村干部家属"


class DeclarationChange(Coded):
    """Why somebody who was declared a cadre, or of a cadre's family, is declared none."""

    LEFT_OFFICE = "left_office", "已不再任职"
    MISTAKEN = "mistaken", "申报有误，已核实"


class ExtensionReason(Coded):
    """延期原因."""

    NEAR_RETIREMENT = "near_retirement", "临近退休"
    HARDSHIP = "hardship", "家庭突发严重困难"
    POLICY = "policy", "上级文件延长"
    OTHER = "other", "其他（写明依据）"
    WITHDRAWN = "withdrawn", "撤回延期"


EXTENDS = tuple(each for each in ExtensionReason if each is not ExtensionReason.WITHDRAWN)
"""The reasons for which a term lasts longer."""


class Rung(Coded):
    """The rungs above a public post."""

    MARKET = "market", "市场岗位"
    WORKSHOP = "workshop", "帮扶车间、社区工厂"


class OfferAnswer(Coded):
    """What became of an offer. One that was taken up is an application and a spell, and not recorded here."""

    REFUSED = "refused", "本人不去"
    TURNED_DOWN = "turned_down", "单位没有录用"
    NONE = "none", "没有答复"


POST_KINDS = (
    "保洁员", "护林员", "生态护林员", "护路员", "护河员", "护水员", "水管员", "养老护理员", "光伏电站管护员",
)  # fmt: skip
"""岗位种类 that work plans and lists of counties name (乡村公益性岗位); what else there is is marked as such."""
_OTHER = "其他："


def post_kind_of(words: str) -> str:
    """The kind as it is kept: a known one as it is, else marked 其他."""
    return words if words in POST_KINDS or words.startswith(_OTHER) else f"{_OTHER}{words}"


class PublicPostPlacement(Versioned, table=True):
    """公益性岗位安置: what a spell of this kind needs besides. It follows the spell that stands in its spell's place."""

    __tablename__ = "public_post_placement"
    __table_args__ = (UniqueConstraint("spell_id"),)

    spell_id: int = Field(foreign_key="employment_spell.id", sa_type=BIG)
    cadre_relation: CadreRelation = Field(sa_type=coded(CadreRelation), nullable=False)
    declared_on: date
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False


class TermExtension(Row, table=True):
    """延期: until when, and why. The one recorded last counts; nothing of it is ever changed.

    One that is withdrawn stays; what is recorded behind it says so, and until when the term lasts without it.
    """

    __tablename__ = "term_extension"

    spell_id: int = Field(foreign_key="employment_spell.id", sa_type=BIG, index=True)
    until: date
    reason: ExtensionReason = Field(sa_type=coded(ExtensionReason), nullable=False)
    basis: str = Field(max_length=100, description="文号或会议")
    decided_on: date
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False


class JobOffer(Row, table=True):
    """推荐记录: a higher rung that was offered by word of mouth. Applications count beside these."""

    __tablename__ = "job_offer"
    __table_args__ = (CheckConstraint("(answer = 'none') = (reason IS NULL)", "reason_told"),)

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    rung: Rung = Field(sa_type=coded(Rung), nullable=False)
    what: str = Field(max_length=100, description="the post and its employer")
    offered_on: date
    answer: OfferAnswer = Field(sa_type=coded(OfferAnswer), nullable=False)
    reason: str | None = Field(default=None, max_length=32, description="a reason of refusal, by its code")
    account_id: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)
    is_demo: bool = False
