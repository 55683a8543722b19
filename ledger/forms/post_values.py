"""What an employer's list says of a post: pay, seats, schooling, ages, food and lodging, the last day."""

import re
from datetime import date

from stdnum.cn import uscc as social_credit
from stdnum.exceptions import ValidationError

from ledger.forms.cells import Unclear
from ledger.forms.values import Values, coded, day, narrow
from ledger.postings import terms
from ledger.postings.ages import OLDEST, YOUNGEST, read_ages
from ledger.postings.pay import Pay, field_pay, shown
from ledger.postings.schooling import Schooling, field_schooling
from ledger.postings.seats import MOST_SEATS, read_seats
from models.vacancy import Shift

_SEVERAL_DAYS = re.compile(r"\s*(?:至|到|~|—|–|--| - )\s*")
_ANY_AGE = frozenset({"不限", "无要求", "不限年龄"})

Range = tuple[int | None, int | None]


def _pay(text: str) -> Range:
    found = field_pay(text)
    if not found.known:
        raise Unclear("应写明月工资，例如“4000-5000元/月”，面议不算写明")
    return found.minimum, found.maximum


def _write_pay(value: Range) -> str:
    return shown(Pay(*value))


PAY = Values(_pay, _write_pay)
"""Yuan a month, lowest and highest; None is an end that is not stated."""


def _seats(text: str) -> int:
    found = read_seats(text)
    if found is None:
        raise Unclear(f"应写明人数（1到{MOST_SEATS}），例如“10”，若干、不限不算写明")
    return found


SEATS = Values(_seats, str)


def _schooling(text: str) -> Schooling:
    found = field_schooling(text)
    if not found.stated:
        raise Unclear("应写明学历，例如“初中以上”或“不限”")
    return found


def _write_schooling(value: Schooling) -> str:
    return f"{value.minimum.label}以上" if value.minimum else "不限"


SCHOOLING = Values(
    _schooling,
    _write_schooling,
    ("不限", "小学以上", "初中以上", "高中以上", "中专以上", "大专以上", "本科以上"),
)


def _ages(text: str) -> Range:
    if text in _ANY_AGE:
        return None, None
    plain = narrow(text)
    found = read_ages("", plain if "岁" in plain else f"年龄{plain}")
    if found == (None, None):
        raise Unclear(f"应写明年龄范围（{YOUNGEST}到{OLDEST}岁），例如“18-55岁”或“不限”")
    return found


def _write_ages(value: Range) -> str:
    low, high = value
    if low is None and high is None:
        return "不限"
    if high is None:
        return f"{low}周岁以上"
    return f"{high}周岁以下" if low is None else f"{low}-{high}周岁"


AGES = Values(_ages, _write_ages)
"""Youngest and oldest; None is no limit."""

Keep = tuple[bool | None, bool | None]
_KEEP: dict[Keep, str] = {
    (True, True): "包吃包住",
    (True, False): "包住不包吃",
    (False, True): "包吃不包住",
    (False, False): "不包吃住",
    (True, None): "包住",
    (False, None): "不包住",
    (None, True): "包吃",
    (None, False): "不包吃",
}


def _keep(text: str) -> Keep:
    found = terms.lodging(text), terms.meals(text)
    if found not in _KEEP:
        raise Unclear("应写明是否包食宿，例如“包吃包住”“包住”“不包吃住”")
    return found


def _write_keep(value: Keep) -> str:
    return _KEEP[value]


KEEP = Values(_keep, _write_keep, ("包吃包住", "包住", "包吃", "不包吃住"))
"""Whether lodging and whether meals are given."""


def _last_day(text: str) -> date:
    if "长期" in text:
        raise Unclear("应写明截止日期，例如“2025-06-30”，长期有效不算写明")
    parts = _SEVERAL_DAYS.split(narrow(text).removesuffix("止").removesuffix("前"))
    return day(parts[-1].strip())


LAST_DAY = Values(_last_day, date.isoformat)
"""The last day on which a post stands, perhaps behind the first (2025-03-01至2025-06-30)."""


def _uscc(text: str) -> str:
    compact = re.sub(r"[\s\-]", "", narrow(text)).upper()
    try:
        social_credit.validate(compact)
    except ValidationError:
        raise Unclear("应为18位统一社会信用代码，请对照营业执照核对") from None
    return compact


USCC = Values(_uscc, str)

_SHIFTS = {
    "白班": Shift.DAY,
    "长白班": Shift.DAY,
    "两班制": Shift.TWO,
    "三班制": Shift.THREE,
    "倒班": Shift.TWO,
}
SHIFT = coded(Shift, _SHIFTS)
