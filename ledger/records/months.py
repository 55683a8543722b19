"""Months as the reports know them, and ages where only the month is known."""

from datetime import date

from ledger.records.reported import Reported
from models.age import age_on, birthday
from models.spell import Precision


def month(day: date) -> int:
    """Months since the year 0: what two dates are compared by."""
    return day.year * 12 + day.month - 1


def in_chinese(day: date) -> str:
    """2025年01月."""
    return f"{day.year:04d}年{day.month:02d}月"


def is_open(reported: Reported, as_of: date) -> bool:
    """Whether the stretch of work still goes on at `as_of`: no end, or one in a later month."""
    return reported.ended is None or month(reported.ended) > month(as_of)


def is_working(reported: Reported, as_of: date) -> bool:
    """As reported; where the source does not ask, a begun stretch of work that is still open."""
    if reported.working is not None or "working" in reported.asked:
        return bool(reported.working)
    return (
        reported.started is not None and month(reported.started) <= month(as_of) and is_open(reported, as_of)
    )


def open_months(reported: Reported, as_of: date) -> int:
    """Months from the start to `as_of`; 36 is anything up to three years where only the month is known."""
    if reported.started is None:
        return 0
    between = month(as_of) - month(reported.started)
    if reported.precision is Precision.DAY and as_of.day < reported.started.day:
        between -= 1
    return between


def began_before(reported: Reported, birth_date: date, age: int) -> bool:
    """Whether the work surely began before the birthday: in doubt (the same month) it did not."""
    if reported.started is None:
        return False
    allowed = birthday(birth_date, age)
    if reported.precision is Precision.DAY:
        return reported.started < allowed
    return month(reported.started) < month(allowed)


def last_age(reported: Reported, birth_date: date, as_of: date) -> int:
    """Full years on the last day known to be worked: the end, or `as_of` while it goes on."""
    last = as_of if is_open(reported, as_of) or reported.ended is None else reported.ended
    return age_on(birth_date, last)
