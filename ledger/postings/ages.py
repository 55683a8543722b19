"""年龄要求: the ages between which a post takes people, out of free text.

Age alone is no unlawful demand; it is read as a condition and shown as one. Several ranges (one for men, one for women)
are put together into the widest: a different limit by sex is the linter's business. 左右 is no limit.
"""

import re

from ledger.postings.wording import part_for, plain

YOUNGEST, OLDEST = 14, 80  # outside it a number is something else

_AGE = r"(?<![\d.])(\d{2})"
_YEARS = r"\s*(?:周)?岁?"
_RANGE = re.compile(
    rf"{_AGE}{_YEARS}(?:\(含\))?\s*(?:[-~—–―]{{1,8}}|至|到)\s*(\d{{2}})(?!\d|[.:]\d|[%年名人元天分K点])(?P<years>\s*(?:周)?岁)?"
)
_UPPER = re.compile(
    rf"(?:(?:不超过|不大于|小于|低于){_AGE}(?P<y1>\s*周?岁)?|{_AGE}(?P<y2>\s*周?岁)?(?:\(含\))?\s*(?:之?以下|以内|之内|及以下))"
)
_LOWER = re.compile(
    rf"(?:(?:年满|满|大于){_AGE}\s*周?岁|{_AGE}(?P<y>\s*周?岁)(?:\(含\))?\s*(?:及|\(含\))?\s*以上)"
)
_ABOUT_AGE = re.compile(r"年龄|岁|男|女")
_NOT_AGE = re.compile(r"工作经验|经验|身高|体重|号|路|人数|字|满\s*$")


def read_ages(title: str, text: str) -> tuple[int | None, int | None]:
    """(youngest, oldest) that the advertisement takes, None for an end that it does not state."""
    part = plain(title) + "\n" + part_for(title, plain(text))[0]
    lows: list[int] = []
    highs: list[int] = []
    for found in _RANGE.finditer(part):
        low, high = int(found[1]), int(found[2])
        if _is_age(found.start(), found["years"], part) and YOUNGEST <= low < high <= OLDEST:
            lows.append(low)
            highs.append(high)
    if not lows:
        for found in _UPPER.finditer(part):
            high = int(found[1] or found[3])
            if _is_age(found.start(), found["y1"] or found["y2"], part) and 18 <= high <= OLDEST:
                highs.append(high)
        for found in _LOWER.finditer(part):
            low = int(found[1] or found[2])
            if YOUNGEST <= low <= 60:
                lows.append(low)
    low_end, high_end = min(lows, default=None), max(highs, default=None)
    if low_end is not None and high_end is not None and low_end > high_end:
        return None, None
    return low_end, high_end


def _is_age(start: int, years: str | None, text: str) -> bool:
    before = re.split(r"[\n,;。]", text[max(0, start - 12) : start])[-1]
    return years is not None or (_ABOUT_AGE.search(before) is not None and _NOT_AGE.search(before) is None)
