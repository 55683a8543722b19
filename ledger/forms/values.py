"""What the text of a cell means, and how a value is written: one pair for each sort of value.

Every pair keeps to one law: what `parse` made of a text, `write` turns into a text that `parse` reads as the same.
No message repeats what the cell holds.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.forms.cells import Unclear
from models.coded import Coded
from models.education import Education
from models.worker import LabourCapability, RelationToHead, Sex


@dataclass(frozen=True, slots=True)
class Values:
    """A sort of value. `parse` reads a text that is not blank or raises `Unclear`; `blank` is what a blank cell means.

    `choices` are offered in a drop-down; where they are `closed`, a value outside them is refused while it is typed.
    """

    parse: Callable[[str], Any]
    write: Callable[[Any], str]
    choices: tuple[str, ...] = ()
    closed: bool = False
    blank: Any = None


_SEPARATORS = re.compile(r"[、,，;；/|\s]+")
_MONTH = re.compile(
    r"([0-9]{4})(?:([0-9]{2})([0-9]{2})?|[年\-/.]([0-9]{1,2})(?:月?|[月\-/.]([0-9]{1,2})日?))(?: 00:00(?::00)?)?"
)
_STILL_THERE = frozenset({"至今", "现在", "长期", "仍在务工"})
_YES = frozenset({"是", "1", "有", "会", "Y", "y", "已", "已务工", "√"})
_NO = frozenset({"否", "0", "无", "不会", "N", "n", "未", "未务工", "×"})
_NOT_AT_SCHOOL = frozenset(
    {"否", "无", "非在校生", "非在校", "不在校", "不在读", "未在校", "已毕业", "毕业", "辍学", "学龄前儿童"}
)
_EDUCATION = {
    "文盲": Education.ILLITERATE,
    "半文盲": Education.ILLITERATE,
    "文盲/半文盲": Education.ILLITERATE,
    "高中/中专": Education.SENIOR_HIGH,
    "普通高中": Education.SENIOR_HIGH,
    "中职": Education.SECONDARY_VOCATIONAL,
    "中等职业教育": Education.SECONDARY_VOCATIONAL,
    "职高": Education.SECONDARY_VOCATIONAL,
    "技校": Education.SECONDARY_VOCATIONAL,
    "专科": Education.COLLEGE,
    "大学专科": Education.COLLEGE,
    "高职": Education.COLLEGE,
    "高职高专": Education.COLLEGE,
    "大学本科": Education.BACHELOR,
    "大学": Education.BACHELOR,
    "本科及以上": Education.BACHELOR,
    "硕士": Education.POSTGRADUATE,
    "博士": Education.POSTGRADUATE,
    "硕士研究生": Education.POSTGRADUATE,
    "博士研究生": Education.POSTGRADUATE,
}
_CAPABILITY = {
    "弱劳动力": LabourCapability.WEAK,
    "半劳动力": LabourCapability.WEAK,
    "弱劳动力/半劳动力": LabourCapability.WEAK,
    "弱、半劳动力": LabourCapability.WEAK,
    "弱半劳动力": LabourCapability.WEAK,
}


def narrow(text: str) -> str:
    """Wide digits and signs as their narrow forms."""
    return unicodedata.normalize("NFKC", text)


def _itself(text: str) -> str:
    return text


WORDS = Values(_itself, _itself)
"""The text itself."""


def offering(*choices: str) -> Values:
    """Any text, with choices to pick from."""
    return Values(_itself, _itself, choices)


def several(text: str) -> tuple[str, ...]:
    """The parts of a text that names several things, each once; 无 and 否 name none."""
    return tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part and part not in ("无", "否")))


SEVERAL = Values(several, "、".join, blank=())


_WORK_SINCE = 1949
"""The first year that work is told of; the oldest were born before it."""


def month(text: str, since: int = _WORK_SINCE) -> date | None:
    """A month, on its first day unless the text tells another; None for 至今.

    Raises
    ------
    Unclear
        for anything that is no month of the year `since` or later.
    """
    plain = narrow(text)
    if plain in _STILL_THERE:
        return None
    match = _MONTH.fullmatch(plain)
    if match is None:
        raise Unclear("应写成年月，例如“2025年01月”")
    year, number, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5] or 1)
    try:
        found = date(year, number, day)
    except ValueError:
        if 1 <= number <= 12:
            raise Unclear("没有这一天，应写成年月日，例如“2025年01月15日”") from None
        raise Unclear("没有这个月份，应写成年月，例如“2025年01月”") from None
    if not since <= year <= 2100:
        raise Unclear("年份不对，应写成年月，例如“2025年01月”")
    return found


def _write_month(value: date) -> str:
    return f"{value.year}年{value.month:02d}月" + (f"{value.day:02d}日" if value.day != 1 else "")


MONTH = Values(month, _write_month)


def day(text: str, since: int = _WORK_SINCE) -> date:
    """A day.

    Raises
    ------
    Unclear
        for a month without a day, and for what is no date.
    """
    match = _MONTH.fullmatch(narrow(text))
    if match is None or not (match[3] or match[5]):
        raise Unclear("应写成年月日，例如“2025-06-30”")
    try:
        found = date(int(match[1]), int(match[2] or match[4]), int(match[3] or match[5]))
    except ValueError:
        raise Unclear("没有这一天，应写成年月日，例如“2025-06-30”") from None
    if not since <= found.year <= 2100:
        raise Unclear("年份不对，应写成年月日，例如“2025-06-30”")
    return found


DAY = Values(day, date.isoformat)


def yes_or_no(text: str) -> bool:
    """是 or 否.

    Raises
    ------
    Unclear
        for anything else.
    """
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Unclear("应填写“是”或“否”")


def _write_yes(value: bool) -> str:
    return "是" if value else "否"


YES_OR_NO = Values(yes_or_no, _write_yes, ("是", "否"), closed=True)


def at_school(text: str) -> bool:
    """Whether 在校生状况 names a school or a class (九年级, 本科二年级) rather than none."""
    return text not in _NOT_AT_SCHOOL


AT_SCHOOL = Values(at_school, lambda value: "在校" if value else "非在校生")


def money(text: str) -> Decimal:
    """Yuan.

    Raises
    ------
    Unclear
        for what is no plain number.
    """
    plain = narrow(text).replace(",", "").removesuffix("/月").removesuffix("元").strip()
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", plain):
        raise Unclear("应填写数字（单位：元），例如“3500”")
    return Decimal(plain)


def write_money(value: Decimal | int) -> str:
    """Without zeros behind the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


MONEY = Values(money, write_money)


def whole(what: str, most: int, *units: str) -> Values:
    """Whole numbers up to `most`, perhaps with a unit behind; `what` tells the clerk what belongs there."""

    def parse(text: str) -> int:
        plain = narrow(text).strip()
        for unit in units:
            plain = plain.removesuffix(unit)
        plain = plain.removesuffix(".0").strip()
        if not re.fullmatch(r"[0-9]{1,9}", plain) or int(plain) > most:
            raise Unclear(f"应填写{what}")
        return int(plain)

    return Values(parse, str)


MONTHS = whole("月数，例如“12”", 999, "个月", "月")


def coded(words: type[Coded], others: Mapping[str, Coded] | None = None, *, codes: bool = False) -> Values:
    """The members of an enumeration, by label, code or another system's word; written by label (or by code)."""
    other_words = others or {}
    choices = tuple(member.value if codes else member.label for member in words)

    def parse(text: str) -> Coded:
        try:
            return other_words.get(text) or words.read(text)
        except ValueError:
            raise Unclear(f"应为：{'、'.join(choices)}") from None

    def write(member: Coded) -> str:
        return member.value if codes else member.label

    return Values(parse, write, choices, closed=True)


_LEVELS = coded(Education, _EDUCATION)


def education(text: str) -> Education | None:
    """文化程度, also in other systems' words; None for a child below school age.

    Raises
    ------
    Unclear
        for a word that is none of them.
    """
    level: Education | None = None if text == "学龄前儿童" else _LEVELS.parse(text)
    return level


EDUCATION = Values(education, _LEVELS.write, _LEVELS.choices, closed=True)
CAPABILITY = coded(LabourCapability, _CAPABILITY)
SEX = coded(Sex, {"男性": Sex.MALE, "女性": Sex.FEMALE, "M": Sex.MALE, "F": Sex.FEMALE})
RELATION = offering(*(relation.label for relation in RelationToHead))


def _without(pattern: str, lacking: str) -> Callable[[str], str]:
    blanks = re.compile(pattern)

    def parse(text: str) -> str:
        if not (plain := blanks.sub("", text)):
            raise Unclear(lacking)
        return plain

    return parse


_without_blanks = _without(r"\s+", "应填写证件号码")


def id_number(text: str) -> str:
    """The number as written, without blanks inside.

    Raises
    ------
    Unclear
        for a number that a spreadsheet has rounded (6.1E+17).
    """
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", text):
        raise Unclear("证件号码是数值格式，后几位已经丢失；请把该列设为文本格式后重新录入")
    return _without_blanks(text)


ID_NUMBER = Values(id_number, _itself)
PHONE = Values(_without(r"[\s\-]+", "应填写电话号码"), _itself)
"""A telephone number without blanks and hyphens inside."""
