"""Sums of money as people write them: 3000-5000, 3.5K-5K, 4千到6千, 年薪8-10万, 120元/天."""

import re
from dataclasses import dataclass

_CHINESE_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_CHINESE_SUM = re.compile(
    r"(?:(?P<wan>[一二两三四五六七八九])万)?(?:(?P<qian>[一二两三四五六七八九])千(?:(?P<bai>[一二两三四五六七八九])百?)?)?"
)
_UNITS = {"": 1, "千": 1000, "K": 1000, "k": 1000, "万": 10000, "W": 10000, "w": 10000}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?)"
_YUAN = r"(?:元|块钱?|RMB|人民币)?"
_PER = r"(?:\s*[/每一]\s*(?:个?(?:月|小?时|工作日|天|日|年)|人))?"
_DASH = r"\s*(?:[-~—–―]{1,8}|至|到)\s*"
# A house number, a bus line, a year, a height and the like never are sums, whatever stands before them.
_SUM = re.compile(
    rf"(?<![\d.A-Za-z#])(?<!\d:)(?P<low>{_NUMBER})(?P<low_unit>[千万Kk]|[Ww](?![A-Za-z]))?(?P<low_yuan>{_YUAN}{_PER})"
    rf"(?:{_DASH}(?P<high>{_NUMBER})(?P<high_unit>[千万Kk]|[Ww](?![A-Za-z]))?(?P<high_yuan>{_YUAN}{_PER}))?"
    r"(?!\d|[年号路室栋楼层级人名位岁]|平|周年|分钟|小时|cm|CM|米|[:%])"
)
_AFTER = re.compile(
    r"\s*(?:\([^()\n]{0,6}\))?\s*(?P<open>以上|起|\+|及以上|或以上)|\s*(?P<about>左右|上下)|\s*(?P<cap>以下|以内|封顶)"
)
_BEFORE_OPEN = re.compile(r"(?:不低于|不少于|至少|最低|起薪)[:为]?\s*$")
_BEFORE_CAP = re.compile(r"(?:可达|可以达到|达到|最高|高达|不超过|可拿|可到)[:为]?\s*$")


@dataclass(frozen=True)
class Figure:
    """A sum or a range of sums in yuan, for `per` (month, day, hour, year), where it stands in the text."""

    low: float | None
    high: float | None
    per: str
    explicit: bool  # a currency word or a period stands with it
    start: int
    end: int

    @property
    def is_range(self) -> bool:
        return self.low is not None and self.high is not None and self.low != self.high


def arabic(text: str) -> str:
    """`text` with sums in Chinese numerals (三千五, 两万) in figures; other numerals stay."""

    def spell(found: re.Match[str]) -> str:
        if not found[0]:
            return ""
        wan, qian, bai = (_CHINESE_DIGITS.get(found[part] or "零", 0) for part in ("wan", "qian", "bai"))
        return str(wan * 10000 + qian * 1000 + bai * 100)

    return _CHINESE_SUM.sub(spell, text)


def figures(text: str) -> list[Figure]:
    """Every number in `text` (already plain) that could be a sum of money, whether or not it is pay."""
    return [figure for found in _SUM.finditer(text) if (figure := _figure(found, text)) is not None]


def _figure(found: re.Match[str], text: str) -> Figure | None:
    low_unit, high_unit = found["low_unit"] or "", found["high_unit"] or ""
    # Sixteen digits are no sum; the bound keeps the arithmetic finite.
    if len(found["low"]) > 12 or len(found["high"] or "") > 12:
        return None
    low = float(found["low"].replace(",", ""))
    high = float(found["high"].replace(",", "")) if found["high"] else None
    # In "4-6K" and "8-10万" the unit is written once for both.
    if high is not None and high_unit and not low_unit and low < 1000:
        low_unit = high_unit
    low *= _UNITS[low_unit]
    high = high * _UNITS[high_unit] if high is not None else None
    if high is not None and high < low:
        return None
    marks = (found["low_yuan"] or "") + (found["high_yuan"] or "")
    before, after = text[max(0, found.start() - 12) : found.start()], _AFTER.match(text, found.end())
    bottom, top = low, high if high is not None else low
    lowest: float | None = bottom
    highest: float | None = top
    if (after and after["open"]) or _BEFORE_OPEN.search(before):
        highest = None if high is None else high
    elif (after and after["cap"] and high is None) or (_BEFORE_CAP.search(before) and high is None):
        lowest = None
    explicit = bool(marks) or bool(low_unit or high_unit)
    return Figure(lowest, highest, _period(marks, before), explicit, found.start(), found.end())


def _period(marks: str, before: str) -> str:
    if re.search(r"[/每一]\s*(?:天|日|工作日)", marks):
        return "day"
    if re.search(r"时", marks):
        return "hour"
    if re.search(r"年", marks):
        return "year"
    if re.search(r"月", marks):
        return "month"
    nearest = re.findall(r"日薪|日均工资|日结|一天|每天|时薪|小时工资|每小时|年薪|年收入|每年|月", before)
    return {"日薪": "day", "日均工资": "day", "日结": "day", "一天": "day", "每天": "day", "时薪": "hour",
            "小时工资": "hour", "每小时": "hour", "年薪": "year", "年收入": "year", "每年": "year"}.get(
        nearest[-1] if nearest else "月", "month"
    )  # fmt: skip
