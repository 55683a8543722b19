"""Values of a finding as they are sealed: plain JSON that is read back as what it was, and as words for a page."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.comparing.differing import Pair
from ledger.comparing.oddities import Oddity
from ledger.forms.national import NATIONAL_COLUMNS
from ledger.gazetteer import Gazetteer
from models.coded import Coded
from models.education import Education
from models.worker import LabourCapability

MONTHS = "months"
"""The field of payments in months in which we know of no work there."""

_LABELS = {column.field: column.heading for column in NATIONAL_COLUMNS} | {
    **{oddity.value: oddity.label for oddity in Oddity},
    MONTHS: "缴费、发放月份",
    "started": "务工开始时间",
    "ended": "务工结束时间",
    "region": "务工地",
    "county_text": "务工地",
    "risks": "返贫风险",
}
_READ: dict[str, Callable[[Any], Any]] = {
    "education": Education.read,
    "capability": LabourCapability.read,
    "started": date.fromisoformat,
    "ended": date.fromisoformat,
    "income": Decimal,
    "travel_subsidy": Decimal,
    "health": tuple,
    "risks": tuple,
    "measures": tuple,
    "post_kinds": tuple,
}


def plain_pairs(differences: dict[str, Pair]) -> dict[str, list[Any]]:
    """As JSON keeps them: codes as codes, days as 2025-01-31, amounts as text."""
    return {name: [_plain(ours), _plain(theirs)] for name, (ours, theirs) in differences.items()}


def value_of(field: str, plain: Any) -> Any:
    """The value again."""
    read = _READ.get(field)
    return plain if plain is None or read is None else read(plain)


def label_of(field: str) -> str:
    """What a field is called."""
    return _LABELS.get(field, field)


def words_of(field: str, plain: Any) -> str:
    """The value as people read it; empty where there is none."""
    value = value_of(field, plain)
    if field == "region" and value:
        return _place(str(value))
    if field in ("started", "ended") and value:
        return f"{value.year}年{value.month:02d}月" + (f"{value.day:02d}日" if value.day != 1 else "")
    if field == MONTHS and value:
        return "、".join(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Coded):
        return value.label
    return "" if value is None else str(value)


def _place(code: str) -> str:
    gazetteer = Gazetteer.national()
    return gazetteer.name(code) if code in gazetteer else code


def _plain(value: Any) -> Any:
    if isinstance(value, Coded):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value
