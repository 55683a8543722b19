"""稳定就业口径: what "stable" means for one target or one benefit, as data.

The fields and their meaning when absent are those of a `rules.json`: an absent field is no condition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

from models.coded import Coded
from models.spell import Arrangement, Destination, EvidenceGrade, SpellKind
from outcomes.calendar import ONE_DAY, MonthCounting, latest_full_start

# Longer than any rule in use; a larger figure is a slip of the pen.
MOST_MONTHS, MOST_DAYS = 120, 3660
LONGEST_ID = 100  # characters
_REGION_DIGITS = (2, 4, 6, 9, 12)


class Counting(Coded):
    """计时方式: whether a tolerated gap passes as worked or puts the mark off."""

    CONTINUOUS = "continuous", "连续"
    CUMULATIVE = "cumulative", "累计"


class EmployerScope(Coded):
    """Whose work adds up."""

    ANY = "any", "不限单位"
    SAME = "same", "同一单位"


class RuleError(ValueError):
    """A rule that can't be used; `field` is where, the message says in Chinese what to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"口径字段“{field}”有误：{message}")
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityRule:
    """One rule; every condition left at None does not apply.

    `max_gap_days` must be said: None is no limit, 0 lets no day pass. `from_dict` fills in what an absent field
    means (0 in a continuous rule, no limit in a cumulative one). `calendar_year` is True for each year by itself or
    the one year that counts. Neither months nor days: the first counted day fulfils the time. Pay in yuan.
    `destination` and `regions` are both conditions when both are given; a region counts with all that lies in it.

    Raises
    ------
    RuleError
        when the fields contradict each other or are out of range.
    """

    id: str
    min_months: int | None = None
    min_days: int | None = None
    month_counting: MonthCounting = MonthCounting.INCLUSIVE
    counting: Counting = Counting.CUMULATIVE
    employer: EmployerScope = EmployerScope.ANY
    max_gap_days: int | None
    calendar_year: bool | int | None = None
    min_average_pay: int | None = None
    min_total_pay: int | None = None
    min_contract_months: int | None = None
    min_evidence: EvidenceGrade | None = None
    kinds: frozenset[SpellKind] | None = None
    arrangement: Arrangement | None = None
    destination: frozenset[Destination] | None = None
    regions: frozenset[str] | None = None
    min_age: int | None = None

    def __post_init__(self) -> None:
        if self.calendar_year is False:
            object.__setattr__(self, "calendar_year", None)
        if not self.id.strip():
            raise RuleError("id", "不能为空，请给口径起一个编号。")
        if len(self.id) > LONGEST_ID or not self.id.isprintable():
            raise RuleError("id", f"应是{LONGEST_ID}字以内的文字，不含换行等控制字符。")
        if self.min_months is not None and self.min_days is not None:
            raise RuleError("min_months", "月数和天数只能填一个，请删去 min_months 或 min_days。")
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if value is not None and value is not True and not low <= value <= high:
                raise RuleError(name, f"应在{low}到{high}之间，请改正。")
        for name in ("kinds", "destination", "regions"):
            if getattr(self, name) is not None and not getattr(self, name):
                raise RuleError(name, "列表是空的，没有人能符合。请至少填一项；不限就删去这个字段。")
        if any(
            not (code.isascii() and code.isdecimal()) or len(code) not in _REGION_DIGITS
            for code in self.regions or ()
        ):
            raise RuleError("regions", "应是2、4、6、9或12位数字的行政区划代码，请改正。")
        if self.calendar_year and latest_start(self, self._last_day_of_a_year()) is None:
            raise RuleError("calendar_year", "一个自然年里满不了所要的时间，请减少月数或天数，或不限自然年。")

    def _last_day_of_a_year(self) -> date:
        return date(2024 if self.calendar_year is True else int(self.calendar_year or 0), 12, 31)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "StabilityRule":
        """Read one entry of a `rules.json`; a field that nobody knows is refused, it would be a lost condition."""
        known = {field.name for field in fields(cls)}
        for name in given:
            if name not in known:
                raise RuleError(shown(name), f"没有这个字段。可用的字段：{'、'.join(sorted(known))}。")
        if not isinstance(given.get("id"), str):
            raise RuleError("id", "必须填写，且是文字。")
        values: dict[str, Any] = {"id": given["id"]}
        for name, words in _WORDS.items():
            if given.get(name) is not None:
                values[name] = _word(name, words, given[name])
        for name, choices in _LISTS.items():
            if given.get(name) is not None:
                values[name] = frozenset(_word(name, choices, item) for item in _list(name, given[name]))
        for name in _NUMBERS:
            if given.get(name) is not None:
                values[name] = _number(name, given[name])
        year = given.get("calendar_year")
        values["calendar_year"] = (
            year if year is None or isinstance(year, bool) else _number("calendar_year", year)
        )
        if "max_gap_days" not in given:
            values["max_gap_days"] = 0 if values.get("counting") is Counting.CONTINUOUS else None
        return cls(**{"max_gap_days": None, **values})

    def to_dict(self) -> dict[str, Any]:
        """The entry of a `rules.json` that reads back as this rule: conditions that apply, gap limit always said."""
        said = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return {name: value for name, value in said.items() if value is not None or name == "max_gap_days"}


def latest_start(rule: StabilityRule, by: date) -> date | None:
    """The last day on which unbroken work may begin and still fulfil the rule's time on `by` or before.

    Only the time is looked at, not pay. In a calendar-year rule the mark must lie in the year of `by` (or in the
    rule's own year when `by` is later): None when that year cannot be filled by then.
    """
    year = rule.calendar_year
    if year and year is not True:
        by = min(by, date(year, 12, 31))
        if by.year < year:
            return None
    if rule.min_months is not None:
        start = latest_full_start(by, rule.min_months, rule.month_counting)
    else:
        start = by - ((rule.min_days or 1) - 1) * ONE_DAY
    return None if year and start.year < by.year else start


_NUMBERS = (
    "min_months",
    "min_days",
    "max_gap_days",
    "min_average_pay",
    "min_total_pay",
    "min_contract_months",
    "min_age",
)
_WORDS: dict[str, type[Coded]] = {
    "month_counting": MonthCounting,
    "counting": Counting,
    "employer": EmployerScope,
    "min_evidence": EvidenceGrade,
    "arrangement": Arrangement,
}
_LISTS: dict[str, type[Coded] | None] = {"kinds": SpellKind, "destination": Destination, "regions": None}
_RANGES = (
    ("min_months", 1, MOST_MONTHS),
    ("min_days", 1, MOST_DAYS),
    ("max_gap_days", 0, MOST_DAYS),
    ("calendar_year", 1990, 2200),
    ("min_average_pay", 1, 1_000_000),
    ("min_total_pay", 1, 100_000_000),
    ("min_contract_months", 1, 600),
    ("min_age", 0, 120),
)


def shown(name: object) -> str:
    """A name that somebody typed, short and without what no terminal should be sent."""
    text = str(name)[:LONGEST_ID]
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _word(name: str, words: type[Coded] | None, given: object) -> str:
    if not isinstance(given, str):
        raise RuleError(name, "应是文字。")
    if words is None:
        return given
    try:
        return words.read(given)
    except ValueError:
        choices = "、".join(f"{word.value}（{word.label}）" for word in words)
        raise RuleError(name, f"只能填：{choices}。") from None


def _list(name: str, given: object) -> list[Any]:
    if not isinstance(given, list | tuple | set | frozenset):
        raise RuleError(name, '应是列表，例如 ["…"]。')
    return list(given)


def _number(name: str, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int | float) or given != given // 1:
        raise RuleError(name, "应是整数。")
    return int(given)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    return value.value if isinstance(value, Enum) else value
