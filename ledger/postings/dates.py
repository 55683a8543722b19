"""发布日期与有效期: from when and until when an advertisement stands."""

import re
from dataclasses import dataclass
from datetime import date

LONGEST_VALIDITY_DAYS = 3 * 366  # an end further away is 长期有效 in figures, and that is no validity

_DATE = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?")


@dataclass(frozen=True)
class Validity:
    """The days on which an advertisement stands; `reason` says in Chinese why the end is unknown."""

    posted_on: date | None
    valid_until: date | None
    reason: str | None = None


def read_date(text: str) -> date | None:
    """The day written in `text` (2015-03-01, 2015/3/1, 2015年3月1日); None where there is none.

    1970-01-01 is what a web form writes for an empty date: it is none.
    """
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None


def read_validity(posted: str, deadline: str) -> Validity:
    """The day of posting and the last day, each None where it is not stated or makes no sense."""
    start, end = read_date(posted), read_date(deadline)
    if end is None:
        return Validity(start, None, "没有写截止日期" if not deadline.strip() else "截止日期不是有效的日期")
    if start is not None and end < start:
        return Validity(start, None, "截止日期早于发布日期")
    if start is not None and (end - start).days > LONGEST_VALIDITY_DAYS:
        return Validity(start, None, "有效期超过三年，等于长期有效")
    return Validity(start, end)
