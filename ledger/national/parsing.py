"""What a cell's text means. A text that is unclear is said to be so; no sentence repeats what the cell holds."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

from models.education import Education
from models.worker import LabourCapability

Cell = str | int | float | bool | date | datetime | None
"""What a reader of files delivers; in the national system's own exports every cell is text."""

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
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\x00"))
_EXACT = 10**15

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


class Unclear(ValueError):
    """A text that cannot be read as what its column holds; the message says what belongs there."""


def text_of(cell: Cell) -> str:
    """The cell as text without blanks around it and invisible characters; a month for a date on its first day.

    Raises
    ------
    Unclear
        for a number too long to have kept all its digits.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.translate(_INVISIBLE).strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if abs(cell) >= _EXACT or cell != cell:
        raise Unclear("单元格是数值格式，位数太长，后几位已经丢失；请把该列设为文本格式后重新录入")
    return str(int(cell)) if cell == int(cell) else repr(cell)


def words(text: str) -> str:
    """The text itself."""
    return text


def several(text: str) -> tuple[str, ...]:
    """The parts of a text that names several things, each once; 无 and 否 name none."""
    return tuple(dict.fromkeys(part for part in _SEPARATORS.split(text) if part and part not in ("无", "否")))


def month(text: str) -> date | None:
    """A month, on its first day unless the text tells another; None for 至今.

    Raises
    ------
    Unclear
        for anything that is no month since 1949.
    """
    plain = unicodedata.normalize("NFKC", text)
    if plain in _STILL_THERE:
        return None
    match = _MONTH.fullmatch(plain)
    if match is None:
        raise Unclear("应写成年月，例如“2025年01月”")
    year, number, day = int(match[1]), int(match[2] or match[4]), int(match[3] or match[5] or 1)
    try:
        found = date(year, number, day)
    except ValueError:
        raise Unclear("没有这个月份，应写成年月，例如“2025年01月”") from None
    if not 1949 <= year <= 2100:
        raise Unclear("年份不对，应写成年月，例如“2025年01月”")
    return found


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


def at_school(text: str) -> bool:
    """Whether 在校生状况 names a school or a class (九年级, 本科二年级) rather than none."""
    return text not in _NOT_AT_SCHOOL


def money(text: str) -> Decimal:
    """Yuan.

    Raises
    ------
    Unclear
        for what is no plain number.
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").removesuffix("元").strip()
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", plain):
        raise Unclear("应填写数字（单位：元），例如“3500”")
    return Decimal(plain)


def months(text: str) -> int:
    """A number of months.

    Raises
    ------
    Unclear
        for what is no whole number below 1000.
    """
    plain = (
        unicodedata.normalize("NFKC", text).removesuffix("个月").removesuffix("月").removesuffix(".0").strip()
    )
    if not re.fullmatch(r"[0-9]{1,3}", plain):
        raise Unclear("应填写月数，例如“12”")
    return int(plain)


def education(text: str) -> Education | None:
    """文化程度, also in other systems' words; None for a child below school age.

    Raises
    ------
    Unclear
        for a word that is none of them.
    """
    if text == "学龄前儿童":
        return None
    try:
        return _EDUCATION.get(text) or Education.read(text)
    except ValueError:
        raise Unclear(f"应为：{'、'.join(level.label for level in Education)}") from None


def capability(text: str) -> LabourCapability:
    """劳动技能.

    Raises
    ------
    Unclear
        for a word that is none of them.
    """
    try:
        return _CAPABILITY.get(text) or LabourCapability.read(text)
    except ValueError:
        raise Unclear(f"应为：{'、'.join(kind.label for kind in LabourCapability)}") from None


def id_number(text: str) -> str:
    """The number as written, without blanks inside.

    Raises
    ------
    Unclear
        for a number that a spreadsheet has rounded (6.1E+17).
    """
    if re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", text):
        raise Unclear("证件号码是数值格式，后几位已经丢失；请把该列设为文本格式后重新录入")
    return re.sub(r"\s+", "", text)


def phone(text: str) -> str:
    """The number without blanks and hyphens inside."""
    return re.sub(r"[\s\-]+", "", text)
