"""The exchange folder: a whole labour market as CSV files, read by columns like any other list.

UTF-8, comma, ISO dates, codes as text, `;` between several values, empty is unknown.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

from ledger.forms.cells import Unclear
from ledger.forms.column import Column, Form
from ledger.forms.values import DAY, MONEY, WORDS, Values, coded, day, narrow, whole
from models.coded import Coded
from models.education import Education
from models.employer import EmployerKind
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
        return day(f"{plain}-01"), Precision.MONTH
    return day(plain), Precision.DAY


def _birth_date(text: str) -> date:
    plain = narrow(text)
    if re.fullmatch(r"19[0-4][0-9]-[0-9]{2}-[0-9]{2}", plain):
        # The oldest were born before the first year that work is told of.
        with suppress(ValueError):
            return date.fromisoformat(plain)
    return day(plain)


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
        return Column(heading, heading, values, example, required=must, personal=heading in _PERSONAL)

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


_PERSONAL = frozenset({"birth_date"})
_ID: tuple[str, Values, str] = ("worker_id", WORDS, "w1")

WORKERS = _form(
    "workers",
    (_ID, ("county", COUNTY_CODE, "610728")),
    (
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
