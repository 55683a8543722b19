"""法定退休年龄: when it is reached, by month of birth, sex and kind of post.

Source: 全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定 (2024-09-13, in force 2025-01-01): who would have
reached the former age from January 2025 on retires later by one month for every so many months begun, up to a limit. Who
reached it before keeps it, so one rule answers for any date. Age rules nobody out; it changes the contract to be signed.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Track:
    """Former age and highest age in years, and how many months begun after `_FROM` put it off by one month."""

    former: int
    highest: int
    months_a_step: int


MEN = Track(60, 63, 4)
WOMEN_IN_OFFICE = Track(55, 58, 4)
"""Women in administrative and technical posts."""
WOMEN = Track(50, 55, 2)

_FROM = date(2025, 1, 1)
_OFFICE = ("1", "2")
"""Big classes of GB/T 6565 whose posts are administrative or technical."""


def track_of(sex: str, occupation: str) -> Track:
    """The track for a person's sex ("female", "male", "" unknown) in a post of this occupation.

    What is not known is taken for the later age: it is reached by then in any case.
    """
    if sex != "female":
        return MEN
    return WOMEN if occupation and not occupation.startswith(_OFFICE) else WOMEN_IN_OFFICE


def retirement_month(born: date, track: Track) -> date:
    """The first day of the month in which somebody born then reaches the age of a track."""
    former = _months(born) + 12 * track.former
    begun = (former - _months(_FROM)) // track.months_a_step + 1
    month = former + min(max(begun, 0), 12 * (track.highest - track.former))
    return date(month // 12, month % 12 + 1, 1)


def retired_by_age(born: date | None, sex: str, occupation: str, day: date) -> bool:
    """Whether the age was reached before the month of `day`; False where the birth date is not known."""
    return born is not None and retirement_month(born, track_of(sex, occupation)) < day.replace(day=1)


def _months(day: date) -> int:
    return 12 * day.year + day.month - 1
