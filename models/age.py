"""Age and what the law ties to it."""

from datetime import date

LEGAL_WORKING_AGE = 16
"""Nobody younger may be put to work (劳动法 art. 15)."""

FULL_AGE = 18
"""Until then only work that is not hazardous (劳动法 art. 58, 64)."""


def birthday(birth_date: date, age: int) -> date:
    """The day of the `age`-th birthday; of somebody born on 29 February, 1 March in a year without one."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def age_on(birth_date: date, day: date) -> int:
    """Full years on `day`."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
