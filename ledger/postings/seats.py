"""招聘人数: how many people are wanted. 若干, 数名 and 不限 are no number.

The field wins where it holds a number; then the numbers beside the posts that the title names, added up; then the text.
Of a range (15-30人) the upper end is the number of seats.
"""

import re

from ledger.postings.wording import part_for, plain

MOST_SEATS = 20_000  # more is a slip of the pen

_NUMBER = r"(?<![\d.])(\d{1,6})(?:\s*[-~—–至到]{1,3}\s*(\d{1,6}))?"
_FIELD = re.compile(r"(?<!^-)" + _NUMBER)  # -5人 is no five
_IN_TITLE = re.compile(_NUMBER + r"\s*[名位人]")
_SAID = re.compile(
    r"(?:招聘|招收|需求|需要?|诚聘|急聘|招)?(?:人数|数量|名额)\s*[:为]?\s*" + _NUMBER + r"\s*[名位人]?"
)
_WANTED = re.compile(
    r"(?:招聘|招收|诚聘|急聘|急招|诚招|招|聘)[^\d\n。]{0,12}?" + _NUMBER + r"\s*[名位人](?![/间])"
)
_BESIDE_POST = re.compile(_NUMBER + r"\s*(?:[名位]|人(?![/间一左数以员民]))(?!员工)")
_OTHERS = re.compile(
    r"员工|现有|拥有|团队|管理|服务|规模|集团|宿舍|带领|累计|近$|约$|/$|老师|组成|学生|粉丝|每组|限$"
)


def read_seats(field: str, title: str = "", text: str = "") -> int | None:
    """The number of seats, at least 1; None where the advertisement states no number."""
    stated = [seats for found in _FIELD.finditer(plain(field).strip()) if (seats := _count(found))]
    if stated:
        return stated[0]
    in_title = [seats for found in _IN_TITLE.finditer(plain(title)) if (seats := _count(found))]
    if in_title:
        return sum(in_title)
    part, known = part_for(title, plain(text))
    for pattern in (_SAID, _WANTED):
        said = [
            seats
            for found in pattern.finditer(part)
            if (seats := _count(found)) and not _of_others(found, part)
        ]
        if said and known:
            return said[0]
    beside = [
        seats
        for found in _BESIDE_POST.finditer(part)
        if (seats := _count(found)) and not _of_others(found, part)
    ]
    return sum(beside) if beside and known else None


def beyond_range(field: str) -> bool:
    """Whether the field holds a number, but none that could be a number of seats."""
    field = plain(field).strip()
    return any(sign.isdigit() for sign in field) and not any(map(_count, _FIELD.finditer(field)))


def _count(found: re.Match[str]) -> int | None:
    seats = int(found[2] or found[1])
    return seats if 1 <= seats <= MOST_SEATS else None


def _of_others(found: re.Match[str], text: str) -> bool:
    """Whether the number counts colleagues, beds or pupils rather than people wanted."""
    return _OTHERS.search(text[max(0, found.start() - 8) : found.start(1)]) is not None
