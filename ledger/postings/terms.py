"""食宿、社保、班次: what a post offers, as far as its text states it. Silence is unknown, never a no."""

import re

from ledger.postings.wording import plain
from models.vacancy import Shift

_NO_LODGING = re.compile(
    r"(?:不|未|无)(?:提供|包|含|安排)(?:食宿|住宿|吃住|住(?!房))|[不无](?:食宿|住宿)|(?:食宿|住宿)自理"
)
_LODGING = re.compile(
    r"包\s*(?:吃|食)?\s*[、,和]?\s*(?:住|宿)|(?:提供|安排|免费|公司有|可)[^,。;\n]{0,8}(?:食宿|住宿|宿舍|吃住)"
    r"|吃住全包|(?:员工|职工|集体)宿舍|有(?:住宿|宿舍)|住宿免费|\+\s*(?:食宿|住宿)"
)
_NO_MEALS = re.compile(
    r"(?:不|未|无)(?:提供|包|含|安排)(?:食宿|吃住|吃|餐|工作餐)|[不无]食宿|(?:食宿|用餐)自理"
)
_MEALS = re.compile(r"(?:不|无|未)(?:提供|包|含|安排)?(?:食宿|吃住|吃|餐|工作餐)|食宿自理|用餐自理")
_MEALS = re.compile(
    r"包\s*(?:吃|食|[一二两三早中午晚][顿]?餐)|(?:提供|免费|有)[^,。;\n]{0,8}(?:食宿|工作餐|午餐|中餐|晚餐|三餐|两餐|一餐|吃住|用餐|就餐)(?!补)|吃住全包|包吃"
)
_NO_INSURANCE = re.compile(r"(?:不|无|未)(?:交|缴|买|购|购买|提供|缴纳)?(?:社保|五险|社会保险)")
_INSURANCE = re.compile(r"[五5]险|社保|社会保险|养老保险|综合保险|四险|三险|[购买缴交]{1,2}纳?保险")
_SHIFTS = (
    (Shift.THREE, re.compile(r"三班|3\s*班倒|四班三|三运转|三班制")),
    (Shift.TWO, re.compile(r"两班|二班|2\s*班倒|倒班|两运转|翻班|夜班轮")),
    (Shift.DAY, re.compile(r"长白班|常日班|常白班|白班|正常班|行政班|长日班")),
)


def lodging(text: str) -> bool | None:
    """Whether a place to sleep is offered."""
    return _offered(text, _LODGING, _NO_LODGING)


def meals(text: str) -> bool | None:
    """Whether meals are given; a meal allowance is money, not a meal."""
    return _offered(text, _MEALS, _NO_MEALS)


def social_insurance(text: str) -> bool | None:
    """Whether the employer says that it pays social insurance."""
    return _offered(text, _INSURANCE, _NO_INSURANCE)


def shift(text: str) -> Shift | None:
    """The shift pattern, where exactly one is named."""
    text = plain(text)
    named = [kind for kind, pattern in _SHIFTS if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def _offered(text: str, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    text = plain(text)
    if no.search(text):
        return False
    return True if yes.search(text) else None
