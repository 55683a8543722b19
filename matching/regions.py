"""Arithmetic on division codes: GB/T 2260 codes padded with zeros to twelve digits, as integers; 0 is unknown."""

import math
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

_COUNTY, _CITY, _PROVINCE = 10**6, 10**8, 10**10
_STEPS = (10**3, _COUNTY, _CITY, _PROVINCE)
_CODE_LENGTHS = (12, 9, 6, 4, 2)

Divisions = Mapping[str, tuple[float | None, float | None, str]]
"""Longitude, latitude (degrees, None unknown) and name of each division, by its code of natural length."""


def around(code: str) -> tuple[str, ...]:
    """The codes of the division and of all that it lies in, the narrowest first."""
    return tuple(code[:length] for length in _CODE_LENGTHS if len(code) >= length)


def centre(code: str, divisions: Divisions) -> tuple[float, float]:
    """Longitude and latitude of the division, or of the nearest around it that has a centre; nan where none has."""
    for each in around(code):
        lon, lat, _ = divisions.get(each, (None, None, ""))
        if lon is not None and lat is not None:
            return lon, lat
    return math.nan, math.nan


def padded(code: str | None) -> int:
    """A code of natural length (2, 4, 6, 9 or 12 digits) as a twelve-digit number; 0 where there is none."""
    return int(code.ljust(12, "0")) if code else 0


def span(code: int) -> tuple[int, int]:
    """First and last twelve-digit code inside the division `code`; a padded code shows its level by its zeros."""
    width = 1
    for step in _STEPS:
        if code % step:
            break
        width = step
    return code, code + width - 1


def spans(codes: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """The ranges covered by codes of any level."""
    return tuple(span(padded(code)) for code in codes)


def upper(codes: IntArray) -> IntArray:
    """The last code inside each division, elementwise: with the code itself it spans what is not known more exactly."""
    width = np.ones_like(codes)
    for step in _STEPS:
        width = np.where(codes % step == 0, step, width)
    return np.where(codes == 0, 0, codes + width - 1)


def county(codes: IntArray) -> IntArray:
    """The six-digit county of each code; 0 where the code is not known to the county."""
    short = codes // _COUNTY
    return np.where(short % 100 == 0, 0, short)


def padded_county(place: IntArray) -> IntArray:
    """Twelve-digit codes of what `in_common` tells; what is no place in common stays below 0."""
    return np.where((place > 0) & (place < _COUNTY), place * _COUNTY, place)


def city(codes: IntArray) -> IntArray:
    """The four-digit city of each code; 0 where the code is not known to the city."""
    short = codes // _CITY
    return np.where(short % 100 == 0, 0, short)


def province(codes: IntArray) -> IntArray:
    """The two-digit province of each code; 0 unknown."""
    return codes // _PROVINCE


def in_common(codes: IntArray) -> IntArray:
    """What must be the same of the posts of people who go together: the county; of a post that is told to the city alone, the
    city. What is known no better than to the province is no place in common with any other: a number below 0 of its own."""
    found = county(codes)
    return np.where(found > 0, found, np.where(city(codes) > 0, codes, -1 - np.arange(len(codes))))
