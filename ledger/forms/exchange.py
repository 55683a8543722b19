"""The exchange folder: a whole labour market as CSV files, read by columns like any other list.

UTF-8, comma, ISO dates, codes as text, `;` between several values, empty is unknown. Columns beyond the standard, all
optional, are the bureaus' own: by `name`, `id_number`, `phone` and `village` a folder hands over real people, by `name`
and `uscc` real employers.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from ledger.forms.cells import Unclear
from ledger.forms.column import Column, Form
from ledger.forms.post_values import USCC
from ledger.forms.values import DAY, ID_NUMBER, MONEY, PHONE, WORDS, Values, coded, day, narrow, whole
from models.coded import Coded
from models.education import Education
from models.employer import EmployerKind
from models.id_number import EARLIEST_BIRTH
from models.intake import ImportKind
from models.spell import Arrangement, Destination, Precision, SpellKind
from models.vacancy import Shift
from models.worker import LabourCapability, Sex


class Hardship(Coded):
    """The words of the `hardship` column."""

    RELIEVED = "脱贫户", "脱贫户"
    UNSTABLE = "脱贫不稳定户", "脱贫不稳定户"
    MARGINAL = "边缘易致贫户", "边缘易致贫户"
    SUDDEN = "突发严重困难户", "突发严重困难户"
    SUBSISTENCE = "低保", "低保"
    DESTITUTE = "特困", "特困"
    ORDINARY = "一般农户", "一般农户"


class Answer(Coded):
    """The words of the `outcome` column."""

    OFFERED = "offered", "录用"
    REFUSED_BY_EMPLOYER = "refused_by_employer", "单位拒绝"
    REFUSED_BY_WORKER = "refused_by_worker", "本人拒绝"
    NO_ANSWER = "no_answer", "没有答复"


Skills = tuple[tuple[str, int | None], ...]


def _code(digits: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not re.fullmatch(digits, text):
            raise Unclear("应为行政区划代码，例如“610728”")
        return text

    return parse


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise Unclear("应填0或1")
    return text == "1"


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def _regions(text: str) -> tuple[str, ...]:
    codes = _list(text)
    if not all(re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}", code) for code in codes):
        raise Unclear("应为行政区划代码，多个用分号分开，例如“3206;320612”")
    return codes


def _skills(text: str) -> Skills:
    found: dict[str, int | None] = {}
    for part in _list(text):
        name, _, level = (piece.strip() for piece in part.partition(":"))
        if not name or (level and level not in ("1", "2", "3", "4", "5")):
            raise Unclear("应写成“技能:等级”，等级1到5，多项用分号分开，例如“缝纫工:3;电工”")
        found[name] = int(level) if level else None
    return tuple(found.items())


def _write_skills(value: Skills) -> str:
    return ";".join(name if level is None else f"{name}:{level}" for name, level in value)


def _day_or_month(text: str) -> tuple[date, Precision]:
    plain = narrow(text)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", plain):
        try:
            return day(f"{plain}-01"), Precision.MONTH
        except Unclear:
            raise Unclear("没有这个月份，应写成“2025-03”或“2025-03-02”") from None
    return day(plain), Precision.DAY


def _birth_date(text: str) -> date:
    return day(text, EARLIEST_BIRTH.year)


def _write_day_or_month(value: tuple[date, Precision]) -> str:
    return value[0].isoformat() if value[1] is Precision.DAY else f"{value[0]:%Y-%m}"


def _pay(text: str) -> Decimal:
    found: Decimal = MONEY.parse(text)
    return found


COUNTY_CODE = Values(_code(r"[0-9]{6}"), str)
REGION_CODE = Values(_code(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}"), str)
REGION_CODES = Values(_regions, ";".join, blank=())
LIST = Values(_list, ";".join, blank=())
SKILLS = Values(_skills, _write_skills, blank=())
FLAG = Values(_flag, lambda value: str(int(value)), ("0", "1"), closed=True)
BIRTH_DATE = Values(_birth_date, date.isoformat)
DAY_OR_MONTH = Values(_day_or_month, _write_day_or_month)
COUNT = whole("整数", 999_999_999)
PAY = Values(_pay, MONEY.write)


_SEX = {"F": Sex.FEMALE, "M": Sex.MALE}


def _sex(text: str) -> Sex:
    if text not in _SEX:
        raise Unclear("应填F或M")
    return _SEX[text]


SEX = Values(_sex, lambda value: "F" if value is Sex.FEMALE else "M", ("F", "M"), closed=True)


def _form(
    file: str, required: tuple[tuple[str, Values, str], ...], optional: tuple[tuple[str, Values, str], ...]
) -> Form:
    def column(heading: str, values: Values, example: str, must: bool) -> Column:
        return Column(
            heading, heading, values, example, WORDS_OF.get(f"{file}.{heading}") or WORDS_OF.get(heading, ""),
            required=must, text_only=heading in _TEXT_ONLY, personal=f"{file}.{heading}" in _PERSONAL,
        )  # fmt: skip

    return Form(
        ImportKind.EXCHANGE,
        f"{file}.csv",
        columns=(
            *(column(*declared, must=True) for declared in required),
            *(column(*declared, must=False) for declared in optional),
        ),
        strict=True,
        telling=(frozenset(heading for heading, _, _ in required),),
        file=file,
    )


WORDS_OF = {
    "worker_id": "人编号",
    "county": "户籍所在县，6位行政区划代码",
    "workers.name": "姓名",
    "id_number": "证件号码",
    "phone": "联系电话",
    "village": "行政村",
    "birth_date": "出生日期",
    "sex": "性别",
    "education": "文化程度",
    "hardship": "帮扶类别",
    "relocated": "易地搬迁",
    "disability_grade": "残疾等级，0为没有",
    "labour_capability": "劳动能力",
    "skills": "技能",
    "experience_months": "工作经验月数",
    "last_occupation": "最近职业，代码或名称",
    "pay_floor": "最低月工资要求",
    "accepted_regions": "愿意去的地区",
    "needs_lodging": "要求包住",
    "speaks_mandarin": "会普通话",
    "companion_id": "结伴的人",
    "household_id": "户编号",
    "available_from": "可上岗日期",
    "employer_id": "单位的交换编号",
    "employers.name": "单位名称",
    "employers.kind": "单位类型",
    "uscc": "统一社会信用代码",
    "region": "行政区划代码",
    "industry": "行业，代码或名称",
    "size": "职工人数",
    "vacancy_id": "岗位的交换编号",
    "title": "岗位名称",
    "seats": "招聘人数",
    "occupation": "职业，代码或名称",
    "pay_min": "最低月工资",
    "pay_max": "最高月工资",
    "hours_per_week": "每周工时",
    "min_age": "最低年龄",
    "max_age": "最高年龄",
    "min_education": "最低学历",
    "required_skills": "必需技能",
    "preferred_skills": "优先技能",
    "lodging": "包住",
    "meals": "包吃",
    "social_insurance": "缴纳社保",
    "shift": "班次",
    "valid_from": "有效期起",
    "valid_until": "有效期止",
    "text": "工作内容",
    "applied_on": "报名日期",
    "outcome": "结果",
    "reason": "原因",
    "decided_on": "答复日期，不填按报名日期",
    "started_on": "开始日期",
    "ended_on": "结束日期",
    "observed_until": "最后知道在岗的日期",
    "monthly_income": "月收入",
    "spells.kind": "就业类型",
    "channel": "就业渠道",
    "leave_reason": "离岗原因",
    "precision": "日期精确到日或月",
    "contract_months": "合同月数",
    "arrangement": "组织方式",
    "destination": "去向",
    "evidence": "佐证",
    "spell_id": "务工记录编号",
    "supersedes": "更正的记录编号",
    "recorded_on": "记录日期",
}
"""What a heading is in a clerk's words; one that means another thing in a file is named with it."""

_PERSONAL = frozenset({"workers.birth_date", "workers.name", "workers.id_number", "workers.phone"})
_TEXT_ONLY = frozenset({"id_number", "uscc"})
_ID: tuple[str, Values, str] = ("worker_id", WORDS, "w1")

WORKERS = _form(
    "workers",
    (_ID, ("county", COUNTY_CODE, "610728")),
    (
        ("name", WORDS, "测试甲"),
        ("id_number", ID_NUMBER, ""),
        ("phone", PHONE, "10000000000"),
        ("village", WORDS, "测试村"),
        ("birth_date", BIRTH_DATE, "1980-01-01"),
        ("sex", SEX, "F"),
        ("education", coded(Education, codes=True), "junior_high"),
        ("hardship", coded(Hardship), "脱贫户"),
        ("relocated", FLAG, "0"),
        ("disability_grade", whole("0到4", 4), "0"),
        ("labour_capability", coded(LabourCapability, codes=True), "ordinary"),
        ("skills", SKILLS, "缝纫工:3;电工"),
        ("experience_months", COUNT, "24"),
        ("last_occupation", WORDS, ""),
        ("pay_floor", PAY, "4000"),
        ("accepted_regions", REGION_CODES, "3206;61"),
        ("needs_lodging", FLAG, "1"),
        ("speaks_mandarin", FLAG, "1"),
        ("companion_id", WORDS, ""),
        ("household_id", WORDS, "h1"),
        ("available_from", DAY, "2026-02-20"),
    ),
)

EMPLOYERS = _form(
    "employers",
    (("employer_id", WORDS, "e1"), ("region", REGION_CODE, "320612")),
    (
        ("name", WORDS, "南通测试纺织有限公司"),
        ("uscc", USCC, ""),
        ("kind", coded(EmployerKind, codes=True), "enterprise"),
        ("industry", WORDS, ""),
        ("size", COUNT, "200"),
    ),
)

VACANCIES = _form(
    "vacancies",
    (
        ("vacancy_id", WORDS, "v1"),
        ("employer_id", WORDS, "e1"),
        ("region", REGION_CODE, "320612"),
        ("title", WORDS, "缝纫工"),
        ("seats", whole("人数，至少1", 999_999_999), "20"),
    ),
    (
        ("occupation", WORDS, ""),
        ("pay_min", PAY, "4500"),
        ("pay_max", PAY, "6000"),
        ("hours_per_week", whole("每周小时数", 168), "48"),
        ("min_age", whole("周岁", 120), "18"),
        ("max_age", whole("周岁", 120), "55"),
        ("min_education", coded(Education, codes=True), "junior_high"),
        ("required_skills", LIST, "缝纫"),
        ("preferred_skills", LIST, ""),
        ("lodging", FLAG, "1"),
        ("meals", FLAG, "1"),
        ("social_insurance", FLAG, "1"),
        ("shift", coded(Shift, codes=True), "two"),
        ("valid_from", DAY, "2026-01-05"),
        ("valid_until", DAY, "2026-03-31"),
        ("text", WORDS, "操作平缝机缝制衬衫"),
    ),
)

APPLICATIONS = _form(
    "applications",
    (_ID, ("vacancy_id", WORDS, "v1"), ("applied_on", DAY, "2026-01-10")),
    (
        ("outcome", coded(Answer, codes=True), "offered"),
        ("reason", WORDS, ""),
        ("decided_on", DAY, "2026-01-15"),
    ),
)

SPELLS = _form(
    "spells",
    (_ID, ("employer_id", WORDS, "e1"), ("started_on", DAY_OR_MONTH, "2025-02-20")),
    (
        ("vacancy_id", WORDS, "v1"),
        ("region", REGION_CODE, "320612"),
        ("ended_on", DAY_OR_MONTH, "2025-10-31"),
        ("observed_until", DAY_OR_MONTH, "2025-10-31"),
        ("monthly_income", PAY, "5200"),
        ("kind", coded(SpellKind, codes=True), "market"),
        ("channel", WORDS, ""),
        ("leave_reason", WORDS, ""),
        ("precision", coded(Precision, codes=True), "day"),
        ("contract_months", COUNT, "12"),
        ("arrangement", coded(Arrangement, codes=True), "organised"),
        ("destination", coded(Destination, codes=True), "paired_east"),
        ("evidence", WORDS, "A 2025-03-01..2025-08-31"),
        ("spell_id", WORDS, "s1"),
        ("supersedes", WORDS, ""),
        ("recorded_on", DAY, "2025-03-02"),
    ),
)

OPEN_WORKERS = _form("open_workers", (_ID,), ())

EXCHANGE = (WORKERS, EMPLOYERS, VACANCIES, APPLICATIONS, SPELLS, OPEN_WORKERS)
