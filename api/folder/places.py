"""Places of a folder by their codes, as the national table that ships with the code knows them."""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from matching import regions
from matching.columns import FloatArray
from matching.regions import IntArray
from models import reference
from outcomes.days import Whole


@cache
def divisions() -> regions.Divisions:
    """Every division in force."""
    return {row.code: (row.lon, row.lat, row.short_name) for row in reference.regions()}


def located(codes: Sequence[str], at: Whole) -> tuple[IntArray, FloatArray, FloatArray]:
    """The twelve-digit code, longitude and latitude of each row, where `codes[at[row]]` is its place; below 0 unknown."""
    padded = np.array([*(regions.padded(code) for code in codes), 0], np.int64)
    unknown = (np.nan, np.nan)
    centres = np.array([*(regions.centre(code, divisions()) for code in codes), unknown])
    which = np.where(at < 0, len(codes), at)
    return padded[which], centres[which, 0], centres[which, 1]


def names(codes: Iterable[str]) -> dict[int, str]:
    """Short names of the places and of all that they lie in, by twelve-digit code."""
    wanted = {around for code in codes for around in regions.around(code)}
    known = divisions()
    return {regions.padded(code): known[code][2] for code in sorted(wanted) if code in known}
