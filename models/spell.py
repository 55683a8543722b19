"""务工记录: one accepted, dated stretch of work, the only source of every employment figure."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, col

from models.base import BIG, INSTANT, Row, Versioned, coded
from models.coded import Coded


class SpellKind(Coded):
    """就业类型."""

    MARKET = "market", "市场就业"
    WORKSHOP = "workshop", "就业帮扶车间"
    COMMUNITY_FACTORY = "community_factory", "新社区工厂"
    EMPLOYMENT_BASE = "employment_base", "就业帮扶基地"
    PUBLIC_POST = "public_post", "乡村公益性岗位"
    WORK_RELIEF = "work_relief", "以工代赈"
    FLEXIBLE = "flexible", "灵活就业"
    SELF_EMPLOYED = "self_employed", "自主创业"


TRANSFER = frozenset(
    {
        SpellKind.MARKET,
        SpellKind.WORKSHOP,
        SpellKind.COMMUNITY_FACTORY,
        SpellKind.EMPLOYMENT_BASE,
        SpellKind.FLEXIBLE,
    }
)
"""转移就业: off the farm and in pay, near or far. Public posts are never in it, nor is 以工代赈 or a business of one's own."""

MARKET_TRANSFER = frozenset({SpellKind.MARKET, SpellKind.FLEXIBLE})
"""市场化转移就业: what the pairing's return counts by destination; workshops and factories have lines of their own."""


class Precision(Coded):
    """How exactly the source knows the dates."""

    DAY = "day", "精确到日"
    MONTH = "month", "精确到月"


def known_end(ended_on: date, precision: Precision) -> Precision:
    """How exactly the last day of a record is known: a month is recorded by its last day, any other day was told."""
    of_month = (ended_on + timedelta(days=1)).day == 1
    return Precision.MONTH if precision is Precision.MONTH and of_month else Precision.DAY


class Arrangement(Coded):
    """组织方式."""

    ORGANISED = "organised", "有组织输出"
    SELF = "self", "自主外出"


class Destination(Coded):
    """去向, seen from the home county."""

    PAIRED_EAST = "paired_east", "结对东部地区"
    OTHER_PROVINCE = "other_province", "其他省外"
    PROVINCE = "province", "省内市外"
    CITY = "city", "市内县外"
    COUNTY = "county", "县内"


class EvidenceGrade(Coded):
    """佐证等级, best first."""

    A = "A", "A级：社保或代发工资流水"
    B = "B", "B级：工资流水或盖章名册"
    C = "C", "C级：单位证明"
    D = "D", "D级：电话或本人说明"


class ProofKind(Coded):
    """佐证材料: what proves it; the grade follows from it. What somebody saw or heard is no paper."""

    SOCIAL_INSURANCE = "social_insurance", "社保缴费记录"
    AGENCY_FLOW = "agency_flow", "银行代发工资流水"
    WAGE_FLOW = "wage_flow", "银行、微信或支付宝工资流水"
    STAMPED_ROSTER = "stamped_roster", "盖章名册"
    CERTIFICATE = "certificate", "单位证明"
    STATEMENT = "statement", "电话或本人说明"
    SIGHTING = "sighting", "现场见到本人在岗"
    VISIT = "visit", "上门或服务站走访"


class WithdrawalReason(Coded):
    """撤回佐证的原因."""

    OTHER_PERSON = "other_person", "是别人的材料"
    OTHER_SPELL = "other_spell", "应登记在另一条务工记录"
    WRONG_DAYS = "wrong_days", "起止日期填错"
    WRONG_KIND = "wrong_kind", "材料种类或证明要件选错"
    TWICE = "twice", "重复登记"
    UNTRUE = "untrue", "材料不实，或单位不承认"


class CertificateMark(Coded):
    """证明要件: what an employer's certificate must carry."""

    SEAL = "seal", "公章"
    TELEPHONE = "telephone", "联系电话"
    USCC = "uscc", "统一社会信用代码"


class EmploymentSpell(Versioned, table=True):
    """务工记录. `ended_on` is the last day worked; main spells in force of one person never share a day."""

    __tablename__ = "employment_spell"
    __table_args__ = (
        CheckConstraint("ended_on >= started_on", "dates_in_order"),
        CheckConstraint("monthly_income >= 0", "income_not_negative"),
        CheckConstraint(
            "employer_id IS NOT NULL OR kind IN ('flexible', 'self_employed', 'work_relief')", "employed_by"
        ),
        ExcludeConstraint(
            (text("int8range(worker_id, worker_id, '[]')"), "&&"),
            (text("daterange(started_on, ended_on, '[]')"), "&&"),
            name="ex_employment_spell_no_overlap",
            using="gist",
            where=text("superseded_at IS NULL AND is_main"),
        ),
        Index(
            "uq_employment_spell_application_in_force",
            "application_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    worker_id: int = Field(foreign_key="worker.id", sa_type=BIG, index=True)
    origin_region: str = Field(default="", foreign_key="region.code", index=True)
    employer_id: int | None = Field(
        default=None,
        foreign_key="employer.id",
        sa_type=BIG,
        index=True,
        description="nobody where the person works for herself",
    )
    vacancy_id: int | None = Field(default=None, foreign_key="vacancy.id", sa_type=BIG, index=True)
    application_id: int | None = Field(default=None, foreign_key="application.id", sa_type=BIG, index=True)
    region: str | None = Field(
        default=None, foreign_key="region.code", index=True, description="place of work"
    )
    kind: SpellKind = Field(sa_type=coded(SpellKind), nullable=False)
    arrangement: Arrangement | None = Field(default=None, sa_type=coded(Arrangement))
    point_to_point: bool | None = Field(default=None, description="是否点对点输送")
    channel: str | None = Field(default=None, description="就业渠道")
    industry: str | None = Field(default=None, foreign_key="industry.code")
    started_on: date
    ended_on: date | None = None
    observed_until: date | None = Field(
        default=None, description="the day the person was last known to be there"
    )
    observed_before: date | None = Field(
        default=None, description="how far it was observed before its end was recorded; null while it lasts"
    )
    precision: Precision = Field(
        default=Precision.DAY,
        sa_type=coded(Precision),
        nullable=False,
        description="of the first day; of the last one see `known_end`",
    )
    monthly_income: int | None = Field(default=None, description="yuan")
    contract_months: int | None = None
    post_kind: str | None = Field(default=None, max_length=40, description="公益性岗位种类")
    certificate: str | None = Field(default=None, max_length=60, description="工资证明编号")
    leave_reason: str | None = None
    is_main: bool = True
    superseded_at: datetime | None = Field(default=None, sa_type=INSTANT)
    superseded_by: int | None = Field(
        default=None, foreign_key="employment_spell.id", sa_type=BIG, description="the corrected row, if any"
    )
    superseded_because: str | None = None
    seat_released_at: datetime | None = Field(
        default=None, sa_type=INSTANT, description="when the seat of a start that never was came free again"
    )
    is_demo: bool = False


class Evidence(Row, table=True):
    """佐证: what proves a stretch of a spell. One that was withdrawn stays to be read and proves nothing (`PROVES`)."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("covers_to >= covers_from", "dates_in_order"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", "withdrawn_with_reason"),
    )

    spell_id: int = Field(foreign_key="employment_spell.id", sa_type=BIG, index=True)
    grade: EvidenceGrade = Field(sa_type=coded(EvidenceGrade), nullable=False)
    kind: ProofKind | None = Field(
        default=None, sa_type=coded(ProofKind), description="null where only the grade is known"
    )
    covers_from: date
    covers_to: date
    source: str = ""
    import_id: int | None = Field(default=None, foreign_key="import.id", sa_type=BIG, index=True)
    import_line: int | None = None
    observed_before: date | None = Field(
        default=None, description="how far the spell was observed before this proof carried it further"
    )
    copy_of: int | None = Field(
        default=None,
        foreign_key="evidence.id",
        sa_type=BIG,
        index=True,
        description="the proof of a spell that was corrected; its attachments are this one's too",
    )
    withdrawn_at: datetime | None = Field(default=None, sa_type=INSTANT)
    withdrawn_because: WithdrawalReason | None = Field(default=None, sa_type=coded(WithdrawalReason))
    withdrawn_by: int | None = Field(default=None, foreign_key="account.id", sa_type=BIG)

    @property
    def label(self) -> str:
        """What it is and how good: C级：现场见到本人在岗. Where only the grade is known, what that grade asks for."""
        return f"{self.grade.value}级：{self.kind.label}" if self.kind else self.grade.label


PROVES = col(Evidence.withdrawn_at).is_(None)
"""Evidence in force: what was withdrawn counts for nothing."""
